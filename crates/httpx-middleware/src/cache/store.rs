//! The trait of the places that keep a cache's entries.

use std::io;
use std::sync::Arc;

use bytes::Bytes;

use super::StoreKey;

/// A place that keeps the entries of a [`Cache`](super::Cache): [`MemoryStore`](super::MemoryStore),
/// [`DirectoryStore`](super::DirectoryStore), or one of your own, over a database for example.
///
/// An entry is a piece of bytes in a versioned format that describes itself. The cache checks each entry that it reads: one
/// of another version, of another key, or that is cut short, counts as missing. A store may forget any entry at any time.
/// It should check that the bytes are those that were put.
///
/// An error of a store never fails a request: the cache goes on as if the entry was missing, and counts the error in
/// [`Cache::stats`](super::Cache::stats).
///
/// ```
/// # mod httpx { pub use bytes::Bytes; pub mod cache { pub use httpx_middleware::cache::*; } }
/// use std::collections::HashMap;
/// use std::io;
/// use std::sync::Mutex;
///
/// use httpx::Bytes;
/// use httpx::cache::{Cache, Store, StoreKey};
///
/// /// Keeps everything for as long as the program runs.
/// #[derive(Debug, Default)]
/// struct Hoard(Mutex<HashMap<StoreKey, Bytes>>);
///
/// impl Store for Hoard {
///     fn get(&self, key: &StoreKey) -> io::Result<Option<Bytes>> {
///         Ok(self.0.lock().unwrap().get(key).cloned())
///     }
///
///     fn put(&self, key: &StoreKey, entry: Bytes) -> io::Result<()> {
///         self.0.lock().unwrap().insert(key.clone(), entry);
///         Ok(())
///     }
///
///     fn remove(&self, key: &StoreKey) -> io::Result<()> {
///         self.0.lock().unwrap().remove(key);
///         Ok(())
///     }
///
///     fn clear(&self) -> io::Result<()> {
///         self.0.lock().unwrap().clear();
///         Ok(())
///     }
///
///     fn may_block(&self) -> bool {
///         false
///     }
/// }
///
/// let cache = Cache::builder().store(Hoard::default()).build();
/// ```
pub trait Store: std::fmt::Debug + Send + Sync {
    /// Returns the entry of this key.
    ///
    /// # Errors
    ///
    /// If the store cannot be read.
    fn get(&self, key: &StoreKey) -> io::Result<Option<Bytes>>;

    /// Stores an entry in place of the one that this key has. A store that is full removes others, or takes none: this is
    /// no error.
    ///
    /// # Errors
    ///
    /// If the store cannot be written. The old entry may be lost then.
    fn put(&self, key: &StoreKey, entry: Bytes) -> io::Result<()>;

    /// Removes the entry of this key. One that is missing is no error.
    ///
    /// # Errors
    ///
    /// If the entry may still be there.
    fn remove(&self, key: &StoreKey) -> io::Result<()>;

    /// Removes all entries.
    ///
    /// # Errors
    ///
    /// If some of them may still be there.
    fn clear(&self) -> io::Result<()>;

    /// Returns whether the other methods may wait for a disk or a network. The async flavour then calls them on tokio's
    /// threads for blocking work. Defaults to `true`.
    fn may_block(&self) -> bool {
        true
    }
}

/// A store that several caches share.
impl<S: Store + ?Sized> Store for Arc<S> {
    fn get(&self, key: &StoreKey) -> io::Result<Option<Bytes>> {
        (**self).get(key)
    }

    fn put(&self, key: &StoreKey, entry: Bytes) -> io::Result<()> {
        (**self).put(key, entry)
    }

    fn remove(&self, key: &StoreKey) -> io::Result<()> {
        (**self).remove(key)
    }

    fn clear(&self) -> io::Result<()> {
        (**self).clear()
    }

    fn may_block(&self) -> bool {
        (**self).may_block()
    }
}
