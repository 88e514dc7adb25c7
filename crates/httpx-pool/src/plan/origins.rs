//! The origins that have connections or waiters, found by their keys.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState};

use super::list::List;
use super::slab::Slab;

/// All origins. An origin without connections and waiters is removed, so that the pool of a crawler stays small.
///
/// A key is looked up in its borrowed form (`Q`) and copied only for a new origin. `HashMap` has no such lookup for
/// keys of several parts, so this map goes from the hash of a key to the origins with that hash.
#[derive(Debug)]
pub(super) struct Origins<K> {
    origins: Slab<Origin<K>>,
    by_hash: HashMap<u64, Vec<u32>, BuildHasherDefault<Hashed>>,
    /// Keys contain names that servers choose (redirects), so the hash is a keyed one.
    hash: RandomState,
    /// The last one looked up. Most programs ask for the same origin again, and comparing is cheaper than hashing.
    recent: Option<u32>,
}

/// One origin: everything that may share connections.
#[derive(Debug)]
pub(super) struct Origin<K> {
    pub(super) key: K,
    hash: u64,
    /// How many connections it has, idle ones included.
    pub(super) connections: usize,
    /// The idle ones: the newest is used first.
    pub(super) idle: List,
    /// The waiters: the oldest is served first.
    pub(super) waiting: List,
    /// Its ticket among the origins that wait for room, see `Waiters::awaiting_capacity`.
    pub(super) awaiting_capacity: Option<u64>,
}

impl<K> Origin<K> {
    pub(super) fn is_empty(&self) -> bool {
        self.connections == 0 && self.waiting.is_empty()
    }
}

impl<K> Default for Origins<K> {
    fn default() -> Self {
        Self { origins: Slab::default(), by_hash: HashMap::default(), hash: RandomState::new(), recent: None }
    }
}

impl<K> Origins<K> {
    pub(super) fn find_or_add<Q: Hash + PartialEq<K>>(&mut self, key: Q) -> u32
    where
        K: From<Q>,
    {
        if let Some(recent) = self.recent(&key) {
            return recent;
        }
        let found = match self.by_hash(&key) {
            Ok(found) => found,
            Err(hash) => self.add(key.into(), hash),
        };
        self.recent = Some(found);
        found
    }

    /// Returns the origin with this key.
    pub(super) fn find<Q: Hash + PartialEq<K>>(&self, key: &Q) -> Option<u32> {
        self.recent(key).or_else(|| self.by_hash(key).ok())
    }

    #[inline]
    fn recent<Q: PartialEq<K>>(&self, key: &Q) -> Option<u32> {
        self.recent.filter(|origin| self.is(*origin, key))
    }

    /// Returns the origin with this key, or the hash of the key.
    #[inline(never)]
    fn by_hash<Q: Hash + PartialEq<K>>(&self, key: &Q) -> Result<u32, u64> {
        let hash = self.hash.hash_one(key);
        let same_hash = self.by_hash.get(&hash);
        same_hash.and_then(|all| all.iter().copied().find(|origin| self.is(*origin, key))).ok_or(hash)
    }

    #[inline]
    fn is<Q: PartialEq<K>>(&self, origin: u32, key: &Q) -> bool {
        self.origins.get(origin).is_some_and(|origin| *key == origin.key)
    }

    pub(super) fn get(&self, origin: u32) -> Option<&Origin<K>> {
        self.origins.get(origin)
    }

    pub(super) fn get_mut(&mut self, origin: u32) -> Option<&mut Origin<K>> {
        self.origins.get_mut(origin)
    }

    pub(super) fn remove(&mut self, origin: u32) {
        if let Some(gone) = self.origins.remove(origin)
            && let Some(same_hash) = self.by_hash.get_mut(&gone.hash)
        {
            same_hash.retain(|other| *other != origin);
            if same_hash.is_empty() {
                self.by_hash.remove(&gone.hash);
            }
        }
        self.recent = self.recent.filter(|recent| *recent != origin);
    }

    pub(super) fn len(&self) -> usize {
        self.origins.len()
    }

    fn add(&mut self, key: K, hash: u64) -> u32 {
        let origin = self.origins.insert(Origin {
            key,
            hash,
            connections: 0,
            idle: List::default(),
            waiting: List::default(),
            awaiting_capacity: None,
        });
        self.by_hash.entry(hash).or_default().push(origin);
        origin
    }
}

/// A hasher for values that are hashes already.
#[derive(Debug, Default)]
struct Hashed(u64);

impl Hasher for Hashed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A key whose hash is the same for all.
    #[derive(Clone, Debug, PartialEq)]
    struct Colliding(u8);

    impl Hash for Colliding {
        fn hash<H: Hasher>(&self, state: &mut H) {
            0.hash(state);
        }
    }

    #[test]
    fn keys_with_one_hash_are_told_apart() {
        let mut origins: Origins<Colliding> = Origins::default();
        let [a, b, c] = [0, 1, 2].map(|n| origins.find_or_add(Colliding(n)));
        assert_eq!(origins.len(), 3);
        assert_eq!([0, 1, 2].map(|n| origins.find_or_add(Colliding(n))), [a, b, c]);
        origins.remove(b);
        assert_eq!([0, 2].map(|n| origins.find_or_add(Colliding(n))), [a, c]);
        assert_eq!((origins.len(), origins.find_or_add(Colliding(1)), origins.len()), (2, b, 3));
        [a, b, c].into_iter().for_each(|origin| origins.remove(origin));
        assert!(origins.by_hash.is_empty());
    }
}
