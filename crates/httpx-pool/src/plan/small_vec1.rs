//! [`SmallVec1`]: a list that usually holds at most one item, and then allocates nothing.

use std::iter::Chain;
use std::{option, vec};

/// A list in the order of adding that allocates from its second item on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "connections must be closed, and wakers woken, outside of the lock"]
pub(crate) struct SmallVec1<T> {
    first: Option<T>,
    rest: Vec<T>,
}

impl<T> Default for SmallVec1<T> {
    fn default() -> Self {
        Self { first: None, rest: Vec::new() }
    }
}

impl<T> SmallVec1<T> {
    /// Counts the items.
    pub(crate) fn len(&self) -> usize {
        usize::from(self.first.is_some()) + self.rest.len()
    }

    /// Whether there is no item.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.first.is_none()
    }

    pub(super) fn extend(&mut self, item: Option<T>) {
        if let Some(item) = item {
            self.push(item);
        }
    }

    pub(super) fn push(&mut self, item: T) {
        match self.first {
            None => self.first = Some(item),
            Some(_) => self.rest.push(item),
        }
    }
}

impl<T> IntoIterator for SmallVec1<T> {
    type Item = T;
    type IntoIter = Chain<option::IntoIter<T>, vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter().chain(self.rest)
    }
}
