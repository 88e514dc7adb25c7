//! The decisions that a flow returns.

use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Error, Response, ResponseHead};

use super::{BlockingWork, BodyObserver, BodyTee, Listener, OwnRequest};

/// The decision of a flow before the request is sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum BeforeSend {
    /// Sends the request.
    Send,
    /// Waits, then asks the flow again. With a total timeout the wait is bounded.
    Wait(Duration),
    /// Waits for a notification of another call, at most until the listener's [limit](super::Listener::at_most), then
    /// asks the flow again. A total timeout that passes meanwhile is the error.
    WaitFor(Listener),
    /// Sends a request of the flow's own first, hands its response to
    /// [`on_own_response`](super::Flow::on_own_response), then asks the flow again.
    ///
    /// The layers below send it like any request. It has the timeouts and extensions of the call, unless it sets
    /// its own. Its deadline is at most that of the call. Its response may have 1 MiB, or the request's own
    /// [`max_body_bytes`](httpx_core::Options::max_body_bytes). A call may send 20 such requests.
    SendOwn(Box<OwnRequest>),
    /// Runs a function that may block, for example one that reads a file, then asks the flow again. If the function cannot
    /// be run, because the runtime is being shut down or because it panics, the flow is asked all the same.
    Run(BlockingWork),
    /// Reads the body of the request, hands it to [`on_request_body`](super::Flow::on_request_body), then asks the flow
    /// again: for a signature of the body. A body in memory costs nothing.
    ///
    /// Any other body is read into memory, and sent from there. It can be sent again then. To ask twice before the
    /// request is sent is an error.
    ReadRequestBody {
        /// The most bytes to read of a body that is not in memory. A longer body is not handed to the flow, and is sent
        /// unchanged.
        max_bytes: u64,
    },
    /// Does not send the request: this is the response.
    Answer(Box<Response<Bytes>>),
}

/// The outcome of a request.
#[derive(Debug)]
pub enum FlowOutcome<'a> {
    /// A response, of any status. The flow may change its head.
    Response(&'a mut ResponseHead),
    /// No response, or one whose body could not be [read](FlowNext::ReadBody). The flow may add to the error.
    Failed(&'a mut Error),
}

/// The decision of a flow after the request was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum FlowNext {
    /// Ends the call: the caller gets the response or the error.
    Done,
    /// Sends the request again, as the flow left it. The body of the response is drained before.
    Again {
        /// The time to wait before. With a total timeout the wait is bounded; without one, a flow that obeys
        /// `Retry-After` must bound it.
        after: Option<Duration>,
        /// The body of the next request.
        body: BodyReuse,
    },
    /// Reads the body of the response, and hands it to [`on_body`](super::Flow::on_body). The caller gets it unchanged,
    /// but only when it has been read.
    ///
    /// Without a response, or from [`on_body`](super::Flow::on_body), this is [`Done`](FlowNext::Done).
    ReadBody {
        /// The most bytes to read. A longer body is not handed to the flow; the caller gets all of it.
        max_bytes: u64,
    },
    /// Ends the call with this response, in place of the received response or the error.
    Answer(Box<Response<Bytes>>),
    /// Runs a function that may block, as [`BeforeSend::Run`] does, then continues with another decision.
    Run(BlockingWork, Box<FlowNext>),
    /// Ends the call, and copies the body of the response while the caller reads it. Without a response this is
    /// [`Done`](FlowNext::Done).
    Tee(BodyTee),
    /// Ends the call, and calls the observer when the body of the response has ended. Without a response this is
    /// [`Done`](FlowNext::Done).
    Observe(BodyObserver),
}

/// The body of a request that is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyReuse {
    /// Sends the same body again.
    Keep,
    /// Sends no body from now on. The flow removes the headers that describe it.
    Drop,
}
