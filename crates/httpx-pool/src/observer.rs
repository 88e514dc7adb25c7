//! [`Observer`]: receives the events of a pool. [`ObserverHandle`]: the observer of a pool, if it has one.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;

use crate::event::Event;

/// Receives the events of a pool, for logs, metrics and traces. A closure is an observer, too.
///
/// It is called where the event happens, in the thread or the task of the request, and not under a lock of the pool. A
/// slow observer delays that request and no other. If it panics, the panic ends the request, and the pool stays usable.
/// If it panics while another panic unwinds, its panic is caught.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
/// use httpx::ConnectionPool;
/// use httpx::network::{Event, Observer};
///
/// /// Prints how long each response took.
/// struct Printer;
///
/// impl Observer for Printer {
///     fn observe(&self, event: &Event<'_>) {
///         if let Event::ResponseStarted { request, status, elapsed, .. } = event {
///             println!("request {request}: {status} after {elapsed:?}");
///         }
///     }
/// }
///
/// let pool = ConnectionPool::builder().observer(Printer).build();
/// # }
/// ```
pub trait Observer: Send + Sync {
    /// Receives an event. It should return soon.
    fn observe(&self, event: &Event<'_>);
}

impl<F: Fn(&Event<'_>) + Send + Sync> Observer for F {
    fn observe(&self, event: &Event<'_>) {
        self(event);
    }
}

impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn observe(&self, event: &Event<'_>) {
        (**self).observe(event);
    }
}

/// The observer of a pool.
#[derive(Clone)]
pub(crate) struct ObserverHandle(Arc<dyn Observer>);

impl ObserverHandle {
    pub(crate) fn new(observer: impl Observer + 'static) -> Self {
        ObserverHandle(Arc::new(observer))
    }

    /// Returns an observer that passes events to this one first, and then to another one.
    pub(crate) fn and(self, next: impl Observer + 'static) -> Self {
        ObserverHandle::new(move |event: &Event<'_>| {
            self.0.observe(event);
            next.observe(event);
        })
    }

    /// Reports an event. While a panic unwinds, a second one would end the process.
    pub(crate) fn report(&self, event: &Event<'_>) {
        if thread::panicking() {
            let _ = catch_unwind(AssertUnwindSafe(|| self.0.observe(event)));
        } else {
            self.0.observe(event);
        }
    }
}

impl fmt::Debug for ObserverHandle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
