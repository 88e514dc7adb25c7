//! The blocking [`ConnectionPool`]: a lock and a wake-up round the plan, and the I/O of what it says.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{ConnectionCounts, MessageBody, Request, Response, Result, Timeouts};

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::Http1Connection;
use super::thread_waker::ThreadWaker;
use crate::call::Call;
use crate::into_error;
use crate::lease::{Lease, Pooled, SharedPlan};
use crate::plan::{Acquire, Answer, ConnectionInfo, Grant, Replacement, Slot};
use crate::pool_builder::PoolBuilder;
use crate::pool_config::PoolConfig;
use crate::resend;

/// Sends requests over connections that it keeps: the transport that a client uses unless it is given another.
///
/// A clone is a handle to the same pool; it may be used from any number of threads. Dropping the last one closes it.
///
/// ```no_run
/// use httpx_core::{Request, blocking::Transport};
/// use httpx_pool::ConnectionPool;
///
/// let pool = ConnectionPool::new();
/// let response = pool.send(Request::new("GET", "https://www.example.com")?)?.read_body()?;
/// println!("{response:?} {pool:?}"); // <Response [200 OK]> <ConnectionPool [0 active, 1 idle]>
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct ConnectionPool(Arc<Shared>);

/// What all handles hold.
struct Shared {
    /// Held weakly by the connections in use.
    plan: Arc<SharedPlan<Http1Connection>>,
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
        self.0.plan.lock().connections()
    }

    /// Sends a request over one of the connections, and once more over a new one if it had gone stale.
    fn exchange(&self, call: &Call<'_>, body: Body, now: Instant) -> Result<Response<Body>> {
        let mut link = self.checkout(call, now)?;
        let again = body.try_clone();
        let head = match (link.send(call, body), again) {
            (Ok(head), _) => head,
            (Err(error), Some(body)) if resend::is_safe(call.head, link.exchange(), &error) => {
                link = self.replaced(link, call).map_err(|second| resend::merge_errors(&error, second))?;
                link.send(call, body).map_err(|second| resend::merge_errors(&error, second))?
            }
            (Err(error), _) => return Err(error),
        };
        link.into_response(head)
    }

    /// A connection to the request's origin: one that lay idle and still lives, or a new one; waits if there are
    /// too many.
    fn checkout(&self, call: &Call<'_>, now: Instant) -> Result<Box<Http1Connection>> {
        let mut signal = None;
        let key = call.key();
        let waker = || signal.insert(ThreadWaker::default()).clone();
        let acquired = self.0.plan.lock().acquire(&key, now, waker);
        let grant = self.granted(acquired, signal.as_ref(), call)?;
        self.redeem(grant, call)
    }

    /// A new connection in the place of one that has gone stale.
    fn replaced(&self, stale: Box<Http1Connection>, call: &Call<'_>) -> Result<Box<Http1Connection>> {
        let acquired = self.0.plan.replace(stale, Replacement::New)?;
        let grant = self.granted(acquired, None, call)?;
        self.redeem(grant, call)
    }

    /// Makes a connection of what was granted: a look at one that lay idle, another instead if it is dead, a new
    /// one where there is room for it.
    fn redeem(
        &self,
        mut grant: Grant<Box<Http1Connection>>,
        call: &Call<'_>,
    ) -> Result<Box<Http1Connection>> {
        loop {
            match grant {
                Grant::Closed => return Err(into_error::closed()),
                Grant::Connect { slot } => return self.connect(slot, call),
                Grant::Use { slot, connection: mut link } => {
                    *link.lease() = Some(Lease::pool(&self.0.plan, slot));
                    if link.is_alive() {
                        return Ok(link);
                    }
                    let acquired = self.0.plan.replace(link, Replacement::Any)?;
                    grant = self.granted(acquired, None, call)?;
                }
            }
        }
    }

    /// Closes what is to be closed, and waits in the queue if that is the answer.
    fn granted(
        &self,
        acquired: Acquire<Box<Http1Connection>>,
        signal: Option<&ThreadWaker>,
        call: &Call<'_>,
    ) -> Result<Grant<Box<Http1Connection>>> {
        drop(acquired.close);
        let (waiter, signal) = match (acquired.answer, signal) {
            (Answer::Granted(grant), _) => return Ok(grant),
            (Answer::Wait(waiter), Some(signal)) => (waiter, signal),
            (Answer::Wait(waiter), None) => (waiter, &ThreadWaker::default()),
        };
        let by = call.by(call.timeouts.pool);
        let mut waiter = Some(waiter);
        loop {
            signal.wait(by);
            if let Some(grant) = self.0.plan.waited(&mut waiter, by, call) {
                return grant;
            }
        }
    }

    /// A new connection for this slot.
    fn connect(&self, slot: Slot, call: &Call<'_>) -> Result<Box<Http1Connection>> {
        // From here on the slot is given back whatever happens.
        let lease = Lease::pool(&self.0.plan, slot);
        let endpoint = call.endpoint()?;
        let mut link = dial(&self.0.config, &*self.0.backend, &endpoint, call)?;
        lease.opened();
        *link.lease() = Some(lease);
        Ok(link)
    }
}

impl PoolBuilder<Arc<dyn NetworkBackend>> {
    /// What makes the connections. Defaults to [`TcpBackend`].
    pub fn backend(mut self, backend: impl NetworkBackend + 'static) -> Self {
        self.backend = Arc::new(backend);
        self
    }

    /// The pool.
    pub fn build(self) -> ConnectionPool {
        ConnectionPool(Arc::new(Shared {
            plan: Arc::new(SharedPlan::new(self.config.connections)),
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
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let now = Instant::now();
        request.head_mut().begin(|| now, &self.0.config.timeouts());
        let (head, body) = request.into_parts();
        Call::new(&head).and_then(|call| self.exchange(&call, body, now)).map_err(|error| head.error(error))
    }

    fn close(&self) {
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
