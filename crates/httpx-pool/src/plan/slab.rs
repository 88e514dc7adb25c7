//! [`Slab`]: a vector whose places are reused. The lists and sets of the plan point into it.

/// An empty slab with more places than this gives its memory back.
const KEPT: usize = 64;

/// Values under small keys. A key is reused as soon as its value is removed, so code outside of the plan keeps a ticket
/// beside each key ([`Slot`](super::Slot), [`WaiterId`](super::WaiterId)).
#[derive(Debug)]
pub(super) struct Slab<T> {
    places: Vec<Entry<T>>,
    free: Option<u32>,
    len: usize,
}

#[derive(Debug)]
enum Entry<T> {
    Taken(T),
    Free { next: Option<u32> },
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { places: Vec::new(), free: None, len: 0 }
    }
}

impl<T> Slab<T> {
    pub(super) fn insert(&mut self, value: T) -> u32 {
        self.len += 1;
        if let Some(key) = self.free
            && let Some(place) = self.places.get_mut(key as usize)
            && let Entry::Free { next } = *place
        {
            self.free = next;
            *place = Entry::Taken(value);
            return key;
        }
        // No machine has descriptors for 2^32 connections.
        let key = self.places.len() as u32;
        self.places.push(Entry::Taken(value));
        key
    }

    pub(super) fn remove(&mut self, key: u32) -> Option<T> {
        let place = self.places.get_mut(key as usize)?;
        if let Entry::Free { .. } = place {
            return None;
        }
        self.len -= 1;
        let removed = std::mem::replace(place, Entry::Free { next: self.free.replace(key) });
        if self.len == 0 && self.places.len() > KEPT {
            *self = Self::default();
        }
        match removed {
            Entry::Taken(value) => Some(value),
            Entry::Free { .. } => None,
        }
    }

    pub(super) fn get(&self, key: u32) -> Option<&T> {
        match self.places.get(key as usize) {
            Some(Entry::Taken(value)) => Some(value),
            Some(Entry::Free { .. }) | None => None,
        }
    }

    pub(super) fn get_mut(&mut self, key: u32) -> Option<&mut T> {
        match self.places.get_mut(key as usize) {
            Some(Entry::Taken(value)) => Some(value),
            Some(Entry::Free { .. }) | None => None,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.keys().filter_map(|key| self.get(key))
    }

    /// The keys in use, in the order of their places.
    pub(super) fn keys(&self) -> impl Iterator<Item = u32> + use<'_, T> {
        self.places.iter().zip(0..).filter(|(place, _)| matches!(place, Entry::Taken(_))).map(|(_, key)| key)
    }
}

#[cfg(test)]
mod tests {
    use super::{KEPT, Slab};

    #[test]
    fn an_empty_slab_gives_its_memory_back() {
        for (most, capacity) in [(KEPT, KEPT), (KEPT + 1, 0)] {
            let mut slab = Slab::default();
            for _ in 0..3 {
                let keys: Vec<u32> = (0..most).map(|n| slab.insert(n)).collect();
                assert_eq!(keys.into_iter().filter_map(|key| slab.remove(key)).count(), most);
            }
            assert_eq!((slab.len(), slab.places.capacity() >= capacity), (0, true));
            assert!(capacity > 0 || slab.places.capacity() == 0);
        }
    }

    #[test]
    fn places_are_reused_and_keys_are_checked() {
        let mut slab = Slab::default();
        let keys: Vec<u32> = (0..4).map(|n| slab.insert(n)).collect();
        assert_eq!(keys, [0, 1, 2, 3]);
        assert_eq!(
            (slab.remove(1), slab.remove(3), slab.remove(3), slab.remove(9)),
            (Some(1), Some(3), None, None)
        );
        assert_eq!((slab.len(), slab.get(1), slab.get(2)), (2, None, Some(&2)));
        assert_eq!(slab.keys().collect::<Vec<_>>(), [0, 2]);
        assert_eq!((slab.insert(7), slab.insert(8), slab.insert(9)), (3, 1, 4));
        assert_eq!(slab.iter().copied().collect::<Vec<_>>(), [0, 8, 2, 7, 9]);
    }
}
