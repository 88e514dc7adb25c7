//! The network inside the process, for the async flavour.

use std::io;
use std::task::{Context, Poll};

use super::backend::{Connecting, NetworkBackend};
use super::stream::NetworkStream;
use crate::destination::Destination;
use crate::memory::{Directions, MemoryBackend, MemoryStream};
use crate::stream::Liveness;

impl MemoryStream {
    /// Pending until `attempt` returns something.
    fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        attempt: impl FnOnce(&mut Directions) -> Option<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        let mut directions = self.lock();
        match attempt(&mut directions) {
            Some(result) => {
                self.changed(directions);
                Poll::Ready(result)
            }
            None => {
                directions.register(cx.waker());
                Poll::Pending
            }
        }
    }
}

impl NetworkStream for MemoryStream {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        self.poll(cx, |directions| self.take(directions, buf))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.poll(cx, |directions| self.put(directions, buf))
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let mut directions = self.lock();
        let taken = self.take(&mut directions, buf);
        self.changed(directions);
        taken.unwrap_or_else(|| Err(io::ErrorKind::WouldBlock.into()))
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
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
        Box::pin(async move { Ok(Box::new(self.open(to.endpoint())?) as Box<dyn NetworkStream>) })
    }

    fn uses_env_proxies(&self) -> bool {
        false
    }
}
