//! The forms of a request target (RFC 9112 §3.2), and the hosts in them.

use httpx_core::Method;

/// Returns the target as text, if it [is valid for](is_valid_for) this method.
pub(crate) fn check<'a>(target: &'a [u8], method: &Method) -> Option<&'a str> {
    std::str::from_utf8(target).ok().filter(|target| is_valid_for(target, method))
}

/// Returns whether the target has a form that this method allows.
///
/// A path and a query may hold any visible ASCII, because browsers send more of it unescaped than the grammar allows.
/// A `#` is refused: some servers would truncate the target there and some would not, and no client sends it.
pub(crate) fn is_valid_for(target: &str, method: &Method) -> bool {
    // Without a branch per byte, so that it is vectorised.
    let fine = |byte| (byte > b' ') & (byte < 0x7f) & (byte != b'#');
    target.bytes().fold(true, |all, byte| all & fine(byte))
        && match *method {
            Method::CONNECT => is_authority(target),
            Method::OPTIONS if target == "*" => true,
            _ => target.starts_with('/') || is_absolute(target),
        }
}

/// `uri-host ":" port`: CONNECT has no default port (RFC 9110 §9.3.6).
fn is_authority(target: &str) -> bool {
    let port = target.rsplit_once(':').map(|(_, port)| port.parse::<u16>());
    matches!(port, Some(Ok(1..))) && !target.starts_with(':') && is_host(target.as_bytes())
}

/// `scheme "://" host [ ":" port ] [ path ] [ "?" query ]`. No user information (RFC 9110 §4.2.4), no empty host.
fn is_absolute(target: &str) -> bool {
    let Some((scheme, rest)) = target.split_once("://") else { return false };
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
        && !authority.is_empty()
        && !authority.starts_with(':')
        && is_host(authority.as_bytes())
}

/// `uri-host [ ":" port ]` (RFC 9110 §7.2), which may be empty.
///
/// Of the characters that RFC 3986 §3.2.2 allows in a name, the comma is refused: no name has one, and several `Host`
/// lines that an intermediary has joined look like this.
pub(crate) fn is_host(text: &[u8]) -> bool {
    // Nearly all hosts are letters, digits, dots and hyphens, and perhaps a port.
    let plain = text.iter().position(|&byte| !UNRESERVED[usize::from(byte)]).unwrap_or(text.len());
    match text.split_at(plain).1 {
        [] => true,
        [b':', port @ ..] if is_port(port) => true,
        _ => is_unusual_host(text),
    }
}

/// The same for a host in brackets or with other characters.
#[cold]
fn is_unusual_host(text: &[u8]) -> bool {
    let (name, rest) = match text {
        [b'[', inner @ ..] => match inner.iter().position(|&byte| byte == b']') {
            Some(end) => inner.split_at(end),
            None => return false,
        },
        _ => text.split_at(text.iter().position(|&byte| byte == b':').unwrap_or(text.len())),
    };
    match rest {
        [] | [b':'] => is_name(name),
        [b':', port @ ..] => is_name(name) && is_port(port),
        [b']'] => is_literal(name),
        [b']', b':', port @ ..] => is_literal(name) && is_port(port),
        _ => false,
    }
}

fn is_port(digits: &[u8]) -> bool {
    digits.len() <= 5 && digits.iter().all(u8::is_ascii_digit)
}

/// The characters of an `IPv6address` or `IPvFuture`. Connecting decides whether they are an address.
fn is_literal(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|&byte| byte == b':' || is_unreserved(byte))
}

/// `*( unreserved / pct-encoded / sub-delims )`, without the comma.
fn is_name(mut name: &[u8]) -> bool {
    loop {
        name = match name {
            [] => return true,
            [b'%', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            [b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b';' | b'=', rest @ ..] => rest,
            [byte, rest @ ..] if is_unreserved(*byte) => rest,
            _ => return false,
        };
    }
}

fn is_unreserved(byte: u8) -> bool {
    UNRESERVED[usize::from(byte)]
}

/// `ALPHA / DIGIT / "-" / "." / "_" / "~"`
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'-' | b'.' | b'_' | b'~');
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        #[rustfmt::skip]
        let rows = [
            ("GET", "/", true), ("GET", "/a?b=c|\"{}", true), ("GET", "//a", true), ("GET", "/a#b", false),
            ("GET", "http://h", true), ("GET", "http://h/", true), ("GET", "HTTP://h:80?a", true),
            ("GET", "ftp://[::1]:21/a", true), ("GET", "http://", false), ("GET", "http:///a", false),
            ("GET", "http://:80/", false), ("GET", "http://u@h/", false), ("GET", "http://h\\/", false),
            ("GET", "1http://h/", false), ("GET", "http:h", false), ("GET", "h:80", false), ("GET", "*", false),
            ("GET", "a", false), ("OPTIONS", "*", true), ("OPTIONS", "/", true), ("OPTIONS", "**", false),
            ("CONNECT", "h:443", true), ("CONNECT", "[::1]:443", true), ("CONNECT", "h", false),
            ("CONNECT", "h:", false), ("CONNECT", "h:0", false), ("CONNECT", "h:65536", false),
            ("CONNECT", "h:+1", false), ("CONNECT", ":443", false), ("CONNECT", "/", false), ("CONNECT", "*", false),
            ("CONNECT", "http://h:443", false), ("CONNECT", "u@h:443", false), ("CONNECT", "h:443/", false),
        ];
        for (method, target, fine) in rows {
            let method = Method::try_from(method).unwrap();
            assert_eq!(check(target.as_bytes(), &method).is_some(), fine, "{method} {target}");
        }
    }

    #[test]
    fn hosts() {
        for fine in
            ["", "h", "h:", "h:80", "1.2.3.4:65535", "[::1]", "[::1]:80", "[v1.a:b]", "a_b", "%41", "xn--a!"]
        {
            assert!(is_host(fine.as_bytes()), "{fine}");
        }
        for bad in [
            "a b", "a,b", "a/b", "u@h", "h:80:80", "h:a", "h:123456", "[]", "[::1", "[::1]a", "[::1]80",
            "::1",
        ] {
            assert!(!is_host(bad.as_bytes()), "{bad}");
        }
        for bad in ["a?b", "a#b", "a\\b", "<a>", "%4", "%gg", "é", "\u{7f}", "\"a\"", "[::1%25eth0]"] {
            assert!(!is_host(bad.as_bytes()), "{bad}");
        }
    }
}
