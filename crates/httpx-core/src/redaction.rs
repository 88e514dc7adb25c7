//! [`Redaction`]: which headers and parameters are hidden in logs, commands and exports.

mod json;

use std::borrow::Cow;

use crate::headers::SECRET;
use crate::{HeaderValue, Url};

/// A name that ends with one of these words holds a secret. Case, `-` and `_` do not count: `X-Api-Key`, `accessToken`.
const SECRET_ENDINGS: [&str; 14] = [
    "token",
    "key",
    "secret",
    "signature",
    "sig",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "credential",
    "credentials",
    "jwt",
    "assertion",
    "authorization",
];

/// Further names of parameters that hold secrets: the code of OAuth (RFC 6749 §4.1.2) and its verifier (RFC 7636 §4.5),
/// the response of SAML, passwords, sessions.
const SECRET_PARAMS: [&str; 8] =
    ["code", "codeverifier", "auth", "samlresponse", "pass", "session", "sessionid", "sid"];

/// Names with such an ending that hold no secret (RFC 6455 §4.1, and drafts of the HTTP working group).
const PLAIN_NAMES: [&str; 3] = ["secwebsocketkey", "idempotencykey", "surrogatekey"];

/// The headers that hold URLs.
const URL_HEADERS: [&str; 5] = ["location", "contentlocation", "referer", "link", "refresh"];

/// Media types of several JSON values in a row.
const JSON_SEQUENCES: [&str; 4] =
    ["application/jsonl", "application/x-ndjson", "application/ndjson", "application/json-seq"];

/// Which secrets of a request and a response are hidden where they are shown: in logs, in commands, in exports.
///
/// By default these are shown as `[secret]`:
///
/// - the headers `Authorization`, `Proxy-Authorization`, `Cookie` and `Set-Cookie`, and all that were
///   [marked as sensitive](crate::Headers::mark_sensitive),
/// - headers, parameters of a query or a fragment, fields of a form and members of JSON whose name ends with `token`, `key`,
///   `secret`, `signature`, `sig`, `password`, `credential`, `jwt` or similar, such as `X-Api-Key` and `access_token`;
///   parameters named `code`, `code_verifier`, `auth`, `authorization`, `SAMLResponse`, `pass`, `session` or `sid`,
/// - the user information of a URL, always.
///
/// **A secret in the path of a URL, or in a body that is neither a form nor JSON, is not detected.**
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod logging { pub use httpx_core::Redaction; } }
/// use httpx::Url;
/// use httpx::logging::Redaction;
///
/// let url = Url::parse("https://ann:s3cret@example.com/items?page_token=7&user=ann&api_key=5f1c")?;
/// let redaction = Redaction::new().show_param("page_token").hide_param("user");
/// assert_eq!(redaction.url(&url), "https://example.com/items?page_token=7&user=[secret]&api_key=[secret]");
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Redaction {
    /// The names that were set; the last rule for a name counts.
    rules: Vec<Rule>,
    shows_all: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    place: RulePlace,
    /// In the form of [`normalized`].
    name: String,
    is_hidden: bool,
}

/// Where a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RulePlace {
    Header,
    Param,
}

impl Redaction {
    /// The text that stands in place of a secret: `[secret]`.
    pub const SECRET: &str = SECRET;

    /// Hides the secrets that are described above.
    pub fn new() -> Self {
        Redaction::default()
    }

    /// Hides nothing but the user information of URLs, and what [`hide_header`](Redaction::hide_header) and
    /// [`hide_param`](Redaction::hide_param) add.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod logging { pub use httpx_core::Redaction; } }
    /// use httpx::headers;
    /// use httpx::logging::Redaction;
    ///
    /// let headers = headers![("Authorization", "Bearer 5f1c")];
    /// let value = headers.get("Authorization").unwrap();
    /// assert_eq!(Redaction::new().header("Authorization", value), "[secret]");
    /// assert_eq!(Redaction::show_all().header("Authorization", value), "Bearer 5f1c");
    /// ```
    pub fn show_all() -> Self {
        Redaction { rules: Vec::new(), shows_all: true }
    }

    /// Hides the header of this name.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// let redaction = httpx::logging::Redaction::new().hide_header("X-User");
    /// ```
    pub fn hide_header(self, name: &str) -> Self {
        self.with(RulePlace::Header, name, true)
    }

    /// Shows the header of this name, also if it was marked as sensitive.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// let redaction = httpx::logging::Redaction::new().show_header("Set-Cookie");
    /// ```
    pub fn show_header(self, name: &str) -> Self {
        self.with(RulePlace::Header, name, false)
    }

