//! [`Redirect`]: the flow that follows redirects.

mod attempt;
mod location;
mod rewrite;

use std::borrow::Cow;
use std::sync::Arc;
use std::{fmt, mem};

use httpx_core::{Error, ErrorKind, Options, RequestHead, ResponseHead, Result, StatusCode, Url};

use crate::{Clock, Flow, FlowNext, FlowOutcome, Middleware};
pub use attempt::{RedirectAction, RedirectAttempt};
use rewrite::OriginChange;

/// Follows redirects: the statuses 301, 302, 303, 307 and 308 that come with a `Location`.
///
/// # What the next request is
///
/// | status | method | body |
/// | --- | --- | --- |
/// | 301, 302 | POST becomes GET, others stay | dropped if the method changed |
/// | 303 | all but HEAD become GET | dropped |
/// | 307, 308 | stays | sent again |
///
/// When the body is dropped so are the headers that speak of it. A body that came from a reader cannot be sent
/// again: an error. The `Location` is read as browsers do: relative to the URL that answered, bytes outside ASCII
/// percent-encoded as they came, and the fragment inherited where it has none. Where there is no `Location`, or
/// several that differ, the response is returned; one that is no URL is an error.
///
/// # What it does not take along
///
/// To another origin (scheme, host, port) go no `Authorization`, `Cookie`, `Proxy-Authorization` or `Host` that the
/// user set, and no header that was [marked sensitive](httpx_core::Headers::mark_sensitive); nor do they come back
/// if a later redirect leads to the first origin again. User information in a `Location` counts within the origin
/// only: one server does not log us in at another. A redirect from https to http is an error, unless the
/// request's [`allow_https_to_http`](Options::allow_https_to_http) allows it, and one to anything but these two always
/// is. `Referer` is never added.
///
/// # What comes out
///
/// The response has the redirects in its [`history`](ResponseHead::history), and its
/// [`url`](ResponseHead::url) is the last one. At most [`max_redirects`](Options::max_redirects) are followed, by default
/// 20: one more is an error of kind [`TooManyRedirects`](ErrorKind::TooManyRedirects). All errors hold the redirect
/// that they are about, and say [where the call began](Error::redirected_from); so does whatever else fails on the way.
#[derive(Clone, Default)]
pub struct Redirect {
    policy: Option<Policy>,
}

type Policy = Arc<dyn Fn(&RedirectAttempt<'_>) -> RedirectAction + Send + Sync>;

/// [`Redirect`] over a transport.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx_core::blocking::{Body, Transport};
/// use httpx_core::{Headers, Request, Response, Result};
/// use httpx_middleware::RedirectMiddleware;
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
    /// Follows the redirects that this transport's responses are.
    pub fn new(transport: T) -> Self {
        Middleware::with(Redirect::default(), transport)
    }
}

impl Redirect {
    /// Asks this policy about each redirect, before the limits are looked at: it can return or refuse what would be
    /// followed, but what it lets through is still not followed too often, or to where it may not lead.
    ///
    /// ```
    /// use httpx_middleware::{RedirectAction, Redirect};
    ///
    /// let at_home = Redirect::with_policy(|attempt| match attempt.is_cross_origin() {
    ///     true => RedirectAction::Refuse("this client stays on its server".into()),
    ///     false => RedirectAction::Follow,
    /// });
    /// ```
    pub fn with_policy(
        policy: impl Fn(&RedirectAttempt<'_>) -> RedirectAction + Send + Sync + 'static,
    ) -> Self {
        Redirect { policy: Some(Arc::new(policy)) }
    }

    /// Where this response leads.
    fn decide(&self, request: &RequestHead, response: &ResponseHead, history: &[ResponseHead]) -> Decision {
        let most = request.options().max_redirects.unwrap_or(Options::MAX_REDIRECTS);
        if !is_redirect(response.status()) || most == 0 {
            return Decision::Return;
        }
        let base = response.url().unwrap_or(request.url());
        let url = match location::of(response.headers(), base) {
            None => return Decision::Return,
            Some(Err(error)) => {
                return Decision::Refuse(
                    refused(format!("its Location is no URL; {AS_IT_IS}")).with_source(error),
                );
            }
            Some(Ok(url)) => url,
        };
        let attempt = RedirectAttempt { url: &url, request, response, history };
        match self.policy.as_ref().map_or(RedirectAction::Follow, |policy| policy(&attempt)) {
            RedirectAction::Stop => Decision::Return,
            RedirectAction::Refuse(reason) => Decision::Refuse(refused(reason)),
            RedirectAction::Follow => match check(&attempt, most) {
                Err(error) => Decision::Refuse(error),
                Ok(()) => Decision::Follow(attempt.reach(), url),
            },
        }
    }
}

impl Flow for Redirect {
    /// The redirects on the way, oldest first.
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
            Decision::Follow(reach, url) => {
                let body = rewrite::rewrite(request, response.status(), reach, url);
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
        // It was taken for a step on the way, and is where the way ends.
        let mut response = history.pop().unwrap_or(response);
        let mut error =
            refused("the body would have to be sent again, and came from a reader; send bytes instead");
        error.set_history(history);
        finish(&mut response, history);
        Err(match response.request() {
            Some(request) => request.error(error),
            None => error,
        }
        .with_response(response))
    }
}

impl fmt::Debug for Redirect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redirect")
    }
}

/// What becomes of a response.
enum Decision {
    /// It is returned: no redirect, or not one to follow.
    Return,
    /// It is an error.
    Refuse(Error),
    /// The next request goes here.
    Follow(OriginChange, Url),
}

/// RFC 9110 §15.4. 300 leaves the choice to the user, 304 is an answer, 305 and 306 are history.
fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// The limits that no policy lifts.
fn check(attempt: &RedirectAttempt<'_>, most: u32) -> Result<()> {
    let insecure = attempt.request.options().allow_https_to_http == Some(true);
    match (attempt.previous().scheme(), attempt.url().scheme()) {
        ("https", "http") if !insecure => {
            let to = shown(attempt.url);
            Err(refused(format!(
                "it leads from https to {to}; set allow_https_to_http to follow it all the same"
            )))
        }
        (_, "http" | "https") => Ok(()),
        _ => {
            let to = shown(attempt.url);
            Err(refused(format!("it leads to {to}, which is neither http nor https; {AS_IT_IS}")))
        }
    }?;
    if attempt.history.len() < most as usize {
        return Ok(());
    }
    let to = shown(attempt.url);
    let message = format!(
        "more than {most} redirects, the last one to {to}; max_redirects(n) allows more, if it is no loop"
    );
    Err(Error::new(ErrorKind::TooManyRedirects, message))
}

/// What to do with a redirect that leads nowhere.
const AS_IT_IS: &str = "max_redirects(0) gives the redirect itself";

fn refused(why: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Redirect, format!("the redirect is not followed: {}", why.into()))
}

/// A URL for a message: without secrets, and not of the length that a server chose.
fn shown(url: &Url) -> String {
    const SHOWN: usize = 200;
    let text = url.redacted();
    match text.char_indices().nth(SHOWN) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    }
}

/// The response is where the way ends.
fn finish(response: &mut ResponseHead, history: &mut Vec<ResponseHead>) {
    // A response without history has no room for one either.
    if !history.is_empty() {
        response.set_history(mem::take(history));
    }
}

fn take(response: &mut ResponseHead) -> ResponseHead {
    let status = response.status();
    mem::replace(response, ResponseHead::new(status))
}
