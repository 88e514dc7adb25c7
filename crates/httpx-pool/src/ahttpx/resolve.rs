//! [`SystemResolver`]: looks up the addresses of a name within a deadline.

use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use super::timer::within;
use crate::connect_error::{ConnectError, ConnectStep};

/// Looks names up with the resolver of the operating system, on tokio's threads for blocking work.
#[derive(Clone, Debug, Default)]
pub(super) struct SystemResolver {}

impl SystemResolver {
    /// Returns the addresses of `host` in the order in which the system gives them, at least one.
    pub(super) async fn resolve(
        &self,
        host: &str,
        port: u16,
        deadline: Option<Instant>,
    ) -> Result<Vec<SocketAddr>, ConnectError> {
        if let Ok(address) = host.parse() {
            return Ok(vec![SocketAddr::new(address, port)]);
        }
        let lookup =
            async { Ok::<Vec<_>, io::Error>(tokio::net::lookup_host((host, port)).await?.collect()) };
        match within(deadline, lookup).await {
            None => Err(ConnectError::TimedOut { step: ConnectStep::Resolving, host: host.into() }),
            Some(found) => ConnectError::check_found(host, found),
        }
    }
}
