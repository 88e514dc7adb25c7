//! Turns the panic of tokio about a runtime without I/O into an error.

use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::task::Poll;

use httpx_core::ahttpx::catch_missing_driver;

use crate::sys::sockets::TcpStream;

/// Connects to an address.
///
/// # Errors
///
/// If the connection fails, or the runtime has no I/O driver.
pub(super) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let mut connecting = pin!(TcpStream::connect(address));
    poll_fn(|cx| {
        // After a panic the future is dropped and not polled again.
        let polled = catch_missing_driver(|| connecting.as_mut().poll(cx));
        polled.unwrap_or_else(|text| Poll::Ready(Err(io::Error::other(text))))
    })
    .await
}
