//! Where connections come from and go back to, the same for both flavours: a pool's plan behind its lock ([`SharedPlan`]), and
//! the way back ([`Lease`]).

use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Instant;

use httpx_core::Result;

use crate::call::Call;
use crate::exchange::Exchange;
use crate::into_error;
use crate::plan::{Acquire, Actions, Grant, Plan, PoolLimits, Release, Replacement, Slot, WaiterId};
use crate::single::SingleConnection;

/// A connection that has a lease.
pub(crate) trait Pooled: Sized {
    /// What wakes those who wait for one.
    type Waker: Wake;

    /// What is being said over it.
    fn exchange(&self) -> &Exchange;

    /// Where it goes when its response has ended; none while it lies idle there.
    fn lease(&mut self) -> &mut Option<Lease<Self>>;
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
pub(crate) struct SharedPlan<L: Pooled>(Mutex<Plan<Box<L>, L::Waker>>);

impl<L: Pooled> SharedPlan<L> {
    pub(crate) fn new(limits: PoolLimits) -> Self {
        SharedPlan(Mutex::new(Plan::new(limits)))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Plan<Box<L>, L::Waker>> {
        // The plan is data, and whole between any two calls.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn close(&self) {
        let actions = self.lock().close();
        apply(actions);
    }

    /// What is granted in the place of a connection that is dead.
    pub(crate) fn replace(&self, mut dead: Box<L>, by: Replacement) -> Result<Acquire<Box<L>>> {
        let slot = dead.lease().take().and_then(Lease::into_slot);
        drop(dead);
        let slot = slot.ok_or_else(into_error::closed)?;
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
        apply(actions);
        Some(Err(call.or_total_timeout(into_error::pool_timeout(call.timeouts.pool))))
    }
}

/// Does what the plan says, outside its lock: closes connections, wakes those who wait.
pub(crate) fn apply<C, W: Wake>(actions: Actions<C, W>) {
    drop(actions.close);
    for waker in actions.wake {
        waker.wake();
    }
}

/// The place that a connection came from. If the connection is dropped instead of put away, the place hears that it
/// is gone.
pub(crate) struct Lease<L: Pooled>(Option<Owner<L>>);

enum Owner<L: Pooled> {
    /// A slot of a pool. Weak, since a streamed response may outlive its client.
    Pool(Weak<SharedPlan<L>>, Slot),
    /// A connection for direct use.
    Single(Weak<SingleConnection<L>>),
}

impl<L: Pooled> Lease<L> {
    pub(crate) fn pool(plan: &Arc<SharedPlan<L>>, slot: Slot) -> Self {
        Lease(Some(Owner::Pool(Arc::downgrade(plan), slot)))
    }

    pub(crate) fn single(single: &Arc<SingleConnection<L>>) -> Self {
        Lease(Some(Owner::Single(Arc::downgrade(single))))
    }

    /// Takes the connection back, to be used again or to be closed.
    pub(crate) fn give_back(mut self, link: Box<L>, reuse: bool) {
        match self.0.take() {
            Some(Owner::Pool(plan, slot)) => {
                if let Some(plan) = plan.upgrade() {
                    let how = match reuse {
                        true => Release::Reuse { keep: link.exchange().keep() },
                        false => Release::Close,
                    };
                    let actions = plan.lock().release(slot, link, how, Instant::now());
                    apply(actions);
                }
            }
            Some(Owner::Single(single)) => {
                if let Some(single) = single.upgrade() {
                    single.put(reuse.then_some(link));
                }
            }
            None => {}
        }
    }

    /// A connection has been made for this place.
    pub(crate) fn opened(&self) {
        if let Some(Owner::Pool(plan, slot)) = &self.0
            && let Some(plan) = plan.upgrade()
        {
            let jitter = RandomState::new().hash_one(0) as u32;
            plan.lock().opened(slot, jitter, Instant::now());
        }
    }

    /// The slot, to be filled with another connection.
    pub(crate) fn into_slot(mut self) -> Option<Slot> {
        match self.0.take() {
            Some(Owner::Pool(_, slot)) => Some(slot),
            Some(Owner::Single(_)) | None => None,
        }
    }
}

impl<L: Pooled> Drop for Lease<L> {
    fn drop(&mut self) {
        match self.0.take() {
            Some(Owner::Pool(plan, slot)) => {
                if let Some(plan) = plan.upgrade() {
                    let actions = plan.lock().forget(slot, Instant::now());
                    apply(actions);
                }
            }
            Some(Owner::Single(single)) => {
                if let Some(single) = single.upgrade() {
                    single.put(None);
                }
            }
            None => {}
        }
    }
}
