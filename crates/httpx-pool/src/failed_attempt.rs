//! [`FailedAttempt`]: an attempt to connect to an address that failed, and its reason.

use std::fmt;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;

use crate::sys;

/// An address of a host to which no connection could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedAttempt {
    address: SocketAddr,
    kind: ErrorKind,
    reason: Box<str>,
}

impl FailedAttempt {
    /// Makes an attempt that failed with this error.
    pub fn new(address: SocketAddr, error: &io::Error) -> Self {
        FailedAttempt { address, kind: error.kind(), reason: error.to_string().into() }
    }

    /// Returns the address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the kind of the error: [`TimedOut`](ErrorKind::TimedOut) for an address that did not answer.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the text of the error.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// `192.0.2.1:80: Connection refused (os error 111)`.
impl fmt::Display for FailedAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.address, self.reason)
    }
}

/// The most addresses that the text of an error lists.
const LISTED: usize = 8;

/// ` (tried 192.0.2.1:80)`, or with reasons where several were tried. Nothing if none was.
pub(crate) struct Tried<'a>(pub(crate) &'a [FailedAttempt]);

impl fmt::Display for Tried<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [] => return Ok(()),
            // The reason is the source of the error.
            [only] => return write!(f, " (tried {})", only.address),
            several => {
                for (n, attempt) in several.iter().take(LISTED).enumerate() {
                    let start = if n == 0 { " (tried " } else { "; " };
                    write!(f, "{start}{attempt}")?;
                }
            }
        }
        match self.0.len().saturating_sub(LISTED) {
            0 => f.write_str(")"),
            more => write!(f, "; and {more} more)"),
        }
    }
}

/// Ranks an error: the error of several attempts is the one with the lowest rank.
///
/// A lack of file descriptors affects all attempts. An error from the peer is more telling than a missing answer, and a
/// missing answer is more telling than an unreachable address, such as each IPv6 address on a host without IPv6.
pub(crate) fn rank(error: &io::Error) -> u8 {
    if sys::is_out_of_descriptors(error) {
        return 0;
    }
    match error.kind() {
        ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => 1,
        ErrorKind::TimedOut => 3,
        ErrorKind::NetworkUnreachable
        | ErrorKind::HostUnreachable
        | ErrorKind::AddrNotAvailable
        | ErrorKind::Unsupported => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_short() {
        let attempt = |port| {
            let error = io::Error::new(ErrorKind::ConnectionRefused, "no");
            FailedAttempt::new(SocketAddr::from(([127, 0, 0, 1], port)), &error)
        };
        let rows = [(0, ""), (1, " (tried 127.0.0.1:0)"), (2, " (tried 127.0.0.1:0: no; 127.0.0.1:1: no)")];
        for (count, expected) in rows {
            let attempts: Vec<_> = (0..count).map(attempt).collect();
            assert_eq!(Tried(&attempts).to_string(), expected);
        }
        let attempts: Vec<_> = (0..24).map(attempt).collect();
        assert!(Tried(&attempts).to_string().ends_with("; 127.0.0.1:7: no; and 16 more)"));
    }
}
