//! Which requests a stored response answers, beyond its URL (RFC 9111 §4.1).

use std::hash::{Hash, Hasher};

use httpx_core::{HeaderValue, Headers, RequestHead};
use sha2::{Digest, Sha256};

use super::directives::ResponseDirectives;
use crate::request_identity;

/// The most header names that may select a response. One that names more is not stored.
const MAX_NAMES: usize = 32;

/// In place of a name: the `Cookie` header of a request, unless it is from the jar of the client. No header has this name.
const OWN_COOKIE: &str = "cookie:own";

/// The headers of a request that select a stored response, and a digest of their values.
///
/// The values themselves are not kept, because they may be secrets: `Authorization`, `Cookie`.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Selection {
    /// In lower case, sorted.
    pub(super) names: Vec<String>,
    pub(super) id: [u8; 16],
}

impl Selection {
    /// Returns the selection of a response to this request; `None` if it answers no other request: by `Vary: *`, or because
    /// it depends on a digest of unknown credentials, which no other request has (RFC 7616 §3.4).
    ///
    /// A response that is not marked `public` also depends on `Authorization`, and on a `Cookie` that is not from the jar of
    /// the client. A browser has one user; a program may have several, and one must not get what was sent to another.
    pub(super) fn of(response: &Headers, request: &RequestHead) -> Option<Self> {
        let mut names = Vec::new();
        for line in response.get_all("vary") {
            // What is not ASCII names no header.
            for name in line.to_str()?.split(',').map(str::trim).filter(|name| !name.is_empty()) {
                names.push(name.to_ascii_lowercase());
            }
        }
        if !ResponseDirectives::parse(response).is_public {
            names.extend(["authorization".to_owned(), OWN_COOKIE.to_owned()]);
        }
        names.sort();
        names.dedup();
        let is_single = |name: &String| name == "*" || name == "authorization" && has_unknown_digest(request);
        if names.len() > MAX_NAMES || names.iter().any(is_single) {
            return None;
        }
        let id = digest(&names, request);
        Some(Selection { names, id })
    }

    /// Returns whether the response answers this request.
    pub(super) fn matches(&self, request: &RequestHead) -> bool {
        self.id == digest(&self.names, request)
    }
}

/// Returns whether the request has a digest, whose count and nonce are used once, and whose user is unknown.
fn has_unknown_digest(request: &RequestHead) -> bool {
    let scheme = |value: HeaderValue<'_>| {
        value.as_bytes().get(..7).is_some_and(|it| it.eq_ignore_ascii_case(b"Digest "))
    };
    let is_known = request_identity::digest_user(request).is_some();
    !is_known && request.headers().get("authorization").is_some_and(scheme)
}

/// Returns a digest of the request's lines of these names. Decoded bodies and those that are kept as they were sent are
/// different variants. So are those of the virtual hosts that a request names in place of the host of its URL: `Host` is part
/// of the target (RFC 9110 §7.1).
fn digest(names: &[String], request: &RequestHead) -> [u8; 16] {
    let mut hash = Sha256::new();
    hash.update([u8::from(request.options().decompress == Some(false))]);
    let host = request.headers().contains("host").then(|| "host".to_owned());
    for name in host.iter().chain(names) {
        hash.update(name);
        match (name.as_str(), request_identity::digest_user(request)) {
            (OWN_COOKIE, _) if request_identity::has_client_cookies(request) => {}
            (OWN_COOKIE, _) => add_lines(&mut hash, request, "cookie"),
            // Each answer to a digest challenge is another one.
            ("authorization", Some(user)) => user.hash(&mut IntoSha(&mut hash)),
            (name, _) => add_lines(&mut hash, request, name),
        }
        hash.update(b"\n\n");
    }
    let mut id = [0; 16];
    id.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    id
}

fn add_lines(hash: &mut Sha256, request: &RequestHead, name: &str) {
    for (at, value) in request.headers().get_all(name).enumerate() {
        hash.update(if at == 0 { b"\n" } else { b"," });
        add_value(hash, value.as_bytes());
    }
}

