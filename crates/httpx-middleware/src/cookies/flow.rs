//! [`Cookies`]: the flow that fills a jar and sends from it.

use httpx_core::{RequestHead, ResponseHead, Result};

use super::CookieJar;
use crate::{Clock, Flow, FlowNext, FlowOutcome, Middleware};

/// Sends the cookies of a [`CookieJar`], and stores those that responses set.
///
/// A request that has a `Cookie` header of its own is sent with that alone; what its response sets is stored all the
/// same. It belongs *below* [`Redirect`](crate::Redirect), as in `Redirect(Cookies(pool))`: each redirect then is a
/// request of its own here, which gets the cookies of its own URL, and whose `Set-Cookie` is seen. What is added here
/// is not seen above, and so no redirect can carry it to where it does not belong.
///
/// While the jar is empty and no `Set-Cookie` comes, nothing is allocated, no lock is taken and no clock is read.
#[derive(Debug, Clone, Default)]
pub struct Cookies {
    jar: CookieJar,
}

/// [`Cookies`] over a transport.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx_core::blocking::{Body, Transport};
/// use httpx_core::{Request, Response, Result};
/// use httpx_middleware::CookieMiddleware;
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
    /// Keeps the cookies of this transport's responses in a jar of its own.
    pub fn new(transport: T) -> Self {
        CookieMiddleware::with_jar(transport, CookieJar::new())
    }

    /// Keeps them in this jar: one that was loaded, or is shared with another client.
    pub fn with_jar(transport: T, jar: CookieJar) -> Self {
        Middleware::with(Cookies::new(jar), transport)
    }

    /// The jar.
    pub fn jar(&self) -> &CookieJar {
        self.flow().jar()
    }
}

impl Cookies {
    /// Sends from this jar, and stores into it.
    pub fn new(jar: CookieJar) -> Self {
        Cookies { jar }
    }

    /// The jar.
    pub fn jar(&self) -> &CookieJar {
        &self.jar
    }

    fn store(&self, request: &RequestHead, response: &ResponseHead, clock: &dyn Clock) {
        if !response.headers().contains("set-cookie") {
            return;
        }
        let now = clock.wall();
        for value in response.headers().get_all("set-cookie") {
            // Nobody can do anything about a cookie that the rules refuse; browsers are silent too.
            let _ = self.jar.store(request.url().as_url(), value.as_bytes(), now);
        }
    }
}

impl Flow for Cookies {
    type Call = ();

    fn start(&self, request: &mut RequestHead, clock: &dyn Clock) -> Result<()> {
        if self.jar.is_empty() || request.headers().contains("cookie") {
            return Ok(());
        }
        if let Some(cookies) = self.jar.header(request.url().as_url(), clock.wall()) {
            // The jar takes nothing that is no header's value. If it did, a server that set it should not be able to
            // fail all requests to come: they go without.
            let _ = request.headers_mut().append("Cookie", cookies);
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
        if let FlowOutcome::Response(response) = outcome {
            self.store(request, response, clock);
        }
        Ok(FlowNext::Done)
    }
}
