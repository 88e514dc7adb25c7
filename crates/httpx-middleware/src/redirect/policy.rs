//! A policy: what the program itself says to each redirect. The limits still apply.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::RedirectAttempt;
use super::rewrite::CrossOriginHeaders;

/// The rules by which [`Redirect`](super::Redirect) follows redirects. Defaults to following each one that the limits
/// allow.
///
/// A clone is cheap. A policy belongs to a flow, or to one request: put it into the request's
/// [`extensions`](httpx_core::RequestHead::extensions), where it replaces the flow's policy for that call.
///
/// ```
/// # mod httpx { pub mod redirect { pub use httpx_middleware::redirect::*; } }
/// use httpx::redirect::{RedirectAction, RedirectPolicy};
///
/// let same_origin = RedirectPolicy::new(|attempt| {
///     if attempt.is_cross_origin() {
///         RedirectAction::Refuse("this client stays on its server".into())
///     } else {
///         RedirectAction::Follow
///     }
/// });
/// ```
#[doc(alias = "Policy")]
#[derive(Clone, Default)]
pub struct RedirectPolicy {
    decide: Option<Arc<Decide>>,
    pub(super) headers: CrossOriginHeaders,
}

type Decide = dyn Fn(&RedirectAttempt<'_>) -> RedirectAction + Send + Sync;

/// What to do with a redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectAction {
    /// Follows the redirect, if the limits allow it.
    Follow,
    /// Does not follow the redirect: the redirect itself is the response.
    #[doc(alias = "Return")]
    Stop,
    /// Fails with an error of kind [`Redirect`](httpx_core::ErrorKind::Redirect) and this reason.
    Refuse(Cow<'static, str>),
}

impl RedirectPolicy {
    /// Makes a policy that asks `decide` about each redirect.
    ///
    /// `decide` is called before the limits are checked. It can stop or refuse a redirect. A redirect that it allows is
    /// still subject to the maximum number, and to the rules against other schemes and against https to http.
    pub fn new(decide: impl Fn(&RedirectAttempt<'_>) -> RedirectAction + Send + Sync + 'static) -> Self {
        RedirectPolicy { decide: Some(Arc::new(decide)), ..RedirectPolicy::default() }
    }

    /// Makes a policy that follows no redirect: the redirect itself is the response.
    pub fn stop() -> Self {
        RedirectPolicy::new(|_| RedirectAction::Stop)
    }

    /// Keeps all headers but a list of safe ones from crossing to another origin.
    ///
    /// By default a redirect to another origin loses `Authorization`, `Cookie`, `Proxy-Authorization`, `Host` and the
    /// headers that are marked sensitive; all others follow, also an `X-Api-Key` that was set as a plain header. With
    /// this option these headers follow, and no others: `Accept`, `Accept-Charset`, `Accept-Encoding`,
    /// `Accept-Language`, `Cache-Control`, `Connection`, `Content-Encoding`, `Content-Language`, `Content-Length`,
    /// `Content-Type`, `Expect`, `If-Match`, `If-Modified-Since`, `If-None-Match`, `If-Range`, `If-Unmodified-Since`,
    /// `Pragma`, `Range`, `TE`, `Trailer`, `Transfer-Encoding`, `User-Agent`. One of them that is marked sensitive
    /// does not follow either, nor does `Connection: upgrade`, because `Upgrade` does not.
    #[must_use]
    pub fn only_safe_headers_cross_origin(mut self) -> Self {
        self.headers = CrossOriginHeaders::OnlySafe;
        self
    }

    pub(super) fn decide(&self, attempt: &RedirectAttempt<'_>) -> RedirectAction {
        self.decide.as_ref().map_or(RedirectAction::Follow, |decide| decide(attempt))
    }
}

/// `RedirectPolicy(default)`, `RedirectPolicy(custom)`.
impl fmt::Debug for RedirectPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.decide.is_some() { "custom" } else { "default" };
        write!(f, "RedirectPolicy({kind})")
    }
}
