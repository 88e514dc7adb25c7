//! Stands in for the sockets of tokio on systems where tokio has none, such as WebAssembly in a browser.
//!
//! No name is found there, so no socket is ever made.

use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// See `tokio::net::TcpStream`. There is no value of this type.
#[derive(Debug)]
pub struct TcpStream(Infallible);

fn unsupported() -> io::Error {
    io::Error::new(ErrorKind::Unsupported, "this system has no sockets: give the client a transport")
}

impl TcpStream {
    pub(crate) fn from_std(_: std::net::TcpStream) -> io::Result<Self> {
        Err(unsupported())
    }

    pub(crate) fn take_error(&self) -> io::Result<Option<io::Error>> {
        match self.0 {}
    }

    pub(crate) fn set_nodelay(&self, _: bool) -> io::Result<()> {
        match self.0 {}
    }

    pub(crate) fn poll_write_ready(&self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.0 {}
    }

    pub(crate) fn peer_addr(&self) -> io::Result<SocketAddr> {
        match self.0 {}
    }

    pub(crate) fn local_addr(&self) -> io::Result<SocketAddr> {
        match self.0 {}
    }
}

/// As `try_write` over the sockets of tokio.
pub(crate) fn try_write<T>(socket: &TcpStream, _: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    match socket.0 {}
}

impl AsyncRead for TcpStream {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match self.0 {}
    }
}

impl AsyncWrite for TcpStream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        match self.0 {}
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.0 {}
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.0 {}
    }
}
