//! [`Timer`], [`within`]: end an async wait when its time is up. The caller makes the error.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use httpx_core::Result;
use httpx_core::ahttpx::current_runtime_with_timers;
use tokio::runtime::Handle;
use tokio::task::coop;
use tokio::time::{Sleep, sleep_until, timeout_at};

/// One timer of a connection or of a wait.
///
/// It is reset only if it would fire too late; an early firing is re-armed. So most requests never touch the runtime's
/// timers.
#[derive(Debug)]
pub(crate) struct Timer {
    /// The runtime whose clock it uses, wherever it is polled.
    runtime: Handle,
    sleep: Option<Pin<Box<Sleep>>>,
    /// When the present wait ends. It is fixed where the wait begins, however often it is polled. `None` inside means
    /// never.
    due: Option<Option<Instant>>,
}

impl Timer {
    /// Creates a timer of the current runtime.
    ///
    /// # Errors
    ///
    /// If there is none, or if it has no timers.
    pub(super) fn on_current_runtime() -> Result<Self> {
        Ok(Timer { runtime: current_runtime_with_timers()?, sleep: None, due: None })
    }

    /// Ends the present wait, if there is one.
    pub(super) fn reset(&mut self) {
        self.due = None;
    }

    /// Bounds a wait. `left` returns how long it may last. It is asked once for each wait, and never if there is nothing
    /// to wait for. The result `None` means that the wait has lasted too long.
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

    /// Bounds a wait by a known instant.
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
            let _runtime = self.runtime.enter();
            Box::pin(sleep_until(due.into()))
        });
        if sleep.deadline().into_std() > due {
            sleep.as_mut().reset(due.into());
        }
        // A peer that always has something to read uses up the task's cooperative budget, and with an empty budget a
        // sleep never ends.
        while Pin::new(&mut coop::unconstrained(sleep.as_mut())).poll(cx).is_ready() {
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

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::pin::pin;

    use super::*;

    /// A task that has used up its budget each time it polls its timer.
    #[tokio::test]
    async fn a_timer_fires_for_a_task_that_is_always_busy() {
        let start = Instant::now();
        let due = start + Duration::from_millis(20);
        let mut timer = Timer::on_current_runtime().unwrap();
        poll_fn(|cx| {
            while coop::has_budget_remaining() {
                let _ = pin!(coop::consume_budget()).poll(cx);
            }
            assert!(start.elapsed() < Duration::from_secs(20), "the timer does not fire");
            cx.waker().wake_by_ref();
            timer.poll_by(cx, Poll::<()>::Pending, Some(due))
        })
        .await;
        assert!(start.elapsed() >= Duration::from_millis(20));
    }
}
