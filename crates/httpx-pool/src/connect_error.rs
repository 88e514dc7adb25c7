//! [`ConnectError`]: why there is no connection.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

use thiserror::Error;

use crate::address_filter::AddressRefused;
use crate::failed_attempt::{FailedAttempt, Tried};
use crate::sys;

/// Why a `NetworkBackend` could not connect.
///
/// The text names the step that failed. The error of the system is the [source](std::error::Error::source).
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The name has no address, or the resolver could not be asked.
    #[error("cannot resolve the name {host}")]
    Resolve {
        /// The name that was looked up.
        host: Box<str>,
        /// The error of the resolver.
        source: io::Error,
    },
    /// The address filter refused each address of the host.
    #[error("the address filter does not allow to connect to {host} at {address}")]
    AddressRefused {
        /// The host of the URL.
        host: Box<str>,
        /// The first address of the host.
        address: SocketAddr,
        /// Why it was refused.
        source: AddressRefused,
    },
    /// None of the addresses accepted a connection.
    #[error("cannot connect to {host}{}", Tried(attempts))]
    Connect {
        /// The host of the URL.
        host: Box<str>,
        /// The addresses that were tried, in the order in which they failed.
        attempts: Vec<FailedAttempt>,
        /// The error that says most: that of an address that refused, rather than that of one that did not answer.
        source: io::Error,
    },
    /// The Unix socket did not accept a connection.
    #[error("cannot connect to the Unix socket {}", path.display())]
    UnixSocket {
        /// The path of the socket.
        path: Box<Path>,
        /// The error of the system, or the reason why the path is not valid.
        source: io::Error,
    },
    /// The deadline passed.
    #[error("no time left while {step} {host}{}", Tried(attempts))]
    TimedOut {
        /// The step that was under way.
        step: ConnectStep,
        /// The host of the URL.
        host: Box<str>,
        /// The addresses that were tried.
        attempts: Vec<FailedAttempt>,
    },
    /// Any other error, for custom backends.
    #[error(transparent)]
    Other(#[from] io::Error),
}

impl ConnectError {
    /// Returns the failed attempts: each address with its reason.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{Destination, Endpoint, NetworkBackend, Scheme, TcpBackend};
    ///
    /// // No server listens there.
    /// let endpoint = Endpoint::new(Scheme::Http, "127.0.0.1", 9);
    /// if let Err(error) = TcpBackend::new().connect(&Destination::new(&endpoint)) {
    ///     for attempt in error.attempts() {
    ///         println!("{}: {}", attempt.address(), attempt.reason());
    ///     }
    /// }
    /// # }
    /// ```
    pub fn attempts(&self) -> &[FailedAttempt] {
        match self {
            Self::Connect { attempts, .. } | Self::TimedOut { attempts, .. } => attempts,
            Self::Resolve { .. } | Self::AddressRefused { .. } | Self::UnixSocket { .. } | Self::Other(_) => {
                &[]
            }
        }
    }

    /// Returns the error of the system or of the resolver; for the others, one that holds them.
    #[cfg(feature = "async")]
    pub(crate) fn into_io(self) -> io::Error {
        match self {
            Self::Resolve { source, .. }
            | Self::Connect { source, .. }
            | Self::UnixSocket { source, .. }
            | Self::Other(source) => source,
            Self::TimedOut { .. } => io::Error::new(io::ErrorKind::TimedOut, self),
            Self::AddressRefused { .. } => io::Error::new(io::ErrorKind::PermissionDenied, self),
        }
    }

    /// Returns the error of a connection to a Unix socket.
    pub(crate) fn unix_socket(path: &Path, source: io::Error) -> Self {
        if matches!(source.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
            let host = path.display().to_string().into();
            return Self::TimedOut { step: ConnectStep::Connecting, host, attempts: Vec::new() };
        }
        Self::UnixSocket { path: path.into(), source }
    }

    /// Returns the error of a backend that does not look up names.
    #[cfg_attr(not(any(feature = "blocking", feature = "async")), expect(dead_code))]
    pub(crate) fn no_lookups(host: &str) -> Self {
        let text = "this network backend looks up no names; use socks4a:// or socks5h://, or an override";
        Self::Resolve { host: host.into(), source: io::Error::new(io::ErrorKind::Unsupported, text) }
    }

    /// Returns the error for a lookup that ran out of time.
    pub(crate) fn lookup_timed_out(step: ConnectStep, host: &str) -> Self {
        Self::TimedOut { step, host: host.into(), attempts: Vec::new() }
    }

