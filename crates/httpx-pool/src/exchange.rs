//! [`Exchange`]: one request and its response over one [`Wire`], without I/O.
//!
//! It is made for each request and dropped after it, so nothing of an earlier request is left in it.
//!
//! A driver asks [`step`](Exchange::step) for the next step, makes it, and reports the result:
//!
//! ```text
//!   step ─┬─▶ Write, WriteOrRead ──▶ write to the stream ──────────▶ wrote
//!         ├─▶ Read, TryRead ───────▶ read from the stream ─────────▶ received, nothing_to_read
//!         ├─▶ ReadUpload ──────────▶ read from the request's body ─▶ upload_read, no_upload_yet
//!         ├─▶ TakeUpload ──────────▶ take a chunk of that body ────▶ upload_chunk, no_upload_yet
//!         └─▶ Output ──────────────▶ give it to the caller: the head, data, or the end of the response
//! ```
//!
//! Two things go on at once. The request (`upload.rs`): its head is written, then the body is held back for a
//! `100 Continue` if the request expects one, then the body and its end are written. The response:
//!
//! ```text
//!             first byte      final head     end of body     end of the request
//!   Nothing ─────────────▶ Begun ───────▶ Head ────────▶ Ended ─────────▶ Finished
//! ```
//!
//! The rules where the two meet:
//!
//! 1. Received bytes are looked at before more of the request is sent.
//! 2. A final head that is not a success stops the upload (RFC 9112 §9.5). A success does not, and neither does a
//!    switch of protocols: the other protocol follows after the whole request (RFC 9110 §7.8).
//! 3. A write that fails stops the upload. There may be a response that explains it, so reading goes on.
//! 4. When the whole response is here, no failure and no timeout of the upload takes it away. The upload is given up
//!    then, and [`sent`](Exchange::sent) tells so.

mod deadlines;
mod expectation;
mod io_results;
mod step;
mod upload;

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests;

use std::time::{Duration, Instant};

use httpx_core::{ErrorKind, Headers, Length, MessageBody, RequestSent, Result, Version};
use httpx_proto::{BodyLength, Event, RequestRef};

use crate::call::Call;
use crate::close_cause::CloseCause;
use crate::into_error;
use crate::request_trailers::{RequestTrailers, has_trailers};
use crate::tunnel_target::target;
use crate::wire::Wire;
use deadlines::{Deadlines, Wait};
pub(crate) use expectation::BodyTaken;
use expectation::Expectation;
pub(crate) use step::{Output, Step};
use upload::{Aborted, Upload};

/// During a long upload, check for an early response after this many bytes: a server may reject the request and still
/// keep reading for a long time (nginx: 30 s).
const CHECK_INTERVAL: usize = 256 << 10;

/// During a slow upload, check for an early response if this much time has passed since the last check.
const CHECK_TIME: Duration = Duration::from_millis(10);

/// The most bytes of a request's body that are read at once: few at first, because most bodies are short.
const FIRST_UPLOAD_READ: usize = 16 << 10;
const UPLOAD_READ: usize = 64 << 10;

/// The smallest user buffer into which the body is read directly, past the wire's buffer.
const MIN_DIRECT: usize = 8 << 10;

/// The most bytes that are drained from a response that is dropped early. A new connection is cheaper than more.
const MAX_DRAINED: u64 = 64 << 10;

/// One request and its response. By default it has nothing to do, as that of a connection which has carried no request.
#[derive(Default)]
pub(crate) struct Exchange {
    upload: Upload,
    /// The trailers that follow the body.
    request_trailers: Option<RequestTrailers>,
    /// No `100 Continue` came in time: the body is sent without one (RFC 9110 §10.1.1).
    continues_anyway: bool,
    /// The `Expect: 100-continue`, until the head of the response.
    expectation: Option<Expectation>,
    /// Why the request was not written to its end, if it was not.
    upload_aborted: Option<Aborted>,
    /// How many bytes of the request have been written.
    written: u64,
    /// How many of them are the head.
    head_len: u64,
    /// When the whole request had been written, and when the response had begun, if the driver waited at these moments.
    sent_at: Option<Instant>,
    begun_at: Option<Instant>,
    /// How many of them since the last check for an early response.
    written_since_read: usize,
    /// When the last check was made because of the time that had passed.
    checked_at: Option<Instant>,
    deadlines: Deadlines,
    progress: Progress,
    /// The head of the response came before the request had been sent.
    has_sent_since_head: bool,
    /// Whether bytes, or the end of the stream, arrived after the head of the response.
    has_received_since_head: bool,
    trailers: Headers,
    /// The kind of the error that ended this exchange. It repeats.
    failed: Option<ErrorKind>,
}

/// How much of the response is here.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Progress {
    Nothing,
    Begun,
    Head,
    /// All of it.
    Ended,
    /// All of it, and the request has ended too.
    #[default]
    Finished,
}

