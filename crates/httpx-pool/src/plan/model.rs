//! The plan against a naive model of its law: vectors, searched from end to end, one rule at a time.
//!
//! In one sentence: whatever requests, connections, time and accidents do, the plan answers as the model does, keeps
//! its limits, lets nobody wait who could be served, and hands out everything that was handed in, exactly once.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

#[derive(Debug, Clone)]
enum Op {
    Acquire(usize),
    Take(Index),
    GiveUp(Index),
    SetWaker(Index),
    Opened(Index, u32),
    Release(Index, Verdict),
    Forget(Index),
    Replace(Index, Replacement),
    /// Gives back a slot and a waiter a second time.
    Again(Index),
    Wait(Duration),
    Close,
}

/// One of those there are, whatever their number.
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
    let verdict = prop_oneof![5 => keep.prop_map(|keep| Verdict::Reuse { keep }), 1 => Just(Verdict::Close)];
    let by = prop_oneof![Just(Replacement::Any), Just(Replacement::New)];
    let op = prop_oneof![
        30 => (0..4usize).prop_map(Op::Acquire),
        10 => index().prop_map(Op::Take),
        5 => index().prop_map(Op::GiveUp),
        2 => index().prop_map(Op::SetWaker),
        5 => (index(), any::<u32>()).prop_map(|(at, jitter)| Op::Opened(at, jitter)),
        25 => (index(), verdict).prop_map(|(at, verdict)| Op::Release(at, verdict)),
        4 => index().prop_map(Op::Forget),
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
    // A crowd before two origins, whose connections all come back: here waiters overtake each other.
    let crowd = prop_oneof![
        5 => (0..2usize).prop_map(Op::Acquire),
        6 => index().prop_map(Op::Take),
        6 => index().prop_map(|at| Op::Release(at, Verdict::Reuse { keep: None })),
        1 => index().prop_map(Op::GiveUp),
    ];
    prop_oneof![
        4 => prop::collection::vec(op, 1..150),
        2 => prop::collection::vec(crowd, 50..200),
        1 => closing,
    ]
}

