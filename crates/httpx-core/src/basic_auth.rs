//! `Authorization: Basic` (RFC 7617).

use crate::Url;

/// Returns the value of `Authorization: Basic` for a user and a password (RFC 7617 §2).
///
/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// assert_eq!(httpx::models::basic_auth("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
/// ```
pub fn basic_auth(user: &str, password: &str) -> String {
    encode(user.as_bytes(), password.as_bytes())
}

/// Returns the value for the user information of a URL, which is percent-encoded there.
pub(crate) fn of_url(url: &Url) -> String {
    let (user, password) = user_info(url).unwrap_or_default();
    encode(&user, &password)
}

/// Returns user and password of a URL, decoded; `None` if it has neither.
pub fn user_info(url: &Url) -> Option<(Vec<u8>, Vec<u8>)> {
    url.has_user_info().then(|| (decode(url.username()), decode(url.password().unwrap_or_default())))
}

/// Returns the user of a value of `Authorization: Basic` whose password is empty (RFC 7617 §2); `None` for any other value.
pub fn user_without_password(value: &[u8]) -> Option<Vec<u8>> {
    let (scheme, coded) = value.split_at_checked(6)?;
    let mut user = from_base64(coded).filter(|_| scheme.eq_ignore_ascii_case(b"Basic "))?;
    // The first colon ends the user.
    (user.pop() == Some(b':') && !user.is_empty() && !user.contains(&b':')).then_some(user)
}

fn encode(user: &[u8], password: &[u8]) -> String {
    let mut value = String::from("Basic ");
    base64([user, b":", password].concat().as_slice(), &mut value);
    value
}

/// Decodes `%XX`; everything else is left unchanged.
fn decode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match rest {
            [b'%', high, low, tail @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex(*high) << 4 | hex(*low));
                rest = tail;
            }
            _ => {
                out.push(*first);
                rest = tail;
            }
        }
    }
    out
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20).wrapping_sub(b'a' - 10),
    }
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Appends the bytes in base64 with padding (RFC 4648 §4).
pub fn base64(bytes: &[u8], out: &mut String) {
    for chunk in bytes.chunks(3) {
        let group =
            chunk.iter().enumerate().fold(0, |group, (at, &byte)| group | u32::from(byte) << (16 - 8 * at));
        for at in 0..4 {
            let symbol = ALPHABET[(group >> (18 - 6 * at)) as usize & 63];
            out.push(if at <= chunk.len() { char::from(symbol) } else { '=' });
        }
    }
}

/// Decodes base64 with padding (RFC 4648 §4); `None` if it is none.
fn from_base64(coded: &[u8]) -> Option<Vec<u8>> {
    let digits = coded.strip_suffix(b"==").or_else(|| coded.strip_suffix(b"=")).unwrap_or(coded);
    let mut out = Vec::with_capacity(coded.len());
    let (mut bits, mut count) = (0_u32, 0);
    for digit in digits {
        let at = ALPHABET.iter().position(|symbol| symbol == digit)?;
        bits = bits << 6 | at as u32;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
        }
    }
    (coded.len().is_multiple_of(4)).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_4648_vectors() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("\u{ff}\u{fb}", "w7/Duw=="),
        ] {
            let mut out = String::new();
            base64(plain.as_bytes(), &mut out);
            assert_eq!(out, coded, "{plain:?}");
            assert_eq!(from_base64(coded.as_bytes()).as_deref(), Some(plain.as_bytes()), "{coded}");
        }
    }

    #[test]
    fn users_without_a_password() {
        for (value, expected) in [
            (&*basic_auth("ann", ""), Some("ann")),
            ("basic YW5uOg==", Some("ann")),
            (&*basic_auth("\u{fc}", ""), Some("\u{fc}")),
            (&*basic_auth("ann", "x"), None),
            (&*basic_auth("ann", ":"), None),
            (&*basic_auth("", ""), None),
            ("Bearer YW5uOg==", None),
            ("Basic YW5uOg=", None),
            ("Basic YW5uOg", None),
            ("Basic YW=uOg==", None),
            ("Basic !", None),
            ("Basic ", None),
            ("Basic", None),
        ] {
            let user = user_without_password(value.as_bytes());
            assert_eq!(user.as_deref(), expected.map(str::as_bytes), "{value}");
        }
    }

    #[test]
    fn of_urls() {
        for (url, user, password) in [
            ("http://a:b@h/", "a", "b"),
            ("http://a@h/", "a", ""),
            ("http://:b@h/", "", "b"),
            ("http://%C3%BC:p%40s%3as%2@h/", "ü", "p@s:s%2"),
        ] {
            assert_eq!(of_url(&Url::parse(url).unwrap()), basic_auth(user, password), "{url}");
        }
    }
}
