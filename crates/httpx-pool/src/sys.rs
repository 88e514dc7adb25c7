//! Everything that differs between systems, and nothing else.
//!
//! These calls on a socket never wait longer than requested, in any mode of the socket: [`peek_now`], [`recv_now`],
//! [`send_now`] and [`send_vectored_now`] fail with `WouldBlock` if they would have to wait, and [`poll`] waits.

// Each system has the same functions, and each flavour uses some of them.
#![cfg_attr(not(all(feature = "blocking", feature = "async")), allow(dead_code))]

#[cfg(any(unix, windows))]
mod connect;
#[cfg_attr(unix, path = "sys/unix.rs")]
#[cfg_attr(windows, path = "sys/windows.rs")]
#[cfg_attr(not(any(unix, windows)), path = "sys/other.rs")]
mod imp;
#[cfg(all(test, unix))]
pub(crate) mod no_unix_socket;
#[cfg(any(unix, windows))]
mod ready;
#[cfg(feature = "async")]
#[cfg_attr(not(any(unix, windows)), path = "sys/no_sockets.rs")]
pub(crate) mod sockets;
#[cfg_attr(unix, path = "sys/unix_socket.rs")]
#[cfg_attr(not(unix), path = "sys/no_unix_socket.rs")]
mod unix_socket;

#[cfg(all(any(unix, windows), any(feature = "blocking", feature = "async")))]
pub(crate) use connect::start_connect;
#[cfg(all(not(any(unix, windows)), feature = "async"))]
pub(crate) use imp::is_connected;
#[cfg(feature = "async")]
pub(crate) use imp::send_vectored_now;
#[cfg(all(not(any(unix, windows)), any(feature = "blocking", feature = "async")))]
pub(crate) use imp::start_connect;
#[cfg(feature = "blocking")]
pub(crate) use imp::{CAN_REPEAT_TIMED_OUT, send_now, send_vectored};
pub(crate) use imp::{is_out_of_descriptors, lack_of_descriptors};
#[cfg(any(feature = "blocking", feature = "async"))]
pub(crate) use imp::{peek_now, recv_now};
#[cfg(all(not(any(unix, windows)), feature = "blocking"))]
pub(crate) use imp::{poll, wait_for_connects};
#[cfg(all(any(unix, windows), feature = "async"))]
pub(crate) use ready::is_connected;
#[cfg(all(any(unix, windows), feature = "blocking"))]
pub(crate) use ready::{poll, wait_for_connects};
#[cfg(feature = "blocking")]
pub(crate) use unix_socket::connect_unix;
#[cfg(feature = "async")]
pub(crate) use unix_socket::connect_unix_now;
