//! [`SystemResolver`]: the resolver of the operating system.

use std::io;
use std::net::ToSocketAddrs;

use crate::lookups::{Lookup, LookupSource};
use crate::resolved::Resolved;
use crate::sys;

/// The resolver of the operating system, which is the default. It looks up names as other programs do: in the hosts
/// file, by DNS, by mDNS, and in other configured sources.
///
/// It implements the `Resolver` of both flavours, so that a custom resolver can ask it about some names. The system
/// gives no time to live. Its call blocks, so it runs on one of a few threads of this library, in both flavours.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct SystemResolver {}

impl SystemResolver {
    /// Returns the resolver of the operating system.
    pub fn new() -> Self {
        SystemResolver {}
    }

    /// Looks a name up, in the calling thread.
    pub(crate) fn look_up(self, name: &str) -> io::Result<Resolved> {
        match (name, 0).to_socket_addrs() {
            Ok(addresses) => Ok(Resolved::of_sockets(addresses)),
            // The resolver cannot read its files then, and reports an unknown name.
            Err(error) => Err(sys::lack_of_descriptors().unwrap_or(error)),
        }
    }
}

/// The resolver of the system as that of a backend, the default in both flavours.
#[derive(Debug)]
pub(crate) struct OfSystem;

impl LookupSource for OfSystem {
    fn look_up(&self, name: &str) -> Lookup {
        let name = name.to_owned();
        Lookup::Blocking(Box::new(move || SystemResolver::new().look_up(&name)))
    }
}
