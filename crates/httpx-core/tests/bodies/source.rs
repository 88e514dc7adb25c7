//! [`Script`]: a source of a response without a network.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use httpx_core::{Error, ErrorKind, Headers, Result, SourceState, Timeout, ahttpx, blocking};

/// The next event of the network.
pub(crate) enum Step {
    Bytes(Vec<u8>),
    /// No more bytes arrive: the read times out.
    Stall,
}

/// A source of a response that plays a script.
pub(crate) struct Script {
    steps: VecDeque<Step>,
    buffer: Vec<u8>,
    trailers: Headers,
    remaining: Option<u64>,
    is_reusable: bool,
    /// The call ends after this number of checks of its deadline.
    checks_left: u64,
    log: Log,
}

/// How a source ended: `finished`, `discarded`; and how often it was read.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<(Option<&'static str>, usize)>>);

impl Log {
    pub(crate) fn end(&self) -> Option<&'static str> {
        self.0.lock().unwrap().0
    }

    pub(crate) fn reads(&self) -> usize {
        self.0.lock().unwrap().1
    }
}

impl Script {
    pub(crate) fn new(steps: impl IntoIterator<Item = Step>) -> Self {
        Script {
            steps: steps.into_iter().collect(),
            buffer: Vec::new(),
            trailers: Headers::new(),
            remaining: None,
            is_reusable: true,
            checks_left: u64::MAX,
            log: Log::default(),
        }
    }

    pub(crate) fn bytes(pieces: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        Script::new(pieces.into_iter().map(|piece| Step::Bytes(piece.into())))
    }

    pub(crate) fn with_trailers(mut self, trailers: Headers) -> Self {
        self.trailers = trailers;
        self
    }

    pub(crate) fn remaining(mut self, remaining: u64) -> Self {
        self.remaining = Some(remaining);
        self
    }

    pub(crate) fn not_reusable(mut self) -> Self {
        self.is_reusable = false;
        self
    }

    pub(crate) fn late_after(mut self, checks: u64) -> Self {
        self.checks_left = checks;
        self
    }

    pub(crate) fn log(&self) -> Log {
        self.log.clone()
    }

    fn next(&mut self) -> Result<()> {
        if !self.buffer.is_empty() {
            return Ok(());
        }
        self.log.0.lock().unwrap().1 += 1;
        match self.steps.pop_front() {
            Some(Step::Bytes(bytes)) => self.buffer = bytes,
            Some(Step::Stall) => return Err(late(Timeout::Read)),
            None => {}
        }
        Ok(())
    }

    fn take(&mut self, n: usize) {
        self.buffer.drain(..n);
    }

    fn copy(&mut self, buf: &mut [u8]) -> Result<usize> {
        self.next()?;
        let n = self.buffer.len().min(buf.len());
        buf[..n].copy_from_slice(&self.buffer[..n]);
        self.take(n);
        Ok(n)
    }

    fn end(&self, how: &'static str) {
        self.log.0.lock().unwrap().0 = Some(how);
    }
}

fn late(timeout: Timeout) -> Error {
    Error::new(ErrorKind::Timeout(timeout), "too late")
}

impl SourceState for Script {
    fn consume(&mut self, n: usize) {
        self.take(n);
    }

    fn check_deadline(&mut self) -> Result<()> {
        self.checks_left = self.checks_left.checked_sub(1).ok_or_else(|| late(Timeout::Total))?;
        Ok(())
    }

    fn is_reusable(&self) -> bool {
        self.is_reusable
    }

    fn finish(self: Box<Self>) -> Headers {
        self.end("finished");
        self.trailers
    }

    fn discard(self: Box<Self>) {
        self.end("discarded");
    }

    fn remaining(&self) -> Option<u64> {
        self.remaining
    }
}

impl blocking::BodySource for Script {
    fn fill(&mut self) -> Result<&[u8]> {
        self.next()?;
        Ok(&self.buffer)
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        self.copy(buf)
    }
}

impl ahttpx::BodySource for Script {
    fn poll_fill(&mut self, _cx: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        self.next()?;
        Poll::Ready(Ok(&self.buffer))
    }

    fn poll_read(&mut self, _cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        Poll::Ready(self.copy(buf))
    }
}
