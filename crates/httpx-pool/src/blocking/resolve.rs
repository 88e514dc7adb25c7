//! [`SystemResolver`]: looks up the addresses of a name within a deadline.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

use super::deadline::Deadline;
use crate::connect_error::{ConnectError, ConnectStep};
use crate::destination::Destination;

/// How many lookups may run at once, each on a thread.
///
/// The resolver of the system cannot be interrupted. A lookup whose caller has given up continues as long as the
/// resolver retries (30 s and more), and so does its thread. Sixteen threads are enough for a resolver that answers in
/// milliseconds, and not too many for a process whose resolver is dead.
const MAX_LOOKUPS: usize = 16;

/// Looks names up with the resolver of the operating system.
#[derive(Clone, Debug, Default)]
pub(super) struct SystemResolver {}

impl SystemResolver {
    /// Returns the addresses of the host in the order in which the system gives them, at least one.
    pub(super) fn resolve(&self, to: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
        if let Some(known) = to.known_addresses() {
            return known;
        }
        let (host, port) = (to.endpoint().host(), to.endpoint().port());
        let found = match Deadline::at(to.deadline()) {
            Deadline::Never => look_up(host, port),
            deadline => look_up_on_thread(host, port, deadline)?,
        };
        ConnectError::check_found(host, found)
    }
}

fn look_up(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

fn look_up_on_thread(
    host: &str,
    port: u16,
    countdown: Deadline,
) -> Result<io::Result<Vec<SocketAddr>>, ConnectError> {
    let timed_out = |step| ConnectError::TimedOut { step, host: host.into() };
    let permit = LOOKUPS.enter(countdown).ok_or_else(|| timed_out(ConnectStep::WaitingToResolve))?;
    let (answer, answers) = mpsc::sync_channel(1);
    let name = host.to_owned();
    thread::Builder::new()
        .name("httpx-resolve".into())
        .spawn(move || {
            let found = look_up(&name, port);
            // The next lookup may begin before this result is received.
            drop(permit);
            // The receiver no longer exists if the deadline has passed.
            let _ = answer.send(found);
        })
        .map_err(|source| ConnectError::Resolve { host: host.into(), source })?;
    let found = match countdown.remaining() {
        None => answers.recv().map_err(|_| RecvTimeoutError::Disconnected),
        Some(remaining) => answers.recv_timeout(remaining),
    };
    match found {
        Ok(found) => Ok(found),
        Err(RecvTimeoutError::Timeout) => Err(timed_out(ConnectStep::Resolving)),
        Err(RecvTimeoutError::Disconnected) => {
            Ok(Err(io::Error::other("the thread of the lookup has panicked")))
        }
    }
}

static LOOKUPS: Semaphore = Semaphore { free: Mutex::new(MAX_LOOKUPS), freed: Condvar::new() };

/// A counting semaphore.
struct Semaphore {
    free: Mutex<usize>,
    freed: Condvar,
}

impl Semaphore {
    /// Waits for a permit. Returns `None` when the time is up.
    fn enter(&'static self, countdown: Deadline) -> Option<Permit> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        while *free == 0 {
            free = match countdown.remaining() {
                None => self.freed.wait(free).unwrap_or_else(PoisonError::into_inner),
                Some(remaining) if remaining.is_zero() => return None,
                Some(remaining) => {
                    self.freed.wait_timeout(free, remaining).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        *free -= 1;
        Some(Permit(self))
    }
}

/// Gives itself back when dropped, also if the lookup panics.
struct Permit(&'static Semaphore);

impl Drop for Permit {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.freed.notify_one();
    }
}

/// Permits exist only in this flavour: tokio has threads for lookups. `tests/network/` tests the rest in both.
#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn permits_run_out_and_come_back() {
        static PERMITS: Semaphore = Semaphore { free: Mutex::new(2), freed: Condvar::new() };
        let first = PERMITS.enter(Deadline::Never);
        let second = PERMITS.enter(Deadline::Passed);
        assert!(first.is_some() && second.is_some());
        assert!(PERMITS.enter(Deadline::Passed).is_none());
        assert!(PERMITS.enter(Deadline::at(Some(Instant::now()))).is_none());
        drop(first);
        assert!(PERMITS.enter(Deadline::Passed).is_some());
    }
}
