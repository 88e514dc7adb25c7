//! [`Pending`]: a request whose record has not been written.

use std::fmt;
use std::time::{Duration, Instant};

use httpx_core::{RequestHead, ResponseHead, StatusCode};

use super::record::RecordEnd;
use super::{LogRecord, Logging};
use crate::flow::{BodyEnd, BodyObserver};
use crate::{FlowNext, FlowOutcome};

/// The state of one call of [`Logging`](super::Logging). A call that is dropped before its outcome is logged as cancelled.
pub struct LoggedCall(Option<Pending>);

pub(super) struct Pending {
    logging: Logging,
    request: RequestHead,
    started: Instant,
}

impl LoggedCall {
    pub(super) fn new(pending: Pending) -> Self {
        LoggedCall(Some(pending))
    }

    pub(super) fn take(&mut self) -> Option<Pending> {
        self.0.take()
    }
}

impl Drop for LoggedCall {
    fn drop(&mut self) {
        if let Some(pending) = self.take() {
            pending.write(None, RecordEnd::Cancelled);
        }
    }
}

impl fmt::Debug for LoggedCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoggedCall")
    }
}

impl Pending {
    pub(super) fn new(logging: Logging, request: RequestHead, started: Instant) -> Self {
        Pending { logging, request, started }
    }

    /// Writes the record of a failure; that of a response waits for the end of its body.
    pub(super) fn outcome(self, outcome: FlowOutcome<'_>, now: Instant) -> FlowNext {
        let elapsed = now.saturating_duration_since(self.started);
        match outcome {
            FlowOutcome::Failed(error) => self.write(None, RecordEnd::Failed { error, elapsed }),
            // What follows is not a body.
            FlowOutcome::Response(head) if has_switched(&self.request, head) => {
                self.write(Some(head), RecordEnd::Body { end: BodyEnd::Complete { bytes: 0 }, elapsed });
            }
            FlowOutcome::Response(_) => return FlowNext::Observe(self.observer(elapsed)),
        }
        FlowNext::Done
    }

    fn observer(self, until_head: Duration) -> BodyObserver {
        BodyObserver::with_head(move |head, end| {
            let body = head.timings().and_then(|timings| timings.body).unwrap_or_default();
            self.write(Some(head), RecordEnd::Body { end, elapsed: until_head + body });
        })
    }

    fn write(&self, response: Option<&ResponseHead>, end: RecordEnd<'_>) {
        self.logging.write(LogRecord::new(&self.request, response, end));
    }
}

/// Returns whether the connection now carries another protocol.
fn has_switched(request: &RequestHead, response: &ResponseHead) -> bool {
    response.status() == StatusCode::SWITCHING_PROTOCOLS
        || (request.method() == "CONNECT" && response.status().is_success())
}
