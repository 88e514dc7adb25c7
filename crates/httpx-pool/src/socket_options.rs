//! [`SocketOptions`]: the options of a TCP socket.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

/// The options that are set before a socket connects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct SocketOptions {
    pub(crate) keepalive: Option<Duration>,
    pub(crate) local_address: Option<IpAddr>,
    pub(crate) interface: Option<Box<str>>,
    pub(crate) send_buffer_bytes: Option<u32>,
    pub(crate) recv_buffer_bytes: Option<u32>,
}

impl SocketOptions {
    pub(crate) const fn new() -> Self {
        SocketOptions {
            keepalive: None,
            local_address: None,
            interface: None,
            send_buffer_bytes: None,
            recv_buffer_bytes: None,
        }
    }

    /// Returns these options, with others for those that are not set.
    pub(crate) fn or(&self, other: &Self) -> Self {
        SocketOptions {
            keepalive: self.keepalive.or(other.keepalive),
            local_address: self.local_address.or(other.local_address),
            interface: self.interface.as_ref().or(other.interface.as_ref()).cloned(),
            send_buffer_bytes: self.send_buffer_bytes.or(other.send_buffer_bytes),
            recv_buffer_bytes: self.recv_buffer_bytes.or(other.recv_buffer_bytes),
        }
    }

    /// Prints the options that are set, under the names of their setters.
    pub(crate) fn debug_fields(&self, debug: &mut fmt::DebugStruct<'_, '_>) {
        let SocketOptions { keepalive, local_address, interface, send_buffer_bytes, recv_buffer_bytes } =
            self;
        let fields: [(&str, Option<&dyn fmt::Debug>); 5] = [
            ("tcp_keepalive", keepalive.as_ref().map(|value| value as _)),
            ("local_address", local_address.as_ref().map(|value| value as _)),
            ("interface", interface.as_ref().map(|value| value as _)),
            ("send_buffer_bytes", send_buffer_bytes.as_ref().map(|value| value as _)),
            ("recv_buffer_bytes", recv_buffer_bytes.as_ref().map(|value| value as _)),
        ];
        for (name, value) in fields {
            if let Some(value) = value {
                debug.field(name, value);
            }
        }
    }
}
