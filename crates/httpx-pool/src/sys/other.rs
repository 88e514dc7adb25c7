//! Calls for systems that cannot wait for sockets, such as WebAssembly. Everything but TCP works there.

use std::io::{self, IoSlice};
use std::net::TcpStream;
use std::time::Duration;

use crate::stream::{Interest, Readiness};

pub(crate) fn is_out_of_descriptors(_: &io::Error) -> bool {
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
