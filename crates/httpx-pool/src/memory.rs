//! A network inside the process, for tests of your own code: no sockets, no ports, no waiting for a system.
//!
//! A pool with a [`MemoryBackend`] works as over TCP. The test holds the [`MemoryListener`], accepts the connections
//! and plays the server: it answers, sends nothing, or closes the stream at any byte. The same streams and the same
//! backend serve both flavours, so a server in a thread can talk to an async client. [`MemoryBackend::faults`] breaks
//! connections on command.
//!
//! ```
//! # #[cfg(feature = "blocking")] {
//! # mod httpx {
//! #     pub use httpx_core::{*, blocking::*}; pub use httpx_pool::*;
//! #     pub mod network { pub use httpx_pool::*; }
//! # }
//! use std::thread;
//! use httpx::network::NetworkStream;
//! use httpx::{ConnectionPool, Request, Transport, memory};
//!
//! let (backend, listener) = memory::network();
//! let server = thread::spawn(move || {
//!     let (endpoint, mut stream) = listener.accept().unwrap();
//!     assert_eq!(endpoint.to_string(), "http://example.com");
//!     let mut request = [0; 1024];
//!     let n = stream.read(&mut request, None).unwrap();
//!     assert!(request[..n].starts_with(b"GET /hello HTTP/1.1\r\n"));
//!     stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", None).unwrap();
//! });
//!
//! let pool = ConnectionPool::builder().backend(backend).build();
//! let response = pool.send(Request::new("GET", "http://example.com/hello")?)?.read_body()?;
//! assert_eq!(response.text(), "hi");
//! server.join().unwrap();
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```

mod faults;

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::connect_error::ConnectError;
use crate::endpoint::Endpoint;
use crate::stream::Liveness;
#[cfg(feature = "blocking")]
use crate::stream::{Interest, Readiness};
pub use faults::MemoryFaults;
use faults::StreamFaults;

/// How many bytes fit between the two ends before a writer has to wait, as in the buffers of a socket.
const CAPACITY: usize = 64 * 1024;

/// How many connections may wait to be accepted, as in the queue of a listening socket.
const BACKLOG: usize = 1024;

/// Makes a stream, and returns both of its ends.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use httpx::memory;
/// use httpx::network::NetworkStream;
///
/// let (mut client, mut server) = memory::pair();
/// client.write(b"ping", None)?;
/// let mut buf = [0; 16];
/// assert_eq!(server.read(&mut buf, None)?, 4);
/// # }
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn pair() -> (MemoryStream, MemoryStream) {
    let pipe = Arc::new(Pipe::default());
    (MemoryStream { pipe: Arc::clone(&pipe), side: Side::Left }, MemoryStream { pipe, side: Side::Right })
}

/// One end of a stream: see [`pair`]. Dropping it ends both directions cleanly.
#[derive(Debug)]
pub struct MemoryStream {
    pipe: Arc<Pipe>,
    side: Side,
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Left,
    Right,
}

#[derive(Debug, Default)]
struct Pipe {
    directions: Mutex<Directions>,
    changed: Condvar,
}

#[derive(Debug, Default)]
pub(crate) struct Directions {
    to_left: Direction,
    to_right: Direction,
    /// The tasks that wait for a change.
    tasks: Vec<Waker>,
    /// The faults of the left side, which is the client's.
    faults: StreamFaults,
}

impl Pipe {
    /// Locks both directions.
    fn lock(&self) -> MutexGuard<'_, Directions> {
        self.directions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes all threads and tasks that wait for a change.
    fn changed(&self, mut directions: MutexGuard<'_, Directions>) {
        let tasks = std::mem::take(&mut directions.tasks);
        drop(directions);
        self.changed.notify_all();
        tasks.into_iter().for_each(Waker::wake);
    }
}

#[derive(Debug, Default)]
struct Direction {
    bytes: VecDeque<u8>,
    /// The writer has ended this direction.
    ended: bool,
    /// The reader was dropped.
    abandoned: bool,
}

impl Directions {
    /// Wakes this task at the next change.
    #[cfg(feature = "async")]
    pub(crate) fn register(&mut self, task: &Waker) {
        if !self.tasks.iter().any(|other| other.will_wake(task)) {
            self.tasks.push(task.clone());
        }
    }

    /// Returns whether a read does not wait, because of bytes, the end or a reset.
    fn is_readable(&mut self, side: Side) -> bool {
        match side {
            Side::Left if self.faults.has_reset() => true,
            Side::Left if self.faults.is_held() => false,
            Side::Left | Side::Right => self.incoming(side).is_readable(),
        }
    }

    #[cfg(feature = "blocking")]
    fn is_writable(&mut self, side: Side) -> bool {
        matches!(side, Side::Left) && self.faults.has_reset() || self.outgoing(side).is_writable()
    }

    fn incoming(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::Left => &mut self.to_left,
            Side::Right => &mut self.to_right,
        }
    }

    fn outgoing(&mut self, side: Side) -> &mut Direction {
        match side {
            Side::Left => &mut self.to_right,
            Side::Right => &mut self.to_left,
        }
    }
}

impl Direction {
    fn is_readable(&self) -> bool {
        !self.bytes.is_empty() || self.ended
    }

    #[cfg(feature = "blocking")]
    fn is_writable(&self) -> bool {
        self.bytes.len() < CAPACITY || self.ended || self.abandoned
    }
}

impl MemoryStream {
    /// Locks both directions.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Directions> {
        self.pipe.lock()
    }

    /// Wakes all threads and tasks that wait for a change.
    pub(crate) fn changed(&self, directions: MutexGuard<'_, Directions>) {
        self.pipe.changed(directions);
    }

    /// Threads wait for a change on this.
    #[cfg(feature = "blocking")]
    pub(crate) fn condvar(&self) -> &Condvar {
        &self.pipe.changed
    }

    /// Reads bytes that have arrived. `None` if there are none yet.
    pub(crate) fn take(&self, directions: &mut Directions, buf: &mut [u8]) -> Option<io::Result<usize>> {
        let Side::Left = self.side else {
            let incoming = directions.incoming(self.side);
            return incoming.is_readable().then(|| incoming.bytes.read(buf));
        };
        if directions.faults.has_reset() {
            return Some(Err(ErrorKind::ConnectionReset.into()));
        }
        if !directions.is_readable(self.side) {
            return None;
        }
        let room = directions.faults.read_limit().min(buf.len());
        let read = directions.incoming(self.side).bytes.read(buf.get_mut(..room).unwrap_or_default());
        directions.faults.received(*read.as_ref().unwrap_or(&0));
        Some(read)
    }

    /// Writes bytes. `None` if there is no room.
    pub(crate) fn put(&self, directions: &mut Directions, buf: &[u8]) -> Option<io::Result<usize>> {
        let most = match self.side {
            Side::Left if directions.faults.has_reset() => {
                return Some(Err(ErrorKind::ConnectionReset.into()));
            }
            Side::Left => directions.faults.write_limit(),
            Side::Right => usize::MAX,
        };
        let outgoing = directions.outgoing(self.side);
        if outgoing.abandoned || outgoing.ended {
            return Some(Err(ErrorKind::BrokenPipe.into()));
        }
        let room = CAPACITY.saturating_sub(outgoing.bytes.len());
        if room == 0 {
            return None;
        }
        let taken = buf.len().min(room).min(most);
        outgoing.bytes.extend(buf.iter().take(taken));
        if let Side::Left = self.side {
            directions.faults.sent(taken);
        }
        Some(Ok(taken))
    }

    /// Returns the operations that would not wait.
    #[cfg(feature = "blocking")]
    pub(crate) fn readiness(&self, directions: &mut Directions, interest: Interest) -> Readiness {
        Readiness {
            readable: interest.wants_read() && directions.is_readable(self.side),
            writable: interest.wants_write() && directions.is_writable(self.side),
        }
    }

    pub(crate) fn liveness(&self) -> Liveness {
        let mut directions = self.lock();
        if directions.is_readable(self.side) { Liveness::Dead } else { Liveness::Alive }
    }

    /// Ends the direction of writing.
    pub(crate) fn end(&self) {
        let mut directions = self.lock();
        directions.outgoing(self.side).ended = true;
        self.changed(directions);
    }
}

impl Drop for MemoryStream {
    fn drop(&mut self) {
        let mut directions = self.lock();
        directions.outgoing(self.side).ended = true;
        directions.incoming(self.side).abandoned = true;
        self.changed(directions);
    }
}

/// Makes a backend, and a listener that accepts all connections of this backend.
pub fn network() -> (MemoryBackend, MemoryListener) {
    let (sender, receiver) = mpsc::sync_channel(BACKLOG);
    (MemoryBackend { sender, faults: MemoryFaults::default() }, MemoryListener { receiver })
}

/// Connects to its [`MemoryListener`], for every endpoint. At most 1024 connections may wait to be accepted.
#[derive(Clone, Debug)]
pub struct MemoryBackend {
    sender: SyncSender<(Endpoint, MemoryStream)>,
    faults: MemoryFaults,
}

impl MemoryBackend {
    /// Returns the faults of this backend and its clones. Defaults to none.
    pub fn faults(&self) -> MemoryFaults {
        self.faults.clone()
    }

    /// Makes a stream, returns one end, and gives the other to the listener.
    pub(crate) fn open(&self, endpoint: &Endpoint) -> Result<MemoryStream, ConnectError> {
        let (client, server) = pair();
        let refused =
            |source| ConnectError::Connect { host: endpoint.host().into(), attempts: Vec::new(), source };
        if !self.faults.accept(&client.pipe) {
            return Err(refused(ErrorKind::ConnectionRefused.into()));
        }
        match self.sender.try_send((endpoint.clone(), server)) {
            Ok(()) => Ok(client),
            Err(TrySendError::Disconnected(_)) => Err(refused(ErrorKind::ConnectionRefused.into())),
            Err(TrySendError::Full(_)) => {
                let message = "too many connections wait for MemoryListener::accept";
                Err(refused(io::Error::new(ErrorKind::ConnectionRefused, message)))
            }
        }
    }
}

/// The side of the server: see [`network`].
#[derive(Debug)]
pub struct MemoryListener {
    receiver: Receiver<(Endpoint, MemoryStream)>,
}

impl MemoryListener {
    /// Waits for the next connection, and returns it with the endpoint of the client. Returns `None` when every backend
    /// has been dropped.
    pub fn accept(&self) -> Option<(Endpoint, MemoryStream)> {
        self.receiver.recv().ok()
    }
}
