//! The fields after the last chunk.

use httparse::{EMPTY_HEADER, ParserConfig, Response, Status};
use httpx_core::Headers;

use crate::error::{Limit, RemoteError};
use crate::scan::Strictness;
use crate::{Excerpt, Limits, head};

/// Fields that are not allowed in a trailer section (RFC 9110 §6.5.1): framing, routing, request modifiers,
/// authentication, response control, content format. Sorted. They are dropped; h11 passes them on.
const FORBIDDEN: [&str; 43] = [
    "age",
    "authorization",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "content-type",
    "cookie",
    "date",
    "expect",
    "expires",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "proxy-connection",
    "proxy-status",
    "range",
    "referer",
    "refresh",
    "retry-after",
    "set-cookie",
    "set-cookie2",
    "strict-transport-security",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "vary",
    "via",
    "warning",
    "www-authenticate",
];

/// Returns whether a field of this name may be a trailer: one that neither frames nor routes nor authenticates the message,
/// and does not describe its content (RFC 9110 §6.5.1).
///
/// ```
/// use httpx_proto::is_allowed_as_trailer;
///
/// assert!(is_allowed_as_trailer("Checksum") && !is_allowed_as_trailer("Content-Length"));
/// ```
pub fn is_allowed_as_trailer(name: &str) -> bool {
    !FORBIDDEN.iter().any(|forbidden| name.eq_ignore_ascii_case(forbidden))
}

/// Parses a whole trailer section that is not empty, with the empty line that ends it. Drops fields that are not
/// allowed.
pub(crate) fn parse(section: &[u8], strictness: Strictness, limits: &Limits) -> Result<Headers, RemoteError> {
    // `httparse` unfolds lines in whole responses only. Few messages have trailers, and those are short.
    let head = [b"HTTP/1.1 200\r\n", section].concat();
    let mut config = ParserConfig::default();
    config.allow_obsolete_multiline_headers_in_responses(strictness == Strictness::Lenient);
    // Each line takes at least three bytes, so a small section cannot cause a large allocation.
    let mut lines = vec![EMPTY_HEADER; limits.header_count.min(section.len() / 3)];
    let mut response = Response::new(&mut lines);
    match config.parse_response(&mut response, &head) {
        Ok(Status::Complete(_)) => {}
        Ok(Status::Partial) => return Err(RemoteError::HeaderName(Excerpt::new(section))),
        Err(httparse::Error::TooManyHeaders) => {
            return Err(RemoteError::Limit(Limit::HeaderCount, limits.header_count));
        }
        Err(_) => return Err(head::diagnose(section)),
    }
    let mut trailers = Headers::new();
    for field in response.headers.iter().filter(|field| is_allowed_as_trailer(field.name)) {
        head::append(&mut trailers, field)?;
    }
    Ok(trailers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_ones_are_in_order() {
        assert!(FORBIDDEN.is_sorted());
        assert!(!is_allowed_as_trailer("Content-Length") && is_allowed_as_trailer("Digest"));
    }
}
