//! An encoded content: the segments of a body that is sent.

use bytes::{Bytes, BytesMut};

use crate::Length;

/// A content in the form in which it is sent: a list of segments, which are sent one after the other.
///
/// Today every segment holds bytes.
///
/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// use httpx::models::{Encoded, Length};
///
/// let mut encoded = Encoded::from("a,b\r\n");
/// encoded.append(vec![b'1', b',', b'2']);
/// assert_eq!(encoded.length(), Length::Known(8));
/// ```
#[derive(Debug, Default)]
pub struct Encoded {
    /// Not in the vector, so that a single segment allocates nothing.
    first: Option<Segment>,
    rest: Vec<Segment>,
}

/// One part of a content. Files and readers will be other variants.
#[derive(Debug)]
#[non_exhaustive]
enum Segment {
    Bytes(Bytes),
}

impl Encoded {
    /// Appends another content.
    pub fn append(&mut self, content: impl Into<Encoded>) {
        let Encoded { first, rest } = content.into();
        for segment in first.into_iter().chain(rest) {
            match self.first {
                None => self.first = Some(segment),
                Some(_) => self.rest.push(segment),
            }
        }
    }

    /// Returns the length of all segments together.
    pub fn length(&self) -> Length {
        let segments = self.first.iter().chain(&self.rest);
        match segments.map(|Segment::Bytes(bytes)| bytes.len() as u64).sum() {
            0 => Length::None,
            length => Length::Known(length),
        }
    }

    /// Joins all segments.
    pub(crate) fn into_bytes(self) -> Bytes {
        match (self.first, self.rest) {
            (None, _) => Bytes::new(),
            (Some(Segment::Bytes(bytes)), rest) if rest.is_empty() => bytes,
            (Some(first), rest) => {
                let mut all = BytesMut::new();
                for Segment::Bytes(bytes) in std::iter::once(first).chain(rest) {
                    all.extend_from_slice(&bytes);
                }
                all.freeze()
            }
        }
    }
}

impl From<Bytes> for Encoded {
    fn from(bytes: Bytes) -> Self {
        Encoded { first: Some(Segment::Bytes(bytes)), rest: Vec::new() }
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
            assert_eq!(encoded.into_bytes(), segments.concat());
        }
    }
}
