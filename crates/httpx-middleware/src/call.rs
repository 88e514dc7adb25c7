//! [`CallState`]: one call through a middleware, without I/O. The drivers send, drain and wait as it says.

use std::time::Duration;

use httpx_core::{
    Error, ErrorKind, MessageBody, Request, RequestHead, Response, ResponseHead, Result, Timeout, Timeouts,
};

use crate::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome};

/// How many bytes of a response that is not wanted are read, so that its connection can be used again. More would cost
/// more than a new connection. Go reads 2 KiB, curl all there is.
pub(crate) const DRAIN: u64 = 64 << 10;

/// One call: what its flow remembers, and what is kept to send again.
pub(crate) struct CallState<'a, F: Flow, B> {
    flow: &'a F,
    clock: &'a dyn Clock,
    call: F::Call,
    /// The head as it was sent last.
    head: RequestHead,
    /// The body, if it can be sent again.
    body: Option<B>,
}

/// What the driver does next.
pub(crate) enum NextStep<B> {
    /// The call is over.
    Done(Response<B>),
    /// The request is sent again.
    Resubmit(Resubmit<B>),
}

/// How a request is sent again, in the order in which the fields stand.
pub(crate) struct Resubmit<B> {
    /// What is left of the response: drained, at most [`DRAIN`] bytes.
    pub(crate) unread: B,
    /// How long to wait.
    pub(crate) after: Option<Duration>,
    /// What to send then.
    pub(crate) request: Request<B>,
}

impl<'a, F: Flow, B: MessageBody> CallState<'a, F, B> {
    /// Begins a call with this request, under the timeouts of the transport that will send it.
    pub(crate) fn start(
        flow: &'a F,
        clock: &'a dyn Clock,
        request: &mut Request<B>,
        timeouts: &Timeouts,
    ) -> Result<Self> {
        let head = request.head_mut();
        head.begin(|| clock.now(), timeouts);
        let call = flow.start(head, clock).map_err(|error| head.error(error))?;
        Ok(CallState { flow, clock, call, head: request.head().clone(), body: request.body().try_clone() })
    }

    /// The request has been sent, and this came of it.
    pub(crate) fn next(&mut self, outcome: Result<Response<B>>) -> Result<NextStep<B>> {
        match outcome {
            Ok(response) => self.answered(response),
            Err(error) => self.failed(error),
        }
    }

    fn answered(&mut self, mut response: Response<B>) -> Result<NextStep<B>> {
        // A mock need not know that this is what `url()` looks for.
        if response.head().request().is_none() {
            response.head_mut().set_request(self.head.clone());
        }
        let (after, resend) = match self.ask(FlowOutcome::Response(response.head_mut()))? {
            FlowNext::Done => return Ok(NextStep::Done(response)),
            FlowNext::Again { after, body } => (after, body),
        };
        let (head, unread) = response.into_parts();
        match self.body(resend) {
            Some(body) => self.again(unread, after, body, None),
            None => self.on_body_not_replayable(head, unread),
        }
    }

    fn failed(&mut self, error: Error) -> Result<NextStep<B>> {
        let mut error = self.head.error(error);
        match self.ask(FlowOutcome::Failed(&mut error))? {
            FlowNext::Done => Err(error),
            FlowNext::Again { after, body } => match self.body(body) {
                Some(body) => self.again(B::default(), after, body, Some(error)),
                None => Err(error),
            },
        }
    }

    fn ask(&mut self, outcome: FlowOutcome<'_>) -> Result<FlowNext> {
        let asked = self.flow.next(&mut self.call, &mut self.head, outcome, self.clock);
        asked.map_err(|error| self.head.error(error))
    }

    /// The body to send next, if there can be one.
    fn body(&mut self, resend: BodyReuse) -> Option<B> {
        if resend == BodyReuse::Drop {
            self.body = Some(B::default());
        }
        self.body.as_ref()?.try_clone()
    }

    fn again(
        &self,
        unread: B,
        after: Option<Duration>,
        body: B,
        cause: Option<Error>,
    ) -> Result<NextStep<B>> {
        self.in_time(after, cause)?;
        let request = Request::from_parts(self.head.clone(), body);
        Ok(NextStep::Resubmit(Resubmit { unread, after, request }))
    }

    fn on_body_not_replayable(&mut self, head: ResponseHead, unread: B) -> Result<NextStep<B>> {
        let head =
            self.flow.on_body_not_replayable(&mut self.call, head).map_err(|error| self.head.error(error))?;
        Ok(NextStep::Done(Response::from_parts(head, unread)))
    }

    /// An error, if the total timeout will have passed before the request is sent again: at once, since nobody gains
    /// by waiting for it. Its cause is what went wrong before.
    fn in_time(&self, after: Option<Duration>, cause: Option<Error>) -> Result<()> {
        let Some(deadline) = self.head.deadline() else { return Ok(()) };
        let then = self.clock.now().checked_add(after.unwrap_or_default());
        if then.is_some_and(|then| then < deadline) {
            return Ok(());
        }
        let limit = self.head.options().timeouts.total.unwrap_or_default();
        let message = format!(
            "the total timeout of {limit:?} leaves no time to send the request again; raise it with timeout()"
        );
        let error = Error::new(ErrorKind::Timeout(Timeout::Total), message).with_timeout(limit);
        Err(self.head.error(match cause {
            Some(cause) => error.with_source(cause),
            None => error,
        }))
    }
}

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests;
