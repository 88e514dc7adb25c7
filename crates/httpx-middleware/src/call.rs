//! [`CallState`]: one call through a middleware, without I/O: what the drivers do, and no pause past the total timeout.

mod own;
mod request_body;
mod sent;

use std::mem;
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, Length, Request, RequestHead, Response, Result, Timeout, Timeouts};

use crate::flow::{BeforeSend, BlockingWork, BodyEnd, BodyObserver, BodyTee, Listener};
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
    /// The request as it was sent last, or is sent next. It stays where the driver has it. Its body is replaced by an
    /// empty one when it was sent and cannot be sent again.
    request: &'a mut Request<B>,
    has_body: bool,
    /// An additional request of the flow that is sent next.
    own: Option<Box<Request<B>>>,
    sent: Sent,
    own_requests: u32,
    /// Whether the flow has read the body of the request since it was sent last.
    has_read_body: bool,
}

/// The next action of the driver, which then calls the method of [`CallState`] that is named here.
///
/// Rare actions are kept small, so that the usual ones are cheap to move.
pub(crate) enum NextStep<B> {
    /// Send the [`request`](CallState::request), then [`sent`](CallState::sent).
    Send(Purpose),
    /// Read a body into memory, chunk by chunk, until [`Collecting::push`] returns `false`, then
    /// [`collected`](CallState::collected).
    Collect(Purpose, Box<Collecting<B>>),
    /// Drain the rest of a body, at most [`DRAIN`] bytes, then [`drained`](CallState::drained).
    Drain(B, AfterDrain),
    /// Wait, then [`before_send`](CallState::before_send).
    Wait(Duration),
    /// Wait for a listener, at most for this time, then [`before_send`](CallState::before_send).
    WaitFor(Listener, Option<Duration>),
    /// Run a function that may block, then [`ran`](CallState::ran).
    Run(BlockingWork, Box<AfterRun<B>>),
    /// The call is over.
    Done(Result<Response<B>>),
}

/// Whose request it is.
pub(crate) enum Purpose {
    /// The request of the call.
    Call,
    /// An additional request of the flow, with its head.
    Own(Box<RequestHead>),
    /// No request: the body of the call's request is read.
    RequestBody,
}

/// How the call continues after a function was run.
pub(crate) enum AfterRun<B> {
    /// The flow is asked again before the request is sent.
    BeforeSend,
    /// This is decided about the outcome.
    Next(FlowNext, Result<Response<B>>),
}

/// How the call continues after a body was drained.
pub(crate) enum AfterDrain {
    /// The request is sent again, after this time.
    Again(Option<Duration>),
    /// This is the response.
    Answer(Box<Response<Bytes>>),
}

/// The actions of a call that only sends and returns. They are the hot path: all else is out of line.
impl<'a, F: Flow, B: FlowBody> CallState<'a, F, B> {
    /// Begins a call with this request, under the timeouts of the transport that will send it. Its first action is
    /// [`before_send`](CallState::before_send).
    #[inline]
    pub(crate) fn start(
        flow: &'a F,
        clock: &'a dyn Clock,
        request: &'a mut Request<B>,
        timeouts: impl FnOnce() -> Timeouts,
    ) -> Result<Self> {
        let body = request.body().length();
        let head = request.head_mut();
        // Otherwise a layer above has begun the call, with the timeouts of this transport.
        if head.started().is_none() {
            head.begin(|| clock.now(), &timeouts());
        }
        let sent = Sent::default();
        let call = flow.start_with_body(head, body, clock);
        let call = call.map_err(|error| head.error(sent.add_to(error)))?;
        Ok(CallState {
            flow,
            clock,
            call,
            request,
            has_body: true,
            own: None,
            sent,
            own_requests: 0,
            has_read_body: false,
        })
    }

    /// Asks the flow what to do before the request is sent.
    #[inline]
    pub(crate) fn before_send(&mut self) -> NextStep<B> {
        match self.flow.before_send(&mut self.call, self.request.head_mut(), self.clock) {
            Ok(BeforeSend::Send) => NextStep::Send(Purpose::Call),
            Ok(before) => self.not_sent(before).unwrap_or_else(NextStep::failed),
            Err(error) => NextStep::failed(self.error(error)),
        }
    }

    /// Returns the request to send.
    #[inline]
    pub(crate) fn request(&mut self) -> Request<B> {
        match self.own.take() {
            Some(own) => *own,
            None => Request::from_parts(self.head().clone(), self.take_body()),
        }
    }

    /// Takes the outcome of a request.
    #[inline]
    pub(crate) fn sent(&mut self, purpose: Purpose, outcome: Result<Response<B>>) -> NextStep<B> {
        match (purpose, outcome) {
            (Purpose::Call, Ok(response)) => self.answered(response),
            (Purpose::Call, Err(error)) => self.failed(error).unwrap_or_else(NextStep::failed),
            (Purpose::Own(head), outcome) => self.own_sent(head, outcome),
            // Nothing was sent.
            (Purpose::RequestBody, _) => self.before_send(),
        }
    }

