//! [`CallState`]: one call through a middleware, without I/O. The drivers send, read, drain and wait as it says.

mod own;
mod sent;

use std::mem;
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, Request, RequestHead, Response, Result, Timeout, Timeouts};

use crate::flow::{BeforeSend, BodyObserver};
use crate::relay::{Collected, Collecting, FlowBody, Relay, body_of};
use crate::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome};
use sent::Sent;

/// The most bytes to drain of a response, so that its connection can be used again. Draining more would cost more than a
/// new connection. Go drains 2 KiB, curl all of it.
pub(crate) const DRAIN: u64 = 64 << 10;

/// One call: the state of its flow, and its request.
pub(crate) struct CallState<'a, F: Flow, B> {
    flow: &'a F,
    clock: &'a dyn Clock,
    call: F::Call,
    /// The head of the request as it was sent last, or is sent next.
    head: RequestHead,
    /// The body that is sent next.
    body: B,
    /// The same body once more, if it can be sent again.
    replay: Option<B>,
    sent: Sent,
    own_requests: u32,
}

/// The next action of the driver, which then calls [`CallState::next`] with the report of the same name. The rare and
/// large ones are boxed, so that the others are cheap to move.
pub(crate) enum NextStep<B> {
    /// Send a request.
    Send(Purpose, Request<B>),
    /// Read a body into memory, chunk by chunk, until [`Collecting::push`] says that this was the last one.
    Collect(Purpose, Box<Collecting<B>>),
    /// Drain the rest of a body, at most [`DRAIN`] bytes.
    Drain(B, AfterDrain),
    /// Wait, then report [`Report::BeforeSend`].
    Wait(Duration),
    /// The call is over.
    Done(Response<B>),
}

/// The report of the driver.
pub(crate) enum Report<B> {
    /// Nothing to report: the call begins, or a wait is over.
    BeforeSend,
    Sent(Purpose, Result<Response<B>>),
    Collected(Purpose, Box<Collecting<B>>),
    Drained(AfterDrain),
}

/// Whose request it is.
pub(crate) enum Purpose {
    /// The request of the call.
    Call,
    /// A request of the flow's own, with its head.
    Own(Box<RequestHead>),
}

/// How the call goes on after a body was drained.
pub(crate) enum AfterDrain {
    /// The request is sent again, after this time.
    Again(Option<Duration>),
    /// This is the response.
    Answer(Box<Response<Bytes>>),
}

impl<'a, F: Flow, B: FlowBody> CallState<'a, F, B> {
    /// Begins a call with this request, under the timeouts of the transport that will send it.
    pub(crate) fn start(
        flow: &'a F,
        clock: &'a dyn Clock,
        request: Request<B>,
        timeouts: &Timeouts,
    ) -> Result<Self> {
        let (mut head, body) = request.into_parts();
        head.begin(|| clock.now(), timeouts);
        let sent = Sent::default();
        let call = flow.start(&mut head, clock).map_err(|error| head.error(sent.tell(error)))?;
        let replay = body.try_clone();
        Ok(CallState { flow, clock, call, head, body, replay, sent, own_requests: 0 })
    }

    /// Takes the report of the driver, and returns its next action.
    pub(crate) fn next(&mut self, report: Report<B>) -> Result<NextStep<B>> {
        match report {
            Report::BeforeSend => self.before_send(),
            Report::Sent(Purpose::Call, Ok(response)) => self.answered(response),
            Report::Sent(Purpose::Call, Err(error)) => self.failed(error),
            Report::Collected(Purpose::Call, body) => self.collected(*body),
            Report::Drained(then) => self.drained(then),
            Report::Sent(Purpose::Own(head), response) => self.own_answered(head, response),
            Report::Collected(Purpose::Own(head), body) => self.own_collected(&head, *body),
        }
    }

    fn before_send(&mut self) -> Result<NextStep<B>> {
        let asked = self.flow.before_send(&mut self.call, &mut self.head, self.clock);
        match asked.map_err(|error| self.error(error))? {
            BeforeSend::Send => {
                let request = Request::from_parts(self.head.clone(), mem::take(&mut self.body));
                Ok(NextStep::Send(Purpose::Call, request))
            }
            BeforeSend::Wait(pause) => {
                self.check_deadline(pause, None)?;
                Ok(NextStep::Wait(pause))
            }
            BeforeSend::SendOwn(own) => self.send_own(*own),
            BeforeSend::Answer(response) => Ok(self.answer(*response)),
        }
    }

    fn answered(&mut self, mut response: Response<B>) -> Result<NextStep<B>> {
        self.sent.answered();
        // A mock need not set it, and `url()` depends on it.
        if response.head().request().is_none() {
            response.head_mut().set_request(self.head.clone());
        }
        match self.ask(FlowOutcome::Response(response.head_mut()))? {
            FlowNext::Done => Ok(NextStep::Done(response)),
            FlowNext::ReadBody { max_bytes } => {
                Ok(NextStep::Collect(Purpose::Call, Box::new(Collecting::new(response, max_bytes))))
            }
            next => self.after_response(next, response),
        }
    }

