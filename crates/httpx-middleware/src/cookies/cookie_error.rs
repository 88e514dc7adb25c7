//! Why a cookie was not stored.

use thiserror::Error;

/// Why a cookie was not stored. RFC 6265bis lets a client drop such cookies without a word, and the middleware
/// does; whoever stores by hand may want to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CookieError {
    /// The URL has no host, or one that no cookie can be for (an empty one, or of more than 253 octets).
    #[error("the URL has no host that a cookie could be for")]
    NoHost,
    /// Neither a name nor a value.
    #[error("the cookie has neither name nor value")]
    Empty,
    /// A control character other than TAB, anywhere in the field.
    #[error("the cookie holds a control character")]
    ControlCharacter,
    /// A name or value that is not UTF-8: it could not be sent back as it came.
    #[error("the cookie's name or value is not UTF-8")]
    NotUtf8,
    /// A name or value that would read otherwise when sent: it holds `;`, the name holds `=`, or there is white
    /// space round one of them. Only cookies made by hand can have this.
    #[error("the cookie's name or value would not be read back as it is")]
    Delimiter,
    /// Name and value together have more than 4,096 octets, or (made by hand) the path more than 1,024.
    #[error("the cookie is too large: name and value may have 4096 octets together")]
    TooLarge,
    /// The host does not lie in the domain that the cookie is for.
    #[error("the cookie is for a domain that the host does not belong to")]
    ForeignDomain,
    /// The domain is a public suffix (`co.uk`, `github.io`): the cookie would be for everybody below it.
    #[error("the cookie is for a public suffix")]
    PublicSuffix,
    /// `Secure`, but not received over a secure connection.
    #[error("a cookie with Secure came over an insecure connection")]
    SecureFromInsecure,
    /// Received over an insecure connection, and a cookie of this name with `Secure` is there already.
    #[error("an insecure connection may not replace or hide a cookie with Secure")]
    HidesSecure,
    /// `SameSite=None` without `Secure`.
    #[error("SameSite=None asks for Secure")]
    SameSiteNone,
    /// The name begins with `__Secure-` or `__Host-`, and the cookie was not set as that asks; or there is no
    /// name and the value begins so.
    #[error("the cookie does not meet what its __Secure- or __Host- prefix asks")]
    Prefix,
}
