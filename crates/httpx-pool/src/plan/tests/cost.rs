//! The cost of the plan's operations, with few and with many origins.

use std::collections::VecDeque;

use super::*;

/// The cost of an operation does not depend on the number of origins. The thread's CPU time is compared: a scan of all
/// records would take some hundred times as long with ten thousand origins as with ten.
#[test]
fn no_operation_looks_at_all_origins() {
    let [few, many] = [10, 10_000].map(|origins| (cost_of_idle(origins), cost_of_waiting(origins)));
    for (what, few, many) in [("idle connections", few.0, many.0), ("waiters", few.1, many.1)] {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        assert!(ratio < 30.0, "{what}: {ratio:.1} times the CPU time for a thousand times the origins");
    }
}

const ROUNDS: usize = 2_000;

fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap(), time.tv_nsec.try_into().unwrap())
}

/// A full pool with one idle connection for each origin: each round uses and returns one, and evicts one for a new origin.
fn cost_of_idle(origins: usize) -> Duration {
    let (mut plan, now) = (Plan::<String, u32, u32>::new(total(origins)), Instant::now());
    let reuse = || Release::Reuse { keep: None };
    let names: Vec<String> = (0..origins + ROUNDS).map(|n| format!("https://{n}.example:443")).collect();
    for name in &names[..origins] {
        let Acquire::Granted(Grant::Connect { slot }) = plan.acquire(&**name, now, || 0).0 else { panic!() };
        let _ = plan.release(slot, 1, reuse(), now);
    }
    let before = cpu_time();
    for n in 0..ROUNDS {
        let newest = &names[origins + n - 1];
        let Acquire::Granted(Grant::Use { slot, .. }) = plan.acquire(&**newest, now, || 0).0 else {
            panic!()
        };
        let _ = plan.release(slot, 1, reuse(), now);
        let (Acquire::Granted(Grant::Connect { slot }), close) =
            plan.acquire(&*names[origins + n], now, || 0)
        else {
            panic!("the oldest makes room")
        };
        assert_eq!(close.len(), 1);
        let _ = plan.release(slot, 1, reuse(), now);
    }
    cpu_time() - before
}

/// A pool of one connection for which a request of each origin waits: each round serves the oldest and adds another one.
fn cost_of_waiting(origins: usize) -> Duration {
    let (mut plan, now) = (Plan::<String, u32, u32>::new(total(1)), Instant::now());
    let names: Vec<String> = (0..origins + ROUNDS).map(|n| format!("https://{n}.example:443")).collect();
    let Acquire::Granted(Grant::Connect { mut slot }) = plan.acquire("first", now, || 0).0 else { panic!() };
    let mut waiters = VecDeque::new();
    for name in &names[..origins] {
        let Acquire::Wait(waiter) = plan.acquire(&**name, now, || 0).0 else { panic!() };
        waiters.push_back(waiter);
    }
    let before = cpu_time();
    for name in &names[origins..] {
        assert_eq!(plan.release(slot, 1, Release::Reuse { keep: None }, now).wake.len(), 1);
        let Some(Grant::Connect { slot: next }) = waiters.pop_front().and_then(|waiter| plan.take(&waiter))
        else {
            panic!("the oldest is served")
        };
        slot = next;
        let Acquire::Wait(waiter) = plan.acquire(&**name, now, || 0).0 else { panic!() };
        assert!(plan.give_up(waiter, now).retired.is_some());
        let Acquire::Wait(waiter) = plan.acquire(&**name, now, || 0).0 else { panic!() };
        waiters.push_back(waiter);
    }
    let spent = cpu_time() - before;
    let _ = plan.forget(slot, CloseCause::Error, now);
    spent
}
