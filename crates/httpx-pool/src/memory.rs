//! A network inside the process: for tests without sockets. The same streams and the same backend serve both flavours,
//! so that a server in a thread can talk to an async client.
//!
//! ```
//! # #[cfg(feature = "blocking")] {
//! use httpx_pool::{NetworkStream, memory};
//!
//! let (mut client, mut server) = memory::pair();
//! client.write(b"ping", None)?;
//! let mut buf = [0; 16];
//! assert_eq!(server.read(&mut buf, None)?, 4);
//! # }
//! # Ok::<(), std::io::Error>(())
//! ```

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::endpoint::Endpoint;
use crate::stream::Liveness;
#[cfg(feature = "blocking")]
use crate::stream::{Interest, Readiness};

/// How many bytes lie between the two ends before a writer has to wait, as in a socket's buffers.
const CAPACITY: usize = 64 * 1024;

/// How many connections may wait to be accepted, as in the queue of a listening socket.
const BACKLOG: usize = 1024;

/// Two ends of a stream, each connected to the other.
pub fn pair() -> (MemoryStream, MemoryStream) {
    let pipe = Arc::new(Pipe::default());
    (MemoryStream { pipe: Arc::clone(&pipe), side: Side::Left }, MemoryStream { pipe, side: Side::Right })
}

/// One end of a [`pair`]. Dropping it ends both directions, cleanly.
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
}

#[derive(Debug, Default)]
struct Direction {
    bytes: VecDeque<u8>,
    /// The writer will write no more.
    ended: bool,
    /// The reader is gone.
    deaf: bool,
}

impl Directions {
    /// The task waits for the next change.
    #[cfg(feature = "async")]
    pub(crate) fn register(&mut self, task: &Waker) {
        if !self.tasks.iter().any(|other| other.will_wake(task)) {
            self.tasks.push(task.clone());
        }
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
        self.bytes.len() < CAPACITY || self.ended || self.deaf
    }
}

impl MemoryStream {
    /// The two directions as they are.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Directions> {
        self.pipe.directions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something is otherwise now: whoever waits looks again.
    pub(crate) fn changed(&self, mut directions: MutexGuard<'_, Directions>) {
        let tasks = std::mem::take(&mut directions.tasks);
        drop(directions);
        self.pipe.changed.notify_all();
        tasks.into_iter().for_each(Waker::wake);
    }

    /// What waits threads.
    #[cfg(feature = "blocking")]
    pub(crate) fn condvar(&self) -> &Condvar {
        &self.pipe.changed
    }

    /// Takes bytes that have come in; `None` if there are none, and more may come.
    pub(crate) fn take(&self, directions: &mut Directions, buf: &mut [u8]) -> Option<io::Result<usize>> {
        let incoming = directions.incoming(self.side);
        incoming.is_readable().then(|| incoming.bytes.read(buf))
    }

    /// Puts bytes on their way; `None` if there is no room.
    pub(crate) fn put(&self, directions: &mut Directions, buf: &[u8]) -> Option<io::Result<usize>> {
        let outgoing = directions.outgoing(self.side);
        if outgoing.deaf || outgoing.ended {
            return Some(Err(ErrorKind::BrokenPipe.into()));
        }
        let room = CAPACITY.saturating_sub(outgoing.bytes.len());
        (room > 0).then(|| {
            let taken = buf.len().min(room);
            outgoing.bytes.extend(buf.iter().take(taken));
            Ok(taken)
        })
    }

    /// What can be done without waiting.
    #[cfg(feature = "blocking")]
    pub(crate) fn readiness(&self, directions: &mut Directions, interest: Interest) -> Readiness {
        Readiness {
            readable: interest.wants_read() && directions.incoming(self.side).is_readable(),
            writable: interest.wants_write() && directions.outgoing(self.side).is_writable(),
        }
    }

    pub(crate) fn liveness(&self) -> Liveness {
        let mut directions = self.lock();
        let incoming = directions.incoming(self.side);
        if incoming.is_readable() { Liveness::Dead } else { Liveness::Alive }
    }

    /// We write no more.
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
        directions.incoming(self.side).deaf = true;
        self.changed(directions);
    }
}

/// A backend and the listener that gets the other end of every connection made by it.
pub fn network() -> (MemoryBackend, MemoryListener) {
    let (sender, receiver) = mpsc::sync_channel(BACKLOG);
    (MemoryBackend { sender }, MemoryListener { receiver })
}

/// Connects to its [`MemoryListener`], whatever the endpoint.
#[derive(Clone, Debug)]
pub struct MemoryBackend {
    sender: SyncSender<(Endpoint, MemoryStream)>,
}

impl MemoryBackend {
    /// A new connection: our end of it; the listener gets the other.
    pub(crate) fn open(&self, endpoint: &Endpoint) -> io::Result<MemoryStream> {
        let (client, server) = pair();
        match self.sender.try_send((endpoint.clone(), server)) {
            Ok(()) => Ok(client),
            Err(TrySendError::Disconnected(_)) => Err(ErrorKind::ConnectionRefused.into()),
            Err(TrySendError::Full(_)) => {
                let message = "too many connections wait for MemoryListener::accept";
                Err(io::Error::new(ErrorKind::ConnectionRefused, message))
            }
        }
    }
}

/// The server's end of a [`network`].
#[derive(Debug)]
pub struct MemoryListener {
    receiver: Receiver<(Endpoint, MemoryStream)>,
}

impl MemoryListener {
    /// The next connection, and the endpoint that it was asked for; none when every backend is gone.
    pub fn accept(&self) -> Option<(Endpoint, MemoryStream)> {
        self.receiver.recv().ok()
    }
}
