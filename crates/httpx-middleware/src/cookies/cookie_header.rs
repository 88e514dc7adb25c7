//! Writes the `Cookie` header within its size limit.

use super::cookie::CookieScope;
use super::stored_cookie::StoredCookie;
use std::cmp::Reverse;

/// The most bytes of a `Cookie` header line. Servers refuse longer lines (Apache: 8,190 bytes), and a site that set too
/// many cookies could not be reached any more. curl has the same limit.
pub(crate) const MAX_LINE: usize = 8190;

const MAX_VALUE: usize = MAX_LINE - "Cookie: ".len();

const SEPARATOR: &str = "; ";

/// Formats the cookies for one URL in the order of RFC 6265bis §5.8.3: longer paths first, then older cookies. Returns
/// `None` if there are none.
///
/// If the header would be too long, the most specific cookies go into it: those of the host itself before those of a
/// parent domain, then those with longer paths, then older ones. A cookie that does not fit is left out.
pub(crate) fn format(mut cookies: Vec<&StoredCookie>) -> Option<String> {
    let mut length = length(&cookies);
    if length > MAX_VALUE {
        keep_most_specific(&mut cookies);
        length = MAX_VALUE;
    }
    if cookies.is_empty() {
        return None;
    }
    cookies.sort_unstable_by_key(|cookie| (Reverse(cookie.path().len()), cookie.created));
    let mut header = String::with_capacity(length);
    for cookie in cookies {
        if !header.is_empty() {
            header.push_str(SEPARATOR);
        }
        // A cookie without a name is sent as its value alone (RFC 6265bis §5.8.3).
        if !cookie.name().is_empty() {
            header.push_str(cookie.name());
            header.push('=');
        }
        header.push_str(cookie.value());
    }
    Some(header)
}

fn length(cookies: &[&StoredCookie]) -> usize {
    let pairs: usize = cookies.iter().map(|cookie| cookie.pair_len() + SEPARATOR.len()).sum();
    pairs.saturating_sub(SEPARATOR.len())
}

fn keep_most_specific(cookies: &mut Vec<&StoredCookie>) {
    cookies.sort_unstable_by_key(|cookie| {
        let is_shared = cookie.scope() == CookieScope::Domain;
        (Reverse(cookie.domain().len()), is_shared, Reverse(cookie.path().len()), cookie.created)
    });
    let mut left = MAX_VALUE + SEPARATOR.len();
    cookies.retain(|cookie| match left.checked_sub(cookie.pair_len() + SEPARATOR.len()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    });
}
