//! [`AddressAttempts`]: which address of a host to try next, and for how long.

use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use crate::connect_error::{ConnectError, ConnectStep};

/// The addresses of a host, tried one after the other.
#[derive(Debug)]
pub(crate) struct AddressAttempts {
    host: Box<str>,
    addresses: Vec<SocketAddr>,
    deadline: Option<Instant>,
    tried: usize,
    last: Option<io::Error>,
}

impl AddressAttempts {
    /// Starts with these addresses of a host, in this order.
    pub(crate) fn new(host: &str, addresses: Vec<SocketAddr>, deadline: Option<Instant>) -> Self {
        AddressAttempts { host: host.into(), addresses, deadline, tried: 0, last: None }
    }

    /// Returns the next address, and until when to try it. The remaining time is divided evenly among the remaining
    /// addresses, so that one address that does not answer cannot use it up.
    pub(crate) fn next(&mut self, now: Instant) -> Option<(SocketAddr, Option<Instant>)> {
        let address = *self.addresses.get(self.tried)?;
        if self.is_over(now) {
            return None;
        }
        let left = u32::try_from(self.addresses.len() - self.tried).unwrap_or(u32::MAX);
        self.tried += 1;
        let by = self.deadline.map(|deadline| now + deadline.saturating_duration_since(now) / left);
        Some((address, by))
    }

    /// Notes why the last address failed.
    pub(crate) fn failed(&mut self, error: io::Error) {
        self.last = Some(error);
    }

    /// Returns the error for the case that no address or no time is left.
    pub(crate) fn into_error(mut self, now: Instant) -> ConnectError {
        if self.is_over(now) {
            return ConnectError::TimedOut { step: ConnectStep::Connecting, host: self.host };
        }
        self.addresses.truncate(self.tried);
        let none = || io::Error::new(io::ErrorKind::NotFound, "there was no address to try");
        ConnectError::Connect {
            host: self.host,
            tried: self.addresses,
            source: self.last.unwrap_or_else(none),
        }
    }

    fn is_over(&self, now: Instant) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= now)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_time_is_divided_evenly() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let addresses = [1, 2, 3].map(|port| SocketAddr::from(([127, 0, 0, 1], port)));
        let mut attempts = AddressAttempts::new("h", addresses.to_vec(), Some(at(30)));
        assert_eq!(attempts.next(at(0)), Some((addresses[0], Some(at(10)))));
        assert_eq!(attempts.next(at(10)), Some((addresses[1], Some(at(20)))));
        assert_eq!(attempts.next(at(12)), Some((addresses[2], Some(at(30)))));
        assert_eq!(attempts.next(at(12)), None);
        attempts.failed(io::ErrorKind::ConnectionRefused.into());
        let error = attempts.into_error(at(12));
        assert_eq!(error.to_string(), "cannot connect to h (tried 127.0.0.1:1, 127.0.0.1:2, 127.0.0.1:3)");

        let mut attempts = AddressAttempts::new("h", addresses.to_vec(), Some(at(1)));
        assert_eq!(attempts.next(at(1)), None);
        assert!(matches!(attempts.into_error(at(1)), ConnectError::TimedOut { .. }));
        let mut attempts = AddressAttempts::new("h", addresses.to_vec(), None);
        assert_eq!(attempts.next(at(1)), Some((addresses[0], None)));
    }

    /// Connects to the addresses of a host in one flavour, and returns the address that it reached.
    #[cfg(any(feature = "blocking", feature = "async"))]
    type Connect = fn(&str, Vec<SocketAddr>) -> Result<Option<SocketAddr>, ConnectError>;

    #[cfg(any(feature = "blocking", feature = "async"))]
    #[test]
    fn the_next_address_is_tried() {
        let flavours: &[Connect] = &[
            #[cfg(feature = "blocking")]
            |host, addresses| {
                use crate::{NetworkStream, blocking::backend::connect_to_any};

                Ok(connect_to_any(host, addresses, None)?.peer_addr())
            },
            #[cfg(feature = "async")]
            |host, addresses| {
                use crate::ahttpx::{NetworkStream, backend::connect_to_any};

                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
                Ok(runtime.block_on(connect_to_any(host, addresses, None))?.peer_addr())
            },
        ];
        for connect in flavours {
            let bind = || std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            let (listener, other) = (bind(), bind());
            // No process listens on this port: its listener has just been closed.
            let closed = bind().local_addr().unwrap();
            let [first, second] = [&listener, &other].map(|listener| listener.local_addr().unwrap());
            assert_eq!(connect("h", vec![closed, first, second]).unwrap(), Some(first));
            let error = connect("h", vec![closed, closed]).unwrap_err();
            assert_eq!(error.to_string(), format!("cannot connect to h (tried {closed}, {closed})"));
        }
    }
}
