//! [`Resolver`]: finds the addresses of a name.

use std::fmt::Debug;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};

use super::timer::within;
use crate::connect_error::ConnectError;
use crate::destination::Destination;
use crate::dns_cache_options::DnsCacheOptions;
use crate::lookups::{Lookup, LookupSource, Lookups};
use crate::resolved::Resolved;
use crate::system_resolver::{OfSystem, SystemResolver};

/// A future of the addresses of a name.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Resolved>> + Send + 'a>>;

/// Finds the addresses of a name.
///
/// The results are cached, and for each name there is one lookup at a time, however many requests wait for it. The
/// future is polled by one of them, and dropped when no request waits for it any longer. The resolver is not asked
/// about addresses, names with an [override](crate::ConnectOptions::resolve), and `localhost`.
///
/// # Examples
///
/// ```
/// # mod httpx {
/// #     pub mod ahttpx { pub use httpx_pool::ahttpx::*; pub mod network { pub use httpx_pool::{Resolved, SystemResolver, ahttpx::*}; } }
/// # }
/// use std::net::Ipv4Addr;
/// use httpx::ahttpx::ConnectionPool;
/// use httpx::ahttpx::network::{Resolved, Resolver, Resolving, SystemResolver};
///
/// /// Names that end with `.test` lead to this machine.
/// #[derive(Debug)]
/// struct Tests;
///
/// impl Resolver for Tests {
///     fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
///         Box::pin(async move {
///             if name.ends_with(".test") {
///                 return Ok(Resolved::new([Ipv4Addr::LOCALHOST]));
///             }
///             Resolver::resolve(&SystemResolver::new(), name).await
///         })
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
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a>;
}

/// The lookups of [`SystemResolver`] when another resolver calls it. A name whose lookup hangs takes one thread.
static OF_SYSTEM: LazyLock<Arc<Lookups>> =
    LazyLock::new(|| Lookups::new(Arc::new(OfSystem), DnsCacheOptions::new().max_names(0)));

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            let found = OF_SYSTEM.look_up(name, 0).await;
            found.map(Resolved::of_sockets).map_err(ConnectError::into_io)
        })
    }
}

/// A resolver of this flavour as a source of lookups that are polled.
#[derive(Debug)]
pub(super) struct AsyncResolverSource<R>(pub(super) Arc<R>);

impl<R: Resolver + 'static> LookupSource for AsyncResolverSource<R> {
    fn look_up(&self, name: &str) -> Lookup {
        let (resolver, name) = (Arc::clone(&self.0), name.to_owned());
        Lookup::Polled(Box::pin(async move { resolver.resolve(&name).await }))
    }
}

/// Waits for the addresses of the destination's host.
pub(super) async fn look_up(
    lookups: &Arc<Lookups>,
    to: &Destination<'_>,
) -> Result<Vec<SocketAddr>, ConnectError> {
    let looking_up = lookups.look_up(to.endpoint().host(), to.endpoint().port());
    let mut looking_up = looking_up.by(to.deadline()).traced(to.trace());
    within(to.deadline(), &mut looking_up).await.unwrap_or_else(|| Err(looking_up.timed_out()))
}
