//! [`SmallVec1`]: a list that usually holds at most one item, and then allocates nothing.

use std::iter::Chain;
use std::{mem, option, vec};

/// A list in the order of adding that allocates from its second item on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use = "connections must be closed, and wakers woken, outside of the lock"]
pub(crate) enum SmallVec1<T> {
    #[default]
    Empty,
    One(T),
    /// Two items or more.
    Many(Vec<T>),
}

impl<T> SmallVec1<T> {
    /// Counts the items.
    pub(crate) fn len(&self) -> usize {
        match self {
            SmallVec1::Empty => 0,
            SmallVec1::One(_) => 1,
            SmallVec1::Many(items) => items.len(),
        }
    }

    /// Whether there is no item.
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, SmallVec1::Empty)
    }

    pub(super) fn extend(&mut self, item: Option<T>) {
        if let Some(item) = item {
            self.push(item);
        }
    }

    pub(super) fn push(&mut self, item: T) {
        *self = match mem::replace(self, SmallVec1::Empty) {
            SmallVec1::Empty => SmallVec1::One(item),
            SmallVec1::One(first) => SmallVec1::Many(vec![first, item]),
            SmallVec1::Many(mut items) => {
                items.push(item);
                SmallVec1::Many(items)
            }
        };
    }
}

impl<T> IntoIterator for SmallVec1<T> {
    type Item = T;
    type IntoIter = Chain<option::IntoIter<T>, vec::IntoIter<T>>;

    fn into_iter(self) -> Self::IntoIter {
        let (first, rest) = match self {
            SmallVec1::Empty => (None, Vec::new()),
            SmallVec1::One(item) => (Some(item), Vec::new()),
            SmallVec1::Many(items) => (None, items),
        };
        first.into_iter().chain(rest)
    }
}
