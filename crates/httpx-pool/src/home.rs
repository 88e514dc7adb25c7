//! Where connections come from and go back to, the same for both flavours: a pool's plan behind its lock ([`Lot`]), and
//! the way back ([`Home`]).

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use httpx_core::{RequestSent, Result};

use crate::call::Call;
use crate::exchange::{self, Exchange};
use crate::failure;
use crate::plan::{Acquire, Actions, Grant, Plan, PoolLimits, Replacement, Slot, Verdict, WaiterId};
use crate::resting::Resting;

/// A connection that has a home.
pub(crate) trait Guest: Sized {
    /// What wakes those who wait for one.
    type Waker: Wake;

    /// What is being said over it.
    fn exchange(&self) -> &Exchange;

    /// Where it goes when its response has ended; none while it lies idle there.
    fn home(&mut self) -> &mut Option<Home<Self>>;
}

/// What wakes a thread or a task.
pub(crate) trait Wake {
    fn wake(self);
}

#[cfg(feature = "async")]
impl Wake for std::task::Waker {
    fn wake(self) {
        self.wake();
    }
}

/// A pool's plan behind its lock. Whatever the plan says is done outside of it.
pub(crate) struct Lot<L: Guest>(Mutex<Plan<Box<L>, L::Waker>>);

impl<L: Guest> Lot<L> {
    pub(crate) fn new(limits: PoolLimits) -> Self {
        Lot(Mutex::new(Plan::new(limits)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Plan<Box<L>, L::Waker>> {
        // The plan is data, and whole between any two calls.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn close(&self) {
        let actions = self.lock().close();
        carry_out(actions);
    }

    /// What is granted in the place of a connection that is dead.
    pub(crate) fn replace(&self, mut dead: Box<L>, by: Replacement) -> Result<Acquire<Box<L>>> {
        let slot = dead.home().take().and_then(Home::into_slot);
        drop(dead);
        let slot = slot.ok_or_else(failure::closed)?;
        Ok(self.lock().replace(slot, by, Instant::now()))
    }

    /// The waiter waits no longer: `None` if that is not so, `Some` if it has been granted something, or its time
    /// is up.
    pub(crate) fn waited(
        &self,
        waiter: &mut Option<WaiterId>,
        by: Option<Instant>,
        call: &Call<'_>,
    ) -> Option<Result<Grant<Box<L>>>> {
        let mut plan = self.lock();
        if let Some(grant) = plan.take(waiter.as_ref()?) {
            *waiter = None;
            return Some(Ok(grant));
        }
        let now = Instant::now();
        if by.is_none_or(|by| by > now) {
            return None;
        }
        let actions = plan.give_up(waiter.take()?, now);
        drop(plan);
        carry_out(actions);
        Some(Err(match call.is_over() {
            true => exchange::total(call.timeouts.total).with_request_sent(RequestSent::No),
            false => failure::crowded(call.timeouts.pool),
        }))
    }
}

/// Does what the plan says, outside its lock: closes connections, wakes those who wait.
pub(crate) fn carry_out<C, W: Wake>(actions: Actions<C, W>) {
    drop(actions.close);
    for waker in actions.wake {
        waker.wake();
    }
}

/// The place that a connection came from. If the connection is dropped instead of put away, the place hears that it
/// is gone.
pub(crate) struct Home<L: Guest>(Option<Place<L>>);

enum Place<L: Guest> {
    /// A slot of a pool. Weak, since a streamed response may outlive its client.
    Pool(Weak<Lot<L>>, Slot),
    /// A connection for direct use.
    Alone(Weak<Resting<L>>),
}

impl<L: Guest> Home<L> {
    pub(crate) fn pool(lot: &Arc<Lot<L>>, slot: Slot) -> Self {
        Home(Some(Place::Pool(Arc::downgrade(lot), slot)))
    }

    pub(crate) fn alone(resting: &Arc<Resting<L>>) -> Self {
        Home(Some(Place::Alone(Arc::downgrade(resting))))
    }

    /// Takes the connection back, to be used again or to be closed.
    pub(crate) fn take_back(mut self, link: Box<L>, reuse: bool) {
        match self.0.take() {
            Some(Place::Pool(lot, slot)) => {
                if let Some(lot) = lot.upgrade() {
                    let verdict = match reuse {
                        true => Verdict::Reuse { keep: link.exchange().keep() },
                        false => Verdict::Close,
                    };
                    let actions = lot.lock().release(slot, link, verdict, Instant::now());
                    carry_out(actions);
                }
            }
            Some(Place::Alone(resting)) => {
                if let Some(resting) = resting.upgrade() {
                    resting.put(reuse.then_some(link));
                }
            }
            None => {}
        }
    }

    /// A connection has been made for this place.
    pub(crate) fn opened(&self) {
        if let Some(Place::Pool(lot, slot)) = &self.0
            && let Some(lot) = lot.upgrade()
        {
            let jitter = RandomState::new().hash_one(0) as u32;
            lot.lock().opened(slot, jitter, Instant::now());
        }
    }

    /// The slot, to be filled with another connection.
    pub(crate) fn into_slot(mut self) -> Option<Slot> {
        match self.0.take() {
            Some(Place::Pool(_, slot)) => Some(slot),
            Some(Place::Alone(_)) | None => None,
        }
    }
}

impl<L: Guest> Drop for Home<L> {
    fn drop(&mut self) {
        match self.0.take() {
            Some(Place::Pool(lot, slot)) => {
                if let Some(lot) = lot.upgrade() {
                    let actions = lot.lock().forget(slot, Instant::now());
                    carry_out(actions);
                }
            }
            Some(Place::Alone(resting)) => {
                if let Some(resting) = resting.upgrade() {
                    resting.put(None);
                }
            }
            None => {}
        }
    }
}
