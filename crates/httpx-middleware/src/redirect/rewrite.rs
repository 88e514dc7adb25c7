//! Rewrites a request into the one that follows a redirect.

use httpx_core::{HeaderValue, Method, RequestHead, StatusCode, Url};

use crate::BodyReuse;

/// Whether a redirect leads to another origin (RFC 6454 §4).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OriginChange {
    /// To the same scheme, host and port.
    SameOrigin,
    /// To another scheme, host or port.
    CrossOrigin,
}

/// Which headers of the user follow a redirect to another origin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum CrossOriginHeaders {
    /// All but those that are bound to their origin.
    #[default]
    AllButSecrets,
    /// Those of a list only.
    OnlySafe,
}

/// Rewrites the request that was answered with this status into the one for `url`.
pub(super) fn rewrite(
    request: &mut RequestHead,
    status: StatusCode,
    change: OriginChange,
    headers: CrossOriginHeaders,
    url: Url,
) -> BodyReuse {
    let (method, body) = method_and_body(request.method(), status);
    if body == BodyReuse::Drop {
        request.headers_mut().retain(|name, _| !describes_body(name));
    }
    if let Some(method) = method {
        request.set_method(method);
    }
    match change {
        OriginChange::SameOrigin => {
            // `set_url` makes `Authorization` of them. As in curl the new credentials replace the old ones.
            if url.has_user_info() {
                request.headers_mut().remove("authorization");
            }
            request.set_url(url);
        }
        OriginChange::CrossOrigin => {
            request.headers_mut().retain(|name, value| crosses_origin(name, value, headers));
            // A server must not choose the user for another origin, which perhaps only this client can reach. curl
            // ignores such user information too.
            request.set_url(url.without_user_info());
            request.set_crossed_origin();
        }
    }
    body
}

/// Returns the method, if it is another one, and whether the body follows: the Fetch Standard, "HTTP-redirect fetch",
/// and RFC 9110 §15.4. The rule for 301 and 302 is the practice of browsers.
fn method_and_body(method: &Method, status: StatusCode) -> (Option<Method>, BodyReuse) {
    match (status.as_u16(), method.as_str()) {
        (301 | 302, "POST") => (Some(Method::GET), BodyReuse::Drop),
        (303, "GET" | "HEAD") => (None, BodyReuse::Drop),
        (303, _) => (Some(Method::GET), BodyReuse::Drop),
        _ => (None, BodyReuse::Keep),
    }
}

fn crosses_origin(name: &str, value: HeaderValue<'_>, headers: CrossOriginHeaders) -> bool {
    !is_origin_bound(name, value)
        && match headers {
            CrossOriginHeaders::AllButSecrets => true,
            CrossOriginHeaders::OnlySafe => is_one_of(name, &SAFE) && !announces_upgrade(name, value),
        }
}

/// Tells whether a header is meant for one origin only.
fn is_origin_bound(name: &str, value: HeaderValue<'_>) -> bool {
    value.is_sensitive() || is_one_of(name, &["authorization", "cookie", "proxy-authorization", "host"])
}

/// Tells whether this is a `Connection` header that goes with `Upgrade` (RFC 9110 §7.8), which is not safe.
fn announces_upgrade(name: &str, value: HeaderValue<'_>) -> bool {
    let mut options = value.as_bytes().split(|byte| *byte == b',');
    name.eq_ignore_ascii_case("connection")
        && options.any(|option| option.trim_ascii().eq_ignore_ascii_case(b"upgrade"))
}

/// Tells whether a header describes a body (RFC 9110 §15.4, item 4; RFC 9530), or how it is sent.
fn describes_body(name: &str) -> bool {
    const NAMES: [&str; 6] =
        ["transfer-encoding", "trailer", "expect", "digest", "repr-digest", "last-modified"];
    let is_content = name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("content-"));
    is_content || is_one_of(name, &NAMES)
}

/// Headers that hold no secret: content negotiation, conditions, ranges, and the description of the body. The
/// documentation of `only_safe_headers_cross_origin` repeats them.
const SAFE: [&str; 22] = [
    "accept",
    "accept-charset",
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "expect",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "pragma",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "user-agent",
];

fn is_one_of(name: &str, names: &[&str]) -> bool {
    names.iter().any(|one| name.eq_ignore_ascii_case(one))
}
