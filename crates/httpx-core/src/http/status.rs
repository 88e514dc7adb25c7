//! `http::StatusCode` from and to [`StatusCode`]: both hold 100 to 999.

use crate::StatusCode;

/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::StatusCode;
///
/// assert_eq!(StatusCode::from(http::StatusCode::NOT_FOUND), StatusCode::NOT_FOUND);
/// ```
impl From<http::StatusCode> for StatusCode {
    fn from(status: http::StatusCode) -> Self {
        // The crate `http` has checked it: the default is never used.
        StatusCode::try_from(status.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::StatusCode;
///
/// assert_eq!(http::StatusCode::from(StatusCode::NOT_FOUND), http::StatusCode::NOT_FOUND);
/// ```
impl From<StatusCode> for http::StatusCode {
    fn from(status: StatusCode) -> Self {
        // Both types hold 100 to 999: the default is never used.
        http::StatusCode::from_u16(status.as_u16()).unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR)
    }
}
