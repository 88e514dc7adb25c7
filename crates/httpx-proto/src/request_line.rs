//! The first line of a request. It is parsed by hand, because it is checked before the head is complete.

use httpx_core::grammar::is_tchar;
use httpx_core::{Method, Version};

use crate::error::{Limit, RemoteError};
use crate::target;
use crate::{Excerpt, Limits};

/// `method SP request-target SP HTTP-version CRLF` (RFC 9112 §3).
#[derive(Debug)]
pub(crate) struct RequestLine<'a> {
    pub(crate) method: Method,
    pub(crate) target: &'a str,
    pub(crate) version: Version,
}

/// The longest method that is accepted. The longest registered one has 17 bytes (UPDATEREDIRECTREF).
pub(crate) const METHOD_BYTES: usize = 32;

/// The length of the longest valid line.
pub(crate) fn most_bytes(limits: &Limits) -> usize {
    limits.target_bytes.saturating_add(METHOD_BYTES + "  HTTP/1.1\r\n".len())
}

/// Checks that these first bytes can begin a request line. The first byte that no method holds decides, so the result
/// is the same however the bytes arrive.
pub(crate) fn check_start(bytes: &[u8]) -> Result<(), RemoteError> {
    let method = bytes.iter().take(METHOD_BYTES).take_while(|&&byte| is_tchar(byte)).count();
    match (method, bytes.get(method)) {
        (_, None) => Ok(()),
        (0, Some(b'\r')) if bytes.len() == 1 => Ok(()), // an empty line, perhaps
        (1.., Some(b' ')) => Ok(()),
        (METHOD_BYTES.., Some(&byte)) if is_tchar(byte) => {
            Err(RemoteError::Method(Excerpt::new(bytes.get(..method).unwrap_or_default())))
        }
        (_, Some(_)) => Err(RemoteError::NotHttp(Excerpt::new(bytes.get(..=method).unwrap_or_default()))),
    }
}

/// Parses the whole line, with its line end. It is strict: single spaces (RFC 9112 §3 would let a server accept any
/// white space), CRLF, and a whole target.
pub(crate) fn parse<'a>(line: &'a [u8], limits: &Limits) -> Result<RequestLine<'a>, RemoteError> {
    let line = line.strip_suffix(b"\r\n").ok_or(RemoteError::BareLf)?;
    let no_line = || RemoteError::StartLine(Excerpt::new(line));
    let mut parts = line.splitn(3, |&byte| byte == b' ');
    let (Some(method), Some(target), Some(version)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(no_line()); // HTTP/0.9 has no version
    };
    let version = match version {
        b"HTTP/1.1" => Version::Http11,
        b"HTTP/1.0" => Version::Http10,
        [b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] => {
            return Err(RemoteError::Version(Excerpt::new(version)));
        }
        // A target with a space in it, other white space, or `HTTP/2`, which is not a version of this form (RFC 9112
        // §2.3).
        _ => return Err(no_line()),
    };
    if target.len() > limits.target_bytes {
        return Err(RemoteError::Limit(Limit::TargetBytes, limits.target_bytes));
    }
    let method = std::str::from_utf8(method).ok().and_then(|method| Method::try_from(method).ok());
    let method = method.ok_or_else(no_line)?;
    let target = target::check(target, &method).ok_or_else(|| RemoteError::Target(Excerpt::new(target)))?;
    Ok(RequestLine { method, target, version })
}
