//! [`TcpStream`]: a stream over a TCP socket.

use std::io::{self, ErrorKind, IoSlice};
use std::mem;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::stream::NetworkStream;
use crate::stream::Liveness;
use crate::sys::{self, sockets};

/// A [`NetworkStream`] over a TCP socket of tokio.
#[derive(Debug)]
pub struct TcpStream {
    socket: sockets::TcpStream,
    /// The address of the server, if it was connected here.
    peer: Option<SocketAddr>,
    /// Whether the runtime does not know yet that the socket has room. The first write does not ask the runtime.
    is_unpolled: bool,
}

impl TcpStream {
    /// Wraps a connected socket and turns off Nagle's algorithm: a request is written in one piece, and must not wait
    /// until the last packet is acknowledged.
    ///
    /// # Errors
    ///
    /// The error of the system when the option of the socket is set.
    pub fn new(socket: sockets::TcpStream) -> io::Result<Self> {
        socket.set_nodelay(true)?;
        Ok(Self { socket, peer: None, is_unpolled: false })
    }

    /// Wraps a Unix socket that was just connected.
    pub(super) fn over_unix(socket: sockets::TcpStream) -> Self {
        Self { socket, peer: None, is_unpolled: false }
    }

    /// Wraps a socket that was just connected to this address: Nagle's algorithm is off.
    pub(super) fn fresh(socket: sockets::TcpStream, peer: SocketAddr) -> Self {
        Self { socket, peer: Some(peer), is_unpolled: false }
    }

    /// Wraps a socket that has connected before the runtime has polled it.
    pub(super) fn unpolled(socket: sockets::TcpStream, peer: SocketAddr) -> Self {
        Self { is_unpolled: true, ..Self::fresh(socket, peer) }
    }
}

impl NetworkStream for TcpStream {
    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buf = ReadBuf::new(buf);
        ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buf))?;
        Poll::Ready(Ok(buf.filled().len()))
    }

    fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if mem::take(&mut self.is_unpolled) {
            match sys::send_vectored_now(&self.socket, &[IoSlice::new(buf)]) {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                sent => return Poll::Ready(sent),
            }
        }
        Pin::new(&mut self.socket).poll_write(cx, buf)
    }

    fn poll_write_vectored(&mut self, cx: &mut Context<'_>, bufs: &[IoSlice<'_>]) -> Poll<io::Result<usize>> {
        // Not tokio's own, which is `writev`: where SIGPIPE has its default action, that ends the process when the
        // server has closed the connection.
        loop {
            ready!(self.socket.poll_write_ready(cx))?;
            let sent = sockets::try_write(&self.socket, || sys::send_vectored_now(&self.socket, bufs));
            match sent {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                sent => return Poll::Ready(sent),
            }
        }
    }

    fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        sys::recv_now(&self.socket, buf)
    }

    fn look(&mut self) -> Liveness {
        // A socket fails here when its runtime has ended.
        match self.socket.poll_write_ready(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Err(_)) => Liveness::Dead,
            Poll::Ready(Ok(())) | Poll::Pending => Liveness::of_peek(&sys::peek_now(&self.socket, &mut [0])),
        }
    }

    fn shutdown(&mut self) -> io::Result<()> {
        // This is one system call and never pending.
        match Pin::new(&mut self.socket).poll_shutdown(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(done) => done,
            Poll::Pending => Ok(()),
        }
    }

    /// Does nothing: the system tells the peer when the socket is closed.
    fn announce_close(&mut self) {}

    fn peer_addr(&self) -> Option<SocketAddr> {
        self.peer.or_else(|| self.socket.peer_addr().ok())
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.socket.local_addr().ok()
    }
}
