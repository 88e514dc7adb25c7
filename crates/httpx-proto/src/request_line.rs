//! The first line of a request: by hand, since all of it is decided before the head is whole.

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

/// The longest method that is looked at. The longest that the registry knows has 17 bytes (UPDATEREDIRECTREF).
pub(crate) const METHOD_BYTES: usize = 32;

/// The most bytes that a valid line can have.
pub(crate) fn most_bytes(limits: &Limits) -> usize {
    limits.target_bytes.saturating_add(METHOD_BYTES + "  HTTP/1.1\r\n".len())
}

/// Whether these first bytes can begin a request line. Decided at the first byte that no method holds: the same
/// however they come.
pub(crate) fn check_start(bytes: &[u8]) -> Result<(), RemoteError> {
    let method = bytes.iter().take(METHOD_BYTES).take_while(|&&byte| is_token(byte)).count();
    match (method, bytes.get(method)) {
        (_, None) => Ok(()),
        (0, Some(b'\r')) if bytes.len() == 1 => Ok(()), // an empty line, perhaps
        (1.., Some(b' ')) => Ok(()),
        (METHOD_BYTES.., Some(&byte)) if is_token(byte) => {
            Err(RemoteError::Method(Excerpt::new(bytes.get(..method).unwrap_or_default())))
        }
        (_, Some(_)) => Err(RemoteError::NotHttp(Excerpt::new(bytes.get(..=method).unwrap_or_default()))),
    }
}

/// Parses the whole line, with its line end. Nothing is overlooked: single spaces (RFC 9112 §3 would let a server take
/// any white space), CRLF, and a target that is whole.
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
        // A target with a space in it, white space somewhere; or `HTTP/2`, which is no version (RFC 9112 §2.3).
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

/// `tchar` (RFC 9110 §5.6.2).
fn is_token(byte: u8) -> bool {
    matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
        || byte.is_ascii_alphanumeric()
}
