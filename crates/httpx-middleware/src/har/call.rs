//! [`HarCall`]: a request that has no entry yet.

use std::fmt;
use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use httpx_core::{Length, RequestHead, ResponseHead};

use super::HarRecorder;
use super::entry::{EntryEnd, HarEntry, Recorded};
use crate::flow::{BodyEnd, BodyObserver};
use crate::{Clock, FlowNext, FlowOutcome};

/// The state of one call of [`HarRecorder`]. A call that is dropped before its outcome has an entry, too.
pub struct HarCall {
    recorder: HarRecorder,
    pending: Option<PendingEntry>,
}

struct PendingEntry {
    request: RequestHead,
    body_length: Length,
    body: Option<Bytes>,
    /// Whether the body was asked for.
    has_asked: bool,
    started: Instant,
    started_at: SystemTime,
}

impl HarCall {
    pub(super) fn new(recorder: HarRecorder, request: RequestHead, body: Length, clock: &dyn Clock) -> Self {
        let pending = PendingEntry {
            request,
            body_length: body,
            body: None,
            has_asked: false,
            started: clock.now(),
            started_at: clock.wall(),
        };
        HarCall { recorder, pending: Some(pending) }
    }

    /// Returns the limit of the body to read, once. A body of unknown length may never end, so it is not read.
    pub(super) fn body_to_read(&mut self, max_bytes: u64) -> Option<u64> {
        let pending = self.pending.as_mut()?;
        let is_first = !std::mem::replace(&mut pending.has_asked, true);
        let is_short = matches!(pending.body_length, Length::Known(length) if length <= max_bytes);
        (is_first && is_short).then_some(max_bytes)
    }

    pub(super) fn set_body(&mut self, body: Option<&Bytes>) {
        if let Some(pending) = &mut self.pending {
            pending.body = body.cloned();
        }
    }

    /// Adds the entry of a failure; that of a response waits for the end of its body.
    pub(super) fn outcome(&mut self, outcome: FlowOutcome<'_>, clock: &dyn Clock) -> FlowNext {
        let Some(pending) = self.pending.take() else { return FlowNext::Done };
        let (recorder, elapsed) =
            (self.recorder.clone(), clock.now().saturating_duration_since(pending.started));
        match outcome {
            FlowOutcome::Failed(error) => {
                pending.add(&recorder, None, EntryEnd::Failed(error.message_with_causes()), elapsed);
                FlowNext::Done
            }
            // What follows is not a body.
            FlowOutcome::Response(head) if head.status() == 101 => {
                pending.add(
                    &recorder,
                    Some(head),
                    EntryEnd::Body { bytes: 0, record: Bytes::new(), error: None },
                    elapsed,
                );
                FlowNext::Done
            }
            FlowOutcome::Response(_) => {
                let max_bytes = recorder.settings.max_body_bytes;
                FlowNext::Observe(BodyObserver::recording(max_bytes, move |head, end, record| {
                    let (bytes, error) = match end {
                        BodyEnd::Complete { bytes } => (bytes, None),
                        BodyEnd::Failed { bytes, error } => (bytes, Some(error.message_with_causes())),
                        BodyEnd::Dropped { bytes } => {
                            (bytes, Some("the body was not read to its end".to_owned()))
                        }
                    };
                    pending.add(&recorder, Some(head), EntryEnd::Body { bytes, record, error }, elapsed);
                }))
            }
        }
    }
}

impl PendingEntry {
    fn add(self, recorder: &HarRecorder, response: Option<&ResponseHead>, end: EntryEnd, elapsed: Duration) {
        let recorded = Recorded {
            // As the layers beneath have sent it.
            request: response.and_then(ResponseHead::request).unwrap_or(&self.request),
            body_length: self.body_length,
            body: self.body.as_ref(),
            response,
            end,
            started_at: self.started_at,
            elapsed,
        };
        recorder.add(HarEntry::new(&recorded, &recorder.settings.redaction));
    }
}

impl Drop for HarCall {
    fn drop(&mut self) {
        if let Some(pending) = self.pending.take() {
            let end = EntryEnd::Failed("the request was cancelled".to_owned());
            pending.add(&self.recorder, None, end, Duration::ZERO);
        }
    }
}

impl fmt::Debug for HarCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HarCall")
    }
}
