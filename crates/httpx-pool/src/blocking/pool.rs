//! The blocking [`ConnectionPool`]: a lock and a wake-up round the plan, and the I/O of what it says.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{Counts, MessageBody, Request, RequestSent, Response, Result};

use super::backend::{NetworkBackend, TcpBackend};
use super::home::Home;
use super::link::Link;
use super::open::open;
use super::signal::Signal;
use crate::builder::PoolBuilder;
use crate::call::Call;
use crate::config::Config;
use crate::plan::{
    Acquire, Actions, Answer, ConnectionInfo, Grant, Plan, Replacement, Slot, Verdict, WaiterId,
};
use crate::target::{Scheme, Target};
use crate::{exchange, failure, resend};

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

/// What all handles, and weakly all connections in use, hold.
pub(crate) struct Shared {
    plan: Mutex<Plan<Box<Link>, Signal>>,
    config: Config,
    backend: Arc<dyn NetworkBackend>,
}

impl ConnectionPool {
    /// A pool with the default settings.
    pub fn new() -> Self {
        ConnectionPool::builder().build()
    }

    /// A pool with settings of its own.
    pub fn builder() -> PoolBuilder<Arc<dyn NetworkBackend>> {
        PoolBuilder { config: Config::default(), backend: Arc::new(TcpBackend::new()) }
    }

    /// What connections there are now: to where, in which state, since when, used how often.
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        self.0.lock().connections()
    }

    /// Sends a request over one of the connections, and once more over a new one if it had gone stale.
    fn exchange(&self, call: &Call<'_>, body: Body, now: Instant) -> Result<Response<Body>> {
        let mut link = self.checkout(call, now)?;
        let again = body.try_clone();
        let head = match (link.send(call, body), again) {
            (Ok(head), _) => head,
            (Err(error), Some(body)) if resend::is_safe(call.head, link.exchange(), &error) => {
                link = self.replaced(link, call).map_err(|second| resend::twice(&error, second))?;
                link.send(call, body).map_err(|second| resend::twice(&error, second))?
            }
            (Err(error), _) => return Err(error),
        };
        link.into_response(head)
    }

    /// A connection to the request's origin: one that lay idle and still lives, or a new one; waits if there are
    /// too many.
    fn checkout(&self, call: &Call<'_>, now: Instant) -> Result<Box<Link>> {
        let signal = Signal::default;
        let mut waker = None;
        let acquired = {
            let origin = call.head.url().origin();
            self.0.lock().acquire(&origin, now, || waker.insert(signal()).clone())
        };
        let grant = self.granted(acquired, waker.as_ref(), call)?;
        self.redeem(grant, call)
    }

    /// A new connection in the place of one that has gone stale.
    fn replaced(&self, stale: Box<Link>, call: &Call<'_>) -> Result<Box<Link>> {
        let grant = self.replace(stale, Replacement::New, call)?;
        self.redeem(grant, call)
    }

    /// Makes a connection of what was granted: a look at one that lay idle, another instead if it is dead, a new
    /// one where there is room for it.
    fn redeem(&self, mut grant: Grant<Box<Link>>, call: &Call<'_>) -> Result<Box<Link>> {
        loop {
            match grant {
                Grant::Closed => return Err(failure::closed()),
                Grant::Connect { slot } => return self.connect(slot, call),
                Grant::Use { slot, connection: mut link } => {
                    link.home = Some(Home::pool(Arc::downgrade(&self.0), slot));
                    if link.is_alive() {
                        return Ok(link);
                    }
                    grant = self.replace(link, Replacement::Any, call)?;
                }
            }
        }
    }

    /// Closes what is to be closed, and waits if the answer is to wait.
    fn granted(
        &self,
        acquired: Acquire<Box<Link>>,
        signal: Option<&Signal>,
        call: &Call<'_>,
    ) -> Result<Grant<Box<Link>>> {
        drop(acquired.close);
        match (acquired.answer, signal) {
            (Answer::Granted(grant), _) => Ok(grant),
            (Answer::Wait(waiter), Some(signal)) => self.wait(waiter, signal, call),
            (Answer::Wait(waiter), None) => self.wait(waiter, &Signal::default(), call),
        }
    }

    /// Waits in the queue.
    fn wait(&self, waiter: WaiterId, signal: &Signal, call: &Call<'_>) -> Result<Grant<Box<Link>>> {
        let by = call.by(call.timeouts.pool);
        loop {
            signal.wait(by);
            let mut plan = self.0.lock();
            if let Some(grant) = plan.take(&waiter) {
                return Ok(grant);
            }
            let now = Instant::now();
            if by.is_some_and(|by| by <= now) {
                let actions = plan.give_up(waiter, now);
                drop(plan);
                carry_out(actions);
                return Err(match call.is_over() {
                    true => exchange::total(call.timeouts.total).with_request_sent(RequestSent::No),
                    false => failure::crowded(call.timeouts.pool),
                });
            }
        }
    }

    /// A new connection for this slot.
    fn connect(&self, slot: Slot, call: &Call<'_>) -> Result<Box<Link>> {
        // From here on the slot is given back whatever happens.
        let home = Home::pool(Arc::downgrade(&self.0), slot);
        let target = Target::of(call.head.url())?;
        let mut link = open(&self.0.config, &*self.0.backend, &target, call)?;
        home.opened(&self.0);
        link.home = Some(home);
        Ok(link)
    }

    /// What is granted in the place of a connection that is dead.
    fn replace(&self, mut dead: Box<Link>, by: Replacement, call: &Call<'_>) -> Result<Grant<Box<Link>>> {
        let slot = dead.home.take().and_then(Home::into_slot);
        drop(dead);
        let Some(slot) = slot else { return Err(failure::closed()) };
        let acquired = self.0.lock().replace(slot, by, Instant::now());
        self.granted(acquired, None, call)
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
            plan: Mutex::new(Plan::new(self.config.connections)),
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
        request.head_mut().begin(|| now);
        let (head, body) = request.into_parts();
        Scheme::of(head.url())
            .and_then(|_| self.exchange(&Call::new(&head, &self.0.config), body, now))
            .map_err(|error| head.error(error))
    }

    fn close(&self) {
        let actions = self.0.lock().close();
        carry_out(actions);
    }

    fn counts(&self) -> Option<Counts> {
        Some(self.0.lock().counts())
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Plan<Box<Link>, Signal>> {
        // The plan is data, and whole between any two calls.
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection comes back.
    pub(super) fn release(&self, slot: Slot, link: Box<Link>, verdict: Verdict, now: Instant) {
        let actions = self.lock().release(slot, link, verdict, now);
        carry_out(actions);
    }

    /// A connection is gone.
    pub(super) fn forget(&self, slot: Slot, now: Instant) {
        let actions = self.lock().forget(slot, now);
        carry_out(actions);
    }

    /// A connection has been made.
    pub(super) fn opened(&self, slot: &Slot) {
        let jitter = RandomState::new().hash_one(0) as u32;
        self.lock().opened(slot, jitter, Instant::now());
    }
}

/// Does what the plan says, outside its lock: closes connections, wakes threads.
fn carry_out(actions: Actions<Box<Link>, Signal>) {
    drop(actions.close);
    for signal in actions.wake {
        signal.give();
    }
}

/// `<ConnectionPool [1 active, 2 idle]>`.
impl fmt::Debug for ConnectionPool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ConnectionPool {}>", self.0.lock().counts())
    }
}
