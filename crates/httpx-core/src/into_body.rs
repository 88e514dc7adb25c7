//! Values that can be given as a body.

use bytes::Bytes;

use crate::{Encoded, File, MessageBody};

/// A value that can be the body of a request: text, bytes, a [`File`], an [`Encoded`] content, or a `Body`; in the blocking
/// flavour also an open [`std::fs::File`].
///
/// Text and bytes must be owned or `'static`, because a body may outlive the call.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the body of a request",
    note = "give owned text or bytes, `File::new(path)`, or `Body::from_reader(reader)`",
    note = "for other values use `.json(&value)`, `.form(fields)` or `.content(Text(value.to_string()))`"
)]
pub trait IntoBody<B> {
    /// Converts into a body.
    fn into_body(self) -> B;
}

impl<B: MessageBody> IntoBody<B> for B {
    fn into_body(self) -> B {
        self
    }
}

macro_rules! encoded {
    ($($type:ty),*) => {$(
        impl<B: MessageBody> IntoBody<B> for $type {
            fn into_body(self) -> B {
                Encoded::from(self).into()
            }
        }
    )*};
}

encoded!(&'static str, String, &'static [u8], Vec<u8>, Box<[u8]>, Bytes, Encoded, File);

impl<B: MessageBody, const N: usize> IntoBody<B> for &'static [u8; N] {
    fn into_body(self) -> B {
        Encoded::from(self).into()
    }
}

#[cfg(feature = "blocking")]
impl IntoBody<crate::blocking::Body> for std::fs::File {
    fn into_body(self) -> crate::blocking::Body {
        self.into()
    }
}
