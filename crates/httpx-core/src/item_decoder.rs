//! [`ItemDecoder`]: makes items of the bytes of a body.

use bytes::Bytes;

use crate::Result;

/// Decodes the items of a body. For [`BodyItems`](crate::BodyItems); it cannot be implemented outside of this crate.
pub trait ItemDecoder: Sealed {
    /// A line, a value, an event.
    type Item;

    /// Takes over received bytes.
    #[doc(hidden)]
    fn push(&mut self, bytes: Bytes);

    /// Returns the next item; `None` if more bytes are needed.
    #[doc(hidden)]
    fn next(&mut self) -> Result<Option<Self::Item>>;

    /// Called at the end of the body, until it returns `None`. Returns an item, if the bytes that are left are one.
    #[doc(hidden)]
    fn finish(&mut self) -> Result<Option<Self::Item>>;

    /// Returns whether the rest of the body holds no item and is not read.
    #[doc(hidden)]
    fn is_done(&self) -> bool {
        false
    }

    #[doc(hidden)]
    fn set_max_bytes(&mut self, most: usize);
}

/// Keeps [`ItemDecoder`] to this crate.
pub trait Sealed {}
