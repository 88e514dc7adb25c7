//! Checks the limits of redirects that no policy can raise, and makes the errors.

use std::borrow::Cow;

use httpx_core::{Error, ErrorKind, Result, Url};

use super::RedirectAttempt;

/// Advice for a redirect that cannot be followed at all.
pub(super) const SEE_REDIRECT: &str = "max_redirects(0) returns the redirect itself";

/// Checks the scheme that a redirect leads to, and the number of redirects before it.
pub(super) fn check(attempt: &RedirectAttempt<'_>, max_redirects: u32) -> Result<()> {
    let insecure = attempt.request.options().allow_https_to_http == Some(true);
    match (attempt.previous().scheme(), attempt.url().scheme()) {
        ("https", "http") if !insecure => {
            let to = shown(attempt.url);
            return Err(refused(format!(
                "it leads from https to {to}; set allow_https_to_http to follow it"
            )));
        }
        (_, "http" | "https") => {}
        _ => {
            let to = shown(attempt.url);
            return Err(refused(format!(
                "it leads to {to}, which is neither http nor https; {SEE_REDIRECT}"
            )));
        }
    }
    if attempt.history.len() < max_redirects as usize {
        return Ok(());
    }
    let to = shown(attempt.url);
    let message = format!(
        "more than {max_redirects} redirects, the last one to {to}; max_redirects(n) allows more, if this is no loop"
    );
    Err(Error::new(ErrorKind::TooManyRedirects, message))
}

/// Returns an error for a redirect that is not followed.
pub(super) fn refused(reason: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Redirect, format!("the redirect is not followed: {}", reason.into()))
}

/// Formats a URL for a message: without secrets, and cut where a server made it long.
fn shown(url: &Url) -> String {
    const MAX_CHARS: usize = 200;
    let text = url.redacted();
    match text.char_indices().nth(MAX_CHARS) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}
