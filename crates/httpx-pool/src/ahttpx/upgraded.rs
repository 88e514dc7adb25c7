//! [`Upgraded`]: the stream after a switch of protocols, read and written with `AsyncRead` and `AsyncWrite`.

use std::fmt;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use httpx_core::UpgradedStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::stream::NetworkStream;
use crate::memory;
use crate::raw_stream::{ClosableStream, RawStream};

/// The connection after a switch of protocols: after a 101, or after a 2xx to CONNECT. It is a TCP or TLS connection,
/// or the stream of a custom backend. [`Response::into_upgraded`](httpx_core::Response::into_upgraded) returns it.
///
/// Bytes that came with the response are read first. No timeout of the call applies: bound a wait with
/// `tokio::time::timeout`. A write has been handed to the system when it returns, so `flush` does nothing. `shutdown`
/// closes the writing side, and reading continues. Dropping the stream closes the connection, under TLS with a
/// close_notify.
///
/// For a task that reads and another one that writes, `tokio::io::split` makes two halves.
///
/// ```no_run
/// # mod httpx {
/// #     pub mod ahttpx {
/// #         pub use httpx_core::{*, ahttpx::*};
/// #         pub mod network { pub use httpx_pool::ahttpx::*; }
/// #     }
/// # }
/// use httpx::ahttpx::network::{Upgraded, open_connection};
/// use httpx::ahttpx::{Request, Transport};
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let connection = open_connection("http://localhost:8080").await?;
/// let request = Request::new("GET", "http://localhost:8080/echo")?.with_header("Upgrade", "echo")?;
/// let mut stream: Upgraded = connection.send(request).await?.into_upgraded()?;
/// stream.write_all(b"hello").await?;
/// let mut echo = [0; 5];
/// stream.read_exact(&mut echo).await?;
/// # Ok(())
/// # }
/// ```
pub struct Upgraded(RawStream<dyn NetworkStream>);

impl Upgraded {
    /// Returns the address of the other end. `None` if the backend does not know it.
    pub fn peer_addr(&self) -> Option<SocketAddr> {
        self.0.stream.peer_addr()
    }

    /// Returns the address of this end. `None` if the backend does not know it.
    pub fn local_addr(&self) -> Option<SocketAddr> {
        self.0.stream.local_addr()
    }

    /// Returns the stream of the backend, and the bytes that came with the response and have not been read yet. The stream
    /// stays open.
    pub fn into_parts(self) -> (Box<dyn NetworkStream>, Bytes) {
        self.0.into_parts()
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
        Upgraded(raw)
    }
}

/// Fails with [`UnexpectedEof`](io::ErrorKind::UnexpectedEof) if a TLS connection ends without a close_notify.
impl AsyncRead for Upgraded {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let room = buf.initialize_unfilled();
        let n = match self.0.read_unread(room) {
            Some(n) => n,
            None => ready!(self.0.stream.poll_read(cx, room))?,
        };
        buf.advance(n);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Upgraded {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.0.stream.poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.0.stream.poll_write_vectored(cx, bufs)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.0.stream.shutdown())
    }
}

/// `<Upgraded [127.0.0.1:8080]>`.
impl fmt::Debug for Upgraded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.describe(self.peer_addr(), f)
    }
}