impl Exchange {
    /// Replaces the last exchange by a new one: appends the head of the request, and its body if that is small.
    ///
    /// # Errors
    ///
    /// If the head is not valid. The wire is then as it was.
    pub(crate) fn start(&mut self, wire: &mut Wire, call: &Call<'_>, body: &impl MessageBody) -> Result<()> {
        let length = send_head(wire, call, body)?;
        self.reset();
        self.upload = match (length, body.as_bytes()) {
            (BodyLength::None, _) => Upload::End,
            (_, Some(bytes)) => Upload::Bytes(bytes.clone()),
            (_, None) if body.has_chunks() => Upload::Chunks,
            (_, None) => Upload::Reader,
        };
        self.head_len = wire.outgoing()[0].len() as u64;
        self.request_trailers = match length {
            BodyLength::Unknown => call.head.extensions().get().cloned(),
            BodyLength::None | BodyLength::Known(_) => None,
        };
        self.checked_at = call.head.started();
        self.deadlines = Deadlines::new(*call.timeouts, call.deadline);
        self.progress = Progress::Nothing;
        if self.awaiting_continue(wire) {
            self.expectation = Some(Expectation::start(wire, call.head, body.length()));
            return Ok(());
        }
        self.append_upload(wire)
    }

    /// Leaves nothing of the last exchange. The pattern names all fields: a new value, which is large, would be moved.
    #[inline]
    fn reset(&mut self) {
        let Exchange {
            upload,
            request_trailers,
            continues_anyway,
            expectation,
            upload_aborted,
            written,
            head_len,
            sent_at,
            begun_at,
            written_since_read,
            checked_at,
            deadlines,
            progress,
            has_sent_since_head,
            has_received_since_head,
            trailers,
            failed,
        } = self;
        (*upload, *request_trailers, *trailers) = (Upload::Nothing, None, Headers::new());
        (*expectation, *continues_anyway) = (None, false);
        (*upload_aborted, *failed) = (None, None);
        (*head_len, *written, *written_since_read) = (0, 0, 0);
        (*sent_at, *begun_at, *checked_at) = (None, None, None);
        (*has_sent_since_head, *has_received_since_head) = (false, false);
        (*deadlines, *progress) = (Deadlines::default(), Progress::default());
    }

    /// Returns what to do next. `now` is asked only where it matters.
    ///
    /// # Errors
    ///
    /// If the exchange has failed, before or now.
    pub(crate) fn step(&mut self, wire: &mut Wire, now: impl FnOnce() -> Instant) -> Result<Step> {
        if let Some(kind) = self.failed {
            return Err(into_error::failed_before(kind));
        }
        if self.progress == Progress::Ended && self.deadlines.is_bounded() && self.deadlines.is_over(now()) {
            self.abort_upload(wire, Aborted::Unwanted);
        }
        loop {
            if !wire.has_unparsed_input() {
                if let Some(step) = self.next_send_step(wire)? {
                    return Ok(step);
                }
                // The codec is not asked before there is a byte of the response, or its end.
                if self.progress == Progress::Nothing {
                    return Ok(Step::Read);
                }
            }
            if let Some(step) = self.next_receive_step(wire)? {
                return Ok(step);
            }
        }
    }

    /// Returns the next step of the request; `None` if there is nothing to send now.
    // Inlined, as the next one: their results are large, and every step asks for one.
    #[inline]
    fn next_send_step(&mut self, wire: &mut Wire) -> Result<Option<Step>> {
        loop {
            if !wire.is_flushed() {
                // Only a long request is worth a check for an early response, and only until the response has ended.
                let checks = !self.upload.is_nothing()
                    && self.progress < Progress::Ended
                    && !self.awaiting_continue(wire);
                return Ok(Some(match checks {
                    false => Step::Write,
                    true if self.written_since_read >= CHECK_INTERVAL => Step::TryRead,
                    true => Step::WriteOrRead,
                }));
            }
            match &self.upload {
                Upload::Nothing => return Ok(None),
                _ if self.awaiting_continue(wire) => return Ok(None),
                Upload::Reader => return Ok(Some(Step::ReadUpload)),
                Upload::Chunks => return Ok(Some(Step::TakeUpload)),
                Upload::Bytes(_) | Upload::End => self.append_upload(wire)?,
            }
        }
    }

