//! [`Exchange`]: one request and its response over one codec, without I/O. A driver asks [`step`](Exchange::step)
//! what to wait for, waits, and reports.

mod deadlines;
mod outgoing;

use std::io::{self, ErrorKind as IoKind};
use std::time::{Duration, Instant};

use bytes::Bytes;
use httpx_core::{
    Error, ErrorKind, Headers, Length, MessageBody, RequestHead, RequestSent, ResponseHead, Result,
};
use httpx_core::{StatusCode, Timeouts};
use httpx_proto::{
    BodyLength, Client, CloseReason, Event, FrameMark, Limits, Phase, RequestRef, Reuse, UncleanEnds,
};

use crate::failure;
use crate::keep_alive;
use deadlines::Deadlines;
pub(crate) use deadlines::{Wait, late, total};
use outgoing::Outgoing;

/// Bodies up to this size are copied behind their head, so that one write takes both; longer ones are lent.
const SMALL: usize = 16 << 10;

/// What a reader is asked for at once.
const ROOM: usize = 16 << 10;

static NO_TRAILERS: Headers = Headers::new();

/// One request and its response, again and again over one connection.
pub(crate) struct Exchange {
    codec: Client,
    out: Outgoing,
    upload: Upload,
    /// The body is kept back until the server says `100 Continue`, or has had time to (RFC 9110 §10.1.1).
    held: bool,
    deadlines: Deadlines,
    progress: Progress,
    /// How many exchanges this connection has begun.
    uses: u64,
    /// What the server said of how long it keeps the connection.
    keep: Option<Duration>,
}

/// What is still to be sent behind the head.
#[derive(Debug)]
enum Upload {
    Bytes(Bytes),
    /// What the driver reads from the request's body; the mark is that of the frame it is reading into.
    Reader(Option<FrameMark>),
    End,
    Nothing,
}

/// How far the response has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Nothing,
    Begun,
    Head,
    Ended,
}

/// What to do next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Write from [`Exchange::outgoing`], and tell [`Exchange::wrote`].
    Write,
    /// Read into [`Exchange::spare`], and tell [`Exchange::received`].
    Read,
    /// Read from the request's body into [`Exchange::room`], and tell [`Exchange::gave`].
    Body,
    /// Something to hand on.
    Reached(Reached),
}

/// What a driver hands on.
#[derive(Debug)]
pub(crate) enum Reached {
    /// The final response's head.
    Head(ResponseHead),
    /// Bytes of its body lie in [`Exchange::data`].
    Data,
    /// Its end.
    End(Headers),
}

impl Exchange {
    pub(crate) fn new(limits: Limits, unclean_ends: UncleanEnds) -> Self {
        let mut codec = Client::new(limits);
        codec.set_unclean_ends(unclean_ends);
        Exchange {
            codec,
            out: Outgoing::default(),
            upload: Upload::Nothing,
            held: false,
            deadlines: Deadlines::default(),
            progress: Progress::Nothing,
            uses: 0,
            keep: None,
        }
    }

    /// Begins with a request; its timeouts must be resolved, and its call begun.
    pub(crate) fn start(
        &mut self,
        head: &RequestHead,
        body: &impl MessageBody,
        timeouts: Timeouts,
    ) -> Result<()> {
        self.out.clear();
        self.deadlines = Deadlines::new(timeouts, head.deadline());
        self.progress = Progress::Nothing;
        self.uses += 1;
        let length = match body.length() {
            Length::None => BodyLength::None,
            Length::Known(length) => BodyLength::Known(length),
            Length::Unknown => BodyLength::Unknown,
        };
        let request = RequestRef {
            method: head.method(),
            target: head.url().target(),
            host: Some(head.url().authority()),
            headers: head.headers(),
        };
        self.codec.send_head(request, length, self.out.buffer()).map_err(failure::local)?;
        self.upload = match (length, body.as_bytes()) {
            (BodyLength::None, _) => Upload::End,
            (_, Some(bytes)) => Upload::Bytes(bytes.clone()),
            (_, None) => Upload::Reader(None),
        };
        self.held = !matches!(self.upload, Upload::End)
            && head.headers().get_list("expect").any(|item| item.eq_ignore_ascii_case("100-continue"));
        if !self.held && matches!(&self.upload, Upload::Bytes(bytes) if bytes.len() > SMALL) {
            return Ok(()); // goes out from where it lies
        }
        if !self.held { self.append_upload() } else { Ok(()) }
    }

