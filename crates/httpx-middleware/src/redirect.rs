//! [`Redirect`]: the flow that decides about each response: return it, follow its redirect, or refuse.

mod attempt;
mod limits;
mod location;
mod policy;
mod rewrite;

use std::mem;

use httpx_core::{Error, Options, RequestHead, ResponseHead, Result, StatusCode, Url};

use crate::{Clock, Flow, FlowNext, FlowOutcome, Middleware};
pub use attempt::RedirectAttempt;
use limits::{SEE_REDIRECT, check, refused};
pub use policy::{RedirectAction, RedirectPolicy};
use rewrite::OriginChange;

/// Follows redirects: responses with status 301, 302, 303, 307 or 308 and a `Location`.
///
/// # The next request
///
/// | status | method | body |
/// | --- | --- | --- |
/// | 301, 302 | POST becomes GET, others stay | dropped if the method changed |
/// | 303 | all but HEAD become GET | dropped |
/// | 307, 308 | stays | sent again |
///
/// When the body is dropped, the headers that describe it are dropped too. A body that came from a reader cannot be
/// sent again: that is an error. `Location` is read as browsers read it: relative to the URL that answered, bytes
/// outside ASCII percent-encoded as they came, and the fragment inherited if it has none. A response without a
/// `Location`, or with several different ones, is returned. A `Location` that is no URL is an error.
///
/// # Headers that do not follow
///
/// A redirect to another origin (scheme, host, port) loses `Authorization`, `Cookie`, `Proxy-Authorization` and `Host`,
/// and every header that is [marked sensitive](httpx_core::Headers::mark_sensitive). They do not come back when a later
/// redirect leads to the first origin. **All other headers follow**, also an API key in a custom header: mark it
/// sensitive, or use [`only_safe_headers_cross_origin`](Redirect::only_safe_headers_cross_origin).
///
/// User information in a `Location` of the same origin becomes `Authorization`, and replaces one that was there, as in
/// curl. In a `Location` of another origin it is ignored: one server does not log us in at another.
///
/// A redirect from https to http is an error, unless the request's
/// [`allow_https_to_http`](Options::allow_https_to_http) allows it. One to any other scheme is always an error. `Referer`
/// is never added.
///
/// # The response
///
/// The response has the redirects in its [`history`](ResponseHead::history), and its [`url`](ResponseHead::url) is the
/// last one. At most [`max_redirects`](Options::max_redirects) are followed; defaults to 20. One more is an error of kind
/// [`TooManyRedirects`](httpx_core::ErrorKind::TooManyRedirects). These errors hold the redirect that they are about. They, and all
/// others that end a call after a redirect, say [where the call began](Error::redirected_from), and that its request
/// [was sent](Error::request_sent): the first server has received it.
///
/// # Below a client
///
/// A client follows redirects itself. This flow never sees one if its transport is such a client: give the policy to
/// the client instead, or to the request.
#[derive(Debug, Clone, Default)]
pub struct Redirect {
    policy: RedirectPolicy,
}

/// [`Redirect`] over a transport.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx {
/// #     pub use httpx_core::{*, blocking::*};
/// #     pub mod redirect { pub use httpx_middleware::redirect::*; }
/// # }
/// use httpx::redirect::RedirectMiddleware;
/// use httpx::{Body, Headers, Request, Response, Result, Transport};
///
/// struct Moved;
///
/// impl Transport for Moved {
///     fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
///         let status = if request.url().path() == "/new" { 200 } else { 301 };
///         let mut response = Response::new(status, ())?;
///         response.head_mut().headers_mut().append("Location", "/new")?;
///         Ok(response.into())
///     }
/// }
///
/// let client = RedirectMiddleware::new(Moved);
/// let response = client.send(Request::new("GET", "https://example.com/old#top")?)?;
/// assert_eq!(response.url().unwrap(), "https://example.com/new#top");
/// assert_eq!(response.history()[0].url().unwrap(), "https://example.com/old#top");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
pub type RedirectMiddleware<T> = Middleware<Redirect, T>;

impl<T> Middleware<Redirect, T> {
    /// Follows the redirects of this transport.
    pub fn new(transport: T) -> Self {
        Middleware::with(Redirect::default(), transport)
    }
}

