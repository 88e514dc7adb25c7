//! Which responses are stored (RFC 9111 §3).

use httpx_core::{ResponseHead, StatusCode};

use super::directives::ResponseDirectives;

/// Returns whether a response to GET may be stored, and is of use later.
pub(super) fn is_storable(response: &ResponseHead) -> bool {
    let (status, headers) = (response.status(), response.headers());
    let directives = ResponseDirectives::parse(headers);
    let is_final = !status.is_informational() && status != 304;
    // A part of a response is never combined with others here.
    let is_whole = status != 206 && !headers.contains("content-range");
    let is_understood = !directives.must_understand || is_understood(status);
    // A cache that understands the status ignores the `no-store` beside `must-understand` (RFC 9111 §5.2.2.3).
    let is_allowed = !directives.no_store || (directives.must_understand && is_understood);
    let is_cacheable = is_explicit(response, &directives) || is_heuristically_cacheable(status);
    is_final && is_whole && is_understood && is_allowed && is_cacheable && is_useful(response, &directives)
}

/// Returns whether the response itself says that it may be stored (RFC 9111 §3). `s-maxage` is for shared caches.
fn is_explicit(response: &ResponseHead, directives: &ResponseDirectives) -> bool {
    let has_lifetime = directives.max_age.is_some() || response.headers().contains("expires");
    directives.is_public || directives.is_private || has_lifetime
}

/// A response without a lifetime and without a validator could only be returned stale.
fn is_useful(response: &ResponseHead, directives: &ResponseDirectives) -> bool {
    let headers = response.headers();
    directives.max_age.is_some_and(|seconds| seconds > 0)
        || ["expires", "etag", "last-modified"].iter().any(|name| headers.contains(name))
        || directives.stale_while_revalidate.is_some()
        || directives.stale_if_error.is_some()
}

/// Returns whether a response of this status may be fresh without an explicit lifetime (RFC 9110 §15.1). Not 206, which is
/// not stored.
pub(super) fn is_heuristically_cacheable(status: StatusCode) -> bool {
    matches!(status.as_u16(), 200 | 203 | 204 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501)
}

/// Returns whether all that RFC 9110 asks of a cache for this status is done here.
fn is_understood(status: StatusCode) -> bool {
    is_heuristically_cacheable(status)
        || matches!(status.as_u16(), 201 | 202 | 302 | 303 | 307 | 400..=403 | 406..=409 | 411..=413 | 415 | 417 | 421 | 422 | 426 | 500 | 502..=505)
}

/// Returns whether a status tells that the server failed, so that a stale response may be better (RFC 5861 §4).
pub(super) fn is_server_failure(status: StatusCode) -> bool {
    matches!(status.as_u16(), 500 | 502 | 503 | 504)
}

#[cfg(test)]
mod tests {
    use httpx_core::Headers;

    use super::*;

    #[test]
    fn responses_that_are_stored() {
        type Fields = &'static [(&'static str, &'static str)];
        let table: [(u16, Fields, bool); 28] = [
            (200, &[("Cache-Control", "max-age=60")], true),
            (200, &[("Cache-Control", "max-age=60, private")], true),
            (200, &[("Cache-Control", "max-age=60, no-store")], false),
            (200, &[("Cache-Control", "no-cache"), ("ETag", "\"a\"")], true),
            (200, &[("Expires", "0")], true),
            (200, &[("ETag", "\"a\"")], true),
            (200, &[("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")], true),
            (200, &[("Cache-Control", "s-maxage=60")], false),
            (200, &[("Cache-Control", "max-age=0")], false),
            (200, &[("Cache-Control", "max-age=0, stale-if-error=60")], true),
            (200, &[], false),
            (206, &[("Cache-Control", "max-age=60")], false),
            (200, &[("Cache-Control", "max-age=60"), ("Content-Range", "bytes 0-1/2")], false),
            (304, &[("Cache-Control", "max-age=60")], false),
            (101, &[("Cache-Control", "max-age=60")], false),
            (201, &[("ETag", "\"a\"")], false),
            (201, &[("ETag", "\"a\""), ("Cache-Control", "public")], true),
            (201, &[("ETag", "\"a\""), ("Cache-Control", "private")], true),
            (299, &[("Cache-Control", "max-age=60")], true),
            (404, &[("ETag", "\"a\"")], true),
            (403, &[("ETag", "\"a\"")], false),
            (503, &[("Cache-Control", "max-age=60")], true),
            (599, &[("Expires", "Sun, 06 Nov 2094 08:49:37 GMT")], true),
            (200, &[("Cache-Control", "max-age=60, must-understand")], true),
            (200, &[("Cache-Control", "max-age=60, must-understand, no-store")], true),
            (599, &[("Cache-Control", "max-age=60, must-understand")], false),
            (599, &[("Cache-Control", "max-age=60, must-understand, no-store")], false),
            (301, &[("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")], true),
        ];
        for (status, headers, expected) in table {
            let head = ResponseHead::new(StatusCode::try_from(status).unwrap())
                .with_headers(Headers::try_from(headers.to_vec()).unwrap());
            assert_eq!(is_storable(&head), expected, "{status} {headers:?}");
        }
    }
}
