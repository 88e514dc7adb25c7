//! Makes a flow out of a shared pointer to a flow.

use std::sync::Arc;

use bytes::Bytes;
use httpx_core::{Error, Length, RequestHead, Response, ResponseHead, Result};

use super::{BeforeSend, Flow, FlowNext, FlowOutcome};
use crate::Clock;

/// A flow behind a shared pointer is a flow.
impl<F: Flow + ?Sized> Flow for Arc<F> {
    type Call = F::Call;

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<F::Call> {
        (**self).start(request, clock)
    }

    fn start_with_body(&self, request: &mut RequestHead, body: Length, clock: &dyn Clock) -> Result<F::Call> {
        (**self).start_with_body(request, body, clock)
    }

    fn before_send(
        &self,
        call: &mut F::Call,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        (**self).before_send(call, request, clock)
    }

    fn on_request_body(
        &self,
        call: &mut F::Call,
        request: &mut RequestHead,
        body: Option<&Bytes>,
        clock: &dyn Clock,
    ) -> Result<()> {
        (**self).on_request_body(call, request, body, clock)
    }

    fn on_own_response(
        &self,
        call: &mut F::Call,
        response: Result<Response<Bytes>>,
        clock: &dyn Clock,
    ) -> Result<()> {
        (**self).on_own_response(call, response, clock)
    }

    fn next(
        &self,
        call: &mut F::Call,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        (**self).next(call, request, outcome, clock)
    }

    fn on_body(
        &self,
        call: &mut F::Call,
        request: &mut RequestHead,
        response: &mut ResponseHead,
        body: Option<&Bytes>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        (**self).on_body(call, request, response, body, clock)
    }

    fn on_body_not_replayable(&self, call: &mut F::Call, response: ResponseHead) -> Result<ResponseHead> {
        (**self).on_body_not_replayable(call, response)
    }

    fn on_error_not_replayable(&self, call: &mut F::Call, error: &mut Error) {
        (**self).on_error_not_replayable(call, error);
    }
}
