//! The blocking [`ConnectionPool`]: does the I/O and the waits that a [`Checkout`] needs.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{ConnectionCounts, IntoUrl, MessageBody, Request, RequestHead, Response, Result, Timeouts};

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::{Blocking, Http1Connection};
use super::resolver::Resolver;
use crate::call::{self, Call, DRAIN_REFUSAL, head_to};
use crate::checkout::{Checkout, Need};
use crate::connection_info::ConnectionInfo;
use crate::key::Runtime;
use crate::lease::Pooled;
use crate::pool_builder::PoolBuilder;
use crate::pool_state::PoolState;
use crate::pool_stats::PoolStats;
use crate::proxy::{ProxyAttempts, ProxyDigest};

/// A pool of connections, and the transport of a client unless it is given another one.
///
/// It has at most 100 connections by default, and a request waits up to 5 minutes for a free one: see
/// [`PoolBuilder`].
///
/// A clone is a handle to the same pool, for any number of threads. Dropping the last handle closes the pool.
///
/// ```no_run
/// # mod httpx { pub use httpx_core::{*, blocking::*}; pub use httpx_pool::*; }
/// use httpx::{ConnectionPool, Request, Transport};
///
/// let pool = ConnectionPool::new();
/// let response = pool.send(Request::new("GET", "https://www.example.com")?)?.read_body()?;
/// println!("{response:?} {pool:?}"); // <Response [200 OK]> <ConnectionPool [0 active, 1 idle]>
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct ConnectionPool(Arc<PoolState<Blocking, Arc<dyn NetworkBackend>>>);

impl ConnectionPool {
    /// Returns a pool with the default settings.
    pub fn new() -> Self {
        ConnectionPool::builder().build()
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> PoolBuilder<Arc<dyn NetworkBackend>> {
        PoolBuilder::over(Arc::new(TcpBackend::new()))
    }

    /// Lists the connections of the pool: where they lead, their state and age, what TLS agreed on.
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        self.0.plan.connections()
    }

    /// Returns the statistics of the pool: current numbers, and totals since it was created.
    pub fn stats(&self) -> PoolStats {
        self.0.plan.stats()
    }

    /// Opens a connection to the origin of a URL in advance, and leaves it idle in the pool, so that the first request
    /// needs no lookup and no handshake. Does nothing if the origin has an idle connection already. Sends no request.
    ///
    /// The limits of the pool apply: where there is no room, the connection of another origin that has been idle
    /// longest is closed, or the call waits for a free connection, up to the pool timeout. An idle connection is closed
    /// after [`idle_timeout`](PoolBuilder::idle_timeout).
    ///
    /// # Errors
    ///
    /// If the URL does not parse, no connection can be made within the connect timeout, or the pool is closed.
    ///
    /// ```no_run
    /// # mod httpx { pub use httpx_pool::*; }
    /// let pool = httpx::ConnectionPool::new();
    /// pool.connect("https://www.example.com")?;
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[doc(alias = "preconnect")]
    #[doc(alias = "warm_up")]
    pub fn connect(&self, url: impl IntoUrl) -> Result<()> {
        self.connect_for(head_to(url, &self.0.config)?)
    }

    /// Opens a connection for requests with this head: for clients.
    #[doc(hidden)]
    pub fn connect_for(&self, mut head: RequestHead) -> Result<()> {
        let now = call::now(&head)?;
        head.begin(|| now, &self.0.config.timeouts);
        let call = Call::preconnect(&head, &self.0.config)?;
        let key = call.key(Runtime::Any);
        let mut checkout = Checkout::new(&self.0.plan, &call, Body::empty());
        if checkout.has_idle(key, now) {
            return Ok(());
        }
        let need = checkout.start(key, now);
        self.obtain(&call, &mut checkout, need).map(Pooled::leave_idle)
    }

