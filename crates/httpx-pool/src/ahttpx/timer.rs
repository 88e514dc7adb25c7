//! When a wait has lasted long enough.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use httpx_core::Result;
use tokio::runtime::Handle;
use tokio::time::{Sleep, sleep_until, timeout_at};

use crate::into_error;

/// The one timer of a connection. It is set anew only where it would ring too late; one that rings too early is asked
/// again, which for most requests never happens.
#[derive(Debug)]
pub(super) struct Timer {
    /// Whose clock it is set by, wherever it is polled.
    runtime: Handle,
    sleep: Option<Pin<Box<Sleep>>>,
    /// When the wait under way ends; fixed where it begins, however often it is polled. `None` inside is never.
    due: Option<Option<Instant>>,
}

impl Timer {
    /// One of the runtime that this is called on.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub(super) fn on_current_runtime() -> Result<Self> {
        let runtime = Handle::try_current().map_err(|_| into_error::no_runtime())?;
        Ok(Timer { runtime, sleep: None, due: None })
    }

    /// The wait under way, if any, is over.
    pub(super) fn reset(&mut self) {
        self.due = None;
    }

    /// Bounds what is pending: `left` says how long it may last, and is asked once for each wait; not at all if there
    /// is nothing to wait for. `None` is late.
    pub(super) fn poll_bound<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<T>,
        left: impl FnOnce(Instant) -> Result<Option<Duration>>,
    ) -> Poll<Result<Option<T>>> {
        if let Poll::Ready(outcome) = outcome {
            self.reset();
            return Poll::Ready(Ok(Some(outcome)));
        }
        let due = match self.due {
            Some(due) => due,
            None => {
                let now = Instant::now();
                let due = left(now)?.and_then(|left| now.checked_add(left));
                *self.due.insert(due)
            }
        };
        ready!(self.poll_expired(cx, due));
        self.reset();
        Poll::Ready(Ok(None))
    }

    /// The same, by an instant that is known.
    pub(super) fn poll_by<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<T>,
        by: Option<Instant>,
    ) -> Poll<Option<T>> {
        match outcome {
            Poll::Ready(outcome) => Poll::Ready(Some(outcome)),
            Poll::Pending => self.poll_expired(cx, by).map(|()| None),
        }
    }

    fn poll_expired(&mut self, cx: &mut Context<'_>, due: Option<Instant>) -> Poll<()> {
        let Some(due) = due else { return Poll::Pending };
        let sleep = self.sleep.get_or_insert_with(|| {
            let _on = self.runtime.enter();
            Box::pin(sleep_until(due.into()))
        });
        if sleep.deadline().into_std() > due {
            sleep.as_mut().reset(due.into());
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if sleep.deadline().into_std() >= due {
                return Poll::Ready(());
            }
            sleep.as_mut().reset(due.into());
        }
        Poll::Pending
    }
}

/// Returns the output of the future, or `None` if the time is up before.
pub(super) async fn within<T>(by: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match by {
        None => Some(future.await),
        Some(by) => timeout_at(by.into(), future).await.ok(),
    }
}
