//! Conversions into [`Error`], and between it and [`io::Error`].

use std::borrow::Cow;
use std::io;

use super::{Error, ErrorKind};

impl Error {
    /// Returns the error of this library that an [`io::Error`] holds, unchanged. Any other becomes an error of kind `Io`
    /// with this message, which is not [transient](Error::is_transient) and has no [`url`](Error::url).
    ///
    /// A body that is read with [`std::io::Read`] fails with I/O errors that hold the error of this library. So it
    /// passes through code that knows only I/O errors, such as [`std::io::copy`] or a chain of readers, without losing
    /// its kind. `?` does the same, with a message for I/O of any kind.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use std::io::{self, Read, Write};
    /// use httpx::{Error, Result};
    ///
    /// fn save(mut body: impl Read, mut file: impl Write) -> Result<u64> {
    ///     // An error of the network stays as it is; the message is for errors of the file.
    ///     io::copy(&mut body, &mut file).map_err(|error| Error::from_io(error, "cannot write the file"))
    /// }
    ///
    /// let full = save(&b"hello"[..], &mut [0; 3][..]).unwrap_err();
    /// assert_eq!(full.message(), "cannot write the file");
    /// assert!(!full.is_transient());
    /// ```
    pub fn from_io(io_error: io::Error, message: impl Into<Cow<'static, str>>) -> Self {
        match io_error.downcast::<Error>() {
            Ok(error) => error,
            Err(foreign) => Error::new(ErrorKind::Io, message).with_source(foreign),
        }
    }
}

/// The whole error travels inside the I/O error: see [`Error::from_io`].
impl From<Error> for io::Error {
    fn from(error: Error) -> io::Error {
        let kind = match error.kind() {
            ErrorKind::Timeout(_) => io::ErrorKind::TimedOut,
            ErrorKind::Incomplete => io::ErrorKind::UnexpectedEof,
            ErrorKind::Protocol | ErrorKind::Decode | ErrorKind::Text | ErrorKind::Json => {
                io::ErrorKind::InvalidData
            }
            ErrorKind::InvalidUrl | ErrorKind::InvalidHeader | ErrorKind::InvalidRequest => {
                io::ErrorKind::InvalidInput
            }
            _ => io::ErrorKind::Other,
        };
        io::Error::new(kind, error)
    }
}

/// For functions that mix requests with I/O: an error of this library that a reader returned is not changed,
/// any other (a full disk, say) becomes one of kind `Io` that is never [transient](Error::is_transient) and has no
/// [`url`](Error::url). [`Error::from_io`] does the same with a message of your choice.
impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        Error::from_io(error, "local I/O failed, not the network")
    }
}

/// Never happens: it makes `Headers` an `impl TryInto<Headers>`.
impl From<std::convert::Infallible> for Error {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<crate::InvalidHeader> for Error {
    fn from(error: crate::InvalidHeader) -> Self {
        Error::new(ErrorKind::InvalidHeader, error.to_string())
    }
}

impl From<crate::InvalidMethod> for Error {
    fn from(error: crate::InvalidMethod) -> Self {
        Error::new(ErrorKind::InvalidRequest, error.to_string())
    }
}

impl From<crate::InvalidStatusCode> for Error {
    fn from(error: crate::InvalidStatusCode) -> Self {
        Error::new(ErrorKind::InvalidRequest, error.to_string())
    }
}