    /// Sends a request through a proxy that wants a digest, again after a challenge. Kept apart from other requests.
    #[cold]
    fn exchange_answering(
        &self,
        call: &Call<'_>,
        digest: &ProxyDigest,
        mut body: Body,
        now: Instant,
    ) -> Result<Response<Body>> {
        let mut attempts = ProxyAttempts::default();
        let mut copy = body.try_clone();
        let mut response = self.exchange(call, body, now)?;
        while digest.challenged(&mut attempts, response.head()) {
            body = match copy.take() {
                Some(body) => body,
                None => break,
            };
            copy = body.try_clone();
            response.into_parts().1.drain(DRAIN_REFUSAL);
            let call = Call::begin(call.head, &self.0.config)?;
            response = self.exchange(&call, body, call::now(call.head)?)?;
        }
        Ok(response)
    }

    fn exchange(&self, call: &Call<'_>, mut body: Body, now: Instant) -> Result<Response<Body>> {
        body.open()?;
        let mut checkout = Checkout::new(&self.0.plan, call, body);
        let mut need = checkout.start(call.key(Runtime::Any), now);
        loop {
            let mut connection = self.obtain(call, &mut checkout, need)?;
            match connection.send(call, checkout.take_body()) {
                Ok(head) => return Ok(connection.into_response(head)),
                Err(error) => need = checkout.failed(connection, error),
            }
        }
    }

    // Always inlined: it moves large values, and every request pays for that.
    #[inline(always)]
    fn obtain(
        &self,
        call: &Call<'_>,
        checkout: &mut Checkout<'_, Http1Connection, Body>,
        mut need: Need<Http1Connection>,
    ) -> Result<Box<Http1Connection>> {
        loop {
            need = match need {
                Need::Wait { waker, by } => {
                    waker.wait(by);
                    checkout.waited()
                }
                Need::Look(mut connection) => {
                    let is_alive = connection.is_alive();
                    checkout.looked(connection, is_alive)
                }
                Need::Connect(lease) => {
                    let opened = dial(&self.0.config, &*self.0.backend, call);
                    checkout.connected(lease, opened)
                }
                Need::Send(connection) => return Ok(connection),
                Need::Fail(error) => return Err(error),
            }
        }
    }
}

impl PoolBuilder<Arc<dyn NetworkBackend>> {
    /// Sets the backend that makes the connections. Defaults to [`TcpBackend`].
    pub fn backend(mut self, backend: impl NetworkBackend + 'static) -> Self {
        self.backend = Arc::new(backend);
        self
    }

    /// Looks up names with this resolver, in a new [`TcpBackend`]. Defaults to the system's resolver.
    ///
    /// ```
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::ConnectionPool;
    /// use httpx::network::{Resolver, SystemResolver};
    ///
    /// fn pool(resolver: impl Resolver + 'static) -> ConnectionPool {
    ///     ConnectionPool::builder().resolver(resolver).build()
    /// }
    /// # pool(SystemResolver::new());
    /// ```
    #[doc(alias = "dns_resolver")]
    pub fn resolver(self, resolver: impl Resolver + 'static) -> Self {
        self.backend(TcpBackend::new().resolver(resolver))
    }

    /// Builds the pool. It opens no connection yet.
    pub fn build(self) -> ConnectionPool {
        let uses_env_proxies = self.backend.uses_env_proxies();
        ConnectionPool(self.into_state(uses_env_proxies))
    }
}

impl Default for ConnectionPool {
    fn default() -> Self {
        ConnectionPool::new()
    }
}

impl Transport for ConnectionPool {
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let now = call::now(request.head())?;
        request.head_mut().begin(|| now, &self.0.config.timeouts);
        let (head, body) = request.into_parts();
        Call::begin(&head, &self.0.config)
            .and_then(|call| match call.forwarding_digest() {
                None => self.exchange(&call, body, now),
                Some(digest) => self.exchange_answering(&call, digest, body, now),
            })
            .map_err(|error| head.error(error))
    }

    fn close(&self) {
        self.0.plan.close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        Some(self.0.plan.counts())
    }

    fn timeouts(&self) -> Timeouts {
        self.0.config.timeouts
    }
}

/// `<ConnectionPool [1 active, 2 idle]>`.
impl fmt::Debug for ConnectionPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ConnectionPool {}>", self.0.plan.counts())
    }
}
