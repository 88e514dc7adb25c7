//! [`Challenge`]: one challenge of a `WWW-Authenticate` or `Proxy-Authenticate` header (RFC 9110 §11.3).

use std::borrow::Cow;

use super::param_reader::{ParamReader, is_param};
use crate::Headers;

/// The most challenges that are read of a response. Servers send one to three.
const MAX_CHALLENGES: usize = 16;

/// The most parameters of a challenge. Digest has ten.
const MAX_PARAMS: usize = 32;

/// The most bytes of the parameters of a challenge: their values are sent back with each request.
const MAX_BYTES: usize = 8 << 10;

/// A challenge of a server or a proxy: a scheme, and parameters or a `token68` (RFC 9110 §11.3).
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod auth { pub use httpx_core::auth::*; } }
/// use httpx::auth::Challenge;
/// use httpx::headers;
///
/// let headers = headers![("WWW-Authenticate", r#"Bearer realm="api", error="invalid_token", Negotiate"#)];
/// let challenges = Challenge::all(&headers, "WWW-Authenticate");
/// assert!(challenges[0].is("bearer") && challenges[1].is("negotiate"));
/// assert_eq!(challenges[0].param("error").as_deref(), Some("invalid_token"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    scheme: String,
    token68: Option<String>,
    /// Names in lower case.
    params: Vec<(String, Vec<u8>)>,
}

impl Challenge {
    /// Returns the challenges of all header fields of this name, in their order. Text that is no challenge is skipped.
    ///
    /// At most 16 challenges are read. One with more than 32 parameters, or more than 8 KiB of them, is left out.
    pub fn all(headers: &Headers, name: &str) -> Vec<Challenge> {
        let mut found = Vec::new();
        for value in headers.get_all(name) {
            read(value.as_bytes(), &mut found);
        }
        found.retain(Challenge::is_bounded);
        found
    }

    /// Returns the scheme, as it was written.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// Returns whether the scheme is this one, in any case.
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// Returns the `token68` after the scheme, as NTLM and Negotiate have it.
    pub fn token68(&self) -> Option<&str> {
        self.token68.as_deref()
    }

    /// Returns the value of the first parameter of this name, in any case, without its quotes. Bytes that are not UTF-8
    /// are replaced.
    pub fn param(&self, name: &str) -> Option<Cow<'_, str>> {
        self.param_bytes(name).map(String::from_utf8_lossy)
    }

    /// Returns the value of the first parameter of this name, in any case, without its quotes.
    pub fn param_bytes(&self, name: &str) -> Option<&[u8]> {
        self.params.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    fn is_bounded(&self) -> bool {
        let bytes = self.params.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        self.params.len() <= MAX_PARAMS && bytes <= MAX_BYTES
    }
}

/// Appends the challenges of one header value. After a comma there is a parameter of the last challenge, or the next
/// challenge: an equals sign after the token tells them apart.
fn read(value: &[u8], found: &mut Vec<Challenge>) {
    let mut reader = ParamReader::new(value);
    let first = found.len();
    loop {
        reader.skip_separators();
        if reader.is_at_end() {
            return;
        }
        if is_param(&reader) {
            let name = reader.token().to_ascii_lowercase();
            let value = reader.param_value().unwrap_or_default();
            if let Some(challenge) = found.get_mut(first..).and_then(|own| own.last_mut()) {
                challenge.push(name, value);
            }
            continue;
        }
        let scheme = reader.token();
        if scheme.is_empty() {
            reader.skip_element();
            continue;
        }
        if found.len() == MAX_CHALLENGES {
            return;
        }
        let token68 = reader.token68().map(String::from);
        found.push(Challenge { scheme: scheme.to_owned(), token68, params: Vec::new() });
    }
}