    /// Hides the parameters of queries, the fields of forms and the members of JSON that have this name.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// let redaction = httpx::logging::Redaction::new().hide_param("email");
    /// ```
    pub fn hide_param(self, name: &str) -> Self {
        self.with(RulePlace::Param, name, true)
    }

    /// Shows the parameters of queries, the fields of forms and the members of JSON that have this name.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// let redaction = httpx::logging::Redaction::new().show_param("next_page_token");
    /// ```
    pub fn show_param(self, name: &str) -> Self {
        self.with(RulePlace::Param, name, false)
    }

    /// Returns whether a header of this name and value is hidden.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod logging { pub use httpx_core::Redaction; } }
    /// let headers = httpx::headers![("X-Api-Key", "5f1c"), ("Accept", "*/*")];
    /// let redaction = httpx::logging::Redaction::new();
    /// let hidden: Vec<_> = headers.iter().filter(|(name, value)| redaction.hides_header(name, *value)).collect();
    /// assert_eq!((hidden.len(), hidden[0].0), (1, "X-Api-Key"));
    /// ```
    pub fn hides_header(&self, name: &str, value: HeaderValue<'_>) -> bool {
        let name = normalized(name);
        self.rule(RulePlace::Header, &name)
            .unwrap_or_else(|| !self.shows_all && (value.is_secret() || has_secret_ending(&name)))
    }

    /// Returns whether a parameter of this name is hidden.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// let redaction = httpx::logging::Redaction::new();
    /// assert!(redaction.hides_param("X-Amz-Signature") && !redaction.hides_param("page"));
    /// ```
    pub fn hides_param(&self, name: &str) -> bool {
        let name = normalized(name);
        self.rule(RulePlace::Param, &name).unwrap_or_else(|| {
            !self.shows_all && (has_secret_ending(&name) || SECRET_PARAMS.contains(&name.as_str()))
        })
    }

    /// Returns the value of a header as it may be shown: `[secret]` in place of one that is hidden; the URLs of a `Location`,
    /// `Content-Location`, `Referer`, `Link` or `Refresh` as by [`text`](Redaction::text). Bytes that are not UTF-8 become U+FFFD.
    pub fn header(&self, name: &str, value: HeaderValue<'_>) -> String {
        let normal = normalized(name);
        if self.hides_header(name, value) {
            SECRET.to_owned()
        } else if URL_HEADERS.contains(&normal.as_str()) {
            self.text(&value.to_string()).into_owned()
        } else {
            value.to_string()
        }
    }

    /// Returns the URL as it may be shown: without user information and fragment, and with `[secret]` in place of the
    /// parameters that are hidden.
    pub fn url(&self, url: &Url) -> String {
        let url = url.redacted();
        let sent = url.split_once('#').map_or(&*url, |(sent, _)| sent);
        self.text(sent).into_owned()
    }

