//! Sends the extra requests that a flow makes.

use std::time::Duration;

use httpx_core::{Error, ErrorKind, Request, RequestHead, Response, Result, Timeouts};

use super::{CallState, NextStep, Purpose};
use crate::Flow;
use crate::flow::OwnRequest;
use crate::relay::{Collected, Collecting, FlowBody};

/// The most requests that a flow may add to one call. Without a limit, a server could cause any number of them.
const MAX_OWN_REQUESTS: u32 = 20;

/// The most bytes of a response to a request that the flow adds, unless the request sets `max_body_bytes`.
const MAX_BODY_BYTES: u64 = 1 << 20;

impl<F: Flow, B: FlowBody> CallState<'_, F, B> {
    #[inline(never)]
    pub(super) fn send_own(&mut self, own: OwnRequest) -> Result<NextStep<B>> {
        self.own_requests += 1;
        if self.own_requests > MAX_OWN_REQUESTS {
            let message = format!("the middleware adds more than {MAX_OWN_REQUESTS} requests to one call");
            return Err(self.error(Error::new(ErrorKind::Other, message)));
        }
        let OwnRequest { mut head, body } = own;
        self.join(&mut head);
        let purpose = Purpose::Own(Box::new(head.clone()));
        self.own = Some(Box::new(Request::from_parts(head, B::from(body))));
        Ok(NextStep::Send(purpose))
    }

    /// Gives a request the timeouts and extensions of the call, unless it sets its own. Its deadline is the earlier one of
    /// the total timeout of the call and its own.
    fn join(&self, head: &mut RequestHead) {
        let timeouts = self.head().options().timeouts;
        let own_ends_first = self.ends_before_call(head.options().timeouts.total);
        let own = &mut head.options_mut().timeouts;
        *own = own.or(&timeouts);
        if !own_ends_first {
            own.total = timeouts.total;
        }
        if !self.head().extensions().is_empty() {
            head.extensions_mut().add_missing(self.head().extensions());
        }
        let started = self.head().started().filter(|_| timeouts.total.is_some() && !own_ends_first);
        head.begin(|| started.unwrap_or_else(|| self.clock.now()), &Timeouts::default());
    }

    /// Returns whether a total timeout that begins now ends before that of the call.
    fn ends_before_call(&self, own: Option<Duration>) -> bool {
        let Some(own) = own else { return false };
        match self.head().deadline() {
            Some(deadline) => self.clock.now().checked_add(own).is_some_and(|end| end < deadline),
            // The call has no total timeout, or there is no clock.
            None => self.head().options().timeouts.total.is_none_or(|total| own < total),
        }
    }

    #[inline(never)]
    pub(super) fn own_sent(&mut self, head: Box<RequestHead>, outcome: Result<Response<B>>) -> NextStep<B> {
        match outcome {
            Ok(mut response) => {
                if response.head().request().is_none() {
                    response.head_mut().set_request((*head).clone());
                }
                let max_bytes = head.options().max_body_bytes.unwrap_or(MAX_BODY_BYTES);
                NextStep::Collect(Purpose::Own(head), Box::new(Collecting::new(response, max_bytes)))
            }
            Err(error) => self.own_done(Err(head.error(error))).unwrap_or_else(NextStep::failed),
        }
    }

    #[inline(never)]
    pub(super) fn own_collected(&mut self, head: &RequestHead, body: Collecting<B>) -> Result<NextStep<B>> {
        let response = match body.finish() {
            Ok(Collected::Complete(response, bytes)) => {
                Ok(Response::from_parts(response.into_parts().0, bytes))
            }
            Ok(Collected::TooLong(_)) => {
                let message =
                    "the response is too long for a request of a middleware's own; raise its max_body_bytes";
                Err(head.error(Error::new(ErrorKind::TooLarge, message)))
            }
            Err(error) => Err(head.error(error)),
        };
        self.own_done(response)
    }

    fn own_done(&mut self, response: Result<Response<bytes::Bytes>>) -> Result<NextStep<B>> {
        let done = self.flow.on_own_response(&mut self.call, response, self.clock);
        done.map_err(|error| self.error(error))?;
        Ok(self.before_send())
    }
}
