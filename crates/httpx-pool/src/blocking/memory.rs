//! The network inside the process, for the blocking flavour.

use std::io::{self, ErrorKind};
use std::sync::PoisonError;
use std::time::Duration;

use super::backend::NetworkBackend;
use super::deadline::Deadline;
use super::stream::NetworkStream;
use crate::connect_error::ConnectError;
use crate::destination::Destination;
use crate::memory::{Directions, MemoryBackend, MemoryStream};
use crate::stream::{Interest, Liveness, Readiness};

impl MemoryStream {
    /// Waits until `attempt` returns something.
    fn wait<T>(
        &self,
        timeout: Option<Duration>,
        mut attempt: impl FnMut(&mut Directions) -> Option<io::Result<T>>,
    ) -> io::Result<T> {
        let countdown = Deadline::after(timeout);
        let mut directions = self.lock();
        loop {
            if let Some(result) = attempt(&mut directions) {
                self.changed(directions);
                return result;
            }
            directions = match countdown.remaining() {
                None => self.condvar().wait(directions).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return Err(ErrorKind::TimedOut.into()),
                Some(remaining) => {
                    let waited = self.condvar().wait_timeout(directions, remaining);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}

impl NetworkStream for MemoryStream {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.wait(timeout, |directions| self.take(directions, buf))
    }

    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.wait(timeout, |directions| self.put(directions, buf))
    }

    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
        let waited = self.wait(timeout, |directions| {
            let found = self.readiness(directions, interest);
            (!found.is_none()).then_some(Ok(found))
        });
        match waited {
            Err(e) if e.kind() == ErrorKind::TimedOut => Ok(Readiness::default()),
            waited => waited,
        }
    }

    fn look(&mut self) -> Liveness {
        self.liveness()
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.end();
        Ok(())
    }
}

impl NetworkBackend for MemoryBackend {
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        Ok(Box::new(self.open(to.endpoint())?))
    }

    fn uses_env_proxies(&self) -> bool {
        false
    }
}
