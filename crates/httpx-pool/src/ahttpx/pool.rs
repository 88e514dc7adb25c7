//! The async [`ConnectionPool`]: does the I/O and the waits that a [`Checkout`] needs.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::ahttpx::{Body, Transport, current_runtime};
use httpx_core::{ConnectionCounts, Request, Response, Result, Timeouts};

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::Async;
use super::resolver::Resolver;
use super::timer::Timer;
use crate::call::{self, Call};
use crate::checkout::{Checkout, Need};
use crate::connection_info::ConnectionInfo;
use crate::key::Runtime;
use crate::pool_builder::PoolBuilder;
use crate::pool_state::PoolState;

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

    async fn exchange(&self, call: &Call<'_>, body: Body, now: Instant) -> Result<Response<Body>> {
        let mut checkout = Checkout::new(&self.0.plan, call, body);
        let runtime = current_runtime()?.id();
        let mut need = checkout.start(call.key(Runtime::Tokio(runtime)), now);
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
                Need::Send(mut connection) => match connection.send(call, checkout.take_body()).await {
                    Ok(head) => return Ok(connection.into_response(head)),
                    Err(error) => checkout.failed(connection, error),
                },
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

    /// Looks names up with this resolver, by a new [`TcpBackend`]. Defaults to that of the system.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_pool::ahttpx::*; pub mod network { pub use httpx_pool::{*, ahttpx::*}; } } }
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
        ConnectionPool(self.into_state())
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
        let sent = match Call::new(&head, &self.0.config.connect) {
            Ok(call) => self.exchange(&call, body, now).await,
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
