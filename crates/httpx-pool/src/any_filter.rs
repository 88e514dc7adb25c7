//! [`AnyFilter`]: an address filter that can be compared.

use std::any::Any;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::net::SocketAddr;
use std::sync::Arc;

use crate::address_filter::{AddressFilter, AddressRefused};
use crate::public_only::PublicOnly;

/// A filter that can be compared.
#[derive(Clone)]
pub(crate) enum AnyFilter {
    /// Equal if its exceptions are.
    PublicOnly(PublicOnly),
    /// Equal only to its clones.
    Custom(Arc<dyn AddressFilter>),
}

impl AnyFilter {
    pub(crate) fn new(filter: impl AddressFilter) -> Self {
        match (&filter as &dyn Any).downcast_ref::<PublicOnly>() {
            Some(public_only) => AnyFilter::PublicOnly(public_only.clone()),
            None => AnyFilter::Custom(Arc::new(filter)),
        }
    }

    pub(crate) fn check(&self, address: SocketAddr) -> Result<(), AddressRefused> {
        match self {
            Self::PublicOnly(filter) => filter.check(address),
            Self::Custom(filter) => filter.check(address),
        }
    }

    fn address(filter: &Arc<dyn AddressFilter>) -> *const () {
        Arc::as_ptr(filter).cast()
    }
}

impl PartialEq for AnyFilter {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::PublicOnly(one), Self::PublicOnly(other)) => one == other,
            // Both are alive, so that their addresses differ if they do.
            (Self::Custom(one), Self::Custom(other)) => Self::address(one) == Self::address(other),
            (Self::PublicOnly(_), Self::Custom(_)) | (Self::Custom(_), Self::PublicOnly(_)) => false,
        }
    }
}

impl Eq for AnyFilter {}

impl Hash for AnyFilter {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Self::PublicOnly(filter) => filter.hash(state),
            Self::Custom(filter) => Self::address(filter).hash(state),
        }
    }
}

impl fmt::Debug for AnyFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PublicOnly(filter) => filter.fmt(f),
            Self::Custom(_) => f.write_str("AddressFilter"),
        }
    }
}
