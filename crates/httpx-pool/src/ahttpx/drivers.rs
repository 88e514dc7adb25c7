//! Turns the panics of tokio about a runtime without I/O or timers into errors. tokio offers no way to ask first.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::io;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use tokio::time::{Instant, sleep_until};

use crate::sys::sockets::TcpStream;

/// Checks that the current runtime has timers.
///
/// # Errors
///
/// tokio's own text, which names the missing call on the runtime's builder.
pub(super) fn check_timers() -> Result<(), String> {
    // Making a sleep only checks whether there are timers.
    catch_unwind(|| drop(sleep_until(Instant::now()))).map_err(|panic| text_of(&*panic))
}

/// Connects to an address.
///
/// # Errors
///
/// If the connection fails, or the runtime has no I/O driver.
pub(super) async fn connect(address: SocketAddr) -> io::Result<TcpStream> {
    let mut connecting = pin!(TcpStream::connect(address));
    poll_fn(|cx| {
        // After a panic the future is dropped and not polled again.
        let polled = catch_unwind(AssertUnwindSafe(|| connecting.as_mut().poll(cx)));
        polled.unwrap_or_else(|panic| Poll::Ready(Err(io::Error::other(text_of(&*panic)))))
    })
    .await
}

fn text_of(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("tokio panicked").to_owned()
}
