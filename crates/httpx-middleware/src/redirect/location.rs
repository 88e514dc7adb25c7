//! The URL that a redirect leads to.

use std::borrow::Cow;
use std::fmt::Write;

use httpx_core::{HeaderValue, Headers, Result, Url};

/// Returns the URL of the `Location` of a response from `base`; `None` if there is none, or several different ones.
///
/// Empty values are ignored, as in Chrome and curl. Equal values count as one. (Of different values curl takes the first,
/// and Chrome none.)
pub(super) fn of(headers: &Headers, base: &Url) -> Option<Result<Url>> {
    let mut values = headers.get_all("location").filter(|value| !value.as_bytes().is_empty());
    let location = values.next()?;
    if values.any(|other| other != location) {
        return None;
    }
    Some(base.join(&ascii(location)).map(|url| match (url.fragment(), base.fragment()) {
        // The Fetch Standard, "location URL"; RFC 9110 §10.2.2.
        (None, Some(inherited)) => url.with_fragment(Some(inherited)),
        _ => url,
    }))
}

/// Percent-encodes bytes outside ASCII, as Chrome and curl do. So the path is the one that the server meant, in any
/// charset; and in a host the URL parser understands percent-encoded UTF-8.
fn ascii(location: HeaderValue<'_>) -> Cow<'_, str> {
    if let Some(text) = location.to_str() {
        return text.into();
    }
    let mut text = String::with_capacity(location.as_bytes().len() + 16);
    for &byte in location.as_bytes() {
        match byte.is_ascii() {
            true => text.push(char::from(byte)),
            // Writing to a string cannot fail.
            false => _ = write!(text, "%{byte:02X}"),
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations() {
        const BASE: &str = "https://h/a/b?q#f";
        let table: &[(&[&[u8]], Option<&str>)] = &[
            (&[], None),
            (&[b""], None),
            (&[b"/x", b"/y"], None),
            (&[b"/x", b"/x"], Some("https://h/x#f")),
            (&[b"", b"/x"], Some("https://h/x#f")),
            (&[b"c"], Some("https://h/a/c#f")),
            (&[b"../c"], Some("https://h/c#f")),
            (&[b"?x"], Some("https://h/a/b?x#f")),
            (&[b"#x"], Some("https://h/a/b?q#x")),
            (&[b"#"], Some("https://h/a/b?q#")),
            (&[b"//o/x"], Some("https://o/x#f")),
            (&[b"\\\\o\\x"], Some("https://o/x#f")),
            (&[b"HTTP://O:80/x#y"], Some("http://o/x#y")),
            (&[b"/a b/\"<>"], Some("https://h/a%20b/%22%3C%3E#f")),
            (&["/ü?ä#ö".as_bytes()], Some("https://h/%C3%BC?%C3%A4#%C3%B6")),
            (&[b"/\xFC"], Some("https://h/%FC#f")),
            (&["//bücher.example/".as_bytes()], Some("https://xn--bcher-kva.example/#f")),
            (&[b"/a, b"], Some("https://h/a,%20b#f")),
            (&[b"//[::g]/"], Some("invalid")),
            (&[b"http://"], Some("invalid")),
            (&[b"//h:99999/"], Some("invalid")),
        ];
        let base = Url::parse(BASE).unwrap();
        for (values, expected) in table {
            let mut headers = Headers::new();
            for value in *values {
                headers.append("Location", value).unwrap();
            }
            let url = of(&headers, &base);
            let shown = url.as_ref().map(|url| url.as_ref().map_or("invalid", Url::as_str));
            assert_eq!(shown, *expected, "{headers:?}");
        }
    }
}
