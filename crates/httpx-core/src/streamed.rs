//! [`Streamed`]: a response's body between its source and its decoders.
//!
//! It decides for both flavours; they only wait for the source.

use std::time::Instant;

use crate::body_decoder::BodyDecoder;
use crate::clock::HAS_CLOCK;
use crate::collect::BodyCollector;
use crate::drain_budget::DrainBudget;
use crate::exclusive::Exclusive;
use crate::message_body::sealed::BodyEnd;
use crate::{Headers, Options, Result, SourceState};

/// The body of a response: its source, and the decoders of its content codings.
pub(crate) struct Streamed<S: SourceState + ?Sized> {
    source: DiscardOnDrop<S>,
    decoder: Option<Box<BodyDecoder>>,
    max_bytes: u64,
    /// Boxed, because few responses have one.
    end: Option<Box<BodyEnd>>,
}

/// The next step of a reader of the body.
pub(crate) enum Need<'a, S: ?Sized> {
    /// Nothing: return this number of bytes.
    Done(usize),
    /// Read from the source into the buffer.
    Plain(&'a mut S),
    /// Fill the source's buffer, decode its bytes, and ask again.
    Encoded(&'a mut S, &'a mut BodyDecoder),
    /// A turn of decoding is over: let other tasks run, and ask again.
    Pause,
}

impl<S: SourceState + ?Sized> Streamed<S> {
    pub(crate) fn new(source: Box<S>, headers: &mut Headers, options: &Options) -> Self {
        Streamed {
            source: DiscardOnDrop(Some(Exclusive::new(source))),
            decoder: BodyDecoder::new(headers, options),
            max_bytes: options.max_body_bytes.unwrap_or(Options::MAX_BODY_BYTES),
            end: None,
        }
    }

    /// Decides how the next bytes get into the buffer.
    #[inline]
    pub(crate) fn next(&mut self, buf: &mut [u8]) -> Result<Need<'_, S>> {
        if buf.is_empty() || self.source.0.is_none() {
            return Ok(Need::Done(0));
        }
        if let Some(decoder) = &mut self.decoder {
            while decoder.needs_no_input() {
                decoder.decode_buffered(buf)?;
            }
            if let Some(written) = decoder.take_written() {
                if decoder.has_ended() {
                    self.finish();
                }
                return Ok(Need::Done(written));
            }
        }
        let Some(source) = self.source.get_mut() else { return Ok(Need::Done(0)) };
        let Some(decoder) = &mut self.decoder else { return Ok(Need::Plain(source)) };
        if decoder.is_turn_over() {
            source.check_deadline()?;
            return Ok(Need::Pause);
        }
        Ok(Need::Encoded(source, decoder))
    }

    /// Notes that `n` bytes were read as they are, and returns their number.
    pub(crate) fn read_plain(&mut self, n: usize) -> usize {
        if n == 0 {
            self.finish();
        }
        n
    }

    /// Starts to read and drop the rest, undecoded. Returns `None` if that is useless: the connection cannot be used
    /// again, or more than `max_bytes` are missing.
    pub(crate) fn start_drain(&mut self, max_bytes: u64) -> Option<DrainBudget> {
        let source = self.source.get_mut()?;
        if !source.is_reusable() || source.remaining().is_some_and(|left| left > max_bytes) {
            return None;
        }
        if HAS_CLOCK {
            source.set_drain_deadline(Instant::now() + DrainBudget::TIME);
        }
        Some(DrainBudget::new(max_bytes))
    }

    /// The source, until it has ended.
    pub(crate) fn source(&mut self) -> Option<&mut S> {
        self.source.get_mut()
    }

    /// Wraps the source in another source, unless the body has ended.
    pub(crate) fn map_source(&mut self, wrap: impl FnOnce(Box<S>) -> Box<S>) {
        if let Some(source) = self.source.0.take() {
            self.source.0 = Some(Exclusive::new(wrap(source.into_inner())));
        }
    }

    /// Returns whether the body has no content coding.
    pub(crate) fn is_plain(&self) -> bool {
        self.decoder.is_none()
    }

    /// The limit of a body that is collected, unless the request has another one.
    pub(crate) fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// Drops the bytes that the source was filled with. Returns whether to go on.
    pub(crate) fn drop_filled(&mut self, filled: Result<usize>, budget: &mut DrainBudget) -> bool {
        match (filled, self.source.get_mut()) {
            (Ok(0), _) => self.finish(),
            (Ok(n), Some(source)) if budget.spend(n) => {
                source.consume(n);
                return true;
            }
            (Ok(_) | Err(_), _) => {}
        }
        false
    }

    /// The number of bytes that are still missing, if that is known. Takes a lock.
    pub(crate) fn remaining(&self) -> Option<u64> {
        match (&self.source.0, &self.decoder) {
            (None, _) => Some(0),
            (Some(source), None) => source.ask(|source| source.remaining()),
            (Some(_), Some(_)) => None,
        }
    }

    /// Starts to collect the body. Its limit is the request's, if there is one, and else that of the source.
    ///
    /// # Errors
    ///
    /// If the length is known and over the limit.
    #[inline]
    pub(crate) fn start_collecting(&mut self, max_bytes: Option<u64>) -> Result<BodyCollector> {
        let length = match (self.source.get_mut(), &self.decoder) {
            (None, _) => Some(0),
            (Some(source), None) => source.remaining(),
            (Some(_), Some(_)) => None,
        };
        BodyCollector::new(length, max_bytes.unwrap_or(self.max_bytes))
    }

    /// The facts from the end of the body, once it has been read.
    pub(crate) fn take_end(&mut self) -> Option<Box<BodyEnd>> {
        self.end.take()
    }

    /// Returns whether the body has been read to its end, and no trailers are left.
    #[cfg(all(feature = "async", feature = "http"))]
    pub(crate) fn has_ended(&self) -> bool {
        self.source.0.is_none() && self.end.as_ref().is_none_or(|end| end.trailers.is_empty())
    }

    /// The source has reached its end.
    fn finish(&mut self) {
        if let Some(source) = self.source.0.take() {
            let source = source.into_inner();
            let request_sent = source.request_sent();
            let at = source.has_received_body().then(Instant::now);
            let trailers = source.finish();
            let is_news = request_sent.is_some() || at.is_some() || !trailers.is_empty();
            self.end = is_news.then(|| Box::new(BodyEnd { trailers, request_sent, at }));
        }
    }
}

/// Discards the source when the body is dropped early. A separate type, so that fields can be moved out of the body.
struct DiscardOnDrop<S: SourceState + ?Sized>(Option<Exclusive<Box<S>>>);

impl<S: SourceState + ?Sized> DiscardOnDrop<S> {
    fn get_mut(&mut self) -> Option<&mut S> {
        self.0.as_mut().map(|source| &mut **source.get_mut())
    }
}

impl<S: SourceState + ?Sized> Drop for DiscardOnDrop<S> {
    fn drop(&mut self) {
        if let Some(source) = self.0.take() {
            source.into_inner().discard();
        }
    }
}
