//! An encoded content: the segments of a body that is sent.

use std::fmt;
use std::io::{self, Read};

use bytes::{Bytes, BytesMut};

use crate::exclusive::Exclusive;
use crate::{Error, ErrorKind, File, Length, Result};

/// A content in the form in which it is sent: a list of segments, which are sent one after the other. A segment is made of
/// bytes, a [`File`], a reader, or an iterator of `Bytes`.
///
/// Bytes and files can be sent again, after a redirect for example. Readers and iterators cannot.
///
/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// use httpx::models::{Encoded, File, Length};
///
/// let mut encoded = Encoded::from("a,b\r\n");
/// encoded.append(vec![b'1', b',', b'2']);
/// assert_eq!(encoded.length(), Length::Known(8));
/// encoded.append(File::new("rest.csv")); // opened when it is sent
/// assert_eq!(encoded.length(), Length::Unknown);
/// ```
#[derive(Debug, Default)]
pub struct Encoded {
    /// Not in the vector, so that a single segment allocates nothing.
    first: Option<Segment>,
    rest: Vec<Segment>,
}

/// One part of a content.
pub enum Segment {
    Bytes(Bytes),
    File(File),
    /// A reader, and its length in bytes if it is known.
    Reader(Exclusive<Box<dyn Read + Send>>, Option<u64>),
    /// An iterator, and the total length of its items in bytes if it is known.
    Chunks(Exclusive<Box<ChunkIter>>, Option<u64>),
}

/// An iterator of the chunks of a body.
pub(crate) type ChunkIter = dyn Iterator<Item = io::Result<Bytes>> + Send;

impl Encoded {
    /// A content that is read from this reader while it is sent. Without a `length` in bytes it is sent in chunks. In the async
    /// flavour it is read on tokio's threads for blocking work.
    ///
    /// Sending fails if the reader fails, or has fewer or more bytes than `length`.
    ///
    /// ```
    /// # mod httpx { pub mod models { pub use httpx_core::*; } }
    /// use httpx::models::{Encoded, Length};
    ///
    /// let encoded = Encoded::from_reader(std::io::repeat(b'x'), None);
    /// assert_eq!(encoded.length(), Length::Unknown); // sent in chunks
    /// ```
    pub fn from_reader(reader: impl Read + Send + 'static, length: Option<u64>) -> Self {
        Encoded::one(Segment::Reader(Exclusive::new(Box::new(reader)), length))
    }

    /// A content that is made of the items of an iterator while it is sent. `length` is the number of bytes of all items;
    /// without it the content is sent in chunks. In the async flavour the iterator runs on the executor, so it must not block.
    /// Items of more than 16 KiB are not copied; smaller ones are collected in a buffer.
    ///
    /// Sending fails if an item is an error, or if the items have fewer or more bytes than `length`.
    ///
    /// ```
    /// # mod httpx { pub use bytes::Bytes; pub mod models { pub use httpx_core::*; } }
    /// use std::io;
    ///
    /// use httpx::Bytes;
    /// use httpx::models::{Encoded, Length};
    ///
    /// let lines = (0..1_000_000).map(|n| Ok::<_, io::Error>(Bytes::from(format!("{n}\n"))));
    /// assert_eq!(Encoded::from_chunks(lines, None).length(), Length::Unknown);
    /// ```
    pub fn from_chunks<I, E>(chunks: I, length: Option<u64>) -> Self
    where
        I: IntoIterator<Item = Result<Bytes, E>, IntoIter: Send + 'static>,
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let chunks = chunks.into_iter().map(|chunk| chunk.map_err(io::Error::other));
        Encoded::one(Segment::Chunks(Exclusive::new(Box::new(chunks)), length))
    }

    /// Appends another content.
    pub fn append(&mut self, content: impl Into<Encoded>) {
        for segment in content.into().into_segments() {
            match self.first {
                None => self.first = Some(segment),
                Some(_) => self.rest.push(segment),
            }
        }
    }

    /// Returns the length of all segments together, if it is known before the content is sent. That of a file is not.
    pub fn length(&self) -> Length {
        let mut lengths = self.first.iter().chain(&self.rest).map(|segment| match segment {
            Segment::Bytes(bytes) => Some(bytes.len() as u64),
            Segment::File(_) => None,
            Segment::Reader(_, length) | Segment::Chunks(_, length) => *length,
        });
        match lengths.try_fold(0_u64, |sum, length| sum.checked_add(length?)) {
            None => Length::Unknown,
            Some(0) => Length::None,
            Some(length) => Length::Known(length),
        }
    }

    pub(crate) fn into_segments(self) -> impl Iterator<Item = Segment> {
        self.first.into_iter().chain(self.rest)
    }

    /// The bytes, if there are no other segments.
    pub(crate) fn into_bytes(self) -> Result<Bytes, Self> {
        match (self.first, self.rest) {
            (None, _) => Ok(Bytes::new()),
            (Some(Segment::Bytes(bytes)), rest) if rest.is_empty() => Ok(bytes),
            (first, rest) => Encoded { first, rest }.joined(),
        }
    }

    /// The bytes of all segments.
    ///
    /// # Errors
    ///
    /// If a segment is not made of bytes.
    pub(crate) fn into_memory(self) -> Result<Bytes> {
        self.into_bytes().map_err(|encoded| {
            let message = format!("a content in memory is needed, and this one is streamed: {encoded:?}");
            Error::new(ErrorKind::Other, message)
        })
    }

    fn joined(self) -> Result<Bytes, Self> {
        let mut all = BytesMut::new();
        for segment in self.first.iter().chain(&self.rest) {
            match segment {
                Segment::Bytes(bytes) => all.extend_from_slice(bytes),
                Segment::File(_) | Segment::Reader(..) | Segment::Chunks(..) => return Err(self),
            }
        }
        Ok(all.freeze())
    }

    fn one(segment: Segment) -> Self {
        Encoded { first: Some(segment), rest: Vec::new() }
    }
}

/// `3 bytes`, `File("a.txt")`, `a reader`.
impl fmt::Debug for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Segment::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Segment::File(file) => write!(f, "File({:?})", file.path()),
            Segment::Reader(..) => f.write_str("a reader"),
            Segment::Chunks(..) => f.write_str("an iterator"),
        }
    }
}

impl From<File> for Encoded {
    fn from(file: File) -> Self {
        Encoded::one(Segment::File(file.unsent()))
    }
}

impl From<Bytes> for Encoded {
    fn from(bytes: Bytes) -> Self {
        Encoded::one(Segment::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Encoded {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<Box<[u8]>> for Encoded {
    fn from(bytes: Box<[u8]>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Encoded {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&'static [u8]> for Encoded {
    fn from(bytes: &'static [u8]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl<const N: usize> From<&'static [u8; N]> for Encoded {
    fn from(bytes: &'static [u8; N]) -> Self {
        Bytes::from_static(bytes).into()
    }
}

impl From<&'static str> for Encoded {
    fn from(text: &'static str) -> Self {
        Bytes::from_static(text.as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_sent_in_order() {
        let table: [(&[&'static str], Length); 4] = [
            (&[], Length::None),
            (&["", ""], Length::None),
            (&["one"], Length::Known(3)),
            (&["one", "", "two", "three"], Length::Known(11)),
        ];
        for (segments, length) in table {
            let mut encoded = Encoded::default();
            segments.iter().for_each(|&segment| encoded.append(segment));
            assert_eq!(encoded.length(), length);
            assert_eq!(encoded.into_bytes().unwrap(), segments.concat());
        }
    }
}
