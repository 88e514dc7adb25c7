//! The reasons why a jar refuses a cookie.

use httpx_core::InvalidSetCookie;
use thiserror::Error;

/// The reason why a jar refuses a cookie.
///
/// [`Cookies`](super::Cookies) ignores it, as browsers do: servers often set cookies that the rules refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CookieError {
    /// The URL has no host, or one that can have no cookies: an empty one, or one of more than 253 bytes.
    #[error("the URL has no host that can have cookies")]
    NoHost,
    /// The cookie has neither a name nor a value.
    #[error("the cookie has neither name nor value")]
    Empty,
    /// The field, a name, a value or a path holds a control character other than TAB.
    #[error("the cookie holds a control character")]
    ControlCharacter,
    /// The name or the value is not UTF-8.
    #[error("the cookie's name or value is not UTF-8")]
    NotUtf8,
    /// The name or the value would not be read back as it is: one of them holds `;` or begins or ends with white space, or
    /// the name holds `=`. Only a cookie that a program made can have this.
    #[error("the cookie's name or value would not be read back as it is")]
    Delimiter,
    /// Name and value have more than 4,096 bytes together, or the path of a cookie that a program made more than 1,024.
    #[error("the cookie is too large: name and value may have 4096 bytes together, the path 1024")]
    TooLarge,
    /// The host is not in the domain of the cookie.
    #[error("the host is not in the domain of the cookie")]
    ForeignDomain,
    /// The domain is a public suffix (`co.uk`, `github.io`): the cookie would go to all sites below it.
    #[error("the cookie is for a public suffix")]
    PublicSuffix,
    /// The cookie has `Secure`, but was received over an insecure connection.
    #[error("a cookie with Secure came over an insecure connection")]
    SecureFromInsecure,
    /// The cookie was received over an insecure connection, and the jar has one of this name with `Secure`.
    #[error("an insecure connection may not replace or hide a cookie with Secure")]
    HidesSecure,
    /// The cookie has `SameSite=None` without `Secure`.
    #[error("SameSite=None requires Secure")]
    SameSiteNone,
    /// The name begins with `__Secure-` or `__Host-`, and the cookie does not follow the rules of that prefix; or there is
    /// no name, and the value begins with such a prefix.
    #[error("the cookie does not follow the rules of its __Secure- or __Host- prefix")]
    Prefix,
}

impl From<InvalidSetCookie> for CookieError {
    fn from(error: InvalidSetCookie) -> Self {
        match error {
            InvalidSetCookie::ControlCharacter => CookieError::ControlCharacter,
            InvalidSetCookie::NotUtf8 => CookieError::NotUtf8,
            InvalidSetCookie::TooLarge => CookieError::TooLarge,
            // No other is left.
            _ => CookieError::Empty,
        }
    }
}
