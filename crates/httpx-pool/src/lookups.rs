//! [`Lookups`]: asks the resolver of a backend, through the table of its lookups; a lookup ends at its deadline.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use crate::connect_error::{ConnectError, ConnectStep};
use crate::dial_trace::DialTrace;
use crate::dns_cache_options::DnsCacheOptions;
use crate::lookup_table::{CacheResult, CancelAction, LookupTable, Polled, Ticket};
use crate::lookup_threads::LOOKUP_THREADS;
use crate::panic_text::panic_text;
use crate::resolved::Resolved;

/// The source of the answers: the resolver of either flavour.
pub(crate) trait LookupSource: fmt::Debug + Send + Sync {
    /// Makes the lookup of a name. It begins when it is called or polled.
    fn look_up(&self, name: &str) -> Lookup;
}

/// A lookup that has not begun.
pub(crate) enum Lookup {
    /// It blocks a thread.
    Blocking(Box<dyn FnOnce() -> io::Result<Resolved> + Send>),
    /// It is polled by those who wait for it.
    #[cfg_attr(
        not(any(feature = "async", test)),
        expect(dead_code, reason = "the blocking flavour has no such resolver")
    )]
    Polled(LookupFuture),
}

pub(crate) type LookupFuture = Pin<Box<dyn Future<Output = io::Result<Resolved>> + Send>>;

type Table = LookupTable<LookupFuture>;

/// The resolver of a backend and the lookups that its clones share.
pub(crate) struct Lookups {
    table: Mutex<Table>,
    source: Arc<dyn LookupSource>,
    options: DnsCacheOptions,
}

impl Lookups {
    pub(crate) fn new(source: Arc<dyn LookupSource>, options: DnsCacheOptions) -> Arc<Self> {
        Arc::new(Lookups { table: Mutex::new(LookupTable::new(options)), source, options })
    }

    /// Returns the same resolver with an empty cache.
    pub(crate) fn with_options(&self, options: DnsCacheOptions) -> Arc<Self> {
        Lookups::new(Arc::clone(&self.source), options)
    }

    /// Returns another resolver with an empty cache.
    pub(crate) fn with_source(&self, source: impl LookupSource + 'static) -> Arc<Self> {
        Lookups::new(Arc::new(source), self.options)
    }

    /// Looks up the addresses of a name, which get this port.
    pub(crate) fn look_up<'a>(self: &'a Arc<Self>, name: &'a str, port: u16) -> LookingUp<'a> {
        LookingUp { lookups: self, name, port, by: None, waiting: None, trace: None }
    }

    /// Remembers an address that won over others, if one has.
    pub(crate) fn won(&self, name: &str, address: Option<SocketAddr>) {
        if let Some(address) = address {
            self.lock().won(name, address, Instant::now());
        }
    }

    /// Asks for a name. The answer is known, or there is a lookup to wait for.
    fn ask(self: &Arc<Self>, name: &str, now: Instant) -> Result<io::Result<Vec<SocketAddr>>, Waiting> {
        let mut table = self.lock();
        match table.ask(name, now) {
            CacheResult::Hit(answer) => Ok(answer),
            // The table stays locked: a thread must not answer before its job is known.
            CacheResult::Miss(ticket) => Err(self.begin(&mut table, name, ticket)),
            CacheResult::Pending { ticket, resume } => {
                if let Some(job) = resume {
                    LOOKUP_THREADS.resume(job);
                }
                Err(Waiting { ticket, lead: None })
            }
        }
    }

    fn begin(self: &Arc<Self>, table: &mut Table, name: &str, ticket: Ticket) -> Waiting {
        let look_up = match self.source.look_up(name) {
            Lookup::Polled(future) => return Waiting { ticket, lead: Some(future) },
            Lookup::Blocking(look_up) => look_up,
        };
        let (lookups, id) = (Arc::clone(self), ticket.lookup);
        let job = move || lookups.answer(id, caught(look_up));
        match LOOKUP_THREADS.run(Box::new(job)) {
            Ok(job) => table.set_job(id, job),
            // No other ticket exists yet.
            Err(error) => drop(table.answer(id, Err(error), Instant::now())),
        }
        Waiting { ticket, lead: None }
    }

    fn answer(&self, id: u64, found: io::Result<Resolved>) {
        let wakers = self.lock().answer(id, found, Instant::now());
        for waker in wakers {
            waker.wake();
        }
    }

    fn cancel(&self, waiting: Waiting) {
        let Waiting { ticket, lead } = waiting;
        let mut table = self.lock();
        let action = table.cancel(&ticket, lead);
        let mut not_begun = None;
        if let CancelAction::Abandoned(Some(job)) = &action {
            not_begun = LOOKUP_THREADS.abandon(*job);
        }
        if not_begun.is_some() {
            table.forget(ticket.lookup);
        }
        // Values of the user's code are dropped without the lock.
        drop(table);
        if let CancelAction::Wake(next) = action {
            next.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Lookups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.source)
    }
}

