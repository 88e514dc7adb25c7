//! [`ItemDecoder`]: makes items of the bytes of a body.

use crate::Result;

/// Decodes the items of a body. For [`BodyItems`](crate::BodyItems); it cannot be implemented outside of this crate.
pub trait ItemDecoder: Sealed {
    /// A line, a value, an event.
    type Item;

    /// Takes over received bytes.
    #[doc(hidden)]
    fn push(&mut self, bytes: &[u8]);

    /// Returns the next item; `None` if more bytes are needed.
    #[doc(hidden)]
    fn next(&mut self) -> Result<Option<Self::Item>>;

    /// Called at the end of the body. Returns the last item, if the bytes that are left are one.
    #[doc(hidden)]
    fn finish(&mut self) -> Result<Option<Self::Item>>;

    #[doc(hidden)]
    fn set_max_bytes(&mut self, most: usize);
}

/// Keeps [`ItemDecoder`] to this crate.
pub trait Sealed {}