impl Challenge {
    /// One parameter more than the most is kept, so that the challenge is known to have too many.
    fn push(&mut self, name: String, value: Vec<u8>) {
        if self.params.len() <= MAX_PARAMS {
            self.params.push((name, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(values: &[&str]) -> String {
        let mut headers = Headers::new();
        for value in values {
            headers.append("WWW-Authenticate", *value).unwrap();
        }
        let challenges = Challenge::all(&headers, "www-authenticate");
        let texts = challenges.iter().map(|challenge| {
            let params =
                challenge.params.iter().map(|(name, value)| format!(" {name}={}", value.escape_ascii()));
            let token = challenge.token68().map(|token| format!(" <{token}>")).unwrap_or_default();
            format!("{}{token}{}", challenge.scheme(), params.collect::<String>())
        });
        texts.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn forms() {
        let rows: &[(&[&str], &str)] = &[
            (&[""], ""),
            (&["Basic"], "Basic"),
            (&["Basic realm=\"a b\""], "Basic realm=a b"),
            (&["Basic realm = \"a\" , charset=UTF-8"], "Basic realm=a charset=UTF-8"),
            (
                &["Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\""],
                "Newauth realm=apps type=1 title=Login to \\\"apps\\\" | Basic realm=simple",
            ),
            (&["Negotiate, Basic realm=x"], "Negotiate | Basic realm=x"),
            (&["Negotiate, NTLM, Basic"], "Negotiate | NTLM | Basic"),
            (
                &["Negotiate YII=, NTLM TlRMTVNT==  ,Digest a=\"b\""],
                "Negotiate <YII=> | NTLM <TlRMTVNT==> | Digest a=b",
            ),
            (&["Basic realm=a", "Digest realm=b"], "Basic realm=a | Digest realm=b"),
            (&["Basic", "realm=b"], "Basic"),
            (&[", ,Basic realm=a,, charset=b,"], "Basic realm=a charset=b"),
            (&["Digest realm=\"a, Basic b=c\", nonce=\"\\\\\""], "Digest realm=a, Basic b=c nonce=\\\\"),
            (&["Digest realm=\"open, nonce=b"], "Digest realm=open, nonce=b"),
            (&["Digest realm=\"end\\"], "Digest realm=end\\\\"),
            (&["Digest realm=, nonce=b"], "Digest <realm=> nonce=b"),
            (&["Digest qop=\"auth\"nonce=b"], "Digest qop=auth nonce=b"),
            (&["realm=a, Basic"], "Basic"),
            (&["\"x\", Basic realm=a"], "Basic realm=a"),
            (&["(x), Basic realm=a"], "Basic realm=a"),
            (&["Digest realm=a realm=b"], "Digest realm=a realm=b"),
            (&["Digest realm=\"\u{fc}\""], "Digest realm=\\xc3\\xbc"),
        ];
        for (values, expected) in rows {
            assert_eq!(shown(values), *expected, "{values:?}");
        }
    }

    #[test]
    fn bounds() {
        let params = |count: usize| (0..count).map(|n| format!("p{n}=x, ")).collect::<String>();
        let rows = [
            ("Basic, ".repeat(16), 16),
            ("Basic, ".repeat(10_000), 16),
            (format!("Digest {}", params(32)), 1),
            (format!("Digest {}", params(33)), 0),
            (format!("Digest {}", params(10_000)), 0),
            (format!("Digest a=\"{}\"", "x".repeat(8191)), 1),
            (format!("Digest a=\"{}\"", "x".repeat(8192)), 0),
            (format!("Basic {}, Digest a=b", params(33)), 1),
        ];
        for (value, expected) in rows {
            let headers = Headers::try_from([("WWW-Authenticate", value.as_str())]).unwrap();
            let found = Challenge::all(&headers, "WWW-Authenticate").len();
            assert_eq!(found, expected, "{value:.60}");
        }
    }

    proptest::proptest! {
        /// Any bytes give a bounded number of challenges, and a challenge that is written is read back.
        #[test]
        fn any_bytes(value: Vec<u8>, text in "[A-c=\"\\\\, \t/]{0,60}", realm in "[ -~]{0,30}") {
            let mut found = Vec::new();
            read(&value, &mut found);
            read(text.as_bytes(), &mut found);
            proptest::prop_assert!(found.len() <= MAX_CHALLENGES);

            let mut written = b"Basic, Digest a=b, realm=".to_vec();
            super::super::param_reader::write_quoted(realm.as_bytes(), &mut written);
            written.extend(b", c=d, Other");
            let mut found = Vec::new();
            read(&written, &mut found);
            proptest::prop_assert_eq!(found.len(), 3);
            proptest::prop_assert_eq!(found[1].param_bytes("Realm"), Some(realm.as_bytes()));
            let param = found[1].param("c");
            proptest::prop_assert_eq!(param.as_deref(), Some("d"));
        }
    }
}