impl Redirect {
    /// Follows redirects by a policy, as made by [`RedirectPolicy::new`].
    ///
    /// ```
    /// # mod httpx { pub mod redirect { pub use httpx_middleware::redirect::*; } }
    /// use httpx::redirect::{Redirect, RedirectAction};
    ///
    /// let redirect = Redirect::with_policy(|attempt| {
    ///     if attempt.is_cross_origin() { RedirectAction::Stop } else { RedirectAction::Follow }
    /// });
    /// ```
    pub fn with_policy(
        decide: impl Fn(&RedirectAttempt<'_>) -> RedirectAction + Send + Sync + 'static,
    ) -> Self {
        RedirectPolicy::new(decide).into()
    }

    /// Keeps all headers but a list of safe ones from crossing to another origin: see
    /// [`RedirectPolicy::only_safe_headers_cross_origin`].
    #[must_use]
    pub fn only_safe_headers_cross_origin(self) -> Self {
        self.policy.only_safe_headers_cross_origin().into()
    }

    /// Returns the policy for a request: the one in its extensions, or this flow's.
    fn policy<'a>(&'a self, request: &'a RequestHead) -> &'a RedirectPolicy {
        request.extensions().get().unwrap_or(&self.policy)
    }

    /// Decides about a response.
    fn decide(&self, request: &RequestHead, response: &ResponseHead, history: &[ResponseHead]) -> Decision {
        let max_redirects = request.options().max_redirects.unwrap_or(Options::MAX_REDIRECTS);
        if !is_redirect(response.status()) || max_redirects == 0 {
            return Decision::Return;
        }
        let base = response.url().unwrap_or(request.url());
        let url = match location::of(response.headers(), base) {
            None => return Decision::Return,
            Some(Err(error)) => {
                let reason = format!("its Location is no URL; {SEE_REDIRECT}");
                return Decision::Refuse(refused(reason).with_source(error));
            }
            Some(Ok(url)) => url,
        };
        let attempt = RedirectAttempt { url: &url, request, response, history };
        match self.policy(request).decide(&attempt) {
            RedirectAction::Stop => Decision::Return,
            RedirectAction::Refuse(reason) => Decision::Refuse(refused(reason)),
            RedirectAction::Follow => match check(&attempt, max_redirects) {
                Err(error) => Decision::Refuse(error),
                Ok(()) => Decision::Follow(attempt.origin_change(), url),
            },
        }
    }
}

impl From<RedirectPolicy> for Redirect {
    fn from(policy: RedirectPolicy) -> Self {
        Redirect { policy }
    }
}

impl Flow for Redirect {
    /// The redirects that were followed, oldest first.
    type Call = Vec<ResponseHead>;

    fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<Self::Call> {
        Ok(Vec::new())
    }

    fn next(
        &self,
        history: &mut Self::Call,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        let response = match outcome {
            FlowOutcome::Response(response) => response,
            FlowOutcome::Failed(error) => {
                error.set_history(history);
                return Ok(FlowNext::Done);
            }
        };
        match self.decide(request, response, history) {
            Decision::Return => {
                finish(response, history);
                Ok(FlowNext::Done)
            }
            Decision::Refuse(mut error) => {
                error.set_history(history);
                finish(response, history);
                Err(error.with_response(take(response)))
            }
            Decision::Follow(change, url) => {
                let headers = self.policy(request).headers;
                let body = rewrite::rewrite(request, response.status(), change, headers, url);
                history.push(take(response));
                Ok(FlowNext::Again { after: None, body })
            }
        }
    }

    fn on_body_not_replayable(
        &self,
        history: &mut Self::Call,
        response: ResponseHead,
    ) -> Result<ResponseHead> {
        // `next` has put the response there, to follow it.
        let mut response = history.pop().unwrap_or(response);
        let mut error = refused(
            "the body would have to be sent again, and came from a reader or a stream; send bytes instead, or a models::File",
        );
        error.set_history(history);
        finish(&mut response, history);
        Err(match response.request() {
            Some(request) => request.error(error),
            None => error,
        }
        .with_response(response))
    }
}

/// The fate of a response.
enum Decision {
    /// Return it: it is no redirect, or not one to follow.
    Return,
    /// Fail with this error.
    Refuse(Error),
    /// Send the request to this URL.
    Follow(OriginChange, Url),
}

/// RFC 9110 §15.4. 300 leaves the choice to the user, 304 is an answer, 305 and 306 are historic.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Makes a response the last one of its call.
fn finish(response: &mut ResponseHead, history: &mut Vec<ResponseHead>) {
    // Setting an empty history would allocate.
    if !history.is_empty() {
        response.set_history(mem::take(history));
    }
}

fn take(response: &mut ResponseHead) -> ResponseHead {
    let status = response.status();
    mem::replace(response, ResponseHead::new(status))
}
