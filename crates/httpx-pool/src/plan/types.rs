//! What goes in and out of a plan: ids, answers, things to do.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::small_vec1::SmallVec1;

/// The place of one connection that is out: in use, or being opened. Given back by exactly one of
/// [`release`](super::Plan::release), [`forget`](super::Plan::forget) and [`replace`](super::Plan::replace); keep
/// it in a guard that calls `forget` when dropped, or the room is lost for good.
///
/// It can be neither copied nor used twice. One that the plan does not know (it came from another plan) changes
/// nothing and is reported as [`stale`](Actions::stale).
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a slot that is lost takes its room with it"]
pub struct Slot {
    pub(super) key: u32,
    /// Never given twice: places are used again, tickets are not.
    pub(super) ticket: u64,
}

/// A request that waits for its turn: ended by [`take`](super::Plan::take) or [`give_up`](super::Plan::give_up).
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a waiter that is lost keeps what it is granted"]
pub struct WaiterId {
    pub(super) key: u32,
    pub(super) ticket: u64,
}

/// What a request may do.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub enum Grant<C> {
    /// Take this connection, after a look at its socket; if that finds it dead, [`replace`](super::Plan::replace)
    /// it.
    Use {
        /// Its place.
        slot: Slot,
        /// The connection.
        connection: C,
    },
    /// There is room: open a connection.
    Connect {
        /// Its place.
        slot: Slot,
    },
    /// The plan is closed: fail.
    Closed,
}

/// The answer to [`acquire`](super::Plan::acquire) and [`replace`](super::Plan::replace).
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Acquire<C> {
    /// What the request may do.
    pub answer: Answer<C>,
    /// Connections to close, outside of the lock: past their time, or closed to make room.
    pub close: SmallVec1<C>,
}

/// Now, or later.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub enum Answer<C> {
    /// Go on.
    Granted(Grant<C>),
    /// All is taken: wait until the waker is handed out, then [`take`](super::Plan::take).
    Wait(WaiterId),
}

/// What to do outside of the lock.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub struct Actions<C, W> {
    /// Connections to close.
    pub close: SmallVec1<C>,
    /// Whom to wake, in this order: each has been granted something.
    pub wake: SmallVec1<W>,
    /// The waker of a waiter that gave up. It need not be woken, but dropping it may run code of the runtime, so
    /// it too is dropped outside.
    pub retired: Option<W>,
    /// The slot or waiter was unknown (given back before, or another plan's) and nothing has changed. A connection
    /// that came with it is among those to close. For slots a driver may assert that it never sees this.
    pub stale: bool,
}

impl<C, W> Default for Actions<C, W> {
    fn default() -> Self {
        Self { close: SmallVec1::default(), wake: SmallVec1::default(), retired: None, stale: false }
    }
}

/// What an exchange says of its connection at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Release {
    /// It can carry another request.
    Reuse {
        /// How long the server keeps it, if it said so in `Keep-Alive: timeout=` (the header is that of RFC 2068
        /// section 19.7.1.1, the parameter that of draft-thomson-hybi-http-timeout-03). Counts where it is shorter
        /// than the limits, and as it is: whoever parses it takes off a margin for the way.
        keep: Option<Duration>,
    },
    /// It cannot.
    Close,
}

/// What stands in for a connection that died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    /// The next idle one if there is one: the look found this one dead, and nothing was written.
    Any,
    /// A new one: the request had been sent, so it must not meet a second dead one.
    New,
}

/// One connection, as [`connections`](super::Plan::connections) lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionInfo {
    /// The key under which it was acquired.
    pub origin: Arc<str>,
    /// What it does.
    pub state: ConnectionState,
    /// Since when it does so.
    pub since: Instant,
    /// When it was opened; while it is being opened, when that began.
    pub opened: Instant,
    /// How many requests it has been given to, the present one included.
    pub uses: u64,
}

/// What a connection does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectionState {
    /// Being opened.
    Connecting,
    /// Carrying a request, or granted to one that has yet to pick it up.
    Active,
    /// Waiting for a request.
    Idle,
}
