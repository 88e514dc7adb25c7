//! Calls for Linux, macOS and the other Unix systems.

use std::io::{self, IoSlice};
use std::net::TcpStream;
use std::os::fd::AsFd;

use rustix::io::Errno;
use rustix::net::{AddressFamily, RecvFlags, SendAncillaryBuffer, SendFlags, SocketType};

// A send on a closed connection raises SIGPIPE unless told not to. On Apple's systems std has set SO_NOSIGPIPE.
#[cfg(not(target_vendor = "apple"))]
const SEND: SendFlags = SendFlags::NOSIGNAL;
#[cfg(target_vendor = "apple")]
const SEND: SendFlags = SendFlags::empty();
const SEND_NOW: SendFlags = SEND.union(SendFlags::DONTWAIT);

/// Whether a call that the timeout of its socket has ended can be repeated.
#[cfg(feature = "blocking")]
pub(crate) const CAN_REPEAT_TIMED_OUT: bool = true;

/// Returns whether the process or the system has no file descriptor left.
pub(crate) fn is_out_of_descriptors(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
}

/// Returns the error of a system that has no file descriptor left, if that is so.
pub(crate) fn lack_of_descriptors() -> Option<io::Error> {
    let opened = rustix::net::socket(AddressFamily::INET, SocketType::DGRAM, None);
    opened.err().map(io::Error::from).filter(is_out_of_descriptors)
}

/// Returns whether a connect goes on without its caller.
pub(crate) fn is_under_way(error: &io::Error) -> bool {
    matches!(Errno::from_io_error(error), Some(Errno::INPROGRESS | Errno::INTR))
}

pub(crate) fn peek_now(socket: &impl AsFd, buf: &mut [u8]) -> io::Result<usize> {
    let (n, _) = rustix::net::recv(socket, buf, RecvFlags::PEEK | RecvFlags::DONTWAIT)?;
    Ok(n)
}

pub(crate) fn recv_now(socket: &impl AsFd, buf: &mut [u8]) -> io::Result<usize> {
    let (n, _) = rustix::net::recv(socket, buf, RecvFlags::DONTWAIT)?;
    Ok(n)
}

pub(crate) fn send_now(socket: &TcpStream, buf: &[u8]) -> io::Result<usize> {
    Ok(rustix::net::send(socket, buf, SEND_NOW)?)
}

/// Waits as long as the socket's timeout allows. Unlike `writev` it raises no SIGPIPE.
pub(crate) fn send_vectored(socket: &TcpStream, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
    Ok(rustix::net::sendmsg(socket, bufs, &mut SendAncillaryBuffer::default(), SEND)?)
}

pub(crate) fn send_vectored_now(socket: &impl AsFd, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
    Ok(rustix::net::sendmsg(socket, bufs, &mut SendAncillaryBuffer::default(), SEND_NOW)?)
}
