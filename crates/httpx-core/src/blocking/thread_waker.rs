//! [`ThreadWaker`]: where a thread waits for another one, until it is woken or it is late.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{self, Context, Poll, Waker};
use std::time::Instant;

/// Wakes a thread that waits on it. A clone wakes the same thread.
#[derive(Debug, Clone, Default)]
pub struct ThreadWaker(Arc<WakeState>);

#[derive(Debug, Default)]
struct WakeState {
    woken: Mutex<bool>,
    changed: Condvar,
}

impl task::Wake for WakeState {
    fn wake(self: Arc<Self>) {
        *self.woken.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_one();
    }
}

/// Waits for a result that another thread provides, until this instant. Returns `None` when the time is up.
pub fn wait_for<F: Future + Unpin>(future: &mut F, by: Option<Instant>) -> Option<F::Output> {
    // A result that is there already needs no waker.
    if let Poll::Ready(output) = Pin::new(&mut *future).poll(&mut Context::from_waker(Waker::noop())) {
        return Some(output);
    }
    let thread = ThreadWaker::default();
    let waker = Waker::from(Arc::clone(&thread.0));
    loop {
        if let Poll::Ready(output) = Pin::new(&mut *future).poll(&mut Context::from_waker(&waker)) {
            return Some(output);
        }
        if by.is_some_and(|by| by <= Instant::now()) {
            return None;
        }
        thread.wait(by);
    }
}

impl ThreadWaker {
    /// Wakes the thread now, or as soon as it waits.
    pub fn wake(self) {
        task::Wake::wake(self.0);
    }

    /// Waits until it is woken, or until this instant.
    pub fn wait(&self, by: Option<Instant>) {
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