    /// Looks at the received bytes; `None` if more of the request is to be sent first.
    #[inline]
    fn next_receive_step(&mut self, wire: &mut Wire) -> Result<Option<Step>> {
        if self.expectation.is_some() {
            self.update_expectation(wire);
        }
        let event = wire.next_event().map_err(|error| {
            let error = into_error::remote(error, self.sent(wire));
            self.explain(wire, error)
        })?;
        Ok(match event {
            Event::NeedData => {
                wire.set_parsed();
                (!self.is_sending(wire)).then_some(Step::Read)
            }
            Event::Interim(head) => Some(Step::Output(Output::Informational(head))),
            Event::Head(head) => {
                self.progress = Progress::Head;
                wire.note_keep_alive(head.headers());
                let is_sending = self.is_sending(wire);
                if self.is_held_back() || is_sending && !head.status().is_success() && !wire.has_switched() {
                    self.abort_upload(wire, Aborted::Unwanted);
                } else {
                    self.has_sent_since_head = is_sending;
                }
                if head.version() == Version::Http10 {
                    wire.refuse_expect();
                }
                if self.expectation.is_some() && self.refuses_expectation(head.status()) {
                    return Ok(Some(self.output(Output::ExpectationFailed(head))));
                }
                Some(self.output(Output::Head(head)))
            }
            Event::Data => Some(self.output(Output::Data)),
            Event::End(trailers) => {
                self.trailers = trailers;
                self.end(wire)
            }
            Event::Paused => self.end(wire),
            Event::Closed => return Err(into_error::closed_early(self.sent(wire))),
        })
    }

    /// The response has ended. After a success the server still wants the rest of the request.
    fn end(&mut self, wire: &mut Wire) -> Option<Step> {
        wire.set_parsed();
        self.progress = Progress::Ended;
        if !self.upload.is_nothing() || !wire.is_flushed() {
            self.end_full_upload(wire);
            return None;
        }
        self.progress = Progress::Finished;
        Some(self.output(Output::End))
    }

    /// Hands something to the caller: the next wait is a new one.
    fn output(&mut self, output: Output) -> Step {
        self.deadlines.progressed();
        Step::Output(output)
    }

    /// Whether the response ends right after its head. This is asked once, before the body is handed out.
    pub(crate) fn ends_at_once(&mut self, wire: &mut Wire) -> bool {
        if self.is_sending(wire) {
            return false;
        }
        // Everything else is reported again when the body is read: nothing, data, and errors.
        if let Ok(Event::End(trailers)) = wire.next_event() {
            self.trailers = trailers;
            self.progress = Progress::Finished;
        }
        self.is_finished()
    }

    /// Whether request and response have ended.
    pub(crate) fn is_finished(&self) -> bool {
        self.progress == Progress::Finished
    }

    /// Whether a response that is dropped now is worth draining: little is left, and nothing is to be sent first.
    pub(crate) fn is_worth_draining(&self, wire: &Wire) -> bool {
        !self.is_sending(wire)
            && !wire.will_close()
            && self.remaining(wire).is_some_and(|left| left <= MAX_DRAINED)
    }

    /// Returns how many bytes of the body are still to come, if that is known.
    pub(crate) fn remaining(&self, wire: &Wire) -> Option<u64> {
        if self.progress >= Progress::Ended { Some(0) } else { wire.remaining() }
    }

    /// Returns how long the next read or write may wait; `None` is without end.
    ///
    /// # Errors
    ///
    /// If the time has passed already: a server that always has one more byte cannot put that off.
    pub(crate) fn left(&mut self, wire: &Wire, now: Instant) -> Result<Option<Duration>> {
        let wait = self.waiting(wire);
        if wait == Wait::Head {
            let at = if self.progress == Progress::Nothing { &mut self.sent_at } else { &mut self.begun_at };
            at.get_or_insert(now);
        } else if wait == Wait::Continue {
            self.deadlines.start_continue(now, wire.continue_timeout());
        }
        match self.deadlines.time_left(wait, now) {
            // The whole response is here: one more try, and then `step` gives up the upload.
            Err(_) if self.progress >= Progress::Ended => Ok(Some(Duration::ZERO)),
            left => left.map_err(|error| error.with_request_sent(self.sent(wire))),
        }
    }

    /// Fails if the whole call is late, for a driver that asks [`left`](Self::left) only before it waits.
    pub(crate) fn check_in_time(&self, wire: &Wire, now: impl FnOnce() -> Instant) -> Result<()> {
        if !self.deadlines.is_bounded() || self.progress >= Progress::Ended {
            return Ok(());
        }
        let now = now();
        if self.deadlines.is_over(now) { Err(self.timeout_error(wire, now)) } else { Ok(()) }
    }

    /// Fails if the whole call is late, also after the response has ended: its body may still be decoded.
    pub(crate) fn check_deadline(&self, wire: &Wire, now: impl FnOnce() -> Instant) -> Result<()> {
        if !self.deadlines.is_bounded() {
            return Ok(());
        }
        let now = now();
        if self.deadlines.is_over(now) { Err(self.timeout_error(wire, now)) } else { Ok(()) }
    }

