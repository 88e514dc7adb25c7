//! [`Call`]: the deadlines and the route of a request; turns other timeouts into the total one if that has passed.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use httpx_core::{
    Error, ErrorKind, IntoUrl, Method, RequestHead, RequestSent, ResponseHead, Result, Timeouts,
};

use crate::connect_options::ConnectOptions;
use crate::destination::Destination;
use crate::endpoint::{Endpoint, Scheme};
use crate::into_error;
use crate::key::{Key, KeyRef, Runtime};
use crate::on_informational::OnInformational;
use crate::pool_config::PoolConfig;
use crate::proxy::{ProxyAttempts, ProxyDigest, ProxyRoute, ProxyServer, RewrittenHead};
use crate::request_trace::RequestTrace;

/// The most bytes to drain of a proxy's 407, so that its connection can be used again.
pub(crate) const DRAIN_REFUSAL: u64 = 64 << 10;

/// The call of a request through a pool or a single connection.
#[derive(Debug)]
pub(crate) struct Call<'a> {
    pub(crate) head: &'a RequestHead,
    pub(crate) timeouts: &'a Timeouts,
    pub(crate) merged: CallOptions<'a>,
    /// When the call must have ended, including the queue, retries, redirects and the body.
    pub(crate) deadline: Option<Instant>,
    /// Reports what happens, if there is an observer.
    pub(crate) trace: Option<RequestTrace>,
}

impl<'a> Call<'a> {
    /// Creates the call of a request. The call has begun, so the timeouts are resolved. `defaults` are the options of the
    /// pool or the connection.
    ///
    /// # Errors
    ///
    /// If the URL is neither http nor https, or its proxy cannot be used.
    // Always inlined: it moves large values, and every request pays for that.
    #[inline(always)]
    fn new(head: &'a RequestHead, defaults: &'a ConnectOptions, trace: Option<RequestTrace>) -> Result<Self> {
        let scheme = Scheme::of(head.url())?;
        let merged = match ConnectOptions::merged(head.extensions().get(), defaults) {
            Cow::Borrowed(options) if options.proxies().is_none() => CallOptions::Borrowed(options),
            options => match CallOptions::own(options.into_owned(), defaults, head, scheme) {
                Ok(options) => options,
                Err(error) => return Err(failed(trace, error)),
            },
        };
        Ok(Call { head, timeouts: &head.options().timeouts, merged, deadline: head.deadline(), trace })
    }

    /// Creates the call of a request through a pool or a single connection.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    #[inline]
    pub(crate) fn begin(head: &'a RequestHead, config: &'a PoolConfig) -> Result<Self> {
        let trace = match &config.observer {
            None => None,
            Some(observer) => Some(RequestTrace::start(observer, head)?),
        };
        Call::new(head, &config.connect, trace)
    }

    /// Creates the call that opens a connection in advance.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new).
    pub(crate) fn preconnect(head: &'a RequestHead, config: &'a PoolConfig) -> Result<Self> {
        Call::new(head, &config.connect, config.observer.as_ref().map(RequestTrace::preconnect))
    }

    /// Returns the key under which the plan keeps connections for this call.
    #[inline]
    pub(crate) fn key(&self, runtime: Runtime) -> KeyRef<'_> {
        KeyRef::of(self.head.url(), self.route(), self.options(), runtime)
    }

    /// Returns the endpoint that the request is sent to.
    pub(crate) fn endpoint(&self) -> Result<Endpoint> {
        Endpoint::of(self.head.url())
    }

    /// Fails if a connection to this endpoint that was opened with this key cannot carry the request.
    pub(crate) fn check_leads_to(&self, endpoint: &Endpoint, key: &Key) -> Result<()> {
        if self.endpoint()? != *endpoint {
            return Err(into_error::wrong_origin(endpoint));
        }
        if self.key(Runtime::Any) != *key {
            return Err(into_error::other_options());
        }
        Ok(())
    }

    /// Returns the options of the request, merged with those of the pool or the connection.
    #[inline]
    pub(crate) fn options(&self) -> &ConnectOptions {
        match &self.merged {
            CallOptions::Borrowed(options) => options,
            CallOptions::Own(own) => &own.options,
        }
    }

    /// Returns the route through a proxy; `None` for a direct connection.
    #[inline]
    pub(crate) fn route(&self) -> Option<&ProxyRoute> {
        match &self.merged {
            CallOptions::Borrowed(_) => None,
            CallOptions::Own(own) => own.route.as_ref(),
        }
    }

    /// Returns what proxies change in the head of the request.
    #[inline]
    pub(crate) fn rewritten(&self) -> Option<RewrittenHead> {
        match &self.merged {
            CallOptions::Borrowed(_) => None,
            CallOptions::Own(own) => own.rewritten(self.head),
        }
    }

    /// Returns the proxy.
    pub(crate) fn proxy(&self) -> Option<&ProxyServer> {
        self.route().map(ProxyRoute::server)
    }

    /// Returns the digest authentication with the proxy that forwards the request, unless the request has credentials for
    /// the proxy.
    #[inline]
    pub(crate) fn forwarding_digest(&self) -> Option<&ProxyDigest> {
        let digest = self.route().filter(|route| !route.is_tunnel())?.server().digest()?;
        (!self.head.headers().contains("proxy-authorization")).then_some(digest)
    }

    /// Takes the error of a connection that could not be opened. Returns whether it is worth another attempt: the proxy has
    /// refused the tunnel with a challenge that can be answered.
    #[cold]
    pub(crate) fn answers_proxy(&self, attempts: &mut ProxyAttempts, error: &Error) -> bool {
        let digest = self.proxy().and_then(ProxyServer::digest);
        digest.zip(error.response()).is_some_and(|(digest, response)| digest.challenged(attempts, response))
    }

    /// Returns when a wait ends that begins now and may last this long: no later than the call.
    pub(crate) fn by(&self, own: Option<Duration>) -> Option<Instant> {
        let own = own.and_then(|limit| Instant::now().checked_add(limit));
        own.into_iter().chain(self.deadline).min()
    }

    /// Shows an interim response to the function that the request carries for that.
    pub(crate) fn inform(&self, mut response: ResponseHead) {
        if let Some(function) = self.head.extensions().get::<OnInformational>() {
            response.set_request(self.head.clone());
            function.call(&response);
        }
    }

    /// Returns whether the total timeout has passed.
    fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// Names the proxy in an error of the exchange with the origin, if there is one.
    pub(crate) fn with_proxy_named(&self, error: Error) -> Error {
        match self.proxy() {
            None => error,
            Some(proxy) => error.in_context(&format!("through the proxy {proxy}")),
        }
    }

    /// Replaces the error of a wait that ended before anything was sent, if the total timeout has passed too.
    pub(crate) fn or_total_timeout(&self, error: Error) -> Error {
        if error.is_timeout() && self.is_over() {
            into_error::timeout::total(self.timeouts.total).with_request_sent(RequestSent::Nothing)
        } else {
            error
        }
    }
}

