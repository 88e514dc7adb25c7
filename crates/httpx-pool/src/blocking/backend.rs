//! Where streams come from.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::countdown::Countdown;
use super::resolve::resolve;
use super::stream::NetworkStream;
use super::tcp::TcpStream;
use crate::attempts::Attempts;
use crate::connect_error::ConnectError;
use crate::target::Target;

/// Connects: the one place where the library meets the network.
///
/// A backend gives the bare stream; TLS, where the target's scheme asks for it, is spoken over it by the caller.
///
/// ```
/// use std::time::Instant;
/// use httpx_pool::{ConnectError, NetworkBackend, NetworkStream, Target, TcpBackend};
///
/// /// Sends everything to a server on this machine.
/// #[derive(Debug)]
/// struct Local(TcpBackend);
///
/// impl NetworkBackend for Local {
///     fn connect(
///         &self,
///         target: &Target,
///         deadline: Option<Instant>,
///     ) -> Result<Box<dyn NetworkStream>, ConnectError> {
///         self.0.connect(&Target::new(target.scheme(), "127.0.0.1", target.port()), deadline)
///     }
/// }
/// ```
pub trait NetworkBackend: Send + Sync + Debug {
    /// Connects to the target by the deadline; without one, for as long as the system likes to try.
    ///
    /// # Errors
    ///
    /// [`ConnectError`] says what was attempted. Errors of one's own go into [`ConnectError::Other`].
    fn connect(
        &self,
        target: &Target,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn NetworkStream>, ConnectError>;
}

impl<B: NetworkBackend + ?Sized> NetworkBackend for Arc<B> {
    fn connect(
        &self,
        target: &Target,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn NetworkStream>, ConnectError> {
        (**self).connect(target, deadline)
    }
}

/// TCP: resolves the name and tries its addresses in order.
///
/// The time that is left is shared evenly among the addresses that are left, so that one of them that does not
/// answer cannot use it all up.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct TcpBackend;

impl TcpBackend {
    /// The default backend.
    pub fn new() -> Self {
        Self
    }
}

impl NetworkBackend for TcpBackend {
    fn connect(
        &self,
        target: &Target,
        deadline: Option<Instant>,
    ) -> Result<Box<dyn NetworkStream>, ConnectError> {
        let countdown = Countdown::until(deadline);
        let addresses = resolve(target.host(), target.port(), countdown)?;
        Ok(Box::new(connect_to_any(target.host(), addresses, deadline)?))
    }
}

fn connect_to_any(
    host: &str,
    addresses: Vec<SocketAddr>,
    deadline: Option<Instant>,
) -> Result<TcpStream, ConnectError> {
    let mut attempts = Attempts::new(host, addresses, deadline);
    while let Some((address, by)) = attempts.next(Instant::now()) {
        match connect_to(address, Countdown::until(by).remaining()) {
            Ok(stream) => return Ok(stream),
            Err(error) => attempts.failed(error),
        }
    }
    Err(attempts.into_error(Instant::now()))
}

fn connect_to(address: SocketAddr, timeout: Option<Duration>) -> io::Result<TcpStream> {
    TcpStream::fresh(match timeout {
        None => std::net::TcpStream::connect(address)?,
        Some(timeout) => std::net::TcpStream::connect_timeout(&address, timeout)?,
    })
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::net::TcpListener;

    use super::*;
    use crate::connect_error::ConnectStep;
    use crate::target::Scheme;

    fn in_ten_seconds() -> Option<Instant> {
        Instant::now().checked_add(Duration::from_secs(10))
    }

    /// A port on which nobody listens: it has just been given back.
    fn deaf_port() -> u16 {
        TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
    }

    #[test]
    fn connects_to_a_literal_and_to_a_name() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["127.0.0.1", "localhost"] {
            let target = Target::new(Scheme::Http, host, port);
            for deadline in [None, in_ten_seconds()] {
                let mut stream = TcpBackend::new().connect(&target, deadline).unwrap();
                let (socket, _) = listener.accept().unwrap();
                assert_eq!(stream.local_addr(), socket.peer_addr().ok());
                assert_eq!(stream.peer_addr(), listener.local_addr().ok());
                assert!(stream.look().is_alive());
            }
        }
    }

    #[test]
    fn the_next_address_is_tried() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let deaf = SocketAddr::from(([127, 0, 0, 1], deaf_port()));
        let addresses = [deaf, listener.local_addr().unwrap()];
        let stream = connect_to_any("two.example", addresses.to_vec(), None).unwrap();
        assert_eq!(stream.peer_addr(), listener.local_addr().ok());
    }

    #[test]
    fn a_refusal_names_the_addresses() {
        let port = deaf_port();
        let error =
            TcpBackend.connect(&Target::new(Scheme::Http, "127.0.0.1", port), in_ten_seconds()).unwrap_err();
        assert_eq!(error.to_string(), format!("cannot connect to 127.0.0.1 (tried 127.0.0.1:{port})"));
        let source = error.source().unwrap().downcast_ref::<io::Error>().unwrap();
        assert_eq!(source.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[test]
    fn a_deadline_in_the_past_connects_nowhere() {
        let target = Target::new(Scheme::Http, "127.0.0.1", deaf_port());
        let error = TcpBackend.connect(&target, Some(Instant::now())).unwrap_err();
        assert!(matches!(error, ConnectError::TimedOut { step: ConnectStep::Connecting, .. }), "{error:?}");
        assert_eq!(error.to_string(), "no time left while connecting to 127.0.0.1");
    }

    #[test]
    fn a_name_that_cannot_be_is_a_failure_to_resolve() {
        // No label may be longer than 63 bytes, so no network is asked.
        let name = "x".repeat(64) + ".invalid";
        let error = TcpBackend.connect(&Target::new(Scheme::Http, &name, 80), in_ten_seconds()).unwrap_err();
        assert!(matches!(error, ConnectError::Resolve { .. }), "{error:?}");
    }
}
