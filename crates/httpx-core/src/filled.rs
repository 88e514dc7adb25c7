//! The bytes of a body that `fill_buf` has read and `consume` has not yet taken. The same for both flavours.

use bytes::{Buf, Bytes};

use crate::collect::BodyCollector;
use crate::payload::{BodyFlavour, Payload, copy_from};
use crate::{Options, Result, SourceState};

impl<F: BodyFlavour> Payload<F> {
    /// Returns the bytes in memory, which can be read without a wait.
    pub(crate) fn buffered(&self) -> &[u8] {
        match self {
            Payload::Bytes(bytes) | Payload::Filled { bytes, .. } => bytes,
            _ => &[],
        }
    }

    /// Puts a chunk that was read in advance before the rest of the body. `None` is the end.
    pub(crate) fn put_back(&mut self, chunk: Option<Bytes>) {
        if let Some(bytes) = chunk {
            let rest = Box::new(std::mem::take(self));
            *self = Payload::Filled { bytes, rest };
        }
    }

    /// Removes the first `n` bytes of those in memory or in the buffer of the source.
    pub(crate) fn consume(&mut self, n: usize) {
        match self {
            Payload::Bytes(bytes) => bytes.advance(n.min(bytes.len())),
            Payload::Filled { bytes, rest } => {
                bytes.advance(n.min(bytes.len()));
                if bytes.is_empty() {
                    *self = std::mem::take(rest);
                }
            }
            Payload::Streamed(body) if body.is_plain() => {
                if let Some(source) = body.source() {
                    source.consume(n);
                }
            }
            _ => {}
        }
    }

    /// Takes all bytes that were read in advance.
    pub(crate) fn take_filled(&mut self) -> Option<Bytes> {
        let Payload::Filled { bytes, rest } = self else { return None };
        let (bytes, rest) = (std::mem::take(bytes), std::mem::take(rest));
        *self = *rest;
        Some(bytes)
    }

    /// Reads from the bytes that were read in advance.
    pub(crate) fn read_filled(&mut self, buf: &mut [u8]) -> usize {
        let Payload::Filled { bytes, .. } = self else { return 0 };
        let n = copy_from(bytes, buf);
        self.consume(0);
        n
    }

    /// Returns the body without the bytes that were read in advance.
    pub(crate) fn without_filled(self) -> Self {
        match self {
            Payload::Filled { rest, .. } => *rest,
            other => other,
        }
    }

    /// As [`start_collecting`](Self::start_collecting), for a body that was partly read in advance.
    pub(crate) fn start_collecting_filled(&self, max_bytes: Option<u64>) -> Result<BodyCollector> {
        let own = match self {
            Payload::Filled { rest, .. } => match &**rest {
                Payload::Streamed(body) => body.max_bytes(),
                _ => Options::MAX_BODY_BYTES,
            },
            _ => Options::MAX_BODY_BYTES,
        };
        BodyCollector::new(None, max_bytes.unwrap_or(own))
    }
}
