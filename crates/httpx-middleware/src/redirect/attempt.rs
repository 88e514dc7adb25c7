use std::borrow::Cow;
use std::fmt;

use httpx_core::{RequestHead, ResponseHead, StatusCode, Url};

use super::rewrite::OriginChange;

/// A redirect that could be followed: what a [policy](super::Redirect::with_policy) decides about.
pub struct RedirectAttempt<'a> {
    pub(super) url: &'a Url,
    pub(super) request: &'a RequestHead,
    pub(super) response: &'a ResponseHead,
    pub(super) history: &'a [ResponseHead],
}

impl<'a> RedirectAttempt<'a> {
    /// Where the redirect leads, whatever the scheme.
    pub fn url(&self) -> &'a Url {
        self.url
    }

    /// The URL that answered with the redirect.
    pub fn previous(&self) -> &'a Url {
        self.response.url().unwrap_or(self.request.url())
    }

    /// The request that it answered.
    pub fn request(&self) -> &'a RequestHead {
        self.request
    }

    /// The redirect's status.
    pub fn status(&self) -> StatusCode {
        self.response.status()
    }

    /// The redirect itself.
    pub fn response(&self) -> &'a ResponseHead {
        self.response
    }

    /// The redirects that were followed before this one, oldest first.
    pub fn history(&self) -> &'a [ResponseHead] {
        self.history
    }

    /// Whether it leads to another scheme, host or port.
    pub fn is_cross_origin(&self) -> bool {
        self.reach() == OriginChange::CrossOrigin
    }

    /// Both the URL that was asked for and the one that answered count: they differ if a layer beneath went
    /// elsewhere, and what was meant for the one is not meant for the other.
    pub(super) fn reach(&self) -> OriginChange {
        let origin = self.url.origin();
        match origin == self.previous().origin() && origin == self.request.url().origin() {
            true => OriginChange::SameOrigin,
            false => OriginChange::CrossOrigin,
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

/// What a [policy](super::Redirect::with_policy) says of a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RedirectAction {
    /// It is followed, if nothing else forbids it.
    Follow,
    /// It is not followed: the redirect itself is the response.
    Stop,
    /// It is an error of kind [`Redirect`](httpx_core::ErrorKind::Redirect), for this reason.
    Refuse(Cow<'static, str>),
}