    /// Returns a query or a form with `[secret]` in place of the values that are hidden.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// let form = httpx::logging::Redaction::new().query("user=ann&password=s3cret");
    /// assert_eq!(form, "user=ann&password=[secret]");
    /// ```
    pub fn query<'a>(&self, query: &'a str) -> Cow<'a, str> {
        if !query.split('&').any(|pair| self.shown_len(pair).is_some()) {
            return query.into();
        }
        let pairs = query.split('&').map(|pair| match self.shown_len(pair).and_then(|len| pair.get(..len)) {
            Some(shown) => format!("{shown}{SECRET}").into(),
            None => Cow::Borrowed(pair),
        });
        pairs.collect::<Vec<_>>().join("&").into()
    }

    /// Returns where the secret begins in a pair of name and value. The value may be a URL with a query of its own.
    fn shown_len(&self, pair: &str) -> Option<usize> {
        let mut start = 0;
        for part in pair.split('?') {
            if let Some((name, _)) = part.split_once('=')
                && self.hides_param(&decoded(name))
            {
                return Some(start + name.len() + 1);
            }
            start += part.len() + 1;
        }
        None
    }

    /// Returns a text with `[secret]` in place of the hidden parameters of all URLs in it, for example of an error. A fragment
    /// is treated as a query: it holds the tokens of OAuth (RFC 6749 §4.2.2).
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// let text = httpx::logging::Redaction::new().text("see https://app/cb#access_token=5f1c&state=1 for more");
    /// assert_eq!(text, "see https://app/cb#access_token=[secret]&state=1 for more");
    /// ```
    pub fn text<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if !text.contains(['?', '#']) {
            return text.into();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(mark) = rest.find(['?', '#']) {
            let (before, after) = rest.split_at(mark + 1);
            let end = after.find(|c: char| c.is_whitespace() || matches!(c, '#' | '"' | '<' | '>'));
            let (query, behind) = after.split_at(end.unwrap_or(after.len()));
            out.extend([before, &*self.query(query)]);
            rest = behind;
        }
        out.push_str(rest);
        out.into()
    }

    /// Returns a body of this media type, which may have parameters, as it may be shown: forms as by
    /// [`query`](Redaction::query), and `"[secret]"` in place of the members of JSON that are hidden. Other types are shown as
    /// they are.
    ///
    /// `null`, `true`, `false`, empty values, and a number named `code` are shown.
    ///
    /// Returns `None` if the body must be left out, because its secrets cannot be found: a form that is not UTF-8, JSON that
    /// is not valid or is nested deeper than 128 levels, and a body in parts (`multipart/…`, but for `multipart/byteranges`).
    /// [`show_all`](Redaction::show_all) shows these, too.
    ///
    /// ```
    /// # mod httpx { pub mod logging { pub use httpx_core::Redaction; } }
    /// use httpx::logging::Redaction;
    ///
    /// let body = br#"{"access_token": "5f1c", "expires_in": 60}"#;
    /// let shown = Redaction::new().body("application/json", body);
    /// assert_eq!(shown.as_deref(), Some(&br#"{"access_token": "[secret]", "expires_in": 60}"#[..]));
    /// assert_eq!(Redaction::new().body("multipart/form-data; boundary=b", b"--b"), None);
    /// ```
    pub fn body<'a>(&self, media_type: &str, body: &'a [u8]) -> Option<Cow<'a, [u8]>> {
        let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let is_form = essence == "application/x-www-form-urlencoded";
        let is_json = essence.ends_with("/json")
            || essence.ends_with("+json")
            || JSON_SEQUENCES.contains(&essence.as_str());
        let is_multipart = essence.starts_with("multipart/") && essence != "multipart/byteranges";
        let shows_all = self.shows_all && !self.rules.iter().any(|rule| rule.is_hidden);
        if body.is_empty() || shows_all || !(is_form || is_json || is_multipart) {
            return Some(body.into());
        }
        let text = std::str::from_utf8(body).ok().filter(|_| !is_multipart)?;
        let shown = if is_form { self.query(text) } else { json::redacted(text, self)? };
        Some(match shown {
            Cow::Borrowed(text) => text.as_bytes().into(),
            Cow::Owned(text) => text.into_bytes().into(),
        })
    }

    /// Returns whether a rule of the user hides parameters of this name.
    fn is_param_hidden_by_rule(&self, name: &str) -> bool {
        self.rule(RulePlace::Param, &normalized(name)) == Some(true)
    }

    fn with(mut self, place: RulePlace, name: &str, is_hidden: bool) -> Self {
        self.rules.push(Rule { place, name: normalized(name), is_hidden });
        self
    }

    fn rule(&self, place: RulePlace, name: &str) -> Option<bool> {
        let mut rules = self.rules.iter().rev();
        rules.find(|rule| rule.place == place && rule.name == name).map(|rule| rule.is_hidden)
    }
}

/// The name without case and separators: `X-Api-Key`, `api_key` and `apiKey` are spelled in many ways.
fn normalized(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn has_secret_ending(name: &str) -> bool {
    SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending)) && !PLAIN_NAMES.contains(&name)
}

