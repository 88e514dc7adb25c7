//! Calls for systems that cannot wait for sockets, such as WebAssembly. Everything but TCP works there.

use std::io::{self, IoSlice};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::socket_options::SocketOptions;
use crate::stream::{Interest, Readiness};

/// Whether a call that the timeout of its socket has ended can be repeated.
#[cfg(feature = "blocking")]
pub(crate) const CAN_REPEAT_TIMED_OUT: bool = false;

pub(crate) fn is_out_of_descriptors(_: &io::Error) -> bool {
    false
}

pub(crate) fn lack_of_descriptors() -> Option<io::Error> {
    None
}

/// Connects to an address, and waits for it: the addresses of a host are tried one after the other.
pub(crate) fn start_connect(
    address: SocketAddr,
    options: &SocketOptions,
    until: Option<Instant>,
) -> io::Result<TcpStream> {
    if *options != SocketOptions::default() {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "this system has no options of sockets"));
    }
    let Some(until) = until else { return TcpStream::connect(address) };
    TcpStream::connect_timeout(&address, until.saturating_duration_since(Instant::now()))
}

pub(crate) fn wait_for_connects<T>(
    pending: &mut Vec<(T, TcpStream)>,
    _: Option<Duration>,
) -> io::Result<Option<(T, io::Result<TcpStream>)>> {
    Ok(pending.pop().map(|(whose, socket)| (whose, Ok(socket))))
}

pub(crate) fn is_connected<S>(_: &S) -> bool {
    false
}

pub(crate) fn peek_now<S>(_: &S, _: &mut [u8]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn recv_now<S>(_: &S, _: &mut [u8]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn send_now(_: &TcpStream, _: &[u8]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn send_vectored(_: &TcpStream, _: &[IoSlice<'_>]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn send_vectored_now<S>(_: &S, _: &[IoSlice<'_>]) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(crate) fn poll(_: &TcpStream, _: Interest, _: Option<Duration>) -> io::Result<Readiness> {
    Err(io::ErrorKind::Unsupported.into())
}
