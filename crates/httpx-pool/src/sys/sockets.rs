//! The sockets of tokio.

use std::io;

pub(crate) use tokio::net::TcpStream;

/// Makes a call that writes and may fail with `WouldBlock`; then tokio waits until the socket has room.
pub(crate) fn try_write<T>(socket: &TcpStream, call: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    socket.try_io(tokio::io::Interest::WRITABLE, call)
}