/// The options of a call and its route. Most calls borrow the options of their pool, and need no proxy.
#[derive(Debug)]
pub(crate) enum CallOptions<'a> {
    Borrowed(&'a ConnectOptions),
    Own(Box<OwnOptions>),
}

#[derive(Debug)]
pub(crate) struct OwnOptions {
    options: ConnectOptions,
    /// Whether there are proxies for this request or for others of its pool.
    has_proxies: bool,
    route: Option<ProxyRoute>,
}

impl OwnOptions {
    #[cold]
    fn rewritten(&self, head: &RequestHead) -> Option<RewrittenHead> {
        match &self.route {
            Some(route) => Some(route.rewrite(head)),
            None => self.has_proxies.then(|| RewrittenHead::for_origin(head)),
        }
    }
}

impl CallOptions<'_> {
    /// Chooses the route of a request. Where there is a proxy, the filter is asked here about the address of the origin, if
    /// it is known: a connection to a proxy leads to many origins.
    #[cold]
    fn own(
        options: ConnectOptions,
        defaults: &ConnectOptions,
        head: &RequestHead,
        scheme: Scheme,
    ) -> Result<Self> {
        let has_proxies = options.proxies().is_some() || defaults.proxies().is_some();
        let route = match options.proxies() {
            None => None,
            Some(proxies) => ProxyRoute::choose(proxies, head, scheme)?,
        };
        if route.is_some() {
            let endpoint = Endpoint::of(head.url())?;
            let origin = Destination::new(&endpoint).with_options(&options);
            if let Some(Ok(known)) = origin.known_addresses() {
                origin.allowed(known).map_err(|error| into_error::connect(error, None))?;
            }
        }
        Ok(CallOptions::Own(Box::new(OwnOptions { options, has_proxies, route })))
    }
}

/// Reports the error of a request that gets no route: no checkout begins, which would report it.
#[cold]
fn failed(trace: Option<RequestTrace>, error: Error) -> Error {
    if let Some(trace) = trace {
        trace.failed(&error);
    }
    error
}

/// Returns when a call with this head begins.
///
/// # Errors
///
/// In a browser, where the clock of the standard library panics.
#[inline]
pub(crate) fn now(head: &RequestHead) -> Result<Instant> {
    if cfg!(all(target_family = "wasm", target_os = "unknown")) {
        let message = "this system has neither sockets nor a clock; give the client a transport of your own";
        return Err(head.error(Error::new(ErrorKind::Other, message)));
    }
    Ok(Instant::now())
}

/// Creates the head of a call that only opens a connection to the origin of a URL.
pub(crate) fn head_to(url: impl IntoUrl, config: &PoolConfig) -> Result<RequestHead> {
    let mut head = RequestHead::new(Method::GET, url.into_url(None)?);
    let now = now(&head)?;
    head.begin(|| now, &config.timeouts);
    Ok(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    impl<'a> Call<'a> {
        /// Creates the call of a request through a pool with the default options, for the tests of this crate.
        pub(crate) fn by_default(head: &'a RequestHead) -> Self {
            Call::new(head, ConnectOptions::unset(), None).unwrap()
        }
    }
}
