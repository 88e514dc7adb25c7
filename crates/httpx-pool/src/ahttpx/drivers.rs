//! Turns the panic of tokio about a runtime without I/O into an error.

use std::io;
use std::net::SocketAddr;
use std::path::Path;

use httpx_core::ahttpx::catch_missing_driver;

use crate::socket_options::SocketOptions;
use crate::sys::{self, sockets::TcpStream};

/// Starts to connect to an address.
///
/// # Errors
///
/// If the connection fails at once, or the runtime has no I/O driver.
pub(super) fn start_connect(address: SocketAddr, options: &SocketOptions) -> io::Result<TcpStream> {
    register(sys::start_connect(address, options, None)?)
}

/// Connects to a Unix socket, without waiting.
///
/// # Errors
///
/// If the connection fails, or the runtime has no I/O driver. `WouldBlock` if the backlog of the server is full.
pub(super) fn connect_unix_now(path: &Path) -> io::Result<TcpStream> {
    register(sys::connect_unix_now(path)?)
}

fn register(socket: std::net::TcpStream) -> io::Result<TcpStream> {
    catch_missing_driver(|| TcpStream::from_std(socket)).unwrap_or_else(|text| Err(io::Error::other(text)))
}
