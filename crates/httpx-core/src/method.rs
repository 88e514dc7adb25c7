//! Request methods (RFC 9110 §9).

use std::fmt;
use std::str::FromStr;

use crate::grammar;

/// A request method: `GET`, `POST`, or any other token.
///
/// Methods are case-sensitive (RFC 9110 §9.1): `Method::try_from("get")` is not `GET`.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Method;
///
/// let method = Method::try_from("PROPFIND")?;
/// assert_eq!(method.as_str(), "PROPFIND");
/// assert!(Method::GET.is_safe() && Method::PUT.is_idempotent() && Method::POST.expects_body());
/// # Ok::<(), httpx_core::InvalidMethod>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Method(Repr);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Repr {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
    Connect,
    Trace,
    Query,
    Other(Box<str>),
}

/// The error of a text that is not a method: it is empty, or holds a character that a token may not hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a request method: a method is a word such as GET, without spaces")]
pub struct InvalidMethod(pub(crate) String);

impl Method {
    /// `GET` (RFC 9110 §9.3.1).
    pub const GET: Method = Method(Repr::Get);
    /// `HEAD` (RFC 9110 §9.3.2).
    pub const HEAD: Method = Method(Repr::Head);
    /// `POST` (RFC 9110 §9.3.3).
    pub const POST: Method = Method(Repr::Post);
    /// `PUT` (RFC 9110 §9.3.4).
    pub const PUT: Method = Method(Repr::Put);
    /// `PATCH` (RFC 5789).
    pub const PATCH: Method = Method(Repr::Patch);
    /// `DELETE` (RFC 9110 §9.3.5).
    pub const DELETE: Method = Method(Repr::Delete);
    /// `OPTIONS` (RFC 9110 §9.3.7).
    pub const OPTIONS: Method = Method(Repr::Options);
    /// `CONNECT` (RFC 9110 §9.3.6).
    pub const CONNECT: Method = Method(Repr::Connect);
    /// `TRACE` (RFC 9110 §9.3.8).
    pub const TRACE: Method = Method(Repr::Trace);
    /// `QUERY` (RFC 10008): safe and idempotent, as `GET`, with a body.
    pub const QUERY: Method = Method(Repr::Query);

    /// Returns the method as on the request line.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Repr::Get => "GET",
            Repr::Head => "HEAD",
            Repr::Post => "POST",
            Repr::Put => "PUT",
            Repr::Patch => "PATCH",
            Repr::Delete => "DELETE",
            Repr::Options => "OPTIONS",
            Repr::Connect => "CONNECT",
            Repr::Trace => "TRACE",
            Repr::Query => "QUERY",
            Repr::Other(name) => name,
        }
    }

    /// Returns whether the method only reads (RFC 9110 §9.2.1).
    pub fn is_safe(&self) -> bool {
        matches!(self.0, Repr::Get | Repr::Head | Repr::Options | Repr::Trace | Repr::Query)
    }

    /// Returns whether sending the request twice has the same effect as sending it once (RFC 9110 §9.2.2).
    pub fn is_idempotent(&self) -> bool {
        self.is_safe() || matches!(self.0, Repr::Put | Repr::Delete)
    }

    /// Returns whether the server expects a body, so that a request without one sends `Content-Length: 0` (RFC 9110
    /// §8.6).
    pub fn expects_body(&self) -> bool {
        matches!(self.0, Repr::Post | Repr::Put | Repr::Patch | Repr::Query)
    }
}

impl TryFrom<&str> for Method {
    type Error = InvalidMethod;

    fn try_from(name: &str) -> Result<Self, InvalidMethod> {
        Ok(Method(match name {
            "GET" => Repr::Get,
            "HEAD" => Repr::Head,
            "POST" => Repr::Post,
            "PUT" => Repr::Put,
            "PATCH" => Repr::Patch,
            "DELETE" => Repr::Delete,
            "OPTIONS" => Repr::Options,
            "CONNECT" => Repr::Connect,
            "TRACE" => Repr::Trace,
            "QUERY" => Repr::Query,
            other if grammar::is_token(other.as_bytes()) => Repr::Other(other.into()),
            other => return Err(InvalidMethod(other.chars().take(64).collect())),
        }))
    }
}

impl TryFrom<String> for Method {
    type Error = InvalidMethod;

    fn try_from(name: String) -> Result<Self, InvalidMethod> {
        Method::try_from(name.as_str())
    }
}

impl From<&Method> for Method {
    fn from(method: &Method) -> Self {
        method.clone()
    }
}

impl FromStr for Method {
    type Err = InvalidMethod;

    fn from_str(name: &str) -> Result<Self, InvalidMethod> {
        Method::try_from(name)
    }
}

impl PartialEq<str> for Method {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Method {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for name in [
            "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE", "QUERY",
            "M-SEARCH",
        ] {
            assert_eq!(Method::try_from(name).unwrap().as_str(), name);
        }
        for name in ["", "GE T", "GET\r\n", "G\0", "GÉT", "GET:"] {
            assert!(Method::try_from(name).is_err(), "{name:?}");
        }
        assert_ne!(Method::try_from("get").unwrap(), Method::GET);
    }

    #[test]
    fn properties() {
        for (method, is_safe, is_idempotent, expects_body) in [
            (Method::GET, true, true, false),
            (Method::HEAD, true, true, false),
            (Method::POST, false, false, true),
            (Method::PUT, false, true, true),
            (Method::PATCH, false, false, true),
            (Method::DELETE, false, true, false),
            (Method::OPTIONS, true, true, false),
            (Method::CONNECT, false, false, false),
            (Method::TRACE, true, true, false),
            (Method::QUERY, true, true, true),
            (Method::try_from("M-SEARCH").unwrap(), false, false, false),
        ] {
            let properties = (method.is_safe(), method.is_idempotent(), method.expects_body());
            assert_eq!(properties, (is_safe, is_idempotent, expects_body), "{method}");
        }
    }
}
