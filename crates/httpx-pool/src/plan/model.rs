//! The plan against a naive model of its laws: vectors that are searched from end to end, one rule at a time.
//!
//! For any sequence of operations the plan returns the same results as the model, keeps its limits, lets no request
//! wait that could be served, and hands out everything that was handed in, exactly once.

mod naive;

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::tests::{listed, opening};
use httpx_core::ConnectionCounts;

use super::*;
use crate::connection_info::ConnectionState;
use naive::Model;

#[derive(Debug, Clone)]
enum Op {
    Acquire(usize),
    Take(Index),
    GiveUp(Index),
    SetWaker(Index),
    Opened(Index, u32),
    Release(Index, Release),
    Forget(Index, CloseCause),
    Replace(Index, Replacement),
    /// Gives a slot and a waiter back a second time.
    Again(Index),
    Wait(Duration),
    Close,
}

/// An index into a list of any length.
#[derive(Debug, Clone, Copy, Default)]
struct Index(usize);

impl Index {
    fn index(self, len: usize) -> usize {
        self.0 % len
    }
}

fn ops() -> impl Strategy<Value = Vec<Op>> {
    let index = || any::<usize>().prop_map(Index);
    let keep = prop_oneof![3 => Just(None), 1 => (0..8u64).prop_map(|s| Some(Duration::from_secs(s)))];
    let causes = || {
        prop_oneof![Just(CloseCause::Error), Just(CloseCause::LastResponse), Just(CloseCause::BodyDropped)]
    };
    let how = prop_oneof![5 => keep.prop_map(|keep| Release::Reuse { keep }), 1 => causes().prop_map(Release::Close), 1 => Just(Release::Fresh)];
    let by = prop_oneof![Just(Replacement::Any), causes().prop_map(Replacement::New)];
    let op = prop_oneof![
        30 => (0..4usize).prop_map(Op::Acquire),
        10 => index().prop_map(Op::Take),
        5 => index().prop_map(Op::GiveUp),
        2 => index().prop_map(Op::SetWaker),
        5 => (index(), any::<u32>()).prop_map(|(at, jitter)| Op::Opened(at, jitter)),
        25 => (index(), how).prop_map(|(at, how)| Op::Release(at, how)),
        4 => (index(), causes()).prop_map(|(at, cause)| Op::Forget(at, cause)),
        4 => (index(), by).prop_map(|(at, by)| Op::Replace(at, by)),
        2 => index().prop_map(Op::Again),
        6 => (0..7u64).prop_map(|seconds| Op::Wait(Duration::from_secs(seconds))),
    ];
    let closing = (prop::collection::vec(op.clone(), 1..60), prop::collection::vec(op.clone(), 0..30))
        .prop_map(|(mut before, after)| {
            before.push(Op::Close);
            before.extend(after);
            before
        });
    // Many requests to two origins whose connections are all returned: here waiters bypass each other.
    let crowd = prop_oneof![
        5 => (0..2usize).prop_map(Op::Acquire),
        6 => index().prop_map(Op::Take),
        6 => index().prop_map(|at| Op::Release(at, Release::Reuse { keep: None })),
        1 => index().prop_map(Op::GiveUp),
    ];
    prop_oneof![
        4 => prop::collection::vec(op, 1..150),
        2 => prop::collection::vec(crowd, 50..200),
        1 => closing,
    ]
}

