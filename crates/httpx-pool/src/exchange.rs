//! [`Exchange`]: one request and its response over one codec, without I/O. A driver asks [`step`](Exchange::step)
//! what to wait for, waits, and reports.

mod deadlines;
mod io_results;
mod outgoing;
mod step;

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests;

use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use httpx_core::{ErrorKind, Headers, Length, MessageBody, RequestHead, RequestSent, Result, StatusCode};
use httpx_proto::{
    BodyLength, Client, CloseReason, Event, Limits, Phase, RequestRef, ReservedChunk, Reuse, UncleanEnds,
};

use crate::call::Call;
use crate::into_error;
use crate::keep_alive;
use deadlines::Deadlines;
use deadlines::Wait;
use outgoing::Outgoing;
pub(crate) use step::{Output, Step};

/// Bodies up to this size are copied behind their head, so that one write takes both; longer ones are lent.
const MAX_COPIED: usize = 16 << 10;

/// After so many bytes of a long request a look is taken at whether the server has answered: it may have said no, and
/// take all that comes for a long while (nginx: 30 s).
const CHECK_INTERVAL: usize = 64 << 10;

/// What a reader is asked for at once.
const UPLOAD_READ: usize = 16 << 10;

/// From this size on a reader is given what the socket has, past our buffer.
const MIN_DIRECT: usize = 8 << 10;

/// A response that is dropped early is drained only if no more than this is left: beyond it, a new connection is
/// cheaper than what would have to be read.
const MAX_DRAINED: u64 = 64 << 10;

static NO_TRAILERS: Headers = Headers::new();

/// One request and its response, again and again over one connection.
pub(crate) struct Exchange {
    codec: Client,
    out: Outgoing,
    upload: Upload,
    /// The body is kept back until the server says `100 Continue`, or has had time to (RFC 9110 §10.1.1).
    awaiting_continue: bool,
    /// Why the request was not written to its end, where it was not.
    upload_aborted: Option<Aborted>,
    /// Bytes have come that have not been looked at: what the server says goes before what is still to be sent.
    has_unparsed_input: bool,
    /// How many bytes of the request were written since it was last looked for an answer.
    written_since_read: usize,
    deadlines: Deadlines,
    progress: Progress,
    /// What came behind a body that ended before the request did.
    trailers: Headers,
    /// Of what kind the error was that this exchange ended with; it repeats.
    failed: Option<ErrorKind>,
    /// How many exchanges this connection has begun.
    uses: u64,
    /// What the server said of how long it keeps the connection.
    server_keep_alive: Option<Duration>,
}

/// What is still to be sent behind the head.
#[derive(Debug)]
enum Upload {
    Bytes(Bytes),
    /// What the driver reads from the request's body; the mark is that of the frame it is reading into.
    Reader(Option<ReservedChunk>),
    End,
    Nothing,
}

/// Why the rest of the request is not sent.
#[derive(Debug)]
enum Aborted {
    /// The server has answered, and does not want it (RFC 9112 §9.5).
    Unwanted,
    /// It cannot be written. The answer that explains why may be here all the same.
    Failed(io::Error),
}

/// How far the response has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Nothing,
    Begun,
    Head,
    Ended,
}

impl Exchange {
    pub(crate) fn new(limits: Limits, unclean_ends: UncleanEnds) -> Self {
        let mut codec = Client::new(limits);
        codec.set_unclean_ends(unclean_ends);
        Exchange {
            codec,
            out: Outgoing::default(),
            upload: Upload::Nothing,
            awaiting_continue: false,
            upload_aborted: None,
            has_unparsed_input: false,
            written_since_read: 0,
            deadlines: Deadlines::default(),
            progress: Progress::Nothing,
            trailers: Headers::new(),
            failed: None,
            uses: 0,
            server_keep_alive: None,
        }
    }

    /// Begins with a request.
    pub(crate) fn start(&mut self, call: &Call<'_>, body: &impl MessageBody) -> Result<()> {
        self.out.clear();
        self.upload_aborted = None;
        (self.has_unparsed_input, self.written_since_read) = (false, 0);
        self.deadlines = Deadlines::new(call.timeouts, call.deadline);
        self.progress = Progress::Nothing;
        self.trailers = Headers::new();
        self.server_keep_alive = None;
        self.uses += 1;
        let length = match body.length() {
            Length::None => BodyLength::None,
            Length::Known(length) => BodyLength::Known(length),
            Length::Unknown => BodyLength::Unknown,
        };
        let request = RequestRef {
            method: call.head.method(),
            target: call.head.url().target(),
            host: Some(call.head.url().authority()),
            headers: call.head.headers(),
        };
        self.codec
            .send_head(request, length, self.out.buffer())
            .map_err(|error| into_error::local(error, RequestSent::Nothing))?;
        self.upload = match (length, body.as_bytes()) {
            (BodyLength::None, _) => Upload::End,
            (_, Some(bytes)) => Upload::Bytes(bytes.clone()),
            (_, None) => Upload::Reader(None),
        };
        self.awaiting_continue = !matches!(self.upload, Upload::End)
            && call.head.headers().get_list("expect").any(|item| item.eq_ignore_ascii_case("100-continue"));
        if self.awaiting_continue { Ok(()) } else { self.append_upload() }
    }

