//! Turns the panic of tokio about a runtime without I/O into an error.

use std::io;
use std::net::SocketAddr;

use httpx_core::ahttpx::catch_missing_driver;

use crate::socket_options::SocketOptions;
use crate::sys::{self, sockets::TcpStream};

/// Starts to connect to an address.
///
/// # Errors
///
/// If the connection fails at once, or the runtime has no I/O driver.
pub(super) fn start_connect(address: SocketAddr, options: &SocketOptions) -> io::Result<TcpStream> {
    let socket = sys::start_connect(address, options, None)?;
    catch_missing_driver(|| TcpStream::from_std(socket)).unwrap_or_else(|text| Err(io::Error::other(text)))
}
