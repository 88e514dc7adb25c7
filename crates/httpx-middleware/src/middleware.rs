//! A middleware puts a flow over a transport.

use std::fmt;
use std::sync::Arc;

use crate::{Clock, SystemClock};

/// A flow over a transport. It is a transport itself, so layers can be stacked.
///
/// It asks the [`Flow`](crate::Flow) before it sends a request and after the response, and does what the flow decides.
/// For a request that the flow does not change it allocates nothing.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx {
/// #     pub use httpx_core::{*, blocking::*};
/// #     pub mod flow { pub use httpx_middleware::*; }
/// #     pub mod redirect { pub use httpx_middleware::redirect::*; }
/// # }
/// use httpx::flow::Middleware;
/// use httpx::redirect::Redirect;
/// use httpx::{Body, Request, Response, Result, Transport};
/// # struct Mock;
/// # impl Transport for Mock {
/// #     fn send(&self, _request: Request<Body>) -> Result<Response<Body>> {
/// #         Ok(Response::new(200, ())?.into())
/// #     }
/// # }
///
/// let client = Middleware::with(Redirect::default(), Mock);
/// let response = client.send(Request::new("GET", "https://example.com/")?)?;
/// assert_eq!(response.url().unwrap(), "https://example.com/");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Middleware<F, T> {
    flow: F,
    transport: T,
    /// `None` is the clock of the system.
    clock: Option<Arc<dyn Clock>>,
}

impl<F, T> Middleware<F, T> {
    /// Creates a transport with this flow. (The flows of this crate also have a `new`, as in
    /// [`RedirectMiddleware::new`](crate::RedirectMiddleware).)
    pub fn with(flow: F, transport: T) -> Self {
        Middleware { flow, transport, clock: None }
    }

    /// Sets the clock. Defaults to [`SystemClock`].
    pub fn with_clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Returns the flow.
    pub fn flow(&self) -> &F {
        &self.flow
    }

    /// Returns the transport below.
    pub fn transport(&self) -> &T {
        &self.transport
    }

    /// Returns the clock that the flow gets.
    pub fn clock(&self) -> &dyn Clock {
        match &self.clock {
            Some(clock) => &**clock,
            None => &SystemClock,
        }
    }
}

/// `Middleware(Cookies(<CookieJar [0 cookies]>), <ConnectionPool [0 active]>)`.
impl<F: fmt::Debug, T: fmt::Debug> fmt::Debug for Middleware<F, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Middleware").field(&self.flow).field(&self.transport).finish()
    }
}
