//! Futures that are polled a limited number of times and then dropped.

use std::fmt::Arguments;
use std::future::{Future, poll_fn};
use std::io::{self, Write};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// Prints how many polls a test tried. It writes past the test harness, which hides the output of passing tests.
pub fn tell(what: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "given up: {what}");
}

/// When a future is dropped.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Dropped {
    /// Right after its last poll.
    AtOnce,
    /// After it has been woken again: the event that it waited for may have happened.
    Woken,
}

/// Polls the future at most this many times. Returns `None` if it was dropped before its end.
pub async fn polled<T>(most: usize, dropped: Dropped, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut left = most;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(None);
        }
        left -= 1;
        match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if left == 0 && dropped == Dropped::AtOnce => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

/// Polls the future once.
pub async fn once<T>(mut future: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx))).await
}

/// Makes every other call return `Pending`, and wakes its task at once.
#[derive(Debug, Default)]
pub struct Halts(bool);

impl Halts {
    /// Returns whether this call returns `Pending`.
    pub fn now(&mut self, cx: &mut Context<'_>) -> bool {
        self.0 = !self.0;
        if self.0 {
            cx.waker().wake_by_ref();
        }
        self.0
    }
}
