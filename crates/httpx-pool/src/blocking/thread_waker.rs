//! Wakes one waiting thread.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use crate::lease::Wake;

/// What a thread waits on, and another one gives. A clone is the same signal.
#[derive(Debug, Clone, Default)]
pub(crate) struct ThreadWaker(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    given: Mutex<bool>,
    changed: Condvar,
}

/// Wakes the waiter, now or as soon as it waits.
impl Wake for ThreadWaker {
    fn new() -> Self {
        ThreadWaker::default()
    }

    fn wake(self) {
        *self.0.given.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.changed.notify_one();
    }
}

impl ThreadWaker {
    /// Waits until it is given or the time is up.
    pub(super) fn wait(&self, by: Option<Instant>) {
        let mut given = self.0.given.lock().unwrap_or_else(PoisonError::into_inner);
        while !std::mem::take(&mut *given) {
            given = match by {
                None => self.0.changed.wait(given).unwrap_or_else(PoisonError::into_inner),
                Some(by) => {
                    let left = by.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return;
                    }
                    self.0.changed.wait_timeout(given, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