    /// What to do next.
    pub(crate) fn step(&mut self) -> Result<Step> {
        if let Some(kind) = self.failed {
            return Err(into_error::failed_before(kind));
        }
        loop {
            let said = if self.has_unparsed_input { None } else { self.next_send_step()? };
            let step = match said {
                Some(step) => Some(step),
                None => self.next_receive_step()?,
            };
            if let Some(step) = step {
                if matches!(step, Step::Output(_)) {
                    self.deadlines.progressed();
                }
                return Ok(step);
            }
        }
    }

    /// What came of a step: an error says what request it is about, and ends the exchange. Whatever is asked then,
    /// the answer is no.
    pub(crate) fn record<T>(&mut self, result: Result<T>, request: Option<&RequestHead>) -> Result<T> {
        result.map_err(|error| {
            self.failed = Some(error.kind());
            match request {
                Some(request) => request.error(error),
                None => error,
            }
        })
    }

    /// Whether a response that is dropped now is drained, by what is there already: it is short, and nobody has to be
    /// asked for more of the request.
    pub(crate) fn is_worth_draining(&self) -> bool {
        !self.is_sending() && self.remaining().is_some_and(|left| left <= MAX_DRAINED)
    }

    /// What is to be done for the request, if anything can be now.
    fn next_send_step(&mut self) -> Result<Option<Step>> {
        loop {
            match &self.upload {
                // Only a long request is worth a look for an answer in between; one that has ended tells nothing.
                Upload::Bytes(_) | Upload::Reader(_) | Upload::End
                    if !self.out.is_empty()
                        && !self.awaiting_continue
                        && self.progress != Progress::Ended =>
                {
                    let try_read = self.written_since_read >= CHECK_INTERVAL;
                    return Ok(Some(if try_read { Step::TryRead } else { Step::WriteOrRead }));
                }
                _ if !self.out.is_empty() => return Ok(Some(Step::Write)),
                Upload::Nothing => return Ok(None),
                _ if self.awaiting_continue => return Ok(None),
                Upload::Reader(_) => return Ok(Some(Step::Body)),
                Upload::Bytes(_) | Upload::End => self.append_upload()?,
            }
        }
    }

    /// What the server says; nothing if there is more to be said to it first.
    fn next_receive_step(&mut self) -> Result<Option<Step>> {
        let event = self.codec.next_event().map_err(|error| {
            let error = into_error::remote(error, self.sent());
            self.explain(error)
        })?;
        Ok(match event {
            Event::NeedData => {
                self.has_unparsed_input = false;
                (!self.is_sending()).then_some(Step::Read)
            }
            Event::Interim(head) => {
                self.awaiting_continue &= head.status() != StatusCode::CONTINUE;
                None
            }
            Event::Head(head) => {
                self.progress = Progress::Head;
                self.server_keep_alive = keep_alive::idle_time(head.headers());
                // A body that is still held back is not wanted, nor is one whose answer is no.
                if self.awaiting_continue || self.is_sending() && !head.status().is_success() {
                    self.abort_upload(Aborted::Unwanted);
                }
                Some(Step::Output(Output::Head(head)))
            }
            Event::Data => Some(Step::Output(Output::Data)),
            Event::End(trailers) => {
                self.progress = Progress::Ended;
                self.trailers = trailers;
                self.end()
            }
            Event::Paused => self.end(),
            Event::Closed => return Err(into_error::closed_early(self.sent())),
        })
    }

    /// The response has ended. If it was a success the server wants the rest of the request all the same.
    fn end(&mut self) -> Option<Step> {
        self.has_unparsed_input = false;
        let trailers = &mut self.trailers;
        let ended = self.upload.is_nothing() && self.out.is_empty();
        ended.then(|| Step::Output(Output::End(std::mem::take(trailers))))
    }

    /// Whether the response ends right behind its head: looked at once, before the body is handed out.
    pub(crate) fn ends_at_once(&mut self) -> Option<Headers> {
        if self.is_sending() {
            return None;
        }
        match self.codec.next_event() {
            Ok(Event::End(trailers)) => {
                self.progress = Progress::Ended;
                Some(trailers)
            }
            // Told again when the body is read: nothing, data, and errors.
            _ => None,
        }
    }

