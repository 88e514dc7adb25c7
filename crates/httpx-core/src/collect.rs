//! [`BodyCollector`]: collects a body into memory, within the size limit that stops a decompression bomb.
//!
//! It decides the size of each read and the growth of the buffer, the same for both flavours.

use std::io;

use bytes::Bytes;

use crate::message_body::sealed::BodyEnd;
use crate::{Error, ErrorKind, MessageBody, Response, ResponseHead, Result};

/// A body that was read to its end.
pub(crate) struct Collected {
    pub(crate) bytes: Bytes,
    pub(crate) end: Option<Box<BodyEnd>>,
}

/// Reads a body into one vector, which has the right size at once if the length is known and credible.
pub(crate) struct BodyCollector {
    /// The body, followed by spare room that is zeroed once, however small the reads are.
    bytes: Vec<u8>,
    /// The length of the body so far.
    len: usize,
    /// Takes the next bytes when the vector is full, so that it grows only if there are any.
    spill: [u8; SPILL],
    max_bytes: u64,
}

/// The most that is preallocated from an unverified `Content-Length`.
const MAX_PREALLOCATION: u64 = 1 << 20;

/// The most that is read at once; more would be zeroed for nothing.
const WINDOW: usize = 64 << 10;

const SPILL: usize = 64;

impl BodyCollector {
    /// For a body of this length, if it is known.
    ///
    /// # Errors
    ///
    /// If the length is over the limit.
    #[inline]
    pub(crate) fn new(length: Option<u64>, max_bytes: u64) -> Result<Self> {
        let length = length.unwrap_or(0);
        check_limit(length, max_bytes)?;
        let bytes = Vec::with_capacity(length.min(MAX_PREALLOCATION) as usize);
        Ok(BodyCollector { bytes, len: 0, spill: [0; SPILL], max_bytes })
    }

    /// The room to read into; never empty.
    pub(crate) fn spare_mut(&mut self) -> &mut [u8] {
        let room = (self.bytes.capacity() - self.len).min(WINDOW);
        if room == 0 {
            return &mut self.spill;
        }
        let end = self.len + room;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes.get_mut(self.len..end).unwrap_or_default()
    }

    /// Notes that `n` bytes were read into the room. Returns whether that was the end.
    ///
    /// # Errors
    ///
    /// If the body is longer than the limit.
    #[inline]
    pub(crate) fn filled(&mut self, n: usize) -> Result<bool> {
        if self.bytes.len() == self.len && n > 0 {
            // There was no room, so the bytes are in the spill.
            self.bytes.reserve(self.len.max(WINDOW / 8));
            self.bytes.extend_from_slice(self.spill.get(..n).unwrap_or_default());
        }
        self.len = self.bytes.len().min(self.len + n);
        check_limit(self.len as u64, self.max_bytes)?;
        Ok(n == 0)
    }

    pub(crate) fn into_bytes(mut self) -> Bytes {
        self.bytes.truncate(self.len);
        self.bytes.into()
    }
}

impl Response<Bytes> {
    /// A response whose body was collected, or the error with the request in it.
    pub(crate) fn from_collected(mut head: ResponseHead, collected: Result<Collected>) -> Result<Self> {
        match collected {
            Ok(Collected { bytes, end }) => {
                if let Some(end) = end {
                    set_end(&mut head, *end);
                }
                Ok(Response::from_parts(head, bytes))
            }
            Err(error) => Err(Response::from_parts(head, ()).error(error)),
        }
    }
}

impl<B: MessageBody> Response<B> {
    /// Ends a read of the body. An error gets the request added.
    pub(crate) fn after_read<T>(&mut self, read: Result<T>) -> Result<T> {
        self.keep_end();
        read.map_err(|error| self.error(error))
    }

    /// Does the same for a read with an I/O error.
    pub(crate) fn after_io<T>(&mut self, read: io::Result<T>) -> io::Result<T> {
        self.keep_end();
        read.map_err(|error| self.io_error(error))
    }

    /// Moves the facts from the end of the body into the head, if the body has been read.
    fn keep_end(&mut self) {
        if let Some(end) = self.body_mut().take_end() {
            set_end(self.head_mut(), *end);
        }
    }
}

/// Moves the facts from the end of a body into the head.
fn set_end(head: &mut ResponseHead, end: BodyEnd) {
    head.set_trailers(end.trailers);
    if let Some(sent) = end.request_sent {
        head.set_request_sent(sent);
    }
    #[cfg(feature = "url")]
    if let Some(at) = end.at {
        head.set_body_read(at);
    }
}

/// The limit that the request set on a body that is collected.
pub(crate) fn max_body_bytes(head: &ResponseHead) -> Option<u64> {
    head.request()?.options().max_body_bytes
}

/// Checks the length of a body that is collected.
///
/// # Errors
///
/// Kind [`TooLarge`](ErrorKind::TooLarge).
#[inline]
pub(crate) fn check_limit(length: u64, max_bytes: u64) -> Result<()> {
    if length <= max_bytes { Ok(()) } else { Err(too_large(max_bytes)) }
}

#[cold]
fn too_large(max_bytes: u64) -> Error {
    let message = format!(
        "the body is longer than the limit of {max_bytes} bytes; raise it with max_body_bytes(), or stream the body"
    );
    Error::new(ErrorKind::TooLarge, message)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(
        mut body: &[u8],
        mut step: impl FnMut() -> usize,
        length: Option<u64>,
        limit: u64,
    ) -> Result<Bytes> {
        let mut collector = BodyCollector::new(length, limit)?;
        loop {
            let room = collector.spare_mut();
            let n = step().min(room.len()).min(body.len());
            room[..n].copy_from_slice(&body[..n]);
            body = &body[n..];
            if collector.filled(n)? {
                return Ok(collector.into_bytes());
            }
        }
    }

    proptest! {
        #[test]
        fn any_reads_give_the_same_bytes(body in proptest::collection::vec(any::<u8>(), 0..2000), reads in proptest::collection::vec(1..300usize, 1..9), known: bool) {
            let mut reads = reads.into_iter().cycle();
            let length = known.then_some(body.len() as u64);
            let bytes = read(&body, || reads.next().unwrap(), length, 2000).unwrap();
            prop_assert_eq!(&bytes[..], &body[..]);
        }
    }

    #[test]
    fn a_known_length_is_allocated_once_and_exactly() {
        let mut collector = BodyCollector::new(Some(1000), 1000).unwrap();
        let start = collector.spare_mut().as_ptr();
        for _ in 0..10 {
            collector.spare_mut()[..100].fill(7);
            assert!(!collector.filled(100).unwrap());
        }
        assert!(collector.filled(0).unwrap());
        let bytes = collector.into_bytes();
        assert_eq!((bytes.len(), bytes.as_ptr()), (1000, start));
    }

    #[test]
    fn limits() {
        assert!(read(&[7; 1000], || 100, None, 1000).is_ok());
        assert_eq!(read(&[7; 1001], || 100, None, 1000).unwrap_err().kind(), ErrorKind::TooLarge);
        assert_eq!(BodyCollector::new(Some(1001), 1000).err().unwrap().kind(), ErrorKind::TooLarge);
        // An unverified length allocates little.
        assert_eq!(
            BodyCollector::new(Some(u64::MAX), u64::MAX).unwrap().bytes.capacity() as u64,
            MAX_PREALLOCATION
        );
    }
}
