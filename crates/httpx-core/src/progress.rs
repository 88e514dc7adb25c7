//! [`Progress`]: how much of a body has been sent or received, and the function that is called with it.

use std::fmt;
use std::sync::Arc;

use crate::{Error, ErrorKind, Request, Result};

/// How much of a body has been sent or received: the argument of the function in `RequestBuilder::on_progress`.
///
/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// use httpx::models::{Direction, Progress};
///
/// fn show(progress: Progress) {
///     let verb = match progress.direction {
///         Direction::Upload => "sent",
///         Direction::Download => "received",
///     };
///     match progress.total {
///         Some(total) => println!("{verb} {} of {total} bytes", progress.bytes),
///         None => println!("{verb} {} bytes", progress.bytes),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Whether the body is that of the request or that of the response.
    pub direction: Direction,
    /// The number of bytes so far. The bytes of a response are counted before they are decoded.
    pub bytes: u64,
    /// The number of bytes of the whole body, if it is known in advance.
    pub total: Option<u64>,
}

/// The direction of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The body of the request.
    Upload,
    /// The body of the response.
    Download,
}

/// The function of `RequestBuilder::on_progress`: an extension of the request.
#[derive(Clone)]
pub struct OnProgress(Arc<dyn Fn(Progress) + Send + Sync>);

impl OnProgress {
    /// Creates the extension.
    pub fn new(function: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        OnProgress(Arc::new(function))
    }

    /// Reports a body that is complete at once.
    #[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))]
    pub(crate) fn report_whole(&self, direction: Direction, bytes: u64) {
        (self.0)(Progress { direction, bytes, total: Some(bytes) });
    }
}

impl fmt::Debug for OnProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnProgress")
    }
}

impl<B> Request<B> {
    /// Returns whether the request has an [`OnProgress`] extension. For clients.
    #[doc(hidden)]
    #[inline]
    pub fn reports_progress(&self) -> bool {
        let extensions = self.head().extensions();
        !extensions.is_empty() && extensions.get::<OnProgress>().is_some()
    }
}

/// A counter of the bytes of one body, which reports to the function.
#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))]
pub(crate) struct ProgressCounter {
    function: OnProgress,
    progress: Progress,
    /// The function is being called, or has panicked. After a panic, bytes are lost.
    is_calling: bool,
}

#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))]
impl ProgressCounter {
    /// Starts to count, and reports 0 bytes.
    pub(crate) fn start(function: &OnProgress, direction: Direction, total: Option<u64>) -> Self {
        let progress = Progress { direction, bytes: 0, total };
        let mut counter = ProgressCounter { function: function.clone(), progress, is_calling: false };
        counter.report();
        counter
    }

    /// Adds `n` bytes, and reports.
    pub(crate) fn add(&mut self, n: usize) {
        if n > 0 {
            self.progress.bytes = self.progress.bytes.saturating_add(n as u64);
            self.report();
        }
    }

    /// Fails if the function has panicked, and the panic was caught.
    ///
    /// # Errors
    ///
    /// Kind [`Other`](ErrorKind::Other).
    pub(crate) fn check(&self) -> Result<()> {
        if self.is_calling {
            let message = "the function of on_progress() panicked, so bytes of the body were lost";
            return Err(Error::new(ErrorKind::Other, message));
        }
        Ok(())
    }

    fn report(&mut self) {
        self.is_calling = true;
        (self.function.0)(self.progress);
        self.is_calling = false;
    }
}
