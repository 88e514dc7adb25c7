//! Links in `Link` headers (RFC 8288).

use std::borrow::Cow;

/// A link of a `Link` header (RFC 8288 §3): a target and parameters, such as `rel`.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
/// use httpx::flow::ResponseHead;
/// use httpx::{StatusCode, headers};
///
/// let head = ResponseHead::new(StatusCode::OK)
///     .with_headers(headers![("Link", r#"</items?ids=1,2&page=3>; rel="next", </items>; rel=first"#)]);
/// let links = head.links().collect::<Vec<_>>();
/// assert_eq!(links[0].target(), "/items?ids=1,2&page=3");
/// assert!(links[0].has_rel("next") && links[1].has_rel("FIRST"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link<'a> {
    target: &'a str,
    params: Vec<(&'a str, Cow<'a, str>)>,
}

impl<'a> Link<'a> {
    /// Returns the target as it was written: a URL, often relative to that of the response.
    pub fn target(&self) -> &'a str {
        self.target
    }

    /// Returns the value of the first parameter of this name, in any case, without its quotes.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Response;
    ///
    /// let response = Response::new(200, ())?.with_header("Link", "</help>; rel=help; title=\"Read me\"")?;
    /// assert_eq!(response.links().next().unwrap().param("title"), Some("Read me"));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// Returns whether the link has this relation type, such as `next`, in any case.
    pub fn has_rel(&self, rel: &str) -> bool {
        let mut types = self.param("rel").unwrap_or_default().split_ascii_whitespace();
        types.any(|found| found.eq_ignore_ascii_case(rel))
    }
}

/// Returns the links of one header value; other text is skipped (RFC 8288 §B.2).
pub(crate) fn links(value: &[u8]) -> impl Iterator<Item = Link<'_>> {
    let mut rest = std::str::from_utf8(value).unwrap_or_default();
    std::iter::from_fn(move || {
        // Skips to the next target: commas between links, and text that belongs to none.
        let start = rest.find('<')?;
        let (target, after) = rest.get(start + 1..)?.split_once('>')?;
        let params;
        (params, rest) = self::params(after);
        Some(Link { target: target.trim(), params })
    })
}

/// Returns the parameters of a link, and the text after it.
fn params(mut rest: &str) -> (Vec<(&str, Cow<'_, str>)>, &str) {
    let mut params = Vec::new();
    loop {
        rest = skip_ows(rest);
        let Some(after) = rest.strip_prefix(';') else { return (params, rest) };
        let after = skip_ows(after);
        let (name, after) = split_before(after, &['=', ';', ',']);
        let (value, after) = match skip_ows(after).strip_prefix('=').map(skip_ows) {
            Some(value) => match value.strip_prefix('"') {
                Some(quoted) => unquote(quoted),
                None => {
                    let (value, after) = split_before(value, &[';', ',']);
                    (trim_end(value).into(), after)
                }
            },
            None => (Cow::default(), after),
        };
        let name = trim_end(name);
        if !name.is_empty() {
            params.push((name, value));
        }
        rest = after;
    }
}

/// Returns the text up to the closing quote, which may be missing, without its backslashes, and the text after it.
fn unquote(text: &str) -> (Cow<'_, str>, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return (value.into(), text.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(chars.next().map(|(_, char)| char)),
            char => value.push(char),
        }
    }
    (value.into(), "")
}

fn split_before<'t>(text: &'t str, ends: &[char]) -> (&'t str, &'t str) {
    text.split_at(text.find(ends).unwrap_or(text.len()))
}

fn skip_ows(text: &str) -> &str {
    text.trim_start_matches([' ', '\t'])
}

fn trim_end(text: &str) -> &str {
    text.trim_end_matches([' ', '\t'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let table: &[(&str, &[&str])] = &[
            ("", &[]),
            ("<a>", &["a"]),
            ("<a>; rel=next", &["a rel=next"]),
            ("<a> ; rel = \"next last\" ;title=x,<b>;rel=prev", &["a rel=next last title=x", "b rel=prev"]),
            ("<http://h/?ids=1,2;3>; rel=\"next\", <b>", &["http://h/?ids=1,2;3 rel=next", "b"]),
            ("<a>; title=\"x, <y>; \\\"z\\\"\"; rel=next", &["a title=x, <y>; \"z\" rel=next"]),
            ("<a>; flag; rel=next; , , <b>", &["a flag= rel=next", "b"]),
            ("<>; rel=self", &[" rel=self"]),
            ("nonsense, <a>", &["a"]),
            ("<a", &[]),
            ("<a>; title=\"open", &["a title=open"]),
            ("<a>; ;=x; rel=b", &["a rel=b"]),
            ("<\u{e4}>; title=\u{fc}", &["\u{e4} title=\u{fc}"]),
        ];
        for (value, expected) in table {
            let found = links(value.as_bytes())
                .map(|link| {
                    link.params
                        .iter()
                        .fold(link.target.to_owned(), |text, (name, value)| format!("{text} {name}={value}"))
                })
                .collect::<Vec<_>>();
            assert_eq!(found, *expected, "{value}");
        }
    }

    #[test]
    fn relation_types() {
        let link = links(b"<a>; REL=\"next LAST\"; rel=prev").next().unwrap();
        for (rel, expected) in
            [("next", true), ("last", true), ("Next", true), ("prev", false), ("nex", false), ("", false)]
        {
            assert_eq!(link.has_rel(rel), expected, "{rel}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_bytes(value: Vec<u8>, text in "[<>;,=\"\\\\a \t]{0,40}") {
            let count = links(&value).count() + links(text.as_bytes()).count();
            proptest::prop_assert!(count <= value.len() + text.len());
        }
    }
}