    /// Returns the advice for this error; empty if there is none.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Self::Resolve { source, .. }
            | Self::Connect { source, .. }
            | Self::UnixSocket { source, .. }
            | Self::Other(source)
                if sys::is_out_of_descriptors(source) =>
            {
                "; this process has too many open files: raise its limit, or keep fewer connections"
            }
            Self::Resolve { .. } => "; is it spelled right, and is there a network?",
            Self::Connect { .. } => "; does a server listen there?",
            Self::AddressRefused { .. } => "; if the network is trusted, make an exception for it",
            Self::UnixSocket { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => "; does its server run, and is the path right?",
                io::ErrorKind::PermissionDenied => "; may this user write to it?",
                io::ErrorKind::ConnectionRefused => "; does its server still run?",
                _ => "",
            },
            Self::TimedOut { .. } | Self::Other(_) => "",
        }
    }

    /// Turns the result of a lookup into at least one address.
    pub(crate) fn check_lookup(
        host: &str,
        found: io::Result<Vec<SocketAddr>>,
    ) -> Result<Vec<SocketAddr>, Self> {
        Self::check_addresses(found).map_err(|source| ConnectError::Resolve { host: host.into(), source })
    }

    /// Turns the result of a resolver into at least one address. A name without addresses has the error `NotFound`.
    pub(crate) fn check_addresses(found: io::Result<Vec<SocketAddr>>) -> io::Result<Vec<SocketAddr>> {
        let none = || Err(io::Error::new(io::ErrorKind::NotFound, "the name has no address"));
        let found = found.and_then(|addresses| if addresses.is_empty() { none() } else { Ok(addresses) });
        found.map_err(with_kind)
    }
}

/// Gives the kind `NotFound` to the error of a resolver for a name that does not exist. The standard library keeps
/// only the system's text, and on Windows its code.
fn with_kind(error: io::Error) -> io::Error {
    const TEXTS: [&str; 5] = [
        "Name or service not known",           // glibc, EAI_NONAME
        "No address associated with hostname", // glibc and Android, EAI_NODATA
        "Name does not resolve",               // musl
        "nodename nor servname provided",      // macOS, iOS
        "Name could not be resolved",          // FreeBSD
    ];
    // WSAHOST_NOT_FOUND and WSANO_DATA.
    const CODES: [i32; 2] = [11_001, 11_004];
    let text = error.to_string();
    let is_not_found = TEXTS.iter().any(|part| text.contains(part))
        || cfg!(windows) && error.raw_os_error().is_some_and(|code| CODES.contains(&code));
    if is_not_found { io::Error::new(io::ErrorKind::NotFound, error) } else { error }
}

/// The step of connecting that was under way when the time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConnectStep {
    /// The lookup of the name had to wait, because too many other lookups were under way.
    WaitingToResolve,
    /// The resolver had not answered.
    Resolving,
    /// The server had not answered.
    Connecting,
}

impl fmt::Display for ConnectStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::WaitingToResolve => "waiting for other lookups to end before resolving",
            Self::Resolving => "resolving",
            Self::Connecting => "connecting to",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_does_not_exist_is_not_found() {
        for (text, is_not_found) in [
            ("failed to lookup address information: Name or service not known", true),
            ("failed to lookup address information: Name does not resolve", true),
            ("failed to lookup address information: nodename nor servname provided, or not known", true),
            ("failed to lookup address information: Temporary failure in name resolution", false),
            ("failed to lookup address information: Try again", false),
        ] {
            let found = ConnectError::check_lookup("h", Err(io::Error::other(text)));
            let Err(ConnectError::Resolve { source, .. }) = found else { panic!("{text}") };
            assert_eq!(
                (source.kind() == io::ErrorKind::NotFound, source.to_string()),
                (is_not_found, text.into())
            );
        }
    }

    #[test]
    fn the_advice_fits_the_cause() {
        let resolve = |source| ConnectError::Resolve { host: "h".into(), source };
        let connect = |source| ConnectError::Connect { host: "h".into(), attempts: Vec::new(), source };
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let mut rows = vec![
            (resolve(refused()), "; is it spelled right, and is there a network?"),
            (connect(refused()), "; does a server listen there?"),
            (ConnectError::Other(refused()), ""),
        ];
        // EMFILE and ENFILE, WSAEMFILE.
        let codes: &[i32] = if cfg!(unix) { &[24, 23] } else { &[10024] };
        for &code in codes {
            let full = "; this process has too many open files: raise its limit, or keep fewer connections";
            let source = || io::Error::from_raw_os_error(code);
            rows.extend([resolve(source()), connect(source()), source().into()].map(|error| (error, full)));
        }
        for (error, advice) in rows {
            assert_eq!(error.advice(), advice, "{error:?}");
        }
    }
}
