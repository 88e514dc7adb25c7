//! What stands beneath a client: its transports one on the other, and its settings; the same for both flavours.

use std::sync::atomic::{AtomicBool, Ordering};

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent, Result};
use httpx_middleware::RedirectMiddleware;
#[cfg(feature = "cookies")]
use httpx_middleware::{CookieJar, CookieMiddleware};

use crate::ClientBuilder;
use crate::settings::Settings;

/// What all clones of a client share: `P` is the pool of its flavour, `O` any other transport behind a pointer.
pub(crate) struct Inner<P, O> {
    pub(crate) transports: Transports<P, O>,
    pub(crate) settings: Settings,
    #[cfg(feature = "cookies")]
    pub(crate) jar: CookieJar,
    closed: AtomicBool,
}

/// The transports: whatever stands at the bottom, the same is stacked on it. The usual ones are known to the compiler.
pub(crate) enum Transports<P, O> {
    Pool(Layers<P>),
    Custom(Layers<O>),
    /// Without cookies.
    #[cfg(feature = "cookies")]
    WithoutCookies(RedirectMiddleware<O>),
}

#[cfg(feature = "cookies")]
type Layers<T> = RedirectMiddleware<CookieMiddleware<T>>;
#[cfg(not(feature = "cookies"))]
type Layers<T> = RedirectMiddleware<T>;

/// Does the same with whichever transports it is.
macro_rules! with_transports {
    ($transports:expr, $transport:ident => $do:expr) => {
        match &$transports {
            crate::inner::Transports::Pool($transport) => $do,
            crate::inner::Transports::Custom($transport) => $do,
            #[cfg(feature = "cookies")]
            crate::inner::Transports::WithoutCookies($transport) => $do,
        }
    };
}
pub(crate) use with_transports;

impl<P, O> Inner<P, O> {
    /// What the builder says, over its transport or a new pool.
    #[cfg(feature = "cookies")]
    pub(crate) fn new(builder: ClientBuilder<O>, pool: fn() -> P, pointer: fn(P) -> O) -> Self {
        let jar = builder.jar.unwrap_or_default();
        let transports = match (builder.transport, builder.keeps_cookies) {
            (None, true) => Transports::Pool(layers(pool(), &jar)),
            (Some(transport), true) => Transports::Custom(layers(transport, &jar)),
            (transport, false) => Transports::WithoutCookies(RedirectMiddleware::new(
                transport.unwrap_or_else(|| pointer(pool())),
            )),
        };
        Inner { transports, settings: builder.settings, jar, closed: AtomicBool::new(false) }
    }

    /// What the builder says, over its transport or a new pool.
    #[cfg(not(feature = "cookies"))]
    pub(crate) fn new(builder: ClientBuilder<O>, pool: fn() -> P, _pointer: fn(P) -> O) -> Self {
        let transports = match builder.transport {
            None => Transports::Pool(RedirectMiddleware::new(pool())),
            Some(transport) => Transports::Custom(RedirectMiddleware::new(transport)),
        };
        Inner { transports, settings: builder.settings, closed: AtomicBool::new(false) }
    }

    /// From here on nothing is sent.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Whether this request may be sent.
    pub(crate) fn check_open(&self, head: &RequestHead) -> Result<()> {
        if !self.closed.load(Ordering::Acquire) {
            return Ok(());
        }
        let error = Error::new(ErrorKind::Closed, "the client is closed; make a new one");
        Err(head.error(error.with_request_sent(RequestSent::Nothing)))
    }
}

#[cfg(feature = "cookies")]
fn layers<T>(transport: T, jar: &CookieJar) -> Layers<T> {
    RedirectMiddleware::new(CookieMiddleware::with_jar(transport, jar.clone()))
}