    #[inline]
    fn answered(&mut self, mut response: Response<B>) -> NextStep<B> {
        self.sent.answered();
        // A mock need not set it, and `url()` depends on it.
        if response.head().request().is_none() {
            response.head_mut().set_request(self.head().clone());
        }
        match self.ask(FlowOutcome::Response(response.head_mut())) {
            Ok(FlowNext::Done) => NextStep::Done(Ok(response)),
            Ok(next) => self.not_done(next, response).unwrap_or_else(NextStep::failed),
            Err(error) => NextStep::failed(error),
        }
    }

    /// Returns the body to send, and keeps it if it can be sent again.
    fn take_body(&mut self) -> B {
        self.has_read_body = false;
        match self.request.body().try_clone() {
            Some(body) => body,
            None => {
                self.has_body = false;
                mem::take(self.request.body_mut())
            }
        }
    }
}

/// All other actions.
impl<F: Flow, B: FlowBody> CallState<'_, F, B> {
    #[inline(never)]
    fn not_sent(&mut self, before: BeforeSend) -> Result<NextStep<B>> {
        match before {
            BeforeSend::Send => Ok(self.before_send()),
            BeforeSend::Wait(pause) => {
                self.check_deadline(pause, None)?;
                Ok(NextStep::Wait(pause))
            }
            BeforeSend::WaitFor(listener) => self.wait_for(listener),
            BeforeSend::Run(work) => Ok(NextStep::Run(work, AfterRun::BeforeSend.into())),
            BeforeSend::ReadRequestBody { max_bytes } => self.read_request_body(max_bytes),
            BeforeSend::SendOwn(own) => self.send_own(*own),
            BeforeSend::Answer(response) => Ok(self.answer(*response)),
        }
    }

    /// Waits for another call, but not past the total timeout. The check before the next wait finds that it has passed.
    fn wait_for(&self, listener: Listener) -> Result<NextStep<B>> {
        self.check_deadline(Duration::ZERO, None)?;
        let left =
            self.head().deadline().map(|deadline| deadline.saturating_duration_since(self.clock.now()));
        let limit = [left, listener.limit()].into_iter().flatten().min();
        Ok(NextStep::WaitFor(listener, limit))
    }

    #[inline(never)]
    fn not_done(&mut self, next: FlowNext, response: Response<B>) -> Result<NextStep<B>> {
        match next {
            FlowNext::ReadBody { max_bytes } => {
                Ok(NextStep::Collect(Purpose::Call, Box::new(Collecting::new(response, max_bytes))))
            }
            next => self.after_response(next, response),
        }
    }

    /// Takes a body that was read into memory.
    #[inline(never)]
    #[expect(clippy::boxed_local, reason = "an async driver stays small if it holds a box")]
    pub(crate) fn collected(&mut self, purpose: Purpose, body: Box<Collecting<B>>) -> NextStep<B> {
        let next = match purpose {
            Purpose::Call => self.body_read(*body),
            Purpose::Own(head) => self.own_collected(&head, *body),
            Purpose::RequestBody => self.request_body_collected(*body),
        };
        next.unwrap_or_else(NextStep::failed)
    }

    fn body_read(&mut self, body: Collecting<B>) -> Result<NextStep<B>> {
        let (mut response, bytes) = match body.finish() {
            Ok(Collected::Complete(response, bytes)) => (response, Some(bytes)),
            Ok(Collected::TooLong(relay)) => (self.relayed(relay), None),
            Err(error) => return self.failed(error),
        };
        let CallState { flow, clock, call, request, .. } = self;
        let asked = flow.on_body(call, request.head_mut(), response.head_mut(), bytes.as_ref(), *clock);
        let next = asked.map_err(|error| self.error(error))?;
        self.after_response(next, response)
    }

    fn after_response(&mut self, next: FlowNext, response: Response<B>) -> Result<NextStep<B>> {
        match next {
            FlowNext::Done | FlowNext::ReadBody { .. } => Ok(NextStep::Done(Ok(response))),
            FlowNext::Observe(observer) => Ok(NextStep::Done(Ok(self.observed(response, observer)))),
            FlowNext::Tee(tee) => Ok(self.copied(response, tee)),
            FlowNext::Run(work, then) => Ok(NextStep::Run(work, AfterRun::Next(*then, Ok(response)).into())),
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
                Ok(NextStep::Done(Ok(Response::from_parts(head, unread))))
            }
        }
    }

    #[inline(never)]
    fn failed(&mut self, error: Error) -> Result<NextStep<B>> {
        self.sent.failed(&error);
        let mut error = self.head().error(error);
        let next = self.ask(FlowOutcome::Failed(&mut error))?;
        self.after_failure(next, error)
    }

    fn after_failure(&mut self, next: FlowNext, mut error: Error) -> Result<NextStep<B>> {
        match next {
            FlowNext::Again { after, body } if self.prepare(body) => {
                self.check_deadline(after.unwrap_or_default(), Some(error))?;
                Ok(self.again(after))
            }
            FlowNext::Answer(response) => Ok(self.answer(*response)),
            FlowNext::Run(work, then) => Ok(NextStep::Run(work, AfterRun::Next(*then, Err(error)).into())),
            FlowNext::Again { .. } => {
                self.flow.on_error_not_replayable(&mut self.call, &mut error);
                Err(self.sent.add_to(error))
            }
            FlowNext::Done | FlowNext::ReadBody { .. } | FlowNext::Observe(_) | FlowNext::Tee(_) => {
                Err(self.sent.add_to(error))
            }
        }
    }

    /// A function was run.
    #[inline(never)]
    pub(crate) fn ran(&mut self, then: AfterRun<B>) -> NextStep<B> {
        let next = match then {
            AfterRun::BeforeSend => return self.before_send(),
            AfterRun::Next(next, Ok(response)) => self.not_done(next, response),
            AfterRun::Next(next, Err(error)) => self.after_failure(next, error),
        };
        next.unwrap_or_else(NextStep::failed)
    }

    /// The body of a response was drained.
    #[inline(never)]
    pub(crate) fn drained(&mut self, then: AfterDrain) -> NextStep<B> {
        match then {
            // Draining has taken time.
            AfterDrain::Again(after) => match self.check_deadline(after.unwrap_or_default(), None) {
                Ok(()) => self.again(after),
                Err(error) => NextStep::failed(error),
            },
            AfterDrain::Answer(response) => self.answer(*response),
        }
    }

    fn again(&mut self, after: Option<Duration>) -> NextStep<B> {
        match after.filter(|pause| !pause.is_zero()) {
            Some(pause) => NextStep::Wait(pause),
            None => self.before_send(),
        }
    }

    fn ask(&mut self, outcome: FlowOutcome<'_>) -> Result<FlowNext> {
        let asked = self.flow.next(&mut self.call, self.request.head_mut(), outcome, self.clock);
        asked.map_err(|error| self.error(error))
    }

    /// Prepares the body that is sent next; returns whether there can be one.
    fn prepare(&mut self, reuse: BodyReuse) -> bool {
        if reuse == BodyReuse::Drop {
            (*self.request.body_mut(), self.has_body) = (B::default(), true);
        }
        self.has_body
    }

    /// Ends the call with a response that no transport has sent.
    fn answer(&self, response: Response<Bytes>) -> NextStep<B> {
        let (mut head, body) = response.into_parts();
        if head.request().is_none() {
            head.set_request(self.head().clone());
        }
        NextStep::Done(Ok(Response::from_parts(head, body_of(body))))
    }

    /// Observes a body while it is read. One without bytes has ended already, and its reader may keep it.
    fn observed(&self, response: Response<B>, observer: BodyObserver) -> Response<B> {
        if matches!(response.body().length(), Length::None | Length::Known(0)) {
            observer.observe_response(response.head(), BodyEnd::Complete { bytes: 0 });
            return response;
        }
        self.relayed(Relay::observed(response, observer))
    }

    /// Copies a body while it is read. One that is here already is copied at once.
    fn copied(&self, response: Response<B>, tee: BodyTee) -> NextStep<B> {
        let body = match (response.body().as_bytes(), response.body().length()) {
            (Some(bytes), _) => Some(bytes.clone()),
            (None, Length::None | Length::Known(0)) => Some(Bytes::new()),
            (None, Length::Known(length)) if length > tee.max_bytes() => return NextStep::Done(Ok(response)),
            (None, Length::Known(_) | Length::Unknown) => None,
        };
        match body {
            None => NextStep::Done(Ok(self.relayed(Relay::copied(response, tee)))),
            Some(bytes) if bytes.len() as u64 > tee.max_bytes() => NextStep::Done(Ok(response)),
            Some(bytes) => match tee.finish(bytes) {
                None => NextStep::Done(Ok(response)),
                Some(work) => NextStep::Run(work, AfterRun::Next(FlowNext::Done, Ok(response)).into()),
            },
        }
    }

    fn relayed(&self, relay: Relay<B>) -> Response<B> {
        let head = relay.response.head().clone();
        let body = B::from_relay(relay, self.head().options());
        Response::from_parts(head, body)
    }

    /// Fails at once if the total timeout will pass during this pause, because waiting could not help. The cause is the
    /// error that the flow wanted to recover from.
    fn check_deadline(&self, pause: Duration, cause: Option<Error>) -> Result<()> {
        let Some(deadline) = self.head().deadline() else { return Ok(()) };
        let then = self.clock.now().checked_add(pause);
        if then.is_some_and(|then| then < deadline) {
            return Ok(());
        }
        let total = self.head().options().timeouts.total.unwrap_or_default();
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

    fn head(&self) -> &RequestHead {
        self.request.head()
    }

    /// Makes an error one of this call.
    pub(crate) fn error(&self, error: Error) -> Error {
        self.head().error(self.sent.add_to(error))
    }
}

impl<B> NextStep<B> {
    fn failed(error: Error) -> Self {
        NextStep::Done(Err(error))
    }
}

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests;