    fn collected(&mut self, body: Collecting<B>) -> Result<NextStep<B>> {
        let (mut response, bytes) = match body.finish() {
            Ok(Collected::Complete(response, bytes)) => (response, Some(bytes)),
            Ok(Collected::TooLong(relay)) => (self.relayed(relay), None),
            Err(error) => return self.failed(error),
        };
        let CallState { flow, clock, call, head, .. } = self;
        let asked = flow.on_body(call, head, response.head_mut(), bytes.as_ref(), *clock);
        let next = asked.map_err(|error| self.error(error))?;
        self.after_response(next, response)
    }

    fn after_response(&mut self, next: FlowNext, response: Response<B>) -> Result<NextStep<B>> {
        match next {
            FlowNext::Done | FlowNext::ReadBody { .. } => Ok(NextStep::Done(response)),
            FlowNext::Observe(observer) => Ok(NextStep::Done(self.observed(response, observer))),
            FlowNext::Answer(answer) => {
                Ok(NextStep::Drain(response.into_parts().1, AfterDrain::Answer(answer)))
            }
            FlowNext::Again { after, body } => {
                let (head, unread) = response.into_parts();
                if self.prepare(body) {
                    self.check_deadline(after.unwrap_or_default(), None)?;
                    return Ok(NextStep::Drain(unread, AfterDrain::Again(after)));
                }
                let head = self.flow.on_body_not_replayable(&mut self.call, head);
                let head = head.map_err(|error| self.error(error))?;
                Ok(NextStep::Done(Response::from_parts(head, unread)))
            }
        }
    }

    fn failed(&mut self, error: Error) -> Result<NextStep<B>> {
        self.sent.failed(&error);
        let mut error = self.head.error(error);
        match self.ask(FlowOutcome::Failed(&mut error))? {
            FlowNext::Again { after, body } if self.prepare(body) => {
                self.check_deadline(after.unwrap_or_default(), Some(error))?;
                self.again(after)
            }
            FlowNext::Answer(response) => Ok(self.answer(*response)),
            FlowNext::Again { .. } | FlowNext::Done | FlowNext::ReadBody { .. } | FlowNext::Observe(_) => {
                Err(self.sent.tell(error))
            }
        }
    }

    fn drained(&mut self, then: AfterDrain) -> Result<NextStep<B>> {
        match then {
            AfterDrain::Again(after) => {
                // Draining has taken time.
                self.check_deadline(after.unwrap_or_default(), None)?;
                self.again(after)
            }
            AfterDrain::Answer(response) => Ok(self.answer(*response)),
        }
    }

    fn again(&mut self, after: Option<Duration>) -> Result<NextStep<B>> {
        match after.filter(|pause| !pause.is_zero()) {
            Some(pause) => Ok(NextStep::Wait(pause)),
            None => self.before_send(),
        }
    }

    fn ask(&mut self, outcome: FlowOutcome<'_>) -> Result<FlowNext> {
        let asked = self.flow.next(&mut self.call, &mut self.head, outcome, self.clock);
        asked.map_err(|error| self.error(error))
    }

    /// Prepares the body that is sent next; returns whether there can be one.
    fn prepare(&mut self, reuse: BodyReuse) -> bool {
        if reuse == BodyReuse::Drop {
            self.replay = Some(B::default());
        }
        match self.replay.as_ref().and_then(B::try_clone) {
            Some(body) => {
                self.body = body;
                true
            }
            None => false,
        }
    }

    /// Ends the call with a response that no transport has sent.
    fn answer(&self, response: Response<Bytes>) -> NextStep<B> {
        let (mut head, body) = response.into_parts();
        if head.request().is_none() {
            head.set_request(self.head.clone());
        }
        NextStep::Done(Response::from_parts(head, body_of(body)))
    }

    fn observed(&self, response: Response<B>, observer: BodyObserver) -> Response<B> {
        self.relayed(Relay::new(response, Bytes::new(), Some(observer)))
    }

    fn relayed(&self, relay: Relay<B>) -> Response<B> {
        let head = relay.response.head().clone();
        let body = B::from_relay(relay, self.head.options());
        Response::from_parts(head, body)
    }

    /// Fails if the total timeout will have passed after this pause: at once, since waiting for it helps nobody. The
    /// cause is the error that the flow wanted to recover from.
    fn check_deadline(&self, pause: Duration, cause: Option<Error>) -> Result<()> {
        let Some(deadline) = self.head.deadline() else { return Ok(()) };
        let then = self.clock.now().checked_add(pause);
        if then.is_some_and(|then| then < deadline) {
            return Ok(());
        }
        let total = self.head.options().timeouts.total.unwrap_or_default();
        let again = if self.sent.is_nothing() { "" } else { " again" };
        let message = format!(
            "the total timeout of {total:?} leaves no time to send the request{again}; raise it with timeout()"
        );
        let error = Error::new(ErrorKind::Timeout(Timeout::Total), message).with_timeout(total);
        Err(self.error(match cause {
            Some(cause) => error.with_source(cause),
            None => error,
        }))
    }

    /// Returns the error of a driver that cannot wait.
    #[cfg(feature = "async")]
    pub(crate) fn no_runtime(&self) -> Error {
        let message =
            "there is no tokio runtime to wait on; call this inside #[tokio::main] or Runtime::block_on";
        self.error(Error::new(ErrorKind::Other, message))
    }

    /// Makes an error one of this call.
    fn error(&self, error: Error) -> Error {
        self.head.error(self.sent.tell(error))
    }
}

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests;
