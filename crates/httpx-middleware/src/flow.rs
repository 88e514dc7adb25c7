//! What a flow is: the decisions of a middleware, without I/O.

use std::time::Duration;

use httpx_core::{Error, RequestHead, ResponseHead, Result};

use crate::Clock;

/// What a middleware decides: what to change in a request, and after its outcome whether that was all.
///
/// What fails while a streamed body is read does not come here any more: the response had been handed out by then.
///
/// A flow does no I/O and waits for nothing. It sees heads only, never a body, and so one flow serves both flavours:
/// [`Middleware`](crate::Middleware) asks it, and does the sending. It is shared by all calls at once; what it must
/// remember of one call is a value of its type [`Call`](Flow::Call).
///
/// A flow that marks each request:
///
/// ```
/// use std::sync::atomic::{AtomicU64, Ordering};
/// use httpx_core::{RequestHead, Result};
/// use httpx_middleware::{Clock, Flow};
///
/// #[derive(Default)]
/// struct RequestId(AtomicU64);
///
/// impl Flow for RequestId {
///     type Call = ();
///
///     fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<()> {
///         let id = self.0.fetch_add(1, Ordering::Relaxed);
///         Ok(request.headers_mut().set_default("X-Request-Id", id.to_string())?)
///     }
/// }
/// ```
///
/// And one that tries again, with a call's state and a pause. Under a total timeout it needs no care of its own: a
/// pause that would outlast the timeout is an error instead.
///
/// ```
/// # use std::time::Duration;
/// # use httpx_core::{RequestHead, Result};
/// # use httpx_middleware::{Clock, Flow, FlowNext, FlowOutcome, BodyReuse};
/// struct Retry {
///     most: u32,
/// }
///
/// impl Flow for Retry {
///     type Call = u32; // how often it was sent again
///
///     fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<u32> {
///         Ok(0)
///     }
///
///     fn next(
///         &self,
///         again: &mut u32,
///         request: &mut RequestHead,
///         outcome: FlowOutcome<'_>,
///         _: &dyn Clock,
///     ) -> Result<FlowNext> {
///         let worth_it = match outcome {
///             FlowOutcome::Response(head) => head.status() == 503 && request.method().is_idempotent(),
///             FlowOutcome::Failed(error) => error.is_connect(),
///         };
///         if !worth_it || *again == self.most {
///             return Ok(FlowNext::Done);
///         }
///         *again += 1;
///         Ok(FlowNext::Again { after: Some(Duration::from_millis(100 << *again)), body: BodyReuse::Keep })
///     }
/// }
/// ```
pub trait Flow: Send + Sync {
    /// What is remembered of one call, from its first request to its last response.
    type Call: Send;

    /// A call begins: the request may be changed. One that is not changed is not copied either.
    ///
    /// # Errors
    ///
    /// If the request shall not be sent. The error is given the request's method and URL.
    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<Self::Call>;

    /// A request has been sent, and this came of it. `request` is the head as this middleware sent it, without what
    /// those beneath it added; where it is to be sent again, it is made the next request here. Defaults to being
    /// done.
    ///
    /// # Errors
    ///
    /// If the outcome shall be an error. It is given the request's method and URL.
    fn next(
        &self,
        _call: &mut Self::Call,
        _request: &mut RequestHead,
        _outcome: FlowOutcome<'_>,
        _clock: &dyn Clock,
    ) -> Result<FlowNext> {
        Ok(FlowNext::Done)
    }

    /// After this response the body was to be sent [again](BodyReuse::Keep), which it cannot be, for it came from a
    /// reader. Defaults to handing the response on as it is: the answer to a request that could not be repeated.
    /// (What has failed rather than been answered stays the error that it was.)
    ///
    /// # Errors
    ///
    /// If the outcome shall be an error.
    fn on_body_not_replayable(&self, _call: &mut Self::Call, response: ResponseHead) -> Result<ResponseHead> {
        Ok(response)
    }
}

/// What came of a request.
#[derive(Debug)]
pub enum FlowOutcome<'a> {
    /// A response, with whatever status; it may be changed.
    Response(&'a mut ResponseHead),
    /// No response. What is known of it may be added to the error.
    Failed(&'a mut Error),
}

/// What a flow wants next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FlowNext {
    /// The call is over: the response or the error is handed on.
    Done,
    /// The request is to be sent again, in the form that it was given.
    Again {
        /// How long to wait before. With a total timeout the wait is bounded; without one whoever obeys a
        /// `Retry-After` must bound it himself.
        after: Option<Duration>,
        /// What becomes of its body.
        body: BodyReuse,
    },
}

/// What becomes of a body when its request is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyReuse {
    /// The same body is sent again.
    Keep,
    /// The request has no body from here on. The headers that speak of one are for the flow to remove.
    Drop,
}
