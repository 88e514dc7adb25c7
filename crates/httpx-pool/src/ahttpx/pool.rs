//! The async [`ConnectionPool`]: a lock and a wake-up round the plan, and the I/O of what it says.

use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Waker;
use std::time::Instant;

use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{ConnectionCounts, MessageBody, Request, Response, Result, Timeouts};
use tokio::runtime::Handle;

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::Http1Connection;
use super::recent_key::RecentKey;
use super::timer::Timer;
use crate::call::Call;
use crate::into_error;
use crate::lease::{Lease, Pooled, SharedPlan, apply};
use crate::plan::{Acquire, Answer, ConnectionInfo, Grant, Replacement, Slot, WaiterId};
use crate::pool_builder::PoolBuilder;
use crate::pool_config::PoolConfig;
use crate::resend;

/// Sends requests over connections that it keeps: the transport that a client uses unless it is given another.
///
/// A clone is a handle to the same pool; it may be used from any number of tasks, on any runtime. An idle connection
/// is only used on the runtime that opened it. Dropping the last handle closes the pool.
///
/// ```no_run
/// use httpx_core::{Request, ahttpx::Transport};
/// use httpx_pool::ahttpx::ConnectionPool;
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
pub struct ConnectionPool(Arc<Shared>);

/// What all handles hold.
struct Shared {
    /// Held weakly by the connections in use.
    plan: Arc<SharedPlan<Http1Connection>>,
    key: RecentKey,
    config: PoolConfig,
    backend: Arc<dyn NetworkBackend>,
}

impl ConnectionPool {
    /// A pool with the default settings.
    pub fn new() -> Self {
        ConnectionPool::builder().build()
    }

    /// A pool with settings of its own.
    pub fn builder() -> PoolBuilder<Arc<dyn NetworkBackend>> {
        PoolBuilder { config: PoolConfig::default(), backend: Arc::new(TcpBackend::new()) }
    }

    /// What connections there are now: to where, in which state, since when, used how often.
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        let mut connections = self.0.plan.lock().connections();
        for connection in &mut connections {
            connection.origin = RecentKey::origin(&connection.origin).into();
        }
        connections
    }

    /// Sends a request over one of the connections, and once more over a new one if it had gone stale.
    async fn exchange(&self, call: &Call<'_>, body: Body, now: Instant) -> Result<Response<Body>> {
        let mut link = self.checkout(call, now).await?;
        let again = body.try_clone();
        let head = match (link.send(call, body).await, again) {
            (Ok(head), _) => head,
            (Err(error), Some(body)) if resend::is_safe(call.head, link.exchange(), &error) => {
                link =
                    self.replaced(link, call).await.map_err(|second| resend::merge_errors(&error, second))?;
                link.send(call, body).await.map_err(|second| resend::merge_errors(&error, second))?
            }
            (Err(error), _) => return Err(error),
        };
        link.into_response(head)
    }

    /// A connection to the request's origin: one that lay idle and still lives, or a new one; waits if there are
    /// too many.
    async fn checkout(&self, call: &Call<'_>, now: Instant) -> Result<Box<Http1Connection>> {
        // A connection lives and dies with the runtime that opened it.
        let runtime = Handle::try_current().map_err(|_| into_error::no_runtime())?.id();
        let key = self.0.key.of(&call.key(), runtime);
        let acquired = self.0.plan.lock().acquire(&key, now, || Waker::noop().clone());
        let grant = self.granted(acquired, call).await?;
        self.redeem(grant, call).await
    }

    /// A new connection in the place of one that has gone stale.
    async fn replaced(&self, stale: Box<Http1Connection>, call: &Call<'_>) -> Result<Box<Http1Connection>> {
        let acquired = self.0.plan.replace(stale, Replacement::New)?;
        let grant = self.granted(acquired, call).await?;
        self.redeem(grant, call).await
    }

    /// Makes a connection of what was granted: a look at one that lay idle, another instead if it is dead, a new
    /// one where there is room for it.
    async fn redeem(
        &self,
        mut grant: Grant<Box<Http1Connection>>,
        call: &Call<'_>,
    ) -> Result<Box<Http1Connection>> {
        loop {
            match grant {
                Grant::Closed => return Err(into_error::closed()),
                Grant::Connect { slot } => return self.connect(slot, call).await,
                Grant::Use { slot, connection: mut link } => {
                    *link.lease() = Some(Lease::pool(&self.0.plan, slot));
                    if link.is_alive() {
                        return Ok(link);
                    }
                    let acquired = self.0.plan.replace(link, Replacement::Any)?;
                    grant = self.granted(acquired, call).await?;
                }
            }
        }
    }

    /// Closes what is to be closed, and waits in the queue if that is the answer.
    async fn granted(
        &self,
        acquired: Acquire<Box<Http1Connection>>,
        call: &Call<'_>,
    ) -> Result<Grant<Box<Http1Connection>>> {
        drop(acquired.close);
        let waiter = match acquired.answer {
            Answer::Granted(grant) => return Ok(grant),
            Answer::Wait(waiter) => waiter,
        };
        let by = call.by(call.timeouts.pool);
        let mut queued = Queued { plan: &self.0.plan, waiter: Some(waiter) };
        let mut timer = Timer::on_current_runtime()?;
        poll_fn(|cx| {
            if let Some(waiter) = &queued.waiter {
                let retired = queued.plan.lock().set_waker(waiter, cx.waker().clone());
                drop(retired);
            }
            let granted = match queued.plan.waited(&mut queued.waiter, by, call) {
                Some(granted) => std::task::Poll::Ready(granted),
                None => std::task::Poll::Pending,
            };
            timer.poll_by(cx, granted, by)
        })
        .await
        .unwrap_or_else(|| queued.late(by, call))
    }

    /// A new connection for this slot.
    async fn connect(&self, slot: Slot, call: &Call<'_>) -> Result<Box<Http1Connection>> {
        // From here on the slot is given back whatever happens.
        let lease = Lease::pool(&self.0.plan, slot);
        let endpoint = call.endpoint()?;
        // Boxed, since a TLS handshake is large and few requests need one: all of them would carry the room for it.
        let mut link = Box::pin(dial(&self.0.config, &*self.0.backend, &endpoint, call)).await?;
        lease.opened();
        *link.lease() = Some(lease);
        Ok(link)
    }
}

