//! [`Inner`]: the shared state of a client, its transports and its settings, the same in both flavours.

use std::sync::atomic::{AtomicBool, Ordering};

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent, Result};
#[cfg(feature = "cookies")]
use httpx_middleware::{CookieJar, Cookies};
use httpx_middleware::{Middleware, Redirect};

use crate::client_builder::{BaseTransport, ClientBuilder};
use crate::request_sender::{Layers, RequestSender};
use crate::settings::Settings;

/// The state that all clones of a client share. `P` is the pool of its flavour, `T` a pointer to any other transport.
pub(crate) struct Inner<P, T> {
    pub(crate) transports: Transports<P, T>,
    pub(crate) settings: Settings,
    /// The pool at the bottom, if it is one.
    pub(crate) pool: Option<P>,
    #[cfg(feature = "cookies")]
    pub(crate) jar: CookieJar,
    closed: AtomicBool,
}

/// The outermost transport of a client. The compiler knows the whole type of the first two.
pub(crate) enum Transports<P, T> {
    Pool(Layers<P>),
    Custom(Layers<T>),
    /// With layers of the user.
    Layered(T),
}

/// Runs the same code on each of the three.
macro_rules! with_transports {
    ($transports:expr, $transport:ident => $do:expr) => {
        match &$transports {
            crate::inner::Transports::Pool($transport) => $do,
            crate::inner::Transports::Custom($transport) => $do,
            crate::inner::Transports::Layered($transport) => $do,
        }
    };
}
pub(crate) use with_transports;

impl<P: Clone, T: Clone> Inner<P, T> {
    /// Builds the transports of a client.
    pub(crate) fn new<C: RequestSender<Pool = P, Transport = T>>(mut builder: ClientBuilder<C>) -> Self {
        builder.settings.finish();
        let base = builder.transport.unwrap_or_else(|| {
            let pool = builder.pool.map_or_else(C::pool_builder, |(_, pool)| pool);
            BaseTransport::Pool(C::pool(pool))
        });
        let pool = match &base {
            BaseTransport::Pool(pool) => Some(pool.clone()),
            BaseTransport::Custom(_) => None,
        };
        #[cfg(feature = "cookies")]
        let jar = builder.jar.unwrap_or_default();
        let middleware = ClientMiddleware {
            redirect: Redirect::from(builder.redirect_policy),
            #[cfg(feature = "cookies")]
            cookies: if builder.keeps_cookies { Cookies::new(jar.clone()) } else { Cookies::disabled() },
        };
        let mut transports = match base {
            BaseTransport::Pool(pool) => Transports::Pool(middleware.over(pool)),
            BaseTransport::Custom(custom) => Transports::Custom(middleware.over(custom)),
        };
        for layer in builder.layers.iter().rev() {
            transports = Transports::Layered(layer(transports.erase::<C>()));
        }
        Inner {
            transports,
            settings: builder.settings,
            pool,
            #[cfg(feature = "cookies")]
            jar,
            closed: AtomicBool::new(false),
        }
    }
}

/// The flows of each client.
struct ClientMiddleware {
    redirect: Redirect,
    #[cfg(feature = "cookies")]
    cookies: Cookies,
}

impl ClientMiddleware {
    /// Cookies are below redirects: each step of a redirect gets the cookies of its URL.
    fn over<B>(self, base: B) -> Layers<B> {
        #[cfg(feature = "cookies")]
        let base = Middleware::with(self.cookies, base);
        Middleware::with(self.redirect, base)
    }
}

impl<P, T> Transports<P, T> {
    fn erase<C: RequestSender<Pool = P, Transport = T>>(self) -> T {
        match self {
            Transports::Pool(transport) => C::erase_pool(transport),
            Transports::Custom(transport) => C::erase_custom(transport),
            Transports::Layered(transport) => transport,
        }
    }
}

impl<P, T> Inner<P, T> {
    /// From here on nothing is sent.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Checks that the client is open.
    ///
    /// # Errors
    ///
    /// Kind [`Closed`](ErrorKind::Closed).
    pub(crate) fn check_open(&self, head: &RequestHead) -> Result<()> {
        if !self.closed.load(Ordering::Acquire) {
            return Ok(());
        }
        let error = Error::new(ErrorKind::Closed, "the client is closed; make a new one");
        Err(head.error(error.with_request_sent(RequestSent::Nothing)))
    }
}
