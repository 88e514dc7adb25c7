//! A network inside the process: for tests without sockets.
//!
//! ```
//! use httpx_pool::{NetworkStream, memory};
//!
//! let (mut client, mut server) = memory::pair();
//! client.write(b"ping", None)?;
//! let mut buf = [0; 16];
//! assert_eq!(server.read(&mut buf, None)?, 4);
//! # Ok::<(), std::io::Error>(())
//! ```

use std::collections::VecDeque;
use std::io::{self, ErrorKind, Read};
use std::net::SocketAddr;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::backend::NetworkBackend;
use super::countdown::Countdown;
use super::stream::NetworkStream;
use crate::connect_error::ConnectError;
use crate::stream::{DeadReason, Interest, Liveness, Readiness};
use crate::target::Target;

/// How many bytes lie between the two ends before a writer has to wait, as in a socket's buffers.
const CAPACITY: usize = 64 * 1024;

/// Two ends of a stream, each connected to the other.
pub fn pair() -> (MemoryStream, MemoryStream) {
    let wire = Arc::new(Wire::default());
    (MemoryStream { wire: Arc::clone(&wire), side: Side::Left }, MemoryStream { wire, side: Side::Right })
}

/// One end of a [`pair`]. Dropping it ends both directions, cleanly.
#[derive(Debug)]
pub struct MemoryStream {
    wire: Arc<Wire>,
    side: Side,
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Left,
    Right,
}

#[derive(Debug, Default)]
struct Wire {
    directions: Mutex<Directions>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Directions {
    to_left: Direction,
    to_right: Direction,
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

    fn is_writable(&self) -> bool {
        self.bytes.len() < CAPACITY || self.ended || self.deaf
    }
}

impl MemoryStream {
    /// Waits until `attempt` gives something.
    fn wait<T>(
        &self,
        timeout: Option<Duration>,
        mut attempt: impl FnMut(&mut Directions) -> Option<io::Result<T>>,
    ) -> io::Result<T> {
        let countdown = Countdown::start(timeout);
        let mut directions = self.lock();
        loop {
            if let Some(result) = attempt(&mut directions) {
                self.wire.changed.notify_all();
                return result;
            }
            directions = match countdown.remaining() {
                None => self.wire.changed.wait(directions).unwrap_or_else(PoisonError::into_inner),
                Some(Duration::ZERO) => return Err(ErrorKind::TimedOut.into()),
                Some(remaining) => {
                    let waited = self.wire.changed.wait_timeout(directions, remaining);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn lock(&self) -> MutexGuard<'_, Directions> {
        self.wire.directions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl NetworkStream for MemoryStream {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.wait(timeout, |directions| {
            let incoming = directions.incoming(self.side);
            incoming.is_readable().then(|| incoming.bytes.read(buf))
        })
    }

    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        self.wait(timeout, |directions| {
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
        })
    }

    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
        let waited = self.wait(timeout, |directions| {
            let found = Readiness {
                readable: interest.wants_read() && directions.incoming(self.side).is_readable(),
                writable: interest.wants_write() && directions.outgoing(self.side).is_writable(),
            };
            (!found.is_none()).then_some(Ok(found))
        });
        match waited {
            Err(e) if e.kind() == ErrorKind::TimedOut => Ok(Readiness::default()),
            waited => waited,
        }
    }

    fn look(&mut self) -> Liveness {
        let mut directions = self.lock();
        let incoming = directions.incoming(self.side);
        match (incoming.bytes.is_empty(), incoming.ended) {
            (false, _) => Liveness::Dead(DeadReason::Unasked),
            (true, true) => Liveness::Dead(DeadReason::Ended),
            (true, false) => Liveness::Alive,
        }
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.lock().outgoing(self.side).ended = true;
        self.wire.changed.notify_all();
        Ok(())
    }

    fn peer_addr(&self) -> Option<SocketAddr> {
        None
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        None
    }
}

impl Drop for MemoryStream {
    fn drop(&mut self) {
        let mut directions = self.lock();
        directions.outgoing(self.side).ended = true;
        directions.incoming(self.side).deaf = true;
        drop(directions);
        self.wire.changed.notify_all();
    }
}

/// A backend and the listener that gets the other end of every connection made by it.
pub fn network() -> (MemoryBackend, MemoryListener) {
    let (sender, receiver) = mpsc::channel();
    (MemoryBackend { sender }, MemoryListener { receiver })
}

/// Connects to its [`MemoryListener`], whatever the target.
#[derive(Clone, Debug)]
pub struct MemoryBackend {
    sender: Sender<(Target, MemoryStream)>,
}

impl NetworkBackend for MemoryBackend {
    fn connect(&self, target: &Target, _: Option<Instant>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        let (client, server) = pair();
        // The listener is gone: what a port says on which nobody listens.
        self.sender
            .send((target.clone(), server))
            .map_err(|_| io::Error::from(ErrorKind::ConnectionRefused))?;
        Ok(Box::new(client))
    }
}

/// The server's end of a [`network`].
#[derive(Debug)]
pub struct MemoryListener {
    receiver: Receiver<(Target, MemoryStream)>,
}

impl MemoryListener {
    /// The next connection, and the target that it was asked for; none when every backend is gone.
    pub fn accept(&self) -> Option<(Target, MemoryStream)> {
        self.receiver.recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::target::Scheme;

    const NOW: Option<Duration> = Some(Duration::ZERO);

    #[test]
    fn bytes_ends_and_room() {
        let (mut left, mut right) = pair();
        let mut buf = [0; 8];
        assert_eq!(left.read(&mut buf, NOW).unwrap_err().kind(), ErrorKind::TimedOut);
        assert_eq!(left.look(), Liveness::Alive);
        assert_eq!(right.write(b"hello", None).unwrap(), 5);
        assert_eq!(left.look(), Liveness::Dead(DeadReason::Unasked));
        assert_eq!(left.read(&mut buf, None).unwrap(), 5);
        right.shutdown().unwrap();
        assert_eq!(left.look(), Liveness::Dead(DeadReason::Ended));
        assert_eq!(left.read(&mut buf, None).unwrap(), 0);
        assert_eq!(left.write(&vec![0; CAPACITY + 1], None).unwrap(), CAPACITY);
        assert_eq!(left.write(b"x", NOW).unwrap_err().kind(), ErrorKind::TimedOut);
        assert_eq!(left.ready(Interest::Write, NOW).unwrap(), Readiness::default());
        drop(right);
        assert_eq!(left.write(b"x", None).unwrap_err().kind(), ErrorKind::BrokenPipe);
    }

    #[test]
    fn a_waiting_reader_is_woken() {
        let (mut left, mut right) = pair();
        let writer = thread::spawn(move || right.write(b"x", None));
        assert!(left.ready(Interest::Read, None).unwrap().readable);
        assert_eq!(left.read(&mut [0; 2], None).unwrap(), 1);
        writer.join().unwrap().unwrap();
    }

    #[test]
    fn a_network() {
        let (backend, listener) = network();
        let target = Target::new(Scheme::Http, "a.example", 80);
        let mut client = backend.connect(&target, None).unwrap();
        let (asked, mut server) = listener.accept().unwrap();
        assert_eq!(asked, target);
        client.write(b"x", None).unwrap();
        assert_eq!(server.read(&mut [0; 2], None).unwrap(), 1);
        drop(listener);
        assert!(backend.connect(&target, None).is_err());
    }
}
