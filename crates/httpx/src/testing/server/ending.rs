//! How a connection ends.

use std::io::{self, Read};
use std::time::Duration;

use super::wire::ServerStream;

/// The most bytes that are read and dropped after the last response, so that a reset does not destroy it.
const MAX_LINGER_BYTES: u64 = 1 << 20;

/// The longest wait for such bytes.
const LINGER_TIMEOUT: Duration = Duration::from_secs(1);

/// Ends the connection so that the client receives the whole response: closing a socket with unread bytes resets it.
pub(super) fn close(wire: &mut dyn ServerStream) {
    wire.end();
    let socket = wire.socket();
    if socket.set_read_timeout(Some(LINGER_TIMEOUT)).is_ok() {
        // An error means that the client has left.
        drop(io::copy(&mut socket.take(MAX_LINGER_BYTES), &mut io::sink()));
    }
}

/// Waits until the client leaves or the server stops.
pub(super) fn wait_for_end(wire: &mut dyn ServerStream) {
    let mut block = [0; 1024];
    while matches!(wire.socket().read(&mut block), Ok(1..)) {}
}
