//! A store in memory.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fmt, io};

use bytes::Bytes;

use super::{Store, StoreKey};

/// A store in memory, bounded by bytes and by entries. If it is full, it forgets the entries that were used least recently.
///
/// ```
/// # mod httpx { pub mod cache { pub use httpx_middleware::cache::*; } }
/// use httpx::cache::{Cache, MemoryStore};
///
/// let cache = Cache::builder().store(MemoryStore::new().max_bytes(8 << 20).max_entries(500)).build();
/// ```
pub struct MemoryStore {
    max_bytes: u64,
    max_entries: usize,
    memory: Mutex<Memory>,
}

#[derive(Default)]
struct Memory {
    entries: HashMap<StoreKey, Slot>,
    /// The keys by their last use, the oldest first.
    uses: BTreeMap<u64, StoreKey>,
    last_use: u64,
    bytes: u64,
}

struct Slot {
    entry: Bytes,
    used: u64,
}

impl MemoryStore {
    /// Creates an empty store.
    pub fn new() -> Self {
        MemoryStore { max_bytes: 64 << 20, max_entries: 10_000, memory: Mutex::default() }
    }

    /// Sets the most bytes of all entries with their keys. Defaults to 64 MiB.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// Sets the most entries. Defaults to 10,000.
    pub fn max_entries(mut self, entries: usize) -> Self {
        self.max_entries = entries;
        self
    }

    fn lock(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        MemoryStore::new()
    }
}

impl Memory {
    fn next_use(&mut self, key: &StoreKey) -> u64 {
        self.last_use += 1;
        self.uses.insert(self.last_use, key.clone());
        self.last_use
    }

    fn get(&mut self, key: &StoreKey) -> Option<Bytes> {
        let used = self.next_use(key);
        match self.entries.get_mut(key) {
            Some(slot) => {
                self.uses.remove(&std::mem::replace(&mut slot.used, used));
                Some(slot.entry.clone())
            }
            None => {
                self.uses.remove(&used);
                None
            }
        }
    }

    fn remove(&mut self, key: &StoreKey) {
        if let Some(slot) = self.entries.remove(key) {
            self.uses.remove(&slot.used);
            self.bytes -= size(key, &slot.entry);
        }
    }

    fn remove_oldest(&mut self) {
        if let Some((_, oldest)) = self.uses.pop_first() {
            self.remove(&oldest);
        }
    }
}

fn size(key: &StoreKey, entry: &Bytes) -> u64 {
    (key.as_str().len() + entry.len()) as u64
}

impl Store for MemoryStore {
    fn get(&self, key: &StoreKey) -> io::Result<Option<Bytes>> {
        Ok(self.lock().get(key))
    }

    fn put(&self, key: &StoreKey, entry: Bytes) -> io::Result<()> {
        let mut memory = self.lock();
        memory.remove(key);
        let bytes = size(key, &entry);
        if bytes > self.max_bytes || self.max_entries == 0 {
            return Ok(());
        }
        while memory.bytes + bytes > self.max_bytes || memory.entries.len() >= self.max_entries {
            memory.remove_oldest();
        }
        let used = memory.next_use(key);
        memory.entries.insert(key.clone(), Slot { entry, used });
        memory.bytes += bytes;
        Ok(())
    }

    fn remove(&self, key: &StoreKey) -> io::Result<()> {
        self.lock().remove(key);
        Ok(())
    }

    fn clear(&self) -> io::Result<()> {
        *self.lock() = Memory::default();
        Ok(())
    }

    fn may_block(&self) -> bool {
        false
    }
}

/// `<MemoryStore [3 entries, 1200 bytes]>`.
impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let memory = self.lock();
        write!(f, "<MemoryStore [{} entries, {} bytes]>", memory.entries.len(), memory.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: char) -> StoreKey {
        StoreKey::new(name)
    }

    fn held(store: &MemoryStore) -> String {
        ('a'..='z').filter(|name| store.lock().entries.contains_key(&key(*name))).collect()
    }

    #[test]
    fn the_least_recently_used_entries_are_forgotten() {
        let store = MemoryStore::new().max_entries(3);
        for name in ['a', 'b', 'c'] {
            store.put(&key(name), Bytes::from("x")).unwrap();
        }
        assert_eq!(store.get(&key('a')).unwrap().unwrap(), "x");
        assert_eq!(store.get(&key('z')).unwrap(), None);
        store.put(&key('d'), Bytes::from("x")).unwrap();
        assert_eq!(held(&store), "acd");
        store.put(&key('c'), Bytes::from("new")).unwrap();
        store.put(&key('e'), Bytes::from("x")).unwrap();
        assert_eq!(held(&store), "cde");
        store.remove(&key('d')).unwrap();
        store.remove(&key('d')).unwrap();
        assert_eq!(format!("{store:?}"), "<MemoryStore [2 entries, 6 bytes]>");
        assert_eq!(store.lock().uses.len(), 2);
        store.clear().unwrap();
        assert_eq!(held(&store), "");
    }

    #[test]
    fn bytes_are_bounded() {
        let store = MemoryStore::new().max_bytes(10);
        store.put(&key('a'), Bytes::from("1234")).unwrap();
        store.put(&key('b'), Bytes::from("1234")).unwrap();
        assert_eq!(held(&store), "ab");
        store.put(&key('c'), Bytes::from("1")).unwrap();
        assert_eq!(held(&store), "bc");
        // One that never fits displaces only the entry of its own key.
        store.put(&key('b'), Bytes::from("1234567890")).unwrap();
        assert_eq!((held(&store).as_str(), store.lock().bytes), ("c", 2));
        let none = MemoryStore::new().max_entries(0);
        none.put(&key('a'), Bytes::new()).unwrap();
        assert_eq!(held(&none), "");
    }
}
