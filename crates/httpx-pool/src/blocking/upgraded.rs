//! [`Upgraded`]: the stream after a switch of protocols, read and written with `Read` and `Write`.

use std::fmt;
use std::io::{self, IoSlice, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use httpx_core::UpgradedStream;

use super::stream::NetworkStream;
use crate::memory;
use crate::raw_stream::{ClosableStream, RawStream};

/// The connection after a switch of protocols: after a 101, or after a 2xx to CONNECT. It is a TCP or TLS connection,
/// or the stream of a custom backend. [`Response::into_upgraded`](httpx_core::Response::into_upgraded) returns it.
///
/// Bytes that came with the response are read first. No timeout of the call applies: each read and each write waits
/// without limit, unless [`set_read_timeout`](Upgraded::set_read_timeout) or
/// [`set_write_timeout`](Upgraded::set_write_timeout) is called. A write has been handed to the system when it returns,
/// so `flush` does nothing. Dropping the stream closes the connection, under TLS with a close_notify.
///
/// A protocol that reads and writes at the same time, such as WebSocket, either alternates in one thread, with a short
/// read timeout, or shares the stream between two threads in a `Mutex`. The reading thread sets a short read timeout, and
/// releases the lock after each read that fails with [`TimedOut`](io::ErrorKind::TimedOut). The async flavour needs neither:
/// `tokio::io::split` makes two halves.
///
/// ```no_run
/// use std::io::{Read, Write};
/// use std::time::Duration;
/// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod network { pub use httpx_pool::*; } }
/// use httpx::network::{Upgraded, open_connection};
/// use httpx::{Request, Transport};
///
/// let connection = open_connection("http://localhost:8080")?;
/// let request = Request::new("GET", "http://localhost:8080/echo")?.with_header("Upgrade", "echo")?;
/// let mut stream: Upgraded = connection.send(request)?.into_upgraded()?;
/// stream.set_read_timeout(Some(Duration::from_secs(30)));
/// stream.write_all(b"hello")?;
/// let mut echo = [0; 5];
/// stream.read_exact(&mut echo)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Upgraded {
    raw: RawStream<dyn NetworkStream>,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

impl Upgraded {
    /// Sets how long each read may wait. After this time it fails with kind [`TimedOut`](io::ErrorKind::TimedOut), and
    /// no bytes are lost. [`Duration::ZERO`] does not wait. Defaults to `None`: without limit.
    pub fn set_read_timeout(&mut self, timeout: Option<Duration>) {
        self.read_timeout = timeout;
    }

    /// Sets how long each write may wait for room. After this time it fails with kind
    /// [`TimedOut`](io::ErrorKind::TimedOut). Then write the same bytes again, or write no more: some of them may have
    /// been sent. On Windows, write no more: the system may have sent bytes without saying so. Defaults to `None`: without limit.
    pub fn set_write_timeout(&mut self, timeout: Option<Duration>) {
        self.write_timeout = timeout;
    }

    /// Returns the address of the other end. `None` if the backend does not know it.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.raw.stream.peer_addr()
    }

    /// Returns the address of this end. `None` if the backend does not know it.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.raw.stream.local_addr()
    }

    /// Closes the writing side: the peer receives all written bytes, then the end. Reading continues.
    ///
    /// # Errors
    ///
    /// The error of the system.
    pub fn shutdown(&mut self) -> io::Result<()> {
        self.raw.stream.shutdown()
    }

    /// Returns the stream of the backend, and the bytes that came with the response and have not been read yet. The stream
    /// stays open.
    pub fn into_parts(self) -> (Box<dyn NetworkStream>, Bytes) {
        self.raw.into_parts()
    }
}

impl UpgradedStream for Upgraded {}

impl ClosableStream for dyn NetworkStream {
    fn unconnected() -> Box<Self> {
        Box::new(memory::pair().0)
    }

    fn close(&mut self) {
        self.announce_close();
    }
}

impl From<RawStream<dyn NetworkStream>> for Upgraded {
    fn from(raw: RawStream<dyn NetworkStream>) -> Self {
        Upgraded { raw, read_timeout: None, write_timeout: None }
    }
}

/// Fails with [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if a TLS connection ends without a close_notify.
impl Read for Upgraded {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self.raw.read_unread(buf) {
            Some(n) => Ok(n),
            None => self.raw.stream.read(buf, self.read_timeout),
        }
    }
}

impl Write for Upgraded {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.raw.stream.write(buf, self.write_timeout)
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        self.raw.stream.write_vectored(bufs, self.write_timeout)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `<Upgraded [127.0.0.1:8080]>`.
impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.raw.describe(self.peer_addr(), f)
    }
}