    /// Ends every wait at this instant: from now on the body is only drained.
    pub(crate) fn set_drain_deadline(&mut self, by: Instant) {
        self.deadlines.set_drain_deadline(by);
    }

    /// Takes the trailers of a response that has ended.
    pub(crate) fn take_trailers(&mut self) -> Headers {
        std::mem::take(&mut self.trailers)
    }

    /// Marks the exchange as failed. Every later call fails.
    pub(crate) fn fail(&mut self, kind: ErrorKind) {
        self.failed = Some(kind);
    }

    /// Whether the head of the response came before the request had been sent, and did not stop it.
    pub(crate) fn has_sent_since_head(&self) -> bool {
        self.has_sent_since_head
    }

    /// Whether bytes of the body, or its end, arrived later than the head.
    pub(crate) fn has_received_since_head(&self) -> bool {
        self.has_received_since_head
    }

    /// Whether the exchange has failed.
    pub(crate) fn has_failed(&self) -> bool {
        self.failed.is_some()
    }

    /// Whether the connection may be used again, as far as this exchange knows.
    pub(crate) fn is_complete(&self) -> bool {
        self.failed.is_none() && self.upload_aborted.is_none()
    }

    /// Returns why the connection is closed, if it is closed now: after a failed or incomplete exchange, or during one.
    pub(crate) fn close_cause(&self) -> CloseCause {
        match self.progress {
            _ if self.failed.is_some() => CloseCause::Error,
            Progress::Finished if self.upload_aborted.is_some() => CloseCause::RequestIncomplete,
            Progress::Head | Progress::Ended => CloseCause::BodyDropped,
            Progress::Nothing | Progress::Begun | Progress::Finished => CloseCause::Cancelled,
        }
    }

    /// Whether it failed as it does on a connection that the server had closed meanwhile: the connection had been idle,
    /// and not a byte of the response came.
    pub(crate) fn died_before_response(&self, wire: &Wire) -> bool {
        wire.was_idle() && self.progress == Progress::Nothing
    }

    /// Returns when the request had been written, and when the response had begun, if the driver waited at these moments.
    pub(crate) fn moments(&self) -> (Option<Instant>, Option<Instant>) {
        (self.sent_at, self.begun_at)
    }

    /// Returns the length of the request's head, and how many bytes of the request have been written.
    pub(crate) fn written(&self) -> (u64, u64) {
        (self.head_len, self.written)
    }

    /// Returns how much of the request has been handed to the network.
    pub(crate) fn sent(&self, wire: &Wire) -> RequestSent {
        if self.written == 0 {
            RequestSent::Nothing
        // Nothing follows the last byte of a declared length, whether or not the source of the body has ended.
        } else if (wire.has_sent_end() || wire.has_full_body())
            && wire.is_flushed()
            && self.upload_aborted.is_none()
        {
            RequestSent::Complete
        } else {
            RequestSent::Partial
        }
    }

    fn waiting(&self, wire: &Wire) -> Wait {
        if !wire.is_flushed() {
            return Wait::Write;
        }
        match self.progress {
            _ if self.awaiting_continue(wire) => Wait::Continue,
            Progress::Nothing | Progress::Begun if !self.upload.is_nothing() => Wait::Upload,
            Progress::Nothing | Progress::Begun => Wait::Head,
            Progress::Head | Progress::Ended | Progress::Finished => Wait::Body,
        }
    }
}

/// Fails if the head of a request is not valid: before a connection is opened only to learn that.
pub(crate) fn check_head(call: &Call<'_>, body: &impl MessageBody) -> Result<()> {
    send_head(&mut Wire::default(), call, body).map(|_| ())
}

// Always inlined: it moves large values, and every request pays for that.
#[inline(always)]
fn send_head(wire: &mut Wire, call: &Call<'_>, body: &impl MessageBody) -> Result<BodyLength> {
    let body_length = body.length();
    let length = match body_length {
        Length::None => BodyLength::None,
        // Only chunks have trailers.
        Length::Known(_) if has_trailers(call.head)? => BodyLength::Unknown,
        Length::Known(length) => BodyLength::Known(length),
        Length::Unknown => {
            has_trailers(call.head)?;
            BodyLength::Unknown
        }
    };
    let (target, host) = target(call.head);
    let mut request =
        RequestRef { method: call.head.method(), target, host: Some(host), headers: call.head.headers() };
    let rewritten;
    if let Some(of_proxy) = call.rewritten() {
        rewritten = of_proxy;
        rewritten.apply(&mut request);
    }
    let with_expect;
    if body_length != Length::None && expectation::is_added(wire, call.head, body_length) {
        with_expect = expectation::add_to(request.headers);
        request.headers = &with_expect;
    }
    wire.send_head(request, length).map_err(|error| into_error::local(error, RequestSent::Nothing))?;
    Ok(length)
}
