//! The values that go in and out of a plan: ids, results, actions.

use httpx_core::ConnectionDetails;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::small_vec1::SmallVec1;
use crate::close_cause::CloseCause;
use crate::connection_info::ConnectionState;

/// The place of one connection that is in use or being opened. It is given back by exactly one of
/// [`release`](super::Plan::release), [`forget`](super::Plan::forget) and [`replace`](super::Plan::replace). Keep it
/// in a guard that calls `forget` when dropped, or its room is lost.
///
/// A slot cannot be copied or used twice. A slot that the plan does not know changes nothing and is reported as
/// [`stale`](Actions::stale).
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a slot that is lost takes its room with it"]
pub(crate) struct Slot {
    pub(super) key: u32,
    /// Unique: places are reused, tickets are not.
    pub(super) ticket: u64,
}

/// A request in the queue. It leaves by [`take`](super::Plan::take) or [`give_up`](super::Plan::give_up).
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a waiter that is lost keeps what it is granted"]
pub(crate) struct WaiterId {
    pub(super) key: u32,
    pub(super) ticket: u64,
}

/// Permission for a request to continue.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Grant<C> {
    /// Use this connection after a check of its socket. If it is dead, [`replace`](super::Plan::replace) it.
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

/// The result of [`acquire`](super::Plan::acquire).
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) enum Acquire<C> {
    /// The request may continue.
    Granted(Grant<C>),
    /// Nothing is free: wait until the waker is handed out, then [`take`](super::Plan::take).
    Wait(WaiterId),
}

/// The facts that are known once a connection is open.
#[derive(Debug, Clone)]
pub(crate) struct Opening {
    /// How many requests the connection can carry at once. One for HTTP/1.1. The plan does not share connections yet,
    /// so it treats a larger number as one.
    pub(crate) capacity: u32,
    /// A random number that takes up to an eighth off the maximum age. Zero takes nothing off.
    pub(crate) jitter: u32,
    /// The details from opening the connection.
    pub(crate) details: Arc<ConnectionDetails>,
}

/// The actions of the driver outside of the lock.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct Actions<C, W> {
    /// Connections to close.
    pub(crate) close: SmallVec1<Closing<C>>,
    /// Wakers to call, in this order. Each of these waiters has been granted something.
    pub(crate) wake: SmallVec1<W>,
    /// The waker of a waiter that gave up. It is not called, but dropping it may run foreign code, so it is dropped
    /// outside of the lock, too.
    pub(crate) retired: Option<W>,
    /// The slot or waiter was unknown (given back before, or from another plan), and nothing has changed. A connection
    /// that came with it is among those to close.
    pub(crate) stale: bool,
}

impl<C, W> Default for Actions<C, W> {
    fn default() -> Self {
        Self { close: SmallVec1::default(), wake: SmallVec1::default(), retired: None, stale: false }
    }
}

/// A connection to close.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Closing<C> {
    pub(crate) connection: C,
    pub(crate) cause: CloseCause,
}

/// How a connection is returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Release {
    /// It can carry another request.
    Reuse {
        /// How long the server keeps it idle, from `Keep-Alive: timeout=`. Counts where it is shorter than the limits.
        keep: Option<Duration>,
    },
    /// It was opened in advance, and has carried no request.
    Fresh,
    /// It was idle, and has carried no request since it was granted.
    Unused,
    /// It cannot carry another request, for this cause.
    Close(CloseCause),
}

/// The replacement of a connection that died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Replacement {
    /// The next idle connection, or else a new one. The check found this one dead, and nothing was written.
    Any,
    /// A new connection. The request has been sent before, over a connection that is closed for this cause, and must not
    /// meet a second dead connection.
    New(CloseCause),
}

impl Replacement {
    /// Returns why the replaced connection is closed.
    pub(crate) fn cause(self) -> CloseCause {
        match self {
            Replacement::Any => CloseCause::Stale,
            Replacement::New(cause) => cause,
        }
    }
}

/// One connection in the list of [`Plan::connections`](super::Plan::connections).
#[derive(Debug)]
pub(crate) struct Listed<'a, K> {
    /// The key under which it was acquired.
    pub(crate) key: &'a K,
    /// Its state.
    pub(crate) state: ConnectionState,
    /// Since when it has been in this state.
    pub(crate) since: Instant,
    /// When it was opened. While it is being opened: when that began.
    pub(crate) opened: Instant,
    /// How many requests it has been given to, the present one included.
    pub(crate) uses: u64,
    /// How many requests it can carry at once.
    pub(crate) capacity: u32,
    /// The details from opening it; `None` while it is being opened.
    pub(crate) details: Option<&'a Arc<ConnectionDetails>>,
}
