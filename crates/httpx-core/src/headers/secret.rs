//! Which values `Debug` does not show.

/// The fields that always hold secrets (RFC 9110 §11, RFC 6265 §4).
const SECRET: [&[u8]; 4] = [b"authorization", b"proxy-authorization", b"cookie", b"set-cookie"];

/// The fields that hold a URL, which may hold a password.
const URL: [&[u8]; 3] = [b"location", b"content-location", b"referer"];

/// Returns whether the field always holds secrets.
pub(super) fn is_secret_name(name: &[u8]) -> bool {
    SECRET.iter().any(|secret| name.eq_ignore_ascii_case(secret))
}

/// Returns whether a value must not be shown: it is the value of such a field, or a URL with user information.
pub(super) fn is_secret(name: &[u8], value: &[u8]) -> bool {
    is_secret_name(name) || (URL.iter().any(|url| name.eq_ignore_ascii_case(url)) && has_user_info(value))
}

/// Returns whether a URL, perhaps a relative one, holds user information.
///
/// Parsers that follow the URL Standard find some in odd places: they read `\` as `/`, take out tabs, and after
/// `http:` accept any number of slashes, even none.
fn has_user_info(url: &[u8]) -> bool {
    let url = url.iter().copied().filter(|&byte| byte != b'\t' && byte != b' ').collect::<Vec<_>>();
    let scheme = scheme_len(&url);
    let rest = url.get(scheme..).unwrap_or_default();
    let slashes = rest.iter().take_while(|&&byte| matches!(byte, b'/' | b'\\')).count();
    if scheme == 0 && slashes < 2 {
        return false;
    }
    let behind = rest.iter().skip(slashes);
    behind.take_while(|byte| !matches!(byte, b'/' | b'\\' | b'?' | b'#')).any(|byte| *byte == b'@')
}

/// Returns the length of the scheme with its colon; 0 for a relative URL.
fn scheme_len(url: &[u8]) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    let len = url.iter().take_while(|byte| is_part(byte)).count();
    if len > 0 && url.get(len) == Some(&b':') { len + 1 } else { 0 }
}