    /// What to do next.
    pub(crate) fn step(&mut self) -> Result<Step> {
        loop {
            if !self.out.is_empty() {
                return Ok(Step::Write);
            }
            match &self.upload {
                Upload::Nothing => {}
                _ if self.held => {}
                Upload::Reader(_) => return Ok(Step::Body),
                Upload::Bytes(_) | Upload::End => {
                    self.append_upload()?;
                    continue;
                }
            }
            match self.codec.next_event().map_err(|error| failure::remote(error, self.sent()))? {
                Event::NeedData => return Ok(Step::Read),
                Event::Interim(head) if head.status() == StatusCode::CONTINUE => self.held = false,
                Event::Interim(_) => {}
                Event::Head(head) => {
                    self.progress = Progress::Head;
                    self.keep = keep_alive::keep(head.headers());
                    // A final answer while the body is held back: it is not wanted.
                    self.upload = Upload::Nothing;
                    self.held = false;
                    return Ok(Step::Reached(Reached::Head(head)));
                }
                Event::Data => return Ok(Step::Reached(Reached::Data)),
                Event::End(trailers) => {
                    self.progress = Progress::Ended;
                    return Ok(Step::Reached(Reached::End(trailers)));
                }
                Event::Paused => return Ok(Step::Reached(Reached::End(Headers::new()))),
                Event::Closed => return Err(failure::closed_early(self.sent())),
            }
        }
    }

    /// Whether the response ends right behind its head: looked at once, before the body is handed out.
    pub(crate) fn ends_at_once(&mut self) -> Option<Headers> {
        match self.codec.next_event() {
            Ok(Event::End(trailers)) => {
                self.progress = Progress::Ended;
                Some(trailers)
            }
            // Told again when the body is read: nothing, data, and errors.
            _ => None,
        }
    }

    /// What is to be written: from our own buffer, then from a lent body.
    pub(crate) fn outgoing(&self) -> [&[u8]; 2] {
        self.out.slices()
    }

    /// Says what came of writing.
    pub(crate) fn wrote(&mut self, result: io::Result<usize>, now: impl FnOnce() -> Instant) -> Result<()> {
        match result {
            Ok(0) => Err(self.io_failed(io::Error::from(IoKind::WriteZero))),
            Ok(n) => {
                self.out.advance(n);
                Ok(())
            }
            Err(error) if error.kind() == IoKind::TimedOut => Err(self.late(now())),
            Err(error) => Err(self.io_failed(error)),
        }
    }

