//! [`Resolver`]: finds the addresses of a name.

use std::fmt::Debug;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use httpx_core::blocking::wait_for;

use crate::connect_error::ConnectError;
use crate::destination::Destination;
use crate::lookups::{Lookup, LookupSource, Lookups};
use crate::resolved::Resolved;
use crate::system_resolver::SystemResolver;

/// Finds the addresses of a name.
///
/// It may block: it is called on one of a few threads for lookups, and the caller waits no longer than its deadline.
/// The results are cached, and for each name there is one lookup at a time, however many requests wait for it. It is
/// not asked about addresses, names with an [override](crate::ConnectOptions::resolve), and `localhost`.
///
/// # Examples
///
/// ```
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use std::{io, net::Ipv4Addr};
/// use httpx::ConnectionPool;
/// use httpx::network::{Resolved, Resolver, SystemResolver};
///
/// /// Names that end with `.test` lead to this machine.
/// #[derive(Debug)]
/// struct Tests;
///
/// impl Resolver for Tests {
///     fn resolve(&self, name: &str) -> io::Result<Resolved> {
///         if name.ends_with(".test") {
///             return Ok(Resolved::new([Ipv4Addr::LOCALHOST]));
///         }
///         SystemResolver::new().resolve(name)
///     }
/// }
///
/// let pool = ConnectionPool::builder().resolver(Tests).build();
/// ```
pub trait Resolver: Send + Sync + Debug {
    /// Returns the addresses of a name. The name is in the form of URLs: lower case, Punycode for other scripts.
    ///
    /// # Errors
    ///
    /// Kind [`NotFound`](io::ErrorKind::NotFound), if the name does not exist. This is cached for a short time, other
    /// errors are not. A panic is an error too.
    fn resolve(&self, name: &str) -> io::Result<Resolved>;
}

impl Resolver for SystemResolver {
    fn resolve(&self, name: &str) -> io::Result<Resolved> {
        self.look_up(name)
    }
}

/// A resolver of this flavour as a source of lookups that run on threads.
#[derive(Debug)]
pub(super) struct BlockingResolverSource<R>(pub(super) Arc<R>);

impl<R: Resolver + 'static> LookupSource for BlockingResolverSource<R> {
    fn look_up(&self, name: &str) -> Lookup {
        let (resolver, name) = (Arc::clone(&self.0), name.to_owned());
        Lookup::Blocking(Box::new(move || resolver.resolve(&name)))
    }
}

/// Waits for the addresses of the destination's host.
pub(super) fn look_up(lookups: &Arc<Lookups>, to: &Destination<'_>) -> Result<Vec<SocketAddr>, ConnectError> {
    let looking_up = lookups.look_up(to.endpoint().host(), to.endpoint().port());
    let mut looking_up = looking_up.by(to.deadline()).traced(to.trace());
    wait_for(&mut looking_up, to.deadline()).unwrap_or_else(|| Err(looking_up.timed_out()))
}
