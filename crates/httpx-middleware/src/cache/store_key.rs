//! The key of an entry in a store.

use std::fmt::{self, Write};

use httpx_core::Url;
use sha2::{Digest, Sha256};

/// The key of an entry in a [`Store`](super::Store).
///
/// It is the URL without its fragment and without user information. A response that is one of several variants of its URL
/// (by `Vary`) has a space and 32 hexadecimal digits after it.
///
/// ```
/// # mod httpx { pub mod cache { pub use httpx_middleware::cache::*; } }
/// use httpx::cache::StoreKey;
///
/// let key = StoreKey::new("https://example.com/items?page=2");
/// assert_eq!(key.as_str(), "https://example.com/items?page=2");
/// assert_eq!(key.digest().len(), 64); // the name of a file
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoreKey(String);

impl StoreKey {
    /// Makes a key of its text, for the tests of a store.
    pub fn new(text: impl Into<String>) -> Self {
        StoreKey(text.into())
    }

    /// Makes the key of a URL.
    pub(super) fn of_url(url: &Url) -> Self {
        StoreKey(url.with_fragment(None).without_user_info().as_str().to_owned())
    }

    /// Makes the key of a variant of this URL.
    pub(super) fn variant(&self, id: &[u8]) -> Self {
        StoreKey(format!("{} {}", self.0, hex(id)))
    }

    /// Returns the key as text. It has no control characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the SHA-256 of the key as 64 hexadecimal digits, for stores whose names are limited.
    pub fn digest(&self) -> String {
        hex(&Sha256::digest(self.0.as_bytes()))
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // A string takes everything.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The URL may hold secrets in its query, so only scheme, host and path are shown: `StoreKey(https://example.com/items?…)`.
impl fmt::Debug for StoreKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.split_once('?') {
            None => write!(f, "StoreKey({})", self.0),
            Some((path, _)) => write!(f, "StoreKey({path}?…)"),
        }
    }
}
