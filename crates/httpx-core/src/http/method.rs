//! `http::Method` from and to [`Method`]: both are tokens.

use crate::{InvalidMethod, Method};

/// Never fails for a value that the crate `http` has checked.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Method;
///
/// assert_eq!(Method::try_from(http::Method::PATCH)?, Method::PATCH);
/// # Ok::<(), httpx_core::InvalidMethod>(())
/// ```
impl TryFrom<http::Method> for Method {
    type Error = InvalidMethod;

    fn try_from(method: http::Method) -> Result<Self, InvalidMethod> {
        Method::try_from(method.as_str())
    }
}

impl TryFrom<&http::Method> for Method {
    type Error = InvalidMethod;

    fn try_from(method: &http::Method) -> Result<Self, InvalidMethod> {
        Method::try_from(method.as_str())
    }
}

/// Never fails with a version of the crate `http` that accepts each token (RFC 9110 §5.6.2).
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Method;
///
/// assert_eq!(http::Method::try_from(Method::GET)?, http::Method::GET);
/// # Ok::<(), httpx_core::InvalidMethod>(())
/// ```
impl TryFrom<Method> for http::Method {
    type Error = InvalidMethod;

    fn try_from(method: Method) -> Result<Self, InvalidMethod> {
        http::Method::try_from(&method)
    }
}

impl TryFrom<&Method> for http::Method {
    type Error = InvalidMethod;

    fn try_from(method: &Method) -> Result<Self, InvalidMethod> {
        http::Method::from_bytes(method.as_str().as_bytes())
            .map_err(|_| InvalidMethod(method.as_str().chars().take(64).collect()))
    }
}
