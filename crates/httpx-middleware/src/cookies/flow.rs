//! [`Cookies`]: the flow that fills a jar and sends from it.

use std::fmt;

use httpx_core::{RequestHead, ResponseHead, Result};

use super::{CookieJar, RequestCookies};
use crate::{Clock, Flow, FlowNext, FlowOutcome, Middleware, request_identity};

/// Sends the cookies of a [`CookieJar`], and stores those that responses set.
///
/// It belongs *below* [`Redirect`](crate::Redirect), as in `Redirect(Cookies(pool))`: there each redirect is a separate
/// request, which gets the cookies of its URL, and its `Set-Cookie` is stored. The layers above do not see the header
/// that is added here, so no redirect can carry it to another origin.
///
/// A cookie belongs to the URL that answered. This is the URL of the request, unless a layer below followed a redirect.
///
/// A request that already has a `Cookie` header is sent with that header alone; the cookies of its response are still
/// stored. One request can use another jar, or none: see [`RequestCookies`].
///
/// While the jar is empty and no `Set-Cookie` arrives, it allocates nothing, takes no lock and reads no clock.
#[derive(Clone, Default)]
pub struct Cookies {
    jar: CookieJar,
    /// Only requests that set a jar have cookies.
    is_disabled: bool,
}

/// [`Cookies`] over a transport.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx {
/// #     pub use httpx_core::{*, blocking::*};
/// #     pub mod cookies { pub use httpx_middleware::cookies::*; }
/// # }
/// use httpx::cookies::CookieMiddleware;
/// use httpx::{Body, Request, Response, Result, Transport};
///
/// /// Counts visits.
/// struct Server;
///
/// impl Transport for Server {
///     fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
///         let visits = request.headers().get("cookie").map_or(0, |cookie| cookie.as_bytes().len());
///         let mut response = Response::new(200, ())?;
///         response.head_mut().headers_mut().append("Set-Cookie", format!("v={}", "x".repeat(visits + 1)))?;
///         Ok(response.into())
///     }
/// }
///
/// let client = CookieMiddleware::new(Server);
/// client.send(Request::new("GET", "https://example.com/")?)?;
/// let response = client.send(Request::new("GET", "https://example.com/")?)?;
/// assert_eq!(response.head().request().unwrap().headers().get("cookie").unwrap(), "v=x");
/// assert_eq!(client.jar().len(), 1);
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
pub type CookieMiddleware<T> = Middleware<Cookies, T>;

impl<T> Middleware<Cookies, T> {
    /// Creates a transport with cookies, in a new jar.
    pub fn new(transport: T) -> Self {
        CookieMiddleware::with_jar(transport, CookieJar::new())
    }

    /// Creates a transport with the cookies of this jar, which can be loaded from a file or shared with another client.
    pub fn with_jar(transport: T, jar: CookieJar) -> Self {
        Middleware::with(Cookies::new(jar), transport)
    }

    /// Returns the jar.
    pub fn jar(&self) -> &CookieJar {
        self.flow().jar()
    }
}

impl Cookies {
    /// Creates a flow with this jar.
    pub fn new(jar: CookieJar) -> Self {
        Cookies { jar, is_disabled: false }
    }

    /// Creates a flow that neither sends nor stores cookies, except for a request that sets a jar.
    pub fn disabled() -> Self {
        Cookies { jar: CookieJar::new(), is_disabled: true }
    }

    /// Returns the jar.
    pub fn jar(&self) -> &CookieJar {
        &self.jar
    }

    /// Returns the jar for a request: the one in its extensions, or this flow's. `None` if it has none.
    fn jar_of<'a>(&'a self, request: &'a RequestHead) -> Option<&'a CookieJar> {
        match request.extensions().get::<RequestCookies>() {
            None => Some(&self.jar).filter(|_| !self.is_disabled),
            Some(RequestCookies::Jar(jar)) => Some(jar),
            Some(RequestCookies::Disabled) => None,
        }
    }

    fn store(jar: &CookieJar, request: &RequestHead, response: &ResponseHead, clock: &dyn Clock) {
        if !response.headers().contains("set-cookie") {
            return;
        }
        let (now, url) = (clock.wall(), response.url().unwrap_or(request.url()));
        for value in response.headers().get_all("set-cookie") {
            // As in browsers, a cookie that the rules refuse is no error.
            let _ = jar.store_at(url, value.as_bytes(), now);
        }
    }
}

impl Flow for Cookies {
    type Call = ();

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<()> {
        let jar = self.jar_of(request).filter(|jar| !jar.is_empty());
        let Some(jar) = jar.filter(|_| !request.headers().contains("cookie")) else { return Ok(()) };
        if let Some(cookies) = jar.header_at(request.url(), clock.wall()) {
            // The jar takes only valid header values. If it did not, a server must not be able to fail all requests to
            // come: they go without cookies.
            let _ = request.headers_mut().append("Cookie", cookies);
            if request.extensions().get::<RequestCookies>().is_none() {
                request_identity::set_client_cookies(request);
            }
        }
        Ok(())
    }

    fn next(
        &self,
        _: &mut (),
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        if let (FlowOutcome::Response(response), Some(jar)) = (outcome, self.jar_of(request)) {
            Cookies::store(jar, request, response, clock);
        }
        Ok(FlowNext::Done)
    }
}

/// `Cookies(<CookieJar [3 cookies]>)`, `Cookies(disabled)`.
impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_disabled { f.write_str("Cookies(disabled)") } else { write!(f, "Cookies({:?})", self.jar) }
    }
}