    /// Where to read to.
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        self.codec.spare()
    }

    /// Says what came of reading.
    pub(crate) fn received(
        &mut self,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        match result {
            Ok(0) => self.codec.receive_eof(true),
            Ok(n) => {
                self.begin();
                self.codec.filled(n);
            }
            Err(error) => return self.read_failed(error, now),
        }
        Ok(())
    }

    /// How many bytes of the body may be read past the buffer, straight to the user.
    pub(crate) fn direct(&self) -> Option<usize> {
        self.codec.direct().map(|most| usize::try_from(most).unwrap_or(usize::MAX))
    }

    /// Says what came of reading past the buffer.
    pub(crate) fn passed(&mut self, result: io::Result<usize>, now: impl FnOnce() -> Instant) -> Result<()> {
        match result {
            Ok(0) => self.codec.receive_eof(true),
            Ok(n) => self.codec.passed(n as u64),
            Err(error) => return self.read_failed(error, now),
        }
        Ok(())
    }

    /// The bytes of the body that are here.
    pub(crate) fn data(&self) -> &[u8] {
        self.codec.data()
    }

    /// So many of them have been used.
    pub(crate) fn consume(&mut self, n: usize) {
        self.codec.consume(n);
    }

    /// Where the request's body is to be read to.
    pub(crate) fn room(&mut self) -> Result<&mut [u8]> {
        let mark = self.codec.frame_open(self.out.buffer()).map_err(failure::local)?;
        self.upload = Upload::Reader(Some(mark));
        Ok(self.out.open(ROOM))
    }

    /// Says what came of reading the request's body; none is its end.
    pub(crate) fn gave(&mut self, result: io::Result<usize>) -> Result<()> {
        let n = result.map_err(|error| failure::body(error, self.sent()))?;
        let Upload::Reader(Some(mark)) = std::mem::replace(&mut self.upload, Upload::Reader(None)) else {
            return Ok(());
        };
        self.out.close(n);
        self.codec.frame_close(mark, n, self.out.buffer()).map_err(failure::local)?;
        if n == 0 {
            self.upload = Upload::End;
        }
        Ok(())
    }

    /// How long the next read or write may wait; `None` is for ever.
    pub(crate) fn left(&mut self, now: Instant) -> Option<Duration> {
        self.deadlines.left(self.waiting(), now)
    }

    /// From here nothing waits: whoever reads on takes what is there already.
    pub(crate) fn hurry(&mut self) {
        self.deadlines.hurry();
    }

    /// How many bytes of the body are still to come, where that is known.
    pub(crate) fn remaining(&self) -> Option<u64> {
        match self.progress {
            Progress::Ended => Some(0),
            _ => self.codec.remaining(),
        }
    }

    /// Makes ready for the next request, if the connection can carry one.
    pub(crate) fn renew(&mut self) -> Result<(), CloseReason> {
        match self.codec.reuse() {
            Reuse::Never(reason) => Err(reason),
            Reuse::NotYet => Err(CloseReason::LocalError),
            Reuse::Ready => {
                self.out.shrink();
                self.codec.next_cycle().map_err(|_| CloseReason::LocalError)
            }
        }
    }

    /// How long the server keeps the connection, as it says.
    pub(crate) fn keep(&self) -> Option<Duration> {
        self.keep
    }

    /// Whether it failed as a connection does that the server had closed meanwhile: it had been used before, and
    /// not a byte of the response has come.
    pub(crate) fn went_stale(&self) -> bool {
        self.uses > 1 && self.progress == Progress::Nothing
    }

    /// How much of the request has been handed to the network.
    pub(crate) fn sent(&self) -> RequestSent {
        match self.codec.phases().sending {
            _ if self.out.total() == 0 => RequestSent::No,
            Phase::Done if self.out.is_empty() => RequestSent::Wholly,
            _ => RequestSent::Partly,
        }
    }

    /// Puts what can be sent behind what is there: bytes that are small, the end; lends what is large.
    fn append_upload(&mut self) -> Result<()> {
        if let Upload::Bytes(bytes) = &mut self.upload {
            let bytes = std::mem::take(bytes);
            self.codec.frame(bytes.len(), self.out.buffer()).map_err(failure::local)?;
            self.upload = Upload::End;
            if bytes.len() > SMALL {
                self.out.lend(bytes);
                return Ok(());
            }
            self.out.buffer().extend_from_slice(&bytes);
        }
        if let Upload::End = self.upload {
            self.codec.send_end(&NO_TRAILERS, self.out.buffer()).map_err(failure::local)?;
            self.upload = Upload::Nothing;
        }
        Ok(())
    }

    fn begin(&mut self) {
        if self.progress == Progress::Nothing {
            self.progress = Progress::Begun;
        }
    }

    fn waiting(&self) -> Wait {
        match self.progress {
            _ if !self.out.is_empty() => Wait::Write,
            _ if self.held => Wait::Continue,
            Progress::Nothing | Progress::Begun => Wait::Head,
            Progress::Head | Progress::Ended => Wait::Body,
        }
    }

    fn read_failed(&mut self, error: io::Error, now: impl FnOnce() -> Instant) -> Result<()> {
        match error.kind() {
            IoKind::TimedOut if self.held => {
                self.held = false; // sent all the same, as RFC 9110 §10.1.1 has it
                Ok(())
            }
            IoKind::TimedOut => Err(self.late(now())),
            // Under TLS, an end without close_notify: the codec knows whether that matters.
            IoKind::UnexpectedEof => {
                self.codec.receive_eof(false);
                Ok(())
            }
            _ => Err(self.io_failed(error)),
        }
    }

    fn late(&self, now: Instant) -> Error {
        self.deadlines.passed(self.waiting(), now).with_request_sent(self.sent())
    }

    fn io_failed(&self, error: io::Error) -> Error {
        let doing = match self.waiting() {
            Wait::Write => "the connection failed while the request was written",
            Wait::Continue | Wait::Head => "the connection failed while waiting for the response",
            Wait::Body => "the connection failed while the body was read",
        };
        let kind = if self.waiting() == Wait::Body { ErrorKind::Incomplete } else { ErrorKind::Io };
        Error::new(kind, doing).with_source(error).with_request_sent(self.sent())
    }
}
