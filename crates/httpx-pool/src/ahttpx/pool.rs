//! The async [`ConnectionPool`]: does the I/O and the waits that a [`Checkout`] needs.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::ahttpx::{Body, Transport, current_runtime};
use httpx_core::{ConnectionCounts, IntoUrl, MessageBody, Request, RequestHead, Response, Result, Timeouts};

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::{Async, Http1Connection};
use super::open_body::open_body;
use super::resolver::Resolver;
use super::timer::Timer;
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
/// A clone is a handle to the same pool, for any number of tasks on any runtime. A connection is used only on the
/// runtime that opened it. Dropping the last handle closes the pool.
///
/// ```no_run
/// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; pub use httpx_pool::ahttpx::*; } }
/// use httpx::ahttpx::{ConnectionPool, Request, Transport};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx_core::Result<()> {
/// let pool = ConnectionPool::new();
/// let response = pool.send(Request::new("GET", "https://www.example.com")?).await?.read_body().await?;
/// println!("{response:?} {pool:?}"); // <Response [200 OK]> <ConnectionPool [0 active, 1 idle]>
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct ConnectionPool(Arc<PoolState<Async, Arc<dyn NetworkBackend>>>);

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
    /// # mod httpx { pub mod ahttpx { pub use httpx_pool::ahttpx::*; } }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let pool = httpx::ahttpx::ConnectionPool::new();
    /// pool.connect("https://www.example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "preconnect")]
    #[doc(alias = "warm_up")]
    pub async fn connect(&self, url: impl IntoUrl) -> Result<()> {
        self.connect_for(head_to(url, &self.0.config)?).await
    }

    /// Opens a connection for requests with this head: for clients.
    #[doc(hidden)]
    pub async fn connect_for(&self, mut head: RequestHead) -> Result<()> {
        let now = call::now(&head)?;
        head.begin(|| now, &self.0.config.timeouts);
        let call = Call::preconnect(&head, &self.0.config)?;
        let key = call.key(runtime()?);
        let mut checkout = Checkout::new(&self.0.plan, &call, Body::empty());
        if checkout.has_idle(key, now) {
            return Ok(());
        }
        let need = checkout.start(key, now);
        self.obtain(&call, &mut checkout, need).await.map(Pooled::leave_idle)
    }

    /// Sends a request through a proxy that wants a digest, again after a challenge. Kept apart from other requests.
    #[cold]
    async fn exchange_answering(
        &self,
        call: &Call<'_>,
        digest: &ProxyDigest,
        mut body: Body,
        now: Instant,
    ) -> Result<Response<Body>> {
        let mut attempts = ProxyAttempts::default();
        let mut copy = body.try_clone();
        let mut response = self.exchange(call, body, now).await?;
        while digest.challenged(&mut attempts, response.head()) {
            body = match copy.take() {
                Some(body) => body,
                None => break,
            };
            copy = body.try_clone();
            response.into_parts().1.drain(DRAIN_REFUSAL).await;
            let call = Call::begin(call.head, &self.0.config)?;
            response = self.exchange(&call, body, call::now(call.head)?).await?;
        }
        Ok(response)
    }

    async fn exchange(&self, call: &Call<'_>, mut body: Body, now: Instant) -> Result<Response<Body>> {
        if body.is_unopened() {
            Box::pin(open_body(call.head, &mut body)).await?;
        }
        let mut checkout = Checkout::new(&self.0.plan, call, body);
        let mut need = checkout.start(call.key(runtime()?), now);
        loop {
            let mut connection = self.obtain(call, &mut checkout, need).await?;
            match connection.send(call, checkout.take_body()).await {
                Ok(head) => return Ok(connection.into_response(head)),
                Err(error) => need = checkout.failed(connection, error),
            }
        }
    }

    async fn obtain(
        &self,
        call: &Call<'_>,
        checkout: &mut Checkout<'_, Http1Connection, Body>,
        mut need: Need<Http1Connection>,
    ) -> Result<Box<Http1Connection>> {
        loop {
            need = match need {
                Need::Wait { by, .. } => {
                    let mut timer = Timer::on_current_runtime()?;
                    let turn = poll_fn(|cx| {
                        let turn = checkout.poll_turn(cx.waker().clone());
                        timer.poll_by(cx, turn, by)
                    });
                    turn.await.unwrap_or_else(|| checkout.waited())
                }
                Need::Look(mut connection) => {
                    let is_alive = connection.is_alive();
                    checkout.looked(connection, is_alive)
                }
                Need::Connect(lease) => {
                    // Boxed, because a TLS handshake is large and few requests need one.
                    let opened = Box::pin(dial(&self.0.config, &*self.0.backend, call)).await;
                    checkout.connected(lease, opened)
                }
                Need::Send(connection) => return Ok(connection),
                Need::Fail(error) => return Err(error),
            }
        }
    }
}

/// The current runtime, which a connection cannot leave.
fn runtime() -> Result<Runtime> {
    Ok(Runtime::Tokio(current_runtime()?.id()))
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
    /// # mod httpx { pub mod ahttpx { pub use httpx_pool::ahttpx::*; pub mod network { pub use httpx_pool::{SystemResolver, ahttpx::*}; } } }
    /// use httpx::ahttpx::ConnectionPool;
    /// use httpx::ahttpx::network::{Resolver, SystemResolver};
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

    /// Builds the pool. It opens no connection yet and needs no runtime.
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
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let now = call::now(request.head())?;
        request.head_mut().begin(|| now, &self.0.config.timeouts);
        let (head, body) = request.into_parts();
        let sent = match Call::begin(&head, &self.0.config) {
            Ok(call) => match call.forwarding_digest() {
                None => self.exchange(&call, body, now).await,
                Some(digest) => Box::pin(self.exchange_answering(&call, digest, body, now)).await,
            },
            Err(error) => Err(error),
        };
        sent.map_err(|error| head.error(error))
    }

    async fn close(&self) {
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
