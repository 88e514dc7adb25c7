//! Makes a value `Sync` by allowing `&mut` access only.

use std::sync::{Mutex, PoisonError};

/// A value that is used through `&mut` only, and is therefore `Sync` even if its type is not.
///
/// A mutex that is opened with [`Mutex::get_mut`] needs no lock. `std::sync::Exclusive` would do, and is not stable.
#[derive(Debug)]
pub struct Exclusive<T>(Mutex<T>);

impl<T> Exclusive<T> {
    pub(crate) fn new(value: T) -> Self {
        Exclusive(Mutex::new(value))
    }

    /// The value, without a lock.
    pub(crate) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// The value, without a lock.
    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Calls a function with the value through `&self`. Takes the lock: not for hot paths.
    pub(crate) fn ask<A>(&self, question: impl FnOnce(&T) -> A) -> A {
        question(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
