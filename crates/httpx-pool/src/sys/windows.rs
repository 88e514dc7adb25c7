//! Calls for Windows, which has no flag for a call that does not wait.

use std::io::{self, IoSlice, Write};
use std::net::TcpStream;
use std::time::Duration;

use rustix::fd::AsFd;
use rustix::net::RecvFlags;

use super::ready::poll;
use crate::stream::Interest;

/// Whether a call that the timeout of its socket has ended can be repeated. Here it leaves the socket in an undefined
/// state.
#[cfg(feature = "blocking")]
pub(crate) const CAN_REPEAT_TIMED_OUT: bool = false;

/// Returns whether the process has no socket left (WSAEMFILE).
pub(crate) fn is_out_of_descriptors(error: &io::Error) -> bool {
    error.raw_os_error() == Some(10024)
}

/// Resolving needs no descriptor of the process.
pub(crate) fn lack_of_descriptors() -> Option<io::Error> {
    None
}

/// Returns whether a connect goes on without its caller.
pub(crate) fn is_under_way(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::WouldBlock
}

pub(crate) fn peek_now(socket: &impl AsFd, buf: &mut [u8]) -> io::Result<usize> {
    receive_now(socket, buf, RecvFlags::PEEK)
}

pub(crate) fn recv_now(socket: &impl AsFd, buf: &mut [u8]) -> io::Result<usize> {
    receive_now(socket, buf, RecvFlags::empty())
}

/// Nothing else reads from the socket, so a socket that is readable stays readable.
fn receive_now(socket: &impl AsFd, buf: &mut [u8], flags: RecvFlags) -> io::Result<usize> {
    if poll(socket, Interest::Read, Some(Duration::ZERO))?.is_none() {
        return Err(io::ErrorKind::WouldBlock.into());
    }
    let (n, _) = rustix::net::recv(socket.as_fd(), buf, flags)?;
    Ok(n)
}

/// A blocking socket that has room for one byte may still wait for room for all of them.
pub(crate) fn send_now(mut socket: &TcpStream, buf: &[u8]) -> io::Result<usize> {
    socket.set_nonblocking(true)?;
    let sent = socket.write(buf);
    socket.set_nonblocking(false)?;
    sent
}

/// Waits as long as the socket's timeout allows.
pub(crate) fn send_vectored(mut socket: &TcpStream, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
    socket.write_vectored(bufs)
}

#[cfg(feature = "async")]
pub(crate) fn send_vectored_now(socket: &tokio::net::TcpStream, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
    socket.try_write_vectored(bufs)
}
