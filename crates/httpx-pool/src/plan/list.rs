//! [`List`]: a doubly linked list whose links are in the values of a [`Slab`].
//!
//! Values are added and removed anywhere in constant time, without allocation.

use super::slab::Slab;

/// The two ends of a list, which is in the order of adding.
#[derive(Debug, Default)]
pub(super) struct List {
    oldest: Option<u32>,
    newest: Option<u32>,
    len: usize,
}

/// The neighbours of one value in one list.
#[derive(Debug, Default)]
pub(super) struct Links {
    older: Option<u32>,
    newer: Option<u32>,
}

/// Selects the links of a value that belong to this list. A connection is in two lists.
pub(super) type Which<T> = fn(&mut T) -> &mut Links;

impl List {
    pub(super) fn oldest(&self) -> Option<u32> {
        self.oldest
    }

    pub(super) fn newest(&self) -> Option<u32> {
        self.newest
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn push<T>(&mut self, values: &mut Slab<T>, key: u32, which: Which<T>) {
        let Some(value) = values.get_mut(key) else { return };
        self.len += 1;
        let older = self.newest.replace(key);
        *which(value) = Links { older, newer: None };
        match older.and_then(|older| values.get_mut(older)) {
            Some(older) => which(older).newer = Some(key),
            None => self.oldest = Some(key),
        }
    }

    /// Removes a value of this list.
    pub(super) fn unlink<T>(&mut self, values: &mut Slab<T>, key: u32, which: Which<T>) {
        let Some(value) = values.get_mut(key) else { return };
        self.len -= 1;
        let Links { older, newer } = std::mem::take(which(value));
        match older.and_then(|older| values.get_mut(older)) {
            Some(older) => which(older).newer = newer,
            None => self.oldest = newer,
        }
        match newer.and_then(|newer| values.get_mut(newer)) {
            Some(newer) => which(newer).older = older,
            None => self.newest = older,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Links, List, Slab};

    #[test]
    fn any_order_of_taking_out() {
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let (mut slab, mut list) = (Slab::default(), List::default());
            let mut left: Vec<u32> = Vec::new();
            for _ in 0..3 {
                let key = slab.insert(Links::default());
                list.push(&mut slab, key, |links| links);
                left.push(key);
            }
            for out in order {
                list.unlink(&mut slab, out, |links| links);
                left.retain(|key| *key != out);
                assert_eq!((list.oldest(), list.newest()), (left.first().copied(), left.last().copied()));
                assert_eq!(list.len(), left.len());
                let mut forwards = Vec::new();
                let mut at = list.oldest();
                while let Some(key) = at {
                    forwards.push(key);
                    at = slab.get(key).and_then(|links| links.newer);
                }
                assert_eq!(forwards, left);
            }
            assert!(list.is_empty());
        }
    }
}