fn limits() -> impl Strategy<Value = PoolLimits> {
    let few = || prop::option::weighted(0.75, 1..4usize);
    let age = prop::option::weighted(0.2, (5..30u64).prop_map(Duration::from_secs));
    let idle = prop::option::weighted(0.75, 0..3usize);
    let idle_per_origin = prop::option::weighted(0.4, 0..3usize);
    (1..6usize, few(), idle, idle_per_origin, age, prop::option::weighted(0.2, 1..4u64)).prop_map(
        |(total, per_origin, idle, idle_per_origin, age, uses)| PoolLimits {
            total,
            per_origin,
            idle,
            idle_per_origin,
            age,
            uses,
            ..PoolLimits::new()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_plan_does_as_the_model(limits in limits(), ops in ops()) {
        let mut both = Both::new(limits);
        for op in ops {
            both.run(&op);
            both.check();
        }
        both.wind_up();
    }
}

/// An opaque value that is counted, and notices whether it is dropped while the plan runs.
#[derive(Debug)]
struct Token {
    id: u32,
    ledger: Rc<Ledger>,
}

#[derive(Debug, Default)]
struct Ledger {
    alive: Cell<usize>,
    inside: Cell<bool>,
    lost: Cell<bool>,
}

impl Token {
    fn new(id: u32, ledger: &Rc<Ledger>) -> Self {
        ledger.alive.set(ledger.alive.get() + 1);
        Self { id, ledger: Rc::clone(ledger) }
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        self.ledger.alive.set(self.ledger.alive.get() - 1);
        self.ledger.lost.set(self.ledger.lost.get() || self.ledger.inside.get());
    }
}

/// The result of an operation, in numbers. `close` is sorted, because equal deadlines have no order.
#[derive(Debug, Default, PartialEq)]
struct Told {
    answer: Option<Said>,
    close: Vec<(u32, CloseCause)>,
    wake: Vec<u32>,
    retired: Option<u32>,
    stale: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Said {
    Use(u32),
    Connect,
    Closed,
    Wait,
    Nothing,
}

/// The plan under a driver, and the model beside it.
struct Both {
    plan: Plan<String, Token, Token>,
    model: Model,
    connections: Rc<Ledger>,
    wakers: Rc<Ledger>,
    /// Slots in use, with their connection once it is open.
    slots: Vec<(u32, Slot, Option<Token>)>,
    waiters: Vec<(u32, WaiterId)>,
    used_slots: Vec<(u32, u64)>,
    used_waiters: Vec<(u32, u64)>,
}

const KEYS: [&str; 4] = ["http://a:80", "https://a:443", "https://b:443", "https://long.example:8443"];

impl Both {
    fn new(limits: PoolLimits) -> Self {
        Self {
            plan: Plan::new(limits),
            model: Model::new(limits),
            connections: Rc::default(),
            wakers: Rc::default(),
            slots: Vec::new(),
            waiters: Vec::new(),
            used_slots: Vec::new(),
            used_waiters: Vec::new(),
        }
    }

    fn run(&mut self, op: &Op) {
        let now = self.model.now;
        match *op {
            Op::Acquire(origin) => {
                let (waiter, wakers) = (self.model.arrivals, Rc::clone(&self.wakers));
                let acquired =
                    self.inside(|plan| plan.acquire(KEYS[origin], now, || Token::new(waiter, &wakers)));
                let (expected, id) = self.model.acquire(origin);
                self.acquired(acquired, &expected, id);
            }
            Op::Take(_) | Op::GiveUp(_) | Op::SetWaker(_) if self.waiters.is_empty() => {}
            Op::Take(at) => self.take(at),
            Op::GiveUp(at) => {
                let (number, id) = self.waiters.swap_remove(at.index(self.waiters.len()));
                self.used_waiters.push((id.key, id.ticket));
                let actions = self.inside(|plan| plan.give_up(id, now));
                assert_eq!(told(actions), self.model.give_up(number));
            }
            Op::SetWaker(at) => {
                let (number, id) = &self.waiters[at.index(self.waiters.len())];
                let waker = Token::new(*number, &self.wakers);
                let unused = self.plan.set_waker(id, waker);
                assert_eq!(unused.map(|waker| waker.id), Some(*number));
            }
            Op::Opened(..) | Op::Release(..) | Op::Forget(..) | Op::Replace(..) if self.slots.is_empty() => {}
            Op::Opened(at, jitter) => self.opened(at, jitter),
            Op::Release(..) | Op::Forget(..) | Op::Replace(..) => self.give_back(op),
            Op::Again(at) => self.again(at),
            Op::Wait(time) => self.model.now += time,
            Op::Close => {
                let actions = self.inside(Plan::close);
                assert_eq!(told(actions), self.model.close());
            }
        }
    }

    fn take(&mut self, at: Index) {
        let at = self.pick_waiter(at);
        let (number, id) = self.waiters.remove(at);
        let grant = self.inside(|plan| plan.take(&id));
        let (expected, connection) = self.model.take(number);
        match grant {
            Some(grant) => {
                assert_eq!(self.granted(grant, connection), expected);
                self.used_waiters.push((id.key, id.ticket));
            }
            None => {
                assert_eq!(expected, Said::Nothing);
                self.waiters.push((number, id));
            }
        }
    }

    fn opened(&mut self, at: Index, jitter: u32) {
        let at = at.index(self.slots.len());
        let (number, slot, connection) = &mut self.slots[at];
        if connection.is_none() {
            *connection = Some(Token::new(*number, &self.connections));
            let actions = self.plan.opened(slot, opening(jitter), self.model.now);
            assert_eq!(told(actions), Told::default());
            self.model.opened(*number, jitter);
        }
    }

    /// Runs the operations that give a slot back.
    fn give_back(&mut self, op: &Op) {
        let (Op::Release(at, _) | Op::Forget(at, _) | Op::Replace(at, _)) = *op else { return };
        let now = self.model.now;
        let (number, slot, connection) = self.slots.swap_remove(at.index(self.slots.len()));
        self.used_slots.push((slot.key, slot.ticket));
        match *op {
            Op::Release(_, how) => {
                // A connection that has carried requests is not fresh.
                let was_used = self.model.get(number).uses > 1;
                let how = if how == Release::Fresh && was_used { Release::Unused } else { how };
                let connection = connection.unwrap_or_else(|| Token::new(number, &self.connections));
                let actions = self.inside(|plan| plan.release(slot, connection, how, now));
                assert_eq!(told(actions), self.model.release(number, how));
            }
            Op::Replace(_, by) => {
                let (grant, close) = self.inside(|plan| plan.replace(slot, by, now));
                let (expected, id) = self.model.replace(number, by);
                self.acquired((Acquire::Granted(grant), close), &expected, id);
            }
            Op::Forget(_, cause) => {
                let actions = self.inside(|plan| plan.forget(slot, cause, now));
                assert_eq!(told(actions), self.model.forget(number, cause));
            }
            _ => {}
        }
    }

    /// Picks a waiter that has been served, if there is one.
    fn pick_waiter(&self, at: Index) -> usize {
        let served = |number| self.model.waiters.iter().any(|w| w.number == number && w.grant.is_some());
        let served: Vec<usize> = (0..self.waiters.len()).filter(|at| served(self.waiters[*at].0)).collect();
        if served.is_empty() { at.index(self.waiters.len()) } else { served[at.index(served.len())] }
    }

    fn again(&mut self, at: Index) {
        let now = self.model.now;
        let mut expected = Told { close: self.model.expire(), stale: true, ..Told::default() };
        if !self.used_waiters.is_empty() {
            let (key, ticket) = self.used_waiters[at.index(self.used_waiters.len())];
            assert!(self.plan.take(&WaiterId { key, ticket }).is_none());
            let actions = self.inside(|plan| plan.give_up(WaiterId { key, ticket }, now));
            assert_eq!(told(actions), expected);
            expected.close.clear();
        }
        if !self.used_slots.is_empty() {
            let (key, ticket) = self.used_slots[at.index(self.used_slots.len())];
            let actions = self.inside(|plan| plan.forget(Slot { key, ticket }, CloseCause::Error, now));
            assert_eq!(told(actions), expected);
            let spare = Token::new(u32::MAX, &self.connections);
            let how = Release::Reuse { keep: None };
            let actions = self.inside(|plan| plan.release(Slot { key, ticket }, spare, how, now));
            assert_eq!(
                told(actions),
                Told { close: vec![(u32::MAX, CloseCause::PoolClosed)], stale: true, ..Told::default() }
            );
        } else if self.used_waiters.is_empty() {
            // Nothing to give back: let the plan expire what the model has.
            let actions =
                self.inside(|plan| plan.forget(Slot { key: u32::MAX, ticket: 0 }, CloseCause::Error, now));
            assert_eq!(told(actions), expected);
        }
    }

    /// Runs an operation as under the driver's lock, where nothing opaque may be dropped.
    fn inside<T>(&mut self, operation: impl FnOnce(&mut Plan<String, Token, Token>) -> T) -> T {
        for ledger in [&self.connections, &self.wakers] {
            ledger.inside.set(true);
        }
        let result = operation(&mut self.plan);
        for ledger in [&self.connections, &self.wakers] {
            ledger.inside.set(false);
        }
        result
    }

    fn acquired(&mut self, acquired: (Acquire<Token>, SmallVec1<Closing<Token>>), expected: &Told, id: u32) {
        let (answer, close) = acquired;
        let answer = match answer {
            Acquire::Granted(grant) => self.granted(grant, id),
            Acquire::Wait(waiter) => {
                self.waiters.push((id, waiter));
                Said::Wait
            }
        };
        assert_eq!(Told { answer: Some(answer), close: sorted(close), ..Told::default() }, *expected);
    }

    fn granted(&mut self, grant: Grant<Token>, id: u32) -> Said {
        match grant {
            Grant::Use { slot, connection } => {
                let said = Said::Use(connection.id);
                self.slots.push((connection.id, slot, Some(connection)));
                said
            }
            Grant::Connect { slot } => {
                self.slots.push((id, slot, None));
                Said::Connect
            }
            Grant::Closed => Said::Closed,
        }
    }

    /// Checks what must always be true.
    fn check(&self) {
        let (plan, model) = (&self.plan, &self.model);
        let all = listed(plan);
        let idle = all.iter().filter(|row| row.1 == ConnectionState::Idle).count();
        assert_eq!(plan.counts(), ConnectionCounts::new(all.len() - idle, idle));
        let limits = plan.limits();
        let stats = plan.stats();
        assert_eq!(stats, model.stats());
        assert_eq!(stats.opened, (stats.active + stats.idle) as u64 + stats.closed.total());
        assert_eq!(stats.connecting + stats.active, plan.counts().active);
        assert!(all.len() <= limits.total && limits.idle.is_none_or(|most| idle <= most), "{all:?}");
        let of_origin = |origin: usize| all.iter().filter(move |row| row.0 == KEYS[origin]);
        let is_full = |origin| limits.per_origin.is_some_and(|most| of_origin(origin).count() >= most);
        for origin in 0..KEYS.len() {
            assert!(limits.per_origin.is_none_or(|most| of_origin(origin).count() <= most), "{all:?}");
            let idle = of_origin(origin).filter(|row| row.1 == ConnectionState::Idle).count();
            assert!(limits.idle_per_origin.is_none_or(|most| idle <= most), "{all:?}");
        }

        let mut seen = all.clone();
        let mut expected: Vec<_> = model.connections.iter().map(naive::Connection::row).collect();
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected);

        let waiting: Vec<usize> = model.waiting().map(|waiter| waiter.origin).collect();
        assert_eq!(plan.waiting(), waiting.len());
        for origin in &waiting {
            let no_room = all.len() == limits.total && idle == 0;
            let none_idle = !of_origin(*origin).any(|row| row.1 == ConnectionState::Idle);
            assert!(none_idle && (is_full(*origin) || no_room), "{} waits, though {all:?}", KEYS[*origin]);
        }
        let origins: BTreeSet<usize> = model
            .connections
            .iter()
            .map(|connection| connection.origin)
            .chain(waiting.iter().copied())
            .collect();
        assert_eq!(plan.origins.len(), origins.len());

        // Nothing is lost or duplicated.
        let held = self.slots.iter().filter(|(.., connection)| connection.is_some()).count();
        let granted =
            model.waiters.iter().filter(|waiter| matches!(waiter.grant, Some((Said::Use(_), _)))).count();
        assert_eq!(self.connections.alive.get(), held + idle + granted);
        assert_eq!(self.wakers.alive.get(), waiting.len());
        assert!(!self.connections.lost.get() && !self.wakers.lost.get(), "dropped under the lock");
    }

    /// Gives everything back, and checks that nothing is left.
    fn wind_up(mut self) {
        while !self.waiters.is_empty() {
            self.run(&Op::GiveUp(Index::default()));
            self.check();
        }
        while !self.slots.is_empty() {
            self.run(&Op::Forget(Index::default(), CloseCause::Error));
            self.check();
        }
        self.run(&Op::Wait(Duration::from_secs(3600)));
        self.run(&Op::Again(Index::default()));
        self.check();
        assert_eq!(self.plan.counts(), ConnectionCounts::default());
        assert_eq!((self.plan.origins.len(), self.plan.waiters.all().len()), (0, 0));
        assert_eq!((self.connections.alive.get(), self.wakers.alive.get()), (0, 0));
    }
}

fn told(actions: Actions<Token, Token>) -> Told {
    Told {
        answer: None,
        close: sorted(actions.close),
        wake: actions.wake.into_iter().map(|waker| waker.id).collect(),
        retired: actions.retired.map(|waker| waker.id),
        stale: actions.stale,
    }
}

fn sorted(close: SmallVec1<Closing<Token>>) -> Vec<(u32, CloseCause)> {
    let mut close: Vec<_> = close.into_iter().map(|closing| (closing.connection.id, closing.cause)).collect();
    close.sort_unstable_by_key(|(id, _)| *id);
    close
}
