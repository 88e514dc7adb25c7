//! Values that can be given to a header: text, bytes, integers.

use std::borrow::Cow;

use bytes::Bytes;

use super::HeaderValue;

/// A value that can be given to a header: text, bytes, or an integer.
///
/// It is implemented for `str`, `String`, byte slices, arrays and vectors, [`Bytes`], [`HeaderValue`], all integer
/// types, and references to these. It cannot be implemented outside this crate.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Headers;
///
/// let mut headers = Headers::new();
/// headers.set("X-Count", 3)?;
/// headers.set("X-Name", format!("{}-{}", "a", "b"))?;
/// headers.set("X-Raw", b"\xe4")?;
/// assert_eq!(headers.get("X-Count").unwrap(), "3");
/// # Ok::<(), httpx_core::InvalidHeader>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a header",
    note = "give text, bytes or an integer; convert other values with `to_string()`"
)]
pub trait ToHeaderValue: SealedInput {}

/// The method, hidden from users.
pub trait SealedInput {
    /// Calls `f` with the bytes of the value.
    fn with_bytes<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R;
}

impl<T: ToHeaderValue + ?Sized> ToHeaderValue for &T {}

impl<T: ToHeaderValue + ?Sized> SealedInput for &T {
    fn with_bytes<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        (**self).with_bytes(f)
    }
}

macro_rules! bytes {
    ($($type:ty),*) => {$(
        impl ToHeaderValue for $type {}

        impl SealedInput for $type {
            fn with_bytes<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
                f(self.as_ref())
            }
        }
    )*};
}

bytes!(str, String, [u8], Vec<u8>, Bytes, HeaderValue<'_>);

impl<const N: usize> ToHeaderValue for [u8; N] {}

impl<const N: usize> SealedInput for [u8; N] {
    fn with_bytes<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(self)
    }
}

impl<T: AsRef<[u8]> + ToOwned + ?Sized> ToHeaderValue for Cow<'_, T> {}

impl<T: AsRef<[u8]> + ToOwned + ?Sized> SealedInput for Cow<'_, T> {
    fn with_bytes<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
        f(self.as_ref().as_ref())
    }
}

macro_rules! integers {
    ($($type:ty),*) => {$(
        impl ToHeaderValue for $type {}

        impl SealedInput for $type {
            fn with_bytes<R>(&self, f: impl FnOnce(&[u8]) -> R) -> R {
                f(self.to_string().as_bytes())
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);
