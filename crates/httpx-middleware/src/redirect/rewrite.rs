//! What the next request is.

use httpx_core::{HeaderValue, Method, RequestHead, StatusCode, Url};

use crate::BodyReuse;

/// How far a redirect leads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum OriginChange {
    /// To the same scheme, host and port.
    SameOrigin,
    /// To others.
    CrossOrigin,
}

/// Makes the request that was answered with this status the one that goes to `url`.
pub(super) fn rewrite(
    request: &mut RequestHead,
    status: StatusCode,
    reach: OriginChange,
    url: Url,
) -> BodyReuse {
    let (method, body) = method_and_body(request.method(), status);
    if reach == OriginChange::CrossOrigin {
        request.headers_mut().retain(|name, value| !is_origin_bound(name, value));
    }
    if body == BodyReuse::Drop {
        request.headers_mut().retain(|name, _| !describes_body(name));
    }
    if let Some(method) = method {
        request.set_method(method);
    }
    request.set_url(match reach {
        // User information in it becomes `Authorization`, as in curl, unless the user has set one.
        OriginChange::SameOrigin => url,
        // One server does not say as whom we go to another, perhaps one that only we can reach. Nor does curl let it.
        OriginChange::CrossOrigin => url.without_user_info(),
    });
    body
}

/// The method if it is another one, and whether the body goes along: the Fetch Standard, "HTTP-redirect fetch", and
/// RFC 9110 §15.4. The rule for 301 and 302 is what browsers have made of it.
fn method_and_body(method: &Method, status: StatusCode) -> (Option<Method>, BodyReuse) {
    match (status.as_u16(), method.as_str()) {
        (301 | 302, "POST") => (Some(Method::GET), BodyReuse::Drop),
        (303, "GET" | "HEAD") => (None, BodyReuse::Drop),
        (303, _) => (Some(Method::GET), BodyReuse::Drop),
        _ => (None, BodyReuse::Keep),
    }
}

/// What is meant for one origin only.
fn is_origin_bound(name: &str, value: HeaderValue<'_>) -> bool {
    const NAMES: [&str; 4] = ["authorization", "cookie", "proxy-authorization", "host"];
    value.is_sensitive() || NAMES.iter().any(|one| name.eq_ignore_ascii_case(one))
}

/// What says something of a body (RFC 9110 §15.4, item 4), or of how it is sent.
fn describes_body(name: &str) -> bool {
    const NAMES: [&str; 5] = ["transfer-encoding", "trailer", "expect", "digest", "last-modified"];
    let is_content = name.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("content-"));
    is_content || NAMES.iter().any(|one| name.eq_ignore_ascii_case(one))
}