/// One caller that looks up a name. It can be dropped at any time.
#[derive(Debug)]
pub(crate) struct LookingUp<'a> {
    lookups: &'a Arc<Lookups>,
    name: &'a str,
    port: u16,
    /// It does not begin after this instant.
    by: Option<Instant>,
    /// Present while it waits for a lookup.
    waiting: Option<Waiting>,
    /// When it began, and where it reports its end.
    trace: Option<(Instant, &'a DialTrace)>,
}

struct Waiting {
    ticket: Ticket,
    /// Present if this caller is the one that polls.
    lead: Option<LookupFuture>,
}

impl<'a> LookingUp<'a> {
    /// Sets its deadline. After it no lookup begins; those who wait for one watch the time themselves.
    pub(crate) fn by(mut self, by: Option<Instant>) -> Self {
        self.by = by;
        self
    }

    /// Reports the lookup, which begins now.
    pub(crate) fn traced(mut self, trace: Option<&'a DialTrace>) -> Self {
        if let Some(trace) = trace {
            trace.lookup_started(self.name);
            self.trace = Some((Instant::now(), trace));
        }
        self
    }

    /// Returns the error for the case that no time is left.
    pub(crate) fn timed_out(&mut self) -> ConnectError {
        let job = self.waiting.as_ref().and_then(|waiting| self.lookups.lock().job(&waiting.ticket));
        let is_queued = job.is_some_and(|job| LOOKUP_THREADS.is_queued(job));
        let step = if is_queued { ConnectStep::WaitingToResolve } else { ConnectStep::Resolving };
        let error = ConnectError::lookup_timed_out(step, self.name);
        self.report_end(Err(&error));
        error
    }

    fn report_end(&mut self, result: Result<&[SocketAddr], &ConnectError>) {
        if let Some((began, trace)) = self.trace.take() {
            trace.lookup_ended(self.name, began, result);
        }
    }

    fn finish(&mut self, found: io::Result<Vec<SocketAddr>>) -> Result<Vec<SocketAddr>, ConnectError> {
        self.waiting = None;
        let mut found = found.map_err(|source| ConnectError::Resolve { host: self.name.into(), source });
        for address in found.iter_mut().flatten() {
            address.set_port(self.port);
        }
        self.report_end(found.as_deref());
        found
    }
}

impl Future for LookingUp<'_> {
    type Output = Result<Vec<SocketAddr>, ConnectError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if this.waiting.is_none() {
            let now = Instant::now();
            if this.by.is_some_and(|by| by <= now) {
                return Poll::Ready(Err(this.timed_out()));
            }
            match this.lookups.ask(this.name, now) {
                Ok(known) => return Poll::Ready(this.finish(known)),
                Err(waiting) => this.waiting = Some(waiting),
            }
        }
        while let Some(Waiting { ticket, lead }) = &mut this.waiting {
            if let Some(future) = lead
                && let Poll::Ready(found) = poll_caught(future, cx)
            {
                *lead = None;
                this.lookups.answer(ticket.lookup, found);
            }
            let polled = this.lookups.lock().poll(ticket, cx.waker(), Instant::now());
            match polled {
                Polled::Answered(found) => return Poll::Ready(this.finish(found)),
                Polled::Lead(future) => *lead = Some(future),
                Polled::Waiting(_earlier) => break,
            }
        }
        Poll::Pending
    }
}

impl Drop for LookingUp<'_> {
    fn drop(&mut self) {
        if let Some(waiting) = self.waiting.take() {
            self.lookups.cancel(waiting);
        }
    }
}

impl fmt::Debug for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waiting").field("ticket", &self.ticket).finish_non_exhaustive()
    }
}

/// Runs a lookup. A panic of the resolver is an error.
fn caught(look_up: impl FnOnce() -> io::Result<Resolved>) -> io::Result<Resolved> {
    catch_unwind(AssertUnwindSafe(look_up)).unwrap_or_else(|panic| Err(panicked(&*panic)))
}

/// Polls a lookup. A panic of the resolver is an error.
fn poll_caught(future: &mut LookupFuture, cx: &mut Context<'_>) -> Poll<io::Result<Resolved>> {
    let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(cx)));
    polled.unwrap_or_else(|panic| Poll::Ready(Err(panicked(&*panic))))
}

fn panicked(panic: &(dyn Any + Send)) -> io::Error {
    io::Error::other(format!("the resolver panicked: {}", panic_text(panic)))
}

#[cfg(test)]
mod tests;
