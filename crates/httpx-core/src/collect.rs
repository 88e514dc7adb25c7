//! Reading a body to its end: how much at once, where to, and how far; the same for both flavours.

use bytes::Bytes;

use crate::{Error, ErrorKind, Headers, Length, Response, ResponseHead, Result};

/// A body that is read into memory: into a vector of the right size at once where the length is known and credible.
pub(crate) struct BodyCollector {
    /// The body, and behind it room that is zeroed once, however small the pieces are that come.
    bytes: Vec<u8>,
    /// How long the body is so far.
    start: usize,
    /// Read into where the vector is full, so that it grows only when more has come.
    spill: [u8; SPILL],
    limit: u64,
}

/// What is allocated on the server's word alone.
const MAX_PREALLOCATION: u64 = 1 << 20;

/// What is read at once; more would be zeroed for nothing.
const WINDOW: usize = 64 << 10;

const SPILL: usize = 64;

impl BodyCollector {
    /// For a body of this length, if it is known.
    ///
    /// # Errors
    ///
    /// If the length is already over the limit.
    pub(crate) fn new(length: Option<u64>, limit: u64) -> Result<Self> {
        if length.is_some_and(|length| length > limit) {
            return Err(too_large(limit));
        }
        let bytes = Vec::with_capacity(length.unwrap_or(0).min(MAX_PREALLOCATION) as usize);
        Ok(BodyCollector { bytes, start: 0, spill: [0; SPILL], limit })
    }

    /// Where to read to; never empty.
    pub(crate) fn spare_mut(&mut self) -> &mut [u8] {
        let room = (self.bytes.capacity() - self.start).min(WINDOW);
        if room == 0 {
            return &mut self.spill;
        }
        let end = self.start + room;
        if self.bytes.len() < end {
            self.bytes.resize(end, 0);
        }
        self.bytes.get_mut(self.start..end).unwrap_or_default()
    }

    /// Says how many bytes were read; answers whether that was the end.
    ///
    /// # Errors
    ///
    /// If there are more bytes than the limit.
    pub(crate) fn filled(&mut self, n: usize) -> Result<bool> {
        // Only the probe is given out where there is no room.
        if self.bytes.len() == self.start && n > 0 {
            self.bytes.reserve(self.start.max(WINDOW / 8));
            self.bytes.extend_from_slice(self.spill.get(..n).unwrap_or_default());
        }
        self.start += n;
        if self.start as u64 > self.limit { Err(too_large(self.limit)) } else { Ok(n == 0) }
    }

    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.bytes.truncate(self.start);
        self.bytes
    }
}

impl Length {
    /// The length of a body of which so many bytes are still to come.
    pub(crate) fn of_remaining(remaining: Option<u64>) -> Self {
        match remaining {
            Some(0) => Length::None,
            Some(n) => Length::Known(n),
            None => Length::Unknown,
        }
    }
}

impl Response<Bytes> {
    /// A response whose body has been read, to this end: with the request in the error, and the trailers in the head.
    pub(crate) fn from_collected(mut head: ResponseHead, body: Result<(Bytes, Headers)>) -> Result<Self> {
        match body {
            Ok((body, trailers)) => {
                head.set_trailers(trailers);
                Ok(Response::from_parts(head, body))
            }
            Err(error) => Err(Response::from_parts(head, ()).error(error)),
        }
    }
}

fn too_large(limit: u64) -> Error {
    Error::new(
        ErrorKind::TooLarge,
        format!(
            "the body is longer than the limit of {limit} bytes; raise it with max_body_bytes(), or stream the body"
        ),
    )
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
    ) -> Result<Vec<u8>> {
        let mut whole = BodyCollector::new(length, limit)?;
        loop {
            let room = whole.spare_mut();
            let n = step().min(room.len()).min(body.len());
            room[..n].copy_from_slice(&body[..n]);
            body = &body[n..];
            if whole.filled(n)? {
                return Ok(whole.into_bytes());
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_the_pieces(body in proptest::collection::vec(any::<u8>(), 0..2000), pieces in proptest::collection::vec(1..300usize, 1..9), known: bool) {
            let mut pieces = pieces.into_iter().cycle();
            let length = known.then_some(body.len() as u64);
            prop_assert_eq!(&read(&body, || pieces.next().unwrap(), length, 2000).unwrap(), &body);
        }
    }

    #[test]
    fn a_known_length_is_allocated_once_and_exactly() {
        let bytes = read(&[7; 1000], || 100, Some(1000), 1000).unwrap();
        assert_eq!((bytes.len(), bytes.capacity()), (1000, 1000));
    }

    #[test]
    fn limits() {
        assert!(read(&[7; 1000], || 100, None, 1000).is_ok());
        assert_eq!(read(&[7; 1001], || 100, None, 1000).unwrap_err().kind(), ErrorKind::TooLarge);
        assert_eq!(BodyCollector::new(Some(1001), 1000).err().unwrap().kind(), ErrorKind::TooLarge);
        // A length that nobody has to believe allocates little.
        assert_eq!(
            BodyCollector::new(Some(u64::MAX), u64::MAX).unwrap().bytes.capacity() as u64,
            MAX_PREALLOCATION
        );
    }
}
