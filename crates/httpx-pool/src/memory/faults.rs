//! [`MemoryFaults`]: faults of a network in memory, on command.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::Pipe;

/// The faults of a [`MemoryBackend`](super::MemoryBackend): refused and broken connections, small reads, pauses. Each setting
/// applies to the open connections and to those that follow; clones share them.
///
/// All faults are at the side of the client. The server's end works, until the client leaves.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx {
/// #     pub use httpx_core::{*, blocking::*}; pub use httpx_pool::*;
/// #     pub mod network { pub use httpx_pool::*; }
/// # }
/// use std::thread;
/// use httpx::network::{NetworkStream, memory};
/// use httpx::{ConnectionPool, ErrorKind, Request, Transport};
///
/// let (network, servers) = memory::network();
/// let faults = network.faults();
/// let server = thread::spawn(move || {
///     while let Some((_, mut stream)) = servers.accept() {
///         stream.read(&mut [0; 1024], None).unwrap();
///         stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", None).unwrap();
///     }
/// });
/// let pool = ConnectionPool::builder().backend(network).build();
/// let send = || pool.send(Request::new("GET", "http://example.com/")?)?.read_body();
///
/// faults.refuse(1);
/// assert_eq!(send().unwrap_err().kind(), ErrorKind::Connect);
///
/// faults.max_read_bytes(1); // one byte at a time
/// assert_eq!(send()?.text(), "hello");
///
/// faults.reset_after_received(40); // in the middle of the body
/// assert!(send().is_err());
///
/// drop((faults, pool));
/// server.join().unwrap();
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct MemoryFaults(Arc<Mutex<FaultState>>);

#[derive(Default)]
struct FaultState {
    /// The number of connections that are still refused.
    refused: u64,
    /// The faults of new connections.
    stream: StreamFaults,
    /// The open connections, and some that have ended.
    pipes: Vec<Weak<Pipe>>,
}

/// The faults of one connection.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct StreamFaults {
    max_read: Option<usize>,
    max_write: Option<usize>,
    /// The number of bytes that are received until the connection is reset.
    receives: Option<usize>,
    /// The number of bytes that are sent until the connection is reset.
    sends: Option<usize>,
    is_held: bool,
}

impl MemoryFaults {
    /// Refuses this number of connections. Defaults to none; [`u64::MAX`] refuses all.
    pub fn refuse(&self, connections: u64) {
        self.lock().refused = connections;
    }

    /// Sets the most bytes that one read of the client returns, at least 1. Defaults to no limit.
    pub fn max_read_bytes(&self, bytes: usize) {
        self.set(|faults| faults.max_read = Some(bytes.max(1)));
    }

    /// Sets the most bytes that one write of the client takes, at least 1. Defaults to no limit.
    pub fn max_write_bytes(&self, bytes: usize) {
        self.set(|faults| faults.max_write = Some(bytes.max(1)));
    }

    /// Resets each connection after the client has received this number of further bytes. Defaults to never.
    pub fn reset_after_received(&self, bytes: usize) {
        self.set(|faults| faults.receives = Some(bytes));
    }

    /// Resets each connection after the client has sent this number of further bytes. Defaults to never.
    pub fn reset_after_sent(&self, bytes: usize) {
        self.set(|faults| faults.sends = Some(bytes));
    }

    /// Delays everything that the client receives until [`release`](MemoryFaults::release). Its timeouts go on.
    pub fn hold(&self) {
        self.set(|faults| faults.is_held = true);
    }

    /// Lets the client receive what was [held](MemoryFaults::hold).
    pub fn release(&self) {
        self.set(|faults| faults.is_held = false);
    }

    /// Removes all faults. A connection that was reset stays so.
    pub fn clear(&self) {
        self.refuse(0);
        self.set(|faults| {
            let is_reset = |left: Option<usize>| left.filter(|&left| left == 0);
            let (receives, sends) = (is_reset(faults.receives), is_reset(faults.sends));
            *faults = StreamFaults { receives, sends, ..StreamFaults::default() };
        });
        let mut state = self.lock();
        state.stream = StreamFaults::default();
    }

    /// Takes a new connection. Returns whether it is accepted.
    pub(super) fn accept(&self, pipe: &Arc<Pipe>) -> bool {
        let mut state = self.lock();
        if let Some(left) = state.refused.checked_sub(1) {
            state.refused = left;
            return false;
        }
        pipe.lock().faults = state.stream;
        state.pipes.retain(|pipe| pipe.strong_count() > 0);
        state.pipes.push(Arc::downgrade(pipe));
        true
    }

    /// Changes the faults of the open connections and of new ones.
    fn set(&self, change: impl Fn(&mut StreamFaults)) {
        let pipes = {
            let mut state = self.lock();
            change(&mut state.stream);
            state.pipes.iter().filter_map(Weak::upgrade).collect::<Vec<_>>()
        };
        for pipe in pipes {
            let mut directions = pipe.lock();
            change(&mut directions.faults);
            pipe.changed(directions);
        }
    }

    fn lock(&self) -> MutexGuard<'_, FaultState> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl StreamFaults {
    /// Returns whether nothing arrives.
    pub(super) fn is_held(&self) -> bool {
        self.is_held && !self.has_reset()
    }

    /// Returns whether the connection was reset.
    pub(super) fn has_reset(&self) -> bool {
        self.receives == Some(0) || self.sends == Some(0)
    }

    /// Returns the most bytes of a read.
    pub(super) fn read_limit(&self) -> usize {
        limit(self.max_read, self.receives)
    }

    /// Returns the most bytes of a write.
    pub(super) fn write_limit(&self) -> usize {
        limit(self.max_write, self.sends)
    }

    pub(super) fn received(&mut self, bytes: usize) {
        self.receives = self.receives.map(|left| left.saturating_sub(bytes));
    }

    pub(super) fn sent(&mut self, bytes: usize) {
        self.sends = self.sends.map(|left| left.saturating_sub(bytes));
    }
}

fn limit(most: Option<usize>, left: Option<usize>) -> usize {
    most.unwrap_or(usize::MAX).min(left.unwrap_or(usize::MAX))
}

/// `MemoryFaults(StreamFaults { … })`.
impl fmt::Debug for MemoryFaults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("MemoryFaults")
            .field("refused", &state.refused)
            .field("stream", &state.stream)
            .finish()
    }
}
