//! [`Inner`]: the shared state of a client, its transports and its settings, the same in both flavours.

#[cfg(feature = "digest")]
use std::sync::LazyLock;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use httpx_core::{Error, ErrorKind, IntoUrl, Method, Request, RequestHead, RequestSent, Result};
#[cfg(feature = "cookies")]
use httpx_middleware::CookieJar;
#[cfg(feature = "digest")]
use httpx_middleware::auth::RequestDigest;
use httpx_middleware::retry::Retry;

use crate::request_sender::Layers;
use crate::settings::Settings;

/// The state that all clones of a client share. `P` is the pool of its flavour, `T` a pointer to any other transport.
pub(crate) struct Inner<P, T> {
    pub(crate) transports: Transports<P, T>,
    pub(crate) settings: Settings,
    /// The same, with the digests of single requests.
    #[cfg(feature = "digest")]
    with_request_digests: LazyTransports<P, T>,
    /// Made when a request has settings of its own, if the client has none: those requests share its budget.
    retry: OnceLock<Retry>,
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

/// Transports that are made when they are first used.
#[cfg(feature = "digest")]
pub(crate) type LazyTransports<P, T> =
    LazyLock<Transports<P, T>, Box<dyn FnOnce() -> Transports<P, T> + Send + Sync>>;

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

impl<P, T> Inner<P, T> {
    pub(crate) fn new(
        transports: Transports<P, T>,
        settings: Settings,
        retry: Option<Retry>,
        pool: Option<P>,
        #[cfg(feature = "digest")] with_request_digests: LazyTransports<P, T>,
        #[cfg(feature = "cookies")] jar: CookieJar,
    ) -> Self {
        Inner {
            transports,
            settings,
            #[cfg(feature = "digest")]
            with_request_digests,
            retry: retry.map(OnceLock::from).unwrap_or_default(),
            pool,
            #[cfg(feature = "cookies")]
            jar,
            closed: AtomicBool::new(false),
        }
    }

    /// Returns the flow that retries a request, if it may be retried.
    #[inline]
    pub(crate) fn retry_for(&self, head: &RequestHead) -> Option<&Retry> {
        match self.retry.get() {
            Some(retry) if retry.is_on() => Some(retry),
            _ if head.extensions().is_empty() => None,
            _ => head.extensions().get::<Retry>().map(|_| self.retry.get_or_init(Retry::never)),
        }
    }

    /// From here on nothing is sent.
    pub(crate) fn close(&self) {
        self.closed.store(true, Ordering::Release);
    }

    /// Returns whether a request needs more than its transports: retries, a function for its progress, or a digest of its
    /// own.
    #[cfg(feature = "digest")]
    #[inline]
    pub(crate) fn is_extended<B>(&self, request: &Request<B>) -> bool {
        let extensions = request.head().extensions();
        let retries = self.retry_for(request.head()).is_some();
        retries
            || !extensions.is_empty()
                && (request.reports_progress() || extensions.get::<RequestDigest>().is_some())
    }

    /// Returns whether a request needs more than its transports: retries, or a function for its progress.
    #[cfg(not(feature = "digest"))]
    #[inline]
    pub(crate) fn is_extended<B>(&self, request: &Request<B>) -> bool {
        self.retry_for(request.head()).is_some() || request.reports_progress()
    }

    /// Returns the transports for a request.
    #[cfg(feature = "digest")]
    pub(crate) fn transports_for(&self, head: &RequestHead) -> &Transports<P, T> {
        match head.extensions().get::<RequestDigest>() {
            Some(_) => &self.with_request_digests,
            None => &self.transports,
        }
    }

    /// Returns the transports for a request.
    #[cfg(not(feature = "digest"))]
    pub(crate) fn transports_for(&self, _: &RequestHead) -> &Transports<P, T> {
        &self.transports
    }

    /// Returns the pool, and the head of a call that only opens a connection to the origin of a URL.
    ///
    /// # Errors
    ///
    /// If the URL does not parse, the client is closed, or sends through another transport than a pool.
    pub(crate) fn start_connect(&self, url: impl IntoUrl) -> Result<(&P, RequestHead)> {
        let mut head = RequestHead::new(Method::GET, self.settings.url(url)?);
        self.settings.prepare(&mut head);
        self.check_open(&head)?;
        let no_pool = || Error::new(ErrorKind::Config, "the client's transport is not a ConnectionPool");
        Ok((self.pool.as_ref().ok_or_else(no_pool)?, head))
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
