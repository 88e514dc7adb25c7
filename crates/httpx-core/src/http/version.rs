//! `http::Version` from and to [`Version`].

use crate::{Error, ErrorKind, Version};

/// # Errors
///
/// Kind [`Protocol`](ErrorKind::Protocol) for a version other than HTTP/1.0 and HTTP/1.1.
///
/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// use httpx::models::Version;
///
/// assert_eq!(Version::try_from(http::Version::HTTP_10)?, Version::Http10);
/// assert!(Version::try_from(http::Version::HTTP_2).is_err());
/// # Ok::<(), httpx_core::Error>(())
/// ```
impl TryFrom<http::Version> for Version {
    type Error = Error;

    fn try_from(version: http::Version) -> Result<Self, Error> {
        match version {
            http::Version::HTTP_10 => Ok(Version::Http10),
            http::Version::HTTP_11 => Ok(Version::Http11),
            other => {
                let message =
                    format!("{other:?} is not a version of this library: it has HTTP/1.0 and HTTP/1.1");
                Err(Error::new(ErrorKind::Protocol, message))
            }
        }
    }
}

/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// use httpx::models::Version;
///
/// assert_eq!(http::Version::from(Version::Http11), http::Version::HTTP_11);
/// ```
impl From<Version> for http::Version {
    fn from(version: Version) -> Self {
        match version {
            Version::Http10 => http::Version::HTTP_10,
            Version::Http11 => http::Version::HTTP_11,
        }
    }
}
