//! [`ThreadWaker`]: wakes one waiting thread.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use crate::lease::Wake;

/// Wakes a thread that waits on it. A clone wakes the same thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct ThreadWaker(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    woken: Mutex<bool>,
    changed: Condvar,
}

/// Wakes the thread now, or as soon as it waits.
impl Wake for ThreadWaker {
    fn new() -> Self {
        ThreadWaker::default()
    }

    fn wake(self) {
        *self.0.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.changed.notify_one();
    }
}

impl ThreadWaker {
    /// Waits until it is woken, or until this instant.
    pub(super) fn wait(&self, by: Option<Instant>) {
        let mut woken = self.0.woken.lock().unwrap_or_else(PoisonError::into_inner);
        while !std::mem::take(&mut *woken) {
            woken = match by {
                None => self.0.changed.wait(woken).unwrap_or_else(PoisonError::into_inner),
                Some(by) => {
                    let left = by.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return;
                    }
                    self.0.changed.wait_timeout(woken, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }
}
