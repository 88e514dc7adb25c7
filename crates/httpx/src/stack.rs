//! What stands beneath a client: its transports one on the other, and its settings; the same for both flavours.

use std::sync::atomic::{AtomicBool, Ordering};

use httpx_core::{Error, ErrorKind, RequestHead, RequestSent, Result};
use httpx_middleware::RedirectMiddleware;
#[cfg(feature = "cookies")]
use httpx_middleware::{CookieJar, CookieMiddleware};

use crate::ClientBuilder;
use crate::settings::Settings;

/// What all clones of a client share: `P` is the pool of its flavour, `O` any other transport behind a pointer.
pub(crate) struct Core<P, O> {
    pub(crate) stack: Stack<P, O>,
    pub(crate) settings: Settings,
    #[cfg(feature = "cookies")]
    pub(crate) jar: CookieJar,
    closed: AtomicBool,
}

/// The transports: whatever stands at the bottom, the same is stacked on it. The usual ones are known to the compiler.
pub(crate) enum Stack<P, O> {
    Usual(Layers<P>),
    Own(Layers<O>),
    /// Without cookies.
    #[cfg(feature = "cookies")]
    Plain(RedirectMiddleware<O>),
}

#[cfg(feature = "cookies")]
type Layers<T> = RedirectMiddleware<CookieMiddleware<T>>;
#[cfg(not(feature = "cookies"))]
type Layers<T> = RedirectMiddleware<T>;

/// Does the same with whichever stack it is.
macro_rules! on_stack {
    ($stack:expr, $transport:ident => $do:expr) => {
        match &$stack {
            crate::stack::Stack::Usual($transport) => $do,
            crate::stack::Stack::Own($transport) => $do,
            #[cfg(feature = "cookies")]
            crate::stack::Stack::Plain($transport) => $do,
        }
    };
}
pub(crate) use on_stack;

impl<P, O> Core<P, O> {
    /// What the builder says, over its transport or a new pool.
    #[cfg(feature = "cookies")]
    pub(crate) fn new(builder: ClientBuilder<O>, pool: fn() -> P, pointer: fn(P) -> O) -> Self {
        let jar = builder.jar.unwrap_or_default();
        let stack = match (builder.transport, builder.keeps_cookies) {
            (None, true) => Stack::Usual(layers(pool(), &jar)),
            (Some(transport), true) => Stack::Own(layers(transport, &jar)),
            (transport, false) => {
                Stack::Plain(RedirectMiddleware::new(transport.unwrap_or_else(|| pointer(pool()))))
            }
        };
        Core { stack, settings: builder.settings, jar, closed: AtomicBool::new(false) }
    }

    /// What the builder says, over its transport or a new pool.
    #[cfg(not(feature = "cookies"))]
    pub(crate) fn new(builder: ClientBuilder<O>, pool: fn() -> P, _pointer: fn(P) -> O) -> Self {
        let stack = match builder.transport {
            None => Stack::Usual(RedirectMiddleware::new(pool())),
            Some(transport) => Stack::Own(RedirectMiddleware::new(transport)),
        };
        Core { stack, settings: builder.settings, closed: AtomicBool::new(false) }
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
        Err(head.error(error.with_request_sent(RequestSent::No)))
    }
}

#[cfg(feature = "cookies")]
fn layers<T>(transport: T, jar: &CookieJar) -> Layers<T> {
    RedirectMiddleware::new(CookieMiddleware::with_jar(transport, jar.clone()))
}