    /// Whether something of the request can be sent now.
    pub(crate) fn is_sending(&self) -> bool {
        !self.out.is_empty() || !self.awaiting_continue && !self.upload.is_nothing()
    }

    /// Whether the request's body may still be asked for bytes.
    pub(crate) fn reads_upload(&self) -> bool {
        matches!(self.upload, Upload::Reader(_))
    }

    /// How long the next read or write may wait; `None` is for ever.
    ///
    /// # Errors
    ///
    /// If the time was up before: a server that always has one more byte cannot put that off.
    pub(crate) fn left(&mut self, now: Instant) -> Result<Option<Duration>> {
        let wait = self.waiting();
        self.deadlines.left(wait, now).map_err(|error| error.with_request_sent(self.sent()))
    }

    /// How long the whole call may still take; `None` is for ever.
    #[cfg(feature = "async")]
    pub(crate) fn left_in_all(&self, now: Instant) -> Option<Duration> {
        self.deadlines.left_in_all(now)
    }

    /// Whether the whole call may still take time: for a driver that asks [`left`](Self::left) only before it waits.
    #[cfg(feature = "async")]
    pub(crate) fn in_time(&self, now: impl FnOnce() -> Instant) -> Result<()> {
        if !self.deadlines.is_bounded() {
            return Ok(());
        }
        let now = now();
        if self.deadlines.is_over(now) { Err(self.timeout_error(now)) } else { Ok(()) }
    }

    /// From here no wait lasts beyond this: what has not come by then is not wanted.
    pub(crate) fn set_drain_deadline(&mut self, by: Instant) {
        self.deadlines.set_drain_deadline(by);
    }

    /// How many bytes of the body are still to come, where that is known.
    pub(crate) fn remaining(&self) -> Option<u64> {
        match self.progress {
            Progress::Ended => Some(0),
            Progress::Nothing | Progress::Begun | Progress::Head => self.codec.remaining(),
        }
    }

    /// Makes ready for the next request, if the connection can carry one.
    pub(crate) fn start_next(&mut self) -> Result<(), CloseReason> {
        let unfinished = self.failed.is_some() || self.upload_aborted.is_some() || !self.out.is_empty();
        match self.codec.reuse() {
            Reuse::Never(reason) => Err(reason),
            Reuse::NotYet => Err(CloseReason::LocalError),
            Reuse::Ready if unfinished => Err(CloseReason::LocalError),
            Reuse::Ready => {
                self.out.shrink();
                self.codec.next_cycle().map_err(|_| CloseReason::LocalError)
            }
        }
    }

    /// How long the server keeps the connection, as it says.
    pub(crate) fn keep(&self) -> Option<Duration> {
        self.server_keep_alive
    }

    /// Whether it may have failed as a connection does that the server had closed meanwhile: it had been used
    /// before, and not a byte of the response has come.
    pub(crate) fn died_before_response(&self) -> bool {
        self.uses > 1 && self.progress == Progress::Nothing
    }

    /// How much of the request has been handed to the network.
    pub(crate) fn sent(&self) -> RequestSent {
        match self.codec.phases().sending {
            _ if self.out.total() == 0 => RequestSent::Nothing,
            Phase::Done | Phase::Switched if self.out.is_empty() && self.upload_aborted.is_none() => {
                RequestSent::Complete
            }
            _ => RequestSent::Partial,
        }
    }

    /// Puts what can be sent behind what is there: bytes that are small, the end; lends what is large.
    fn append_upload(&mut self) -> Result<()> {
        let sent = self.sent();
        let local = |error| into_error::local(error, sent);
        if let Upload::Bytes(bytes) = &mut self.upload {
            let bytes = std::mem::take(bytes);
            self.codec.frame(bytes.len(), self.out.buffer()).map_err(local)?;
            self.upload = Upload::End;
            if bytes.len() > MAX_COPIED {
                self.out.lend(bytes);
                return Ok(());
            }
            self.out.buffer().extend_from_slice(&bytes);
        }
        if let Upload::End = self.upload {
            self.codec.send_end(&NO_TRAILERS, self.out.buffer()).map_err(local)?;
            self.upload = Upload::Nothing;
        }
        Ok(())
    }

    /// Sends no more of the request.
    fn abort_upload(&mut self, why: Aborted) {
        self.upload_aborted = Some(why);
        self.awaiting_continue = false;
        self.upload = Upload::Nothing;
        self.out.abandon();
    }

    fn waiting(&self) -> Wait {
        match self.progress {
            _ if !self.out.is_empty() => Wait::Write,
            _ if self.awaiting_continue => Wait::Continue,
            Progress::Nothing | Progress::Begun => Wait::Head,
            Progress::Head | Progress::Ended => Wait::Body,
        }
    }
}

impl Upload {
    fn is_nothing(&self) -> bool {
        matches!(self, Upload::Nothing)
    }
}