fn limits() -> impl Strategy<Value = PoolLimits> {
    let few = || prop_oneof![1..4usize, Just(usize::MAX)];
    let age = prop::option::weighted(0.2, (5..30u64).prop_map(Duration::from_secs));
    let idle = prop_oneof![0..3usize, Just(usize::MAX)];
    (1..6usize, few(), idle, age, prop::option::weighted(0.2, 1..4u64)).prop_map(
        |(total, per_origin, idle, age, uses)| PoolLimits {
            total,
            per_origin,
            idle,
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

/// Something opaque that is counted, and remembers whether it was dropped while the plan was at work.
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

/// What an operation answers, in numbers. `close` is sorted: between equal deadlines the order is free.
#[derive(Debug, Default, PartialEq)]
struct Told {
    answer: Option<Said>,
    close: Vec<u32>,
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
    plan: Plan<Token, Token>,
    model: Model,
    connections: Rc<Ledger>,
    wakers: Rc<Ledger>,
    /// Slots that are out, with their connection once it has been opened.
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
            Op::Take(at) if !self.waiters.is_empty() => {
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
            Op::GiveUp(at) if !self.waiters.is_empty() => {
                let (number, id) = self.waiters.swap_remove(at.index(self.waiters.len()));
                self.used_waiters.push((id.key, id.ticket));
                let actions = self.inside(|plan| plan.give_up(id, now));
                assert_eq!(told(actions), self.model.give_up(number));
            }
            Op::SetWaker(at) if !self.waiters.is_empty() => {
                let (number, id) = &self.waiters[at.index(self.waiters.len())];
                let waker = Token::new(*number, &self.wakers);
                let unused = self.plan.set_waker(id, waker);
                assert_eq!(unused.map(|waker| waker.id), Some(*number));
            }
            Op::Opened(at, jitter) if !self.slots.is_empty() => {
                let at = at.index(self.slots.len());
                let (number, slot, connection) = &mut self.slots[at];
                if connection.is_none() {
                    *connection = Some(Token::new(*number, &self.connections));
                    self.plan.opened(slot, jitter, now);
                    self.model.opened(*number, jitter);
                }
            }
            Op::Release(at, verdict) if !self.slots.is_empty() => {
                let (number, slot, connection) = self.slots.swap_remove(at.index(self.slots.len()));
                let connection = connection.unwrap_or_else(|| Token::new(number, &self.connections));
                self.used_slots.push((slot.key, slot.ticket));
                let actions = self.inside(|plan| plan.release(slot, connection, verdict, now));
                assert_eq!(told(actions), self.model.release(number, verdict));
            }
            Op::Forget(at) if !self.slots.is_empty() => {
                let (number, slot, _) = self.slots.swap_remove(at.index(self.slots.len()));
                self.used_slots.push((slot.key, slot.ticket));
                let actions = self.inside(|plan| plan.forget(slot, now));
                assert_eq!(told(actions), self.model.forget(number));
            }
            Op::Replace(at, by) if !self.slots.is_empty() => {
                let (number, slot, _) = self.slots.swap_remove(at.index(self.slots.len()));
                self.used_slots.push((slot.key, slot.ticket));
                let acquired = self.inside(|plan| plan.replace(slot, by, now));
                let (expected, id) = self.model.replace(number, by);
                self.acquired(acquired, &expected, id);
            }
            Op::Again(at) => self.again(at),
            Op::Wait(time) => self.model.now += time,
            Op::Close => {
                let actions = self.inside(Plan::close);
                assert_eq!(told(actions), self.model.close());
            }
            Op::Take(_)
            | Op::GiveUp(_)
            | Op::SetWaker(_)
            | Op::Opened(..)
            | Op::Release(..)
            | Op::Forget(_) => {}
            Op::Replace(..) => {}
        }
    }

    /// One that has been served, if there is one; else any.
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
            let actions = self.inside(|plan| plan.forget(Slot { key, ticket }, now));
            assert_eq!(told(actions), expected);
            let spare = Token::new(u32::MAX, &self.connections);
            let verdict = Verdict::Reuse { keep: None };
            let actions = self.inside(|plan| plan.release(Slot { key, ticket }, spare, verdict, now));
            assert_eq!(told(actions), Told { close: vec![u32::MAX], stale: true, ..Told::default() });
        } else if self.used_waiters.is_empty() {
            // Nothing to give back: let the plan expire what the model has.
            let actions = self.inside(|plan| plan.forget(Slot { key: u32::MAX, ticket: 0 }, now));
            assert_eq!(told(actions), expected);
        }
    }

    /// Runs an operation as under the driver's lock, where nothing opaque may be dropped.
    fn inside<T>(&mut self, operation: impl FnOnce(&mut Plan<Token, Token>) -> T) -> T {
        for ledger in [&self.connections, &self.wakers] {
            ledger.inside.set(true);
        }
        let result = operation(&mut self.plan);
        for ledger in [&self.connections, &self.wakers] {
            ledger.inside.set(false);
        }
        result
    }

    fn acquired(&mut self, acquired: Acquire<Token>, expected: &Told, id: u32) {
        let answer = match acquired.answer {
            Answer::Granted(grant) => self.granted(grant, id),
            Answer::Wait(waiter) => {
                self.waiters.push((id, waiter));
                Said::Wait
            }
        };
        assert_eq!(
            Told { answer: Some(answer), close: sorted(acquired.close), ..Told::default() },
            *expected
        );
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

    /// What must be true at all times.
    fn check(&self) {
        let (plan, model) = (&self.plan, &self.model);
        let all = plan.connections();
        let idle = all.iter().filter(|info| info.state == ConnectionState::Idle).count();
        assert_eq!(plan.counts(), Counts { active: all.len() - idle, idle });
        assert!(all.len() <= plan.limits().total && idle <= plan.limits().idle, "{all:?}");
        for key in KEYS {
            assert!(
                all.iter().filter(|info| &*info.origin == key).count() <= plan.limits().per_origin,
                "{all:?}"
            );
        }

        let row =
            |info: &ConnectionInfo| (info.origin.to_string(), info.state, info.since, info.opened, info.uses);
        let mut seen: Vec<_> = all.iter().map(row).collect();
        let mut expected: Vec<_> = model.connections.iter().map(|c| row(&c.info())).collect();
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected);

        let waiting: Vec<usize> = model.waiting().map(|waiter| waiter.origin).collect();
        assert_eq!(plan.waiting(), waiting.len());
        for origin in &waiting {
            let of_origin = |info: &&ConnectionInfo| &*info.origin == KEYS[*origin];
            let full = all.iter().filter(of_origin).count() >= plan.limits().per_origin;
            let no_room = all.len() == plan.limits().total && idle == 0;
            let none_idle = !all.iter().filter(of_origin).any(|info| info.state == ConnectionState::Idle);
            assert!(none_idle && (full || no_room), "{} waits, though {all:?}", KEYS[*origin]);
        }
        let origins: BTreeSet<usize> = model
            .connections
            .iter()
            .map(|connection| connection.origin)
            .chain(waiting.iter().copied())
            .collect();
        assert_eq!(plan.origins.len(), origins.len());

        // Nothing is lost, nothing is there twice.
        let held = self.slots.iter().filter(|(.., connection)| connection.is_some()).count();
        let granted =
            model.waiters.iter().filter(|waiter| matches!(waiter.grant, Some((Said::Use(_), _)))).count();
        assert_eq!(self.connections.alive.get(), held + idle + granted);
        assert_eq!(self.wakers.alive.get(), waiting.len());
        assert!(!self.connections.lost.get() && !self.wakers.lost.get(), "dropped under the lock");
    }

    /// Everybody goes home: nothing is left.
    fn wind_up(mut self) {
        while !self.waiters.is_empty() {
            self.run(&Op::GiveUp(Index::default()));
            self.check();
        }
        while !self.slots.is_empty() {
            self.run(&Op::Forget(Index::default()));
            self.check();
        }
        self.run(&Op::Wait(Duration::from_secs(3600)));
        self.run(&Op::Again(Index::default()));
        self.check();
        assert_eq!(self.plan.counts(), Counts::default());
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

fn sorted(close: Few<Token>) -> Vec<u32> {
    let mut close: Vec<u32> = close.into_iter().map(|connection| connection.id).collect();
    close.sort_unstable();
    close
}

/// The law by brute force. Connections stand in the order in which they became idle, waiters in that of arrival.
struct Model {
    limits: PoolLimits,
    now: Instant,
    closed: bool,
    connections: Vec<Connection>,
    waiters: Vec<Waiter>,
    numbers: u32,
    arrivals: u32,
}

#[derive(Clone)]
struct Connection {
    number: u32,
    origin: usize,
    state: ConnectionState,
    since: Instant,
    opened: Instant,
    jitter: u32,
    uses: u64,
    deadline: Option<Instant>,
}

struct Waiter {
    number: u32,
    origin: usize,
    overtaken: u32,
    grant: Option<(Said, u32)>,
}

impl Connection {
    fn info(&self) -> ConnectionInfo {
        let Self { state, since, opened, uses, .. } = *self;
        ConnectionInfo { origin: KEYS[self.origin].into(), state, since, opened, uses }
    }
}

impl Model {
    fn new(limits: PoolLimits) -> Self {
        Self {
            limits,
            now: Instant::now(),
            closed: false,
            connections: Vec::new(),
            waiters: Vec::new(),
            numbers: 0,
            arrivals: 0,
        }
    }

    fn acquire(&mut self, origin: usize) -> (Told, u32) {
        let mut close = self.expire();
        let (answer, id) = if self.closed {
            (Said::Closed, 0)
        } else if let Some(number) = self.take_idle(origin) {
            (Said::Use(number), number)
        } else if self.count(origin) < self.limits.per_origin && self.make_room(&mut close) {
            (Said::Connect, self.connect(origin))
        } else {
            self.waiters.push(Waiter { number: self.arrivals, origin, overtaken: 0, grant: None });
            self.arrivals += 1;
            (Said::Wait, self.arrivals - 1)
        };
        close.sort_unstable();
        (Told { answer: Some(answer), close, ..Told::default() }, id)
    }

    fn take(&mut self, number: u32) -> (Said, u32) {
        let at = self.waiters.iter().position(|waiter| waiter.number == number).unwrap();
        match self.waiters[at].grant {
            None => (Said::Nothing, 0),
            Some(grant) => {
                self.waiters.remove(at);
                grant
            }
        }
    }

    fn give_up(&mut self, number: u32) -> Told {
        let mut told = Told { close: self.expire(), ..Told::default() };
        let at = self.waiters.iter().position(|waiter| waiter.number == number).unwrap();
        match self.waiters.remove(at).grant {
            None => told.retired = Some(number),
            Some((Said::Use(connection), _)) => {
                self.get(connection).uses -= 1;
                self.offer(connection, &mut told);
            }
            Some((Said::Connect, connection)) => self.vacate(connection, &mut told),
            Some(_) => {}
        }
        told.close.sort_unstable();
        told
    }

    fn opened(&mut self, number: u32, jitter: u32) {
        let now = self.now;
        let connection = self.get(number);
        (connection.since, connection.opened, connection.jitter) = (now, now, jitter);
        connection.state = ConnectionState::Active;
    }

    fn release(&mut self, number: u32, verdict: Verdict) -> Told {
        let mut told = Told { close: self.expire(), ..Told::default() };
        match verdict {
            Verdict::Close => {
                told.close.push(number);
                self.vacate(number, &mut told);
            }
            Verdict::Reuse { keep } => {
                let (now, limits) = (self.now, self.limits);
                let connection = self.get(number);
                let mut deadline = now + keep.unwrap_or(limits.idle_time).min(limits.idle_time);
                if let Some(age) = limits.age_with(connection.jitter) {
                    deadline = deadline.min(connection.opened + age);
                }
                connection.deadline = Some(deadline);
                self.offer(number, &mut told);
            }
        }
        told.close.sort_unstable();
        told
    }

    fn forget(&mut self, number: u32) -> Told {
        let mut told = Told { close: self.expire(), ..Told::default() };
        self.vacate(number, &mut told);
        told.close.sort_unstable();
        told
    }

    fn replace(&mut self, number: u32, by: Replacement) -> (Told, u32) {
        let close = self.expire();
        let origin = self.get(number).origin;
        let idle = if by == Replacement::Any && !self.closed { self.take_idle(origin) } else { None };
        self.remove(number);
        let (answer, id) = match idle {
            _ if self.closed => (Said::Closed, 0),
            Some(number) => (Said::Use(number), number),
            None => (Said::Connect, self.connect(origin)),
        };
        (Told { answer: Some(answer), close, ..Told::default() }, id)
    }

    fn close(&mut self) -> Told {
        self.closed = true;
        let mut told = Told::default();
        let mut gone = Vec::new();
        for waiter in &mut self.waiters {
            match waiter.grant.replace((Said::Closed, 0)) {
                None => told.wake.push(waiter.number),
                Some((Said::Use(number), _)) => {
                    told.close.push(number);
                    gone.push(number);
                }
                Some((Said::Connect, number)) => gone.push(number),
                Some(_) => {}
            }
        }
        gone.into_iter().for_each(|number| self.remove(number));
        while let Some(number) = self.oldest_idle() {
            told.close.push(number);
            self.remove(number);
        }
        told.close.sort_unstable();
        told
    }

    fn expire(&mut self) -> Vec<u32> {
        let now = self.now;
        let expired =
            |c: &&Connection| c.state == ConnectionState::Idle && c.deadline.is_some_and(|at| at <= now);
        let mut close: Vec<u32> = self.connections.iter().filter(expired).map(|c| c.number).collect();
        close.iter().for_each(|number| self.remove(*number));
        close.sort_unstable();
        close
    }

    fn offer(&mut self, number: u32, told: &mut Told) {
        let (now, limits) = (self.now, self.limits);
        let connection = self.get(number).clone();
        let spent = connection.deadline.is_some_and(|at| at <= now)
            || limits.uses.is_some_and(|uses| connection.uses >= uses);
        if self.closed || spent {
            told.close.push(number);
            return self.vacate(number, told);
        }
        let next = self.waiters.iter().position(|w| w.grant.is_none() && w.origin == connection.origin);
        let hungry = self.hungriest();
        match (next, hungry) {
            (Some(next), Some(hungry)) if hungry < next && self.waiters[hungry].overtaken == 4 => {
                told.close.push(number);
                self.vacate(number, told);
            }
            (Some(next), hungry) => {
                if let Some(hungry) = hungry.filter(|hungry| *hungry < next) {
                    self.waiters[hungry].overtaken += 1;
                }
                self.use_again(number);
                self.waiters[next].grant = Some((Said::Use(number), number));
                told.wake.push(self.waiters[next].number);
            }
            (None, _) => {
                let connection = self.get(number);
                (connection.state, connection.since) = (ConnectionState::Idle, now);
                let at = self.connections.iter().position(|c| c.number == number).unwrap();
                let connection = self.connections.remove(at);
                self.connections.push(connection);
                if self.connections.iter().filter(|c| c.state == ConnectionState::Idle).count() > limits.idle
                {
                    let oldest = self.oldest_idle().unwrap();
                    told.close.push(oldest);
                    self.remove(oldest);
                }
                self.serve_room(told);
            }
        }
    }

    fn vacate(&mut self, number: u32, told: &mut Told) {
        self.remove(number);
        self.serve_room(told);
    }

    fn serve_room(&mut self, told: &mut Told) {
        while let Some(at) = self.hungriest()
            && self.make_room(&mut told.close)
        {
            let number = self.connect(self.waiters[at].origin);
            self.waiters[at].grant = Some((Said::Connect, number));
            told.wake.push(self.waiters[at].number);
        }
    }

    fn hungriest(&self) -> Option<usize> {
        let hungry = |w: &Waiter| w.grant.is_none() && self.count(w.origin) < self.limits.per_origin;
        self.waiters.iter().position(hungry)
    }

    fn waiting(&self) -> impl Iterator<Item = &Waiter> {
        self.waiters.iter().filter(|waiter| waiter.grant.is_none())
    }

    fn make_room(&mut self, close: &mut Vec<u32>) -> bool {
        if self.connections.len() >= self.limits.total {
            let Some(oldest) = self.oldest_idle() else { return false };
            close.push(oldest);
            self.remove(oldest);
        }
        true
    }

    fn take_idle(&mut self, origin: usize) -> Option<u32> {
        let idle = |c: &&Connection| c.state == ConnectionState::Idle && c.origin == origin;
        let number = self.connections.iter().rfind(idle)?.number;
        let now = self.now;
        assert!(self.get(number).deadline > Some(now), "an expired one would be used");
        self.use_again(number);
        Some(number)
    }

    fn use_again(&mut self, number: u32) {
        let now = self.now;
        let connection = self.get(number);
        (connection.state, connection.since) = (ConnectionState::Active, now);
        connection.uses += 1;
    }

    fn connect(&mut self, origin: usize) -> u32 {
        self.numbers += 1;
        self.connections.push(Connection {
            number: self.numbers,
            origin,
            state: ConnectionState::Connecting,
            since: self.now,
            opened: self.now,
            jitter: 0,
            uses: 1,
            deadline: None,
        });
        self.numbers
    }

    fn oldest_idle(&self) -> Option<u32> {
        self.connections.iter().find(|c| c.state == ConnectionState::Idle).map(|c| c.number)
    }

    fn count(&self, origin: usize) -> usize {
        self.connections.iter().filter(|c| c.origin == origin).count()
    }

    fn get(&mut self, number: u32) -> &mut Connection {
        self.connections.iter_mut().find(|c| c.number == number).unwrap()
    }

    fn remove(&mut self, number: u32) {
        self.connections.retain(|c| c.number != number);
    }
}