/// A place in the queue. Given up early, it passes on what had been granted to it.
struct Queued<'a> {
    plan: &'a SharedPlan<Http1Connection>,
    waiter: Option<WaiterId>,
}

impl Queued<'_> {
    /// The time is up; but what was granted meanwhile is taken.
    fn late(&mut self, by: Option<Instant>, call: &Call<'_>) -> Result<Grant<Box<Http1Connection>>> {
        self.plan
            .waited(&mut self.waiter, by, call)
            .unwrap_or_else(|| Err(into_error::pool_timeout(call.timeouts.pool)))
    }
}

impl Drop for Queued<'_> {
    fn drop(&mut self) {
        if let Some(waiter) = self.waiter.take() {
            let actions = self.plan.lock().give_up(waiter, Instant::now());
            apply(actions);
        }
    }
}

impl PoolBuilder<Arc<dyn NetworkBackend>> {
    /// What makes the connections. Defaults to [`TcpBackend`].
    pub fn backend(mut self, backend: impl NetworkBackend + 'static) -> Self {
        self.backend = Arc::new(backend);
        self
    }

    /// The pool. Needs no runtime yet.
    pub fn build(self) -> ConnectionPool {
        ConnectionPool(Arc::new(Shared {
            plan: Arc::new(SharedPlan::new(self.config.connections)),
            key: RecentKey::default(),
            config: self.config,
            backend: self.backend,
        }))
    }
}

impl Default for ConnectionPool {
    fn default() -> Self {
        ConnectionPool::new()
    }
}

impl Transport for ConnectionPool {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let now = Instant::now();
        request.head_mut().begin(|| now, &self.0.config.timeouts());
        let (head, body) = request.into_parts();
        let sent = match Call::new(&head) {
            Ok(call) => self.exchange(&call, body, now).await,
            Err(error) => Err(error),
        };
        sent.map_err(|error| head.error(error))
    }

    async fn close(&self) {
        self.0.plan.close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        Some(self.0.plan.lock().counts())
    }

    fn timeouts(&self) -> Timeouts {
        self.0.config.timeouts()
    }
}

/// `<ConnectionPool [1 active, 2 idle]>`.
impl fmt::Debug for ConnectionPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ConnectionPool {}>", self.0.plan.lock().counts())
    }
}
