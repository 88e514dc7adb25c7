//! [`Notify`]: lets a call wait for another call.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

/// Lets the calls of a flow wait for one another: for a permit, or for a token that another call fetches.
///
/// A call that must wait [listens](Notify::listen) and returns [`BeforeSend::WaitFor`](super::BeforeSend::WaitFor). To
/// miss no notification, check the condition and listen under the same lock that is held when the condition changes. A
/// notification without a listener is lost. A clone is the same `Notify`.
///
/// A flow that sends one request at a time:
///
/// ```
/// # mod httpx {
/// #     pub use httpx_core::*;
/// #     pub mod flow { pub use httpx_core::*; pub use httpx_middleware::{*, flow::*}; }
/// # }
/// use std::sync::Mutex;
/// use httpx::Result;
/// use httpx::flow::{BeforeSend, Clock, Flow, FlowNext, FlowOutcome, Notify, RequestHead};
///
/// #[derive(Default)]
/// struct OneAtATime {
///     is_busy: Mutex<bool>,
///     free: Notify,
/// }
///
/// impl Flow for OneAtATime {
///     type Call = ();
///
///     fn start(&self, _: &mut RequestHead, _: &dyn Clock) -> Result<()> {
///         Ok(())
///     }
///
///     fn before_send(&self, _: &mut (), _: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
///         let mut is_busy = self.is_busy.lock().unwrap();
///         if *is_busy {
///             return Ok(BeforeSend::WaitFor(self.free.listen()));
///         }
///         *is_busy = true;
///         Ok(BeforeSend::Send)
///     }
///
///     fn next(&self, _: &mut (), _: &mut RequestHead, _: FlowOutcome<'_>, _: &dyn Clock) -> Result<FlowNext> {
///         *self.is_busy.lock().unwrap() = false;
///         self.free.notify_one();
///         Ok(FlowNext::Done)
///     }
/// }
/// ```
///
/// A call can also be cancelled, or fail in a layer between: a flow that must free something in each case keeps a guard
/// in its [`Call`](super::Flow::Call), which frees it when it is dropped.
#[derive(Clone, Default)]
pub struct Notify(Arc<Mutex<Listeners>>);

/// The calls that listen, the oldest first.
#[derive(Default)]
struct Listeners {
    last: u64,
    waiting: BTreeMap<u64, Listening>,
}

enum Listening {
    /// For a notification; the waker is that of the last poll.
    Open(Option<Waker>),
    Notified {
        /// Whether the notification goes to another one if this one is dropped.
        is_passed_on: bool,
    },
}

impl Notify {
    /// Creates a `Notify` without listeners.
    pub fn new() -> Self {
        Notify::default()
    }

    /// Begins to listen. Notifications from now on arrive, also before the [`Listener`] is waited for.
    pub fn listen(&self) -> Listener {
        let mut listeners = self.lock();
        listeners.last += 1;
        let id = listeners.last;
        listeners.waiting.insert(id, Listening::Open(None));
        Listener(Box::new(ListenerState { notify: self.clone(), id, at_most: None }))
    }

    /// Wakes the listener that has listened longest. If it is dropped before it was woken, because its call was
    /// cancelled, the next one is woken.
    pub fn notify_one(&self) {
        let mut listeners = self.lock();
        let oldest = listeners.waiting.values_mut().find(|listening| matches!(listening, Listening::Open(_)));
        let notified = oldest.map(|oldest| mem::replace(oldest, Listening::Notified { is_passed_on: true }));
        drop(listeners);
        if let Some(Listening::Open(Some(waker))) = notified {
            waker.wake();
        }
    }

    /// Wakes all listeners.
    pub fn notify_all(&self) {
        let mut listeners = self.lock();
        let mut wakers = Vec::new();
        for listening in listeners.waiting.values_mut() {
            if let Listening::Open(waker) = listening {
                wakers.extend(waker.take());
                *listening = Listening::Notified { is_passed_on: false };
            }
        }
        drop(listeners);
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, Listeners> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Notify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notify").field("listeners", &self.lock().waiting.len()).finish()
    }
}

/// A call that listens to a [`Notify`]. As a future it is ready once it is notified. Dropping it ends the listening.
#[must_use = "dropping it ends the listening"]
pub struct Listener(Box<ListenerState>);

struct ListenerState {
    notify: Notify,
    id: u64,
    at_most: Option<Duration>,
}

impl Listener {
    /// Limits the wait: the flow is asked again after this time, notified or not. Defaults to no limit but the total
    /// timeout of the call.
    pub fn at_most(mut self, time: Duration) -> Self {
        self.0.at_most = Some(time);
        self
    }

    /// Returns the longest time to wait.
    #[cfg(any(feature = "blocking", feature = "async"))]
    pub(crate) fn limit(&self) -> Option<Duration> {
        self.0.at_most
    }
}

impl Future for Listener {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let ListenerState { notify, id, .. } = &*self.0;
        let mut listeners = notify.lock();
        let replaced = match listeners.waiting.get_mut(id) {
            Some(Listening::Open(waker)) => waker.replace(cx.waker().clone()),
            Some(Listening::Notified { .. }) => {
                listeners.waiting.remove(id);
                return Poll::Ready(());
            }
            None => return Poll::Ready(()),
        };
        drop(listeners);
        drop(replaced); // not under the lock
        Poll::Pending
    }
}

impl Drop for ListenerState {
    fn drop(&mut self) {
        let mut listeners = self.notify.lock();
        let left = listeners.waiting.remove(&self.id);
        drop(listeners);
        if let Some(Listening::Notified { is_passed_on: true }) = left {
            self.notify.notify_one();
        }
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener").field("at_most", &self.0.at_most).finish()
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use super::*;

    fn is_ready(listener: &mut Listener) -> bool {
        pin!(listener).poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    #[test]
    fn notifications_go_to_the_oldest_first() {
        let notify = Notify::new();
        notify.notify_one(); // no listener: lost
        let mut listeners = [notify.listen(), notify.listen(), notify.listen()];
        let ready = |listeners: &mut [Listener]| listeners.iter_mut().map(is_ready).collect::<Vec<_>>();
        assert_eq!(ready(&mut listeners), [false, false, false]);
        notify.notify_one();
        notify.notify_one();
        assert_eq!(ready(&mut listeners), [true, true, false]);
        notify.notify_all();
        assert_eq!(ready(&mut listeners), [true, true, true]);
        assert_eq!(format!("{notify:?}"), "Notify { listeners: 0 }");
    }

    #[test]
    fn a_dropped_listener_passes_its_notification_on() {
        let notify = Notify::new();
        let (first, mut second, mut third) = (notify.listen(), notify.listen(), notify.listen());
        notify.notify_one();
        drop(first);
        assert!(is_ready(&mut second));
        assert!(!is_ready(&mut third));
        // One that was woken passes nothing on, and neither does one that all were woken with.
        drop(second);
        assert!(!is_ready(&mut third));
        let fourth = notify.listen();
        notify.notify_all();
        let mut fifth = notify.listen();
        drop((third, fourth));
        assert!(!is_ready(&mut fifth));
    }
}
