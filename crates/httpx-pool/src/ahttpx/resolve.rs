//! [`SystemResolver`]: looks up the addresses of a name within a deadline.

use std::io;
use std::net::SocketAddr;

use super::timer::within;
use crate::connect_error::{ConnectError, ConnectStep};
use crate::destination::Destination;
use crate::sys::sockets;

/// Looks names up with the resolver of the operating system, on tokio's threads for blocking work.
#[derive(Clone, Debug, Default)]
pub(super) struct SystemResolver {}

impl SystemResolver {
    /// Returns the addresses of the host in the order in which the system gives them, at least one.
    pub(super) async fn resolve(&self, to: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
        if let Some(known) = to.known_addresses() {
            return known;
        }
        let (host, port) = (to.endpoint().host(), to.endpoint().port());
        let lookup = async { Ok::<Vec<_>, io::Error>(sockets::lookup_host((host, port)).await?.collect()) };
        match within(to.deadline(), lookup).await {
            None => Err(ConnectError::TimedOut { step: ConnectStep::Resolving, host: host.into() }),
            Some(found) => ConnectError::check_found(host, found),
        }
    }
}
