//! A response's body on its way: from its source, through its decoders.

use std::time::Instant;

use super::BodySource;
use crate::body_decoder::BodyDecoder;
use crate::collect::BodyCollector;
use crate::drain_budget::DrainBudget;
use crate::{Headers, Options, Result};

pub(super) struct Streamed {
    source: DiscardOnDrop,
    decoder: Option<Box<BodyDecoder>>,
    limit: u64,
    pub(super) trailers: Headers,
}

/// Puts the source away when the body is dropped early. (On its own, so that the body itself can be taken apart.)
struct DiscardOnDrop(Option<Box<dyn BodySource>>);

impl Drop for DiscardOnDrop {
    fn drop(&mut self) {
        if let Some(source) = self.0.take() {
            source.discard();
        }
    }
}

impl Streamed {
    pub(super) fn new(source: Box<dyn BodySource>, headers: &mut Headers, options: &Options) -> Result<Self> {
        let source = DiscardOnDrop(Some(source));
        let decoder = BodyDecoder::wanted(headers, options)?;
        Ok(Streamed {
            source,
            decoder,
            limit: options.max_body_bytes.unwrap_or(Options::MAX_BODY_BYTES),
            trailers: Headers::new(),
        })
    }

    pub(super) fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let Some(source) = &mut self.source.0 else { return Ok(0) };
        if buf.is_empty() {
            return Ok(0);
        }
        let Some(decoder) = &mut self.decoder else {
            let n = source.read(buf)?;
            if n == 0 {
                self.finish();
            }
            return Ok(n);
        };
        loop {
            let decoded = decoder.decode(source.fill()?, buf)?;
            source.consume(decoded.read);
            if decoded.ended {
                self.finish();
                return Ok(decoded.written);
            }
            if decoded.written > 0 {
                return Ok(decoded.written);
            }
        }
    }

    /// Reads the rest into memory.
    pub(super) fn read_to_end(&mut self) -> Result<Vec<u8>> {
        let mut collector = BodyCollector::new(self.remaining(), self.limit)?;
        loop {
            let n = self.read(collector.spare_mut())?;
            if collector.filled(n)? {
                return Ok(collector.into_bytes());
            }
        }
    }

    /// How many bytes are still to come, if that is known.
    pub(super) fn remaining(&self) -> Option<u64> {
        match (&self.source.0, &self.decoder) {
            (None, _) => Some(0),
            (Some(source), None) => source.remaining(),
            (Some(_), Some(_)) => None,
        }
    }

    /// Reads what is left as it came, and drops it.
    pub(super) fn drain(mut self, most: u64) {
        let mut budget = DrainBudget::new(most);
        if let Some(source) = &mut self.source.0 {
            source.set_drain_deadline(Instant::now() + DrainBudget::TIME);
        }
        loop {
            let Some(source) = &mut self.source.0 else { return };
            match source.fill().map(<[u8]>::len) {
                Ok(0) => self.finish(),
                Ok(n) if budget.spend(n) => source.consume(n),
                Ok(_) | Err(_) => return,
            }
        }
    }

    /// The source has reached its end.
    fn finish(&mut self) {
        if let Some(source) = self.source.0.take() {
            self.trailers = source.finish();
        }
    }
}
