//! Makes [`Retry`] a flow.

use httpx_core::{Error, RequestHead, ResponseHead, Result};

use super::call::{RetryCall, Verdict};
use super::{Retry, RetryBudget};
use crate::flow::BeforeSend;
use crate::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome};

impl Flow for Retry {
    /// `None` if the call is not retried here.
    type Call = Option<Box<RetryCall>>;

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<Self::Call> {
        // A layer above decides. If each layer retried, their attempts would multiply.
        if request.attempt() > 0 {
            return Ok(None);
        }
        let retry = request.extensions().get().unwrap_or(self);
        if retry.0.max_attempts <= 1 {
            return Ok(None);
        }
        let budget: RetryBudget = retry.0.own_budget.as_ref().unwrap_or_else(|| self.shared_budget()).clone();
        budget.deposit(clock.now());
        Ok(Some(Box::new(RetryCall::new(retry.clone(), budget))))
    }

    fn before_send(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        if let Some(call) = call {
            call.begin(request, clock);
        }
        Ok(BeforeSend::Send)
    }

    fn next(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        let Some(call) = call else { return Ok(FlowNext::Done) };
        Ok(match call.decide(request, outcome, clock) {
            Verdict::Final(_) => FlowNext::Done,
            Verdict::Retry(pause) => FlowNext::Again { after: Some(pause), body: BodyReuse::Keep },
        })
    }

    fn on_body_not_replayable(
        &self,
        call: &mut Self::Call,
        mut response: ResponseHead,
    ) -> Result<ResponseHead> {
        if let Some(call) = call {
            response.set_attempts(call.not_replayable());
        }
        Ok(response)
    }

    fn on_error_not_replayable(&self, call: &mut Self::Call, error: &mut Error) {
        if let Some(call) = call {
            error.set_attempts(call.not_replayable());
        }
    }
}