/// Undoes percent-encoding, so that a name cannot be disguised.
fn decoded(name: &str) -> Cow<'_, str> {
    if !name.contains('%') {
        return name.into();
    }
    ::url::form_urlencoded::parse(name.as_bytes())
        .next()
        .map_or(name.into(), |(name, _)| name.into_owned().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Headers;

    #[test]
    fn the_names_of_secrets() {
        let redaction = Redaction::new();
        for (name, is_hidden) in [
            ("token", true),
            ("access_token", true),
            ("accessToken", true),
            ("X-Amz-Signature", true),
            ("X-Amz-Credential", true),
            ("X-Amz-Date", false),
            ("sig", true),
            ("API-KEY", true),
            ("code", true),
            ("country_code", false),
            ("authorization", true),
            ("code_verifier", true),
            ("SAMLResponse", true),
            ("sid", true),
            ("side", false),
            ("page", false),
            ("keyword", false),
            ("", false),
        ] {
            assert_eq!(redaction.hides_param(name), is_hidden, "{name}");
            assert!(!Redaction::show_all().hides_param(name));
            assert!(Redaction::show_all().hide_param(name).hides_param(name));
            assert!(!Redaction::new().hide_param(name).show_param(name).hides_param(name));
        }
    }

    #[test]
    fn values_of_headers() {
        let mut headers = Headers::new();
        for (name, value, shown) in [
            ("Authorization", "Basic YTpi", "[secret]"),
            ("cookie", "id=1", "[secret]"),
            ("Set-Cookie", "id=1", "[secret]"),
            ("X-Api-Key", "k", "[secret]"),
            ("X-Mine", "m", "[secret]"),
            ("Sec-WebSocket-Key", "w", "w"),
            ("Accept", "a", "a"),
            ("Location", "/next?a=b&token=t#f", "/next?a=b&token=[secret]#f"),
            (
                "Location",
                "https://app/cb#access_token=t&state=s",
                "https://app/cb#access_token=[secret]&state=s",
            ),
            ("Referer", "https://ann:pass@h/", "[secret]"),
            ("Link", "</?page=2&token=t>; rel=next", "</?page=2&token=[secret]>; rel=next"),
            ("Refresh", "5; url=/?key=k", "5; url=/?key=[secret]"),
            ("X-Forwarded-Authorization", "Bearer t", "[secret]"),
            ("X-Plain", "?token=t", "?token=t"),
        ] {
            headers.set(name, value).unwrap();
            if name == "X-Mine" {
                headers.mark_sensitive(name);
            }
            assert_eq!(Redaction::new().header(name, headers.get(name).unwrap()), shown, "{name}");
        }
        let mine = headers.get("X-Mine").unwrap();
        assert_eq!(Redaction::new().show_header("x-mine").header("X-Mine", mine), "m");
        let accept = headers.get("Accept").unwrap();
        assert_eq!(Redaction::new().hide_header("accept").header("Accept", accept), "[secret]");
    }

    #[test]
    fn queries_in_texts() {
        for (text, shown) in [
            ("", ""),
            ("why?", "why?"),
            ("GET http://h/?token=a&b=c failed", "GET http://h/?token=[secret]&b=c failed"),
            ("<http://h/?a=b&key=c>", "<http://h/?a=b&key=[secret]>"),
            ("http://h/?to%6Ben=a", "http://h/?to%6Ben=[secret]"),
            ("http://h/?a=b?key=c", "http://h/?a=b?key=[secret]"),
            ("/?token=a?b&c=d", "/?token=[secret]&c=d"),
            ("/?token=a /?sig=b#key=c", "/?token=[secret] /?sig=[secret]#key=[secret]"),
            ("http://h/#/cb?token=a&b=c", "http://h/#/cb?token=[secret]&b=c"),
            ("http://h/#top ?key=a", "http://h/#top ?key=[secret]"),
            ("http://h/#id_token=a", "http://h/#id_token=[secret]"),
            ("/?token", "/?token"),
        ] {
            assert_eq!(Redaction::new().text(text), shown);
        }
    }

    #[test]
    fn bodies() {
        for (media_type, body, shown) in [
            ("application/x-www-form-urlencoded", "a=b&password=p\0", Some("a=b&password=[secret]")),
            ("Application/JSON; charset=utf-8", r#"{"key":1}"#, Some(r#"{"key":"[secret]"}"#)),
            ("application/ld+json", r#"{"key":1}"#, Some(r#"{"key":"[secret]"}"#)),
            ("application/x-ndjson", "{\"key\":1}\n", Some("{\"key\":\"[secret]\"}\n")),
            ("application/json", "{", None),
            ("application/json", "", Some("")),
            ("multipart/form-data; boundary=b", "--b", None),
            ("multipart/mixed", "--b", None),
            ("multipart/byteranges", "--b", Some("--b")),
            ("text/plain", "key=1", Some("key=1")),
            ("", "key=1", Some("key=1")),
        ] {
            let found = Redaction::new().body(media_type, body.as_bytes());
            assert_eq!(found.as_deref(), shown.map(str::as_bytes), "{media_type}");
            let found = Redaction::show_all().show_param("b").body(media_type, body.as_bytes());
            assert_eq!(found.as_deref(), Some(body.as_bytes()));
        }
        for media_type in ["application/json", "application/x-www-form-urlencoded"] {
            assert_eq!(Redaction::new().body(media_type, b"\xff"), None);
            assert_eq!(Redaction::show_all().hide_param("a").body(media_type, b"\xff"), None);
        }
    }
}
