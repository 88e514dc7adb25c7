//! [`Threads`]: counts the threads of a server that run.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The number of running threads. Clones share it.
#[derive(Debug, Clone, Default)]
pub(super) struct Threads(Arc<(Mutex<usize>, Condvar)>);

/// A thread that runs until this is dropped.
#[derive(Debug)]
pub(super) struct RunningThread(Threads);

impl Threads {
    pub(super) fn enter(&self) -> RunningThread {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        RunningThread(self.clone())
    }

    /// Waits until no thread runs, or for this time: a function of the user may never return.
    pub(super) fn wait(&self, timeout: Duration) {
        let running = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.0.1.wait_timeout_while(running, timeout, |running| *running > 0));
    }
}

impl Drop for RunningThread {
    fn drop(&mut self) {
        let (running, changed) = &*self.0.0;
        let mut running = running.lock().unwrap_or_else(PoisonError::into_inner);
        *running = running.saturating_sub(1);
        changed.notify_all();
    }
}
