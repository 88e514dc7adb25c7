use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// The longest wait for anything that a test expects to happen. It is far longer than needed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// An event that one thread waits for and another one signals.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Opens the gate for good.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Whether the gate is open.
    pub fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap()
    }

    /// Waits until the gate is open; panics after [`PATIENCE`].
    pub fn wait(&self) {
        let guard = self.0.0.lock().unwrap();
        let (_guard, late) = self.0.1.wait_timeout_while(guard, PATIENCE, |open| !*open).unwrap();
        assert!(!late.timed_out(), "the gate stayed closed");
    }
}

/// Calls this until it returns true; panics after [`PATIENCE`].
pub fn until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "the condition stayed false");
        thread::yield_now();
    }
}