/// Adds a value without the white space around its commas. A value with a quoted string is added as it is.
fn add_value(hash: &mut Sha256, value: &[u8]) {
    if value.contains(&b'"') {
        hash.update(value);
        return;
    }
    for (at, element) in value.split(|byte| *byte == b',').enumerate() {
        if at > 0 {
            hash.update(b",");
        }
        hash.update(element.trim_ascii());
    }
}

/// Passes what is written on to a digest.
struct IntoSha<'a>(&'a mut Sha256);

impl Hasher for IntoSha<'_> {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The result is that of the digest.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use httpx_core::{Method, Url};

    use super::*;

    fn request(headers: &[(&str, &str)]) -> RequestHead {
        let mut head = RequestHead::new(Method::GET, Url::parse("https://h/").unwrap());
        for (name, value) in headers {
            head.headers_mut().append(name, *value).unwrap();
        }
        head
    }

    #[test]
    fn headers_that_select() {
        type Fields = &'static [(&'static str, &'static str)];
        let table: [(&str, Fields, Fields, bool); 17] = [
            ("Foo", &[("Foo", "1")], &[("foo", "1"), ("Bar", "2")], true),
            ("Foo", &[("Foo", "1")], &[("Foo", "2")], false),
            ("Foo", &[("Foo", "1")], &[], false),
            ("Foo", &[], &[], true),
            ("Foo", &[("Foo", "")], &[], false),
            ("Foo", &[("Foo", "1,2")], &[("Foo", "1 ,  2")], true),
            ("Foo", &[("Foo", "1, 2")], &[("Foo", "1"), ("Foo", "2")], true),
            ("Foo", &[("Foo", "\"1, 2\"")], &[("Foo", "\"1,2\"")], false),
            ("Foo, bar", &[("Foo", "1"), ("Bar", "2")], &[("Bar", "2"), ("Foo", "1")], true),
            ("Foo, bar", &[("Foo", "1"), ("Bar", "2")], &[("Bar", "1"), ("Foo", "2")], false),
            ("Foo, bar", &[("Foo", "1")], &[("Bar", "1")], false),
            // A response depends on these even if it does not say so.
            ("", &[("Authorization", "a")], &[("Authorization", "b")], false),
            ("", &[("Authorization", "a")], &[], false),
            ("", &[("Authorization", "a")], &[("Authorization", "a")], true),
            ("", &[("Cookie", "a=1")], &[("Cookie", "a=2")], false),
            ("", &[("Cookie", "a=1")], &[], false),
            ("", &[("Cookie", "a=1")], &[("Cookie", "a=1")], true),
        ];
        for (vary, stored, presented, matches) in table {
            let headers = Headers::try_from([("Vary", vary)]).unwrap();
            let selection = Selection::of(&headers, &request(stored)).unwrap();
            assert_eq!(selection.matches(&request(presented)), matches, "{vary}: {stored:?} {presented:?}");
        }
        let public = Headers::try_from([("Cache-Control", "public")]).unwrap();
        let selection = Selection::of(&public, &request(&[("Authorization", "a"), ("Cookie", "a")])).unwrap();
        assert!(selection.matches(&request(&[])));
    }

    #[test]
    fn a_star_selects_nothing() {
        for vary in ["*", "*, *", ", *", "Foo, *", "*, Foo", "\u{e4}"] {
            let headers = Headers::try_from([("Vary", vary)]).unwrap();
            assert!(Selection::of(&headers, &request(&[])).is_none(), "{vary}");
        }
        let many: Vec<_> = (1..MAX_NAMES).map(|at| format!("X-{at}")).collect();
        let headers = Headers::try_from([("Vary", many.join(", "))]).unwrap();
        assert!(Selection::of(&headers, &request(&[])).is_none()); // two more are `authorization` and the cookie
    }

    #[test]
    fn raw_and_decoded_bodies_are_apart() {
        let mut raw = request(&[]);
        raw.options_mut().decompress = Some(false);
        let selection = Selection::of(&Headers::new(), &raw).unwrap();
        assert!(selection.matches(&raw) && !selection.matches(&request(&[])));
    }
}
