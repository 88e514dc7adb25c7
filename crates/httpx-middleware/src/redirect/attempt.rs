//! [`RedirectAttempt`]: the redirect that a policy is asked about, and whether it changes the origin.

use std::fmt;

use httpx_core::{RequestHead, ResponseHead, StatusCode, Url};

use super::rewrite::OriginChange;

/// A redirect that could be followed: the question to a [policy](super::RedirectPolicy).
pub struct RedirectAttempt<'a> {
    pub(super) url: &'a Url,
    pub(super) request: &'a RequestHead,
    pub(super) response: &'a ResponseHead,
    pub(super) history: &'a [ResponseHead],
}

impl<'a> RedirectAttempt<'a> {
    /// Returns the URL that the redirect leads to, of any scheme.
    pub fn url(&self) -> &'a Url {
        self.url
    }

    /// Returns the URL that answered with the redirect.
    pub fn previous(&self) -> &'a Url {
        self.response.url().unwrap_or(self.request.url())
    }

    /// Returns the request that the redirect answers.
    pub fn request(&self) -> &'a RequestHead {
        self.request
    }

    /// Returns the status of the redirect.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// Returns the head of the redirect.
    pub fn response(&self) -> &'a ResponseHead {
        self.response
    }

    /// Returns the redirects that were followed before this one, oldest first.
    pub fn history(&self) -> &'a [ResponseHead] {
        self.history
    }

    /// Tells whether the redirect leads to another scheme, host or port.
    pub fn is_cross_origin(&self) -> bool {
        self.origin_change() == OriginChange::CrossOrigin
    }

    /// Compares the new origin with that of the URL that was requested and that of the URL that answered. They differ
    /// if a layer below followed a redirect, and a secret of one is not a secret of the other.
    pub(super) fn origin_change(&self) -> OriginChange {
        let origin = self.url.origin();
        if origin == self.previous().origin() && origin == self.request.url().origin() {
            OriginChange::SameOrigin
        } else {
            OriginChange::CrossOrigin
        }
    }
}

/// `<RedirectAttempt [302] "https://example.com/" to "https://example.com/login">`.
impl fmt::Debug for RedirectAttempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (from, to) = (self.previous().redacted(), self.url.redacted());
        write!(f, "<RedirectAttempt [{}] {from:?} to {to:?}>", self.status().as_u16())
    }
}
