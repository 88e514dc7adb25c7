//! A function of a flow that may block.

use std::fmt;

/// A function that may block, for example because it reads a file: see [`BeforeSend::Run`](super::BeforeSend::Run).
///
/// The blocking flavour calls it where it is, the async flavour on tokio's threads for blocking work. So a flow that needs
/// a file never holds up the other tasks of an async program. To get a result, share a slot with the function:
///
/// ```
/// # mod httpx { pub mod flow { pub use httpx_middleware::flow::*; } }
/// use std::sync::{Arc, Mutex};
/// use httpx::flow::BlockingWork;
///
/// let slot = Arc::new(Mutex::new(None));
/// let for_work = Arc::clone(&slot);
/// let work = BlockingWork::new(move || {
///     *for_work.lock().unwrap() = std::fs::read("token.txt").ok();
/// });
/// work.run(); // as the blocking flavour does
/// assert!(slot.lock().unwrap().is_none());
/// ```
pub struct BlockingWork(Box<dyn FnOnce() + Send>);

impl BlockingWork {
    /// Makes work of a function.
    pub fn new(function: impl FnOnce() + Send + 'static) -> Self {
        BlockingWork(Box::new(function))
    }

    /// Calls the function, as a driver does. Tests of a flow call it too.
    pub fn run(self) {
        (self.0)();
    }
}

impl fmt::Debug for BlockingWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlockingWork")
    }
}
