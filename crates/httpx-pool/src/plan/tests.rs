//! The laws of the plan as scripts: a command of a driver, and the answer of the plan.
//!
//! Connections are numbered in the order in which the plan permits them, waiters (`w1`, `w2`) in the order of arrival.

#[cfg(unix)]
mod cost;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use httpx_core::ConnectionCounts;

use super::*;
use crate::connection_info::ConnectionState;
use crate::pool_stats::PoolStats;

const DEFAULT: PoolLimits = PoolLimits::new();

impl PoolLimits {
    const fn per_origin(self, most: usize) -> Self {
        Self { per_origin: Some(most), ..self }
    }

    const fn idle(self, most: usize) -> Self {
        Self { idle: Some(most), ..self }
    }

    const fn idle_per_origin(self, most: usize) -> Self {
        Self { idle_per_origin: Some(most), ..self }
    }

    const fn age(self, age: Duration) -> Self {
        Self { age: Some(age), ..self }
    }

    const fn uses(self, most: u64) -> Self {
        Self { uses: Some(most), ..self }
    }
}

/// A connection that serves one request at a time and has this jitter.
pub(super) fn opening(jitter: u32) -> Opening {
    Opening { capacity: 1, jitter, details: Arc::default() }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn total(total: usize) -> PoolLimits {
    PoolLimits { total, ..DEFAULT }
}

#[test]
fn scripts() {
    #[rustfmt::skip]
    let cases: &[(&str, PoolLimits, &[&str])] = &[
        ("a kept connection is used again", DEFAULT, &[
            "get a -> connect 1", "opened 1", "counts -> 1 active, 0 idle, 0 waiting, 1 origins",
            "put 1", "counts -> 0 active, 1 idle, 0 waiting, 1 origins",
            "get a -> use 1", "put 1", "get b -> connect 2", "get a -> use 1",
        ]),
        ("the most recently used first", DEFAULT, &[
            "get a -> connect 1", "get a -> connect 2", "get a -> connect 3", "put 2", "put 3", "put 1",
            "get a -> use 1", "get a -> use 3", "get a -> use 2", "get a -> connect 4",
        ]),
        ("a connection that cannot be reused is handed out, and leaves nothing", DEFAULT, &[
            "get a -> connect 1", "put 1 close -> close 1", "counts -> 0 active, 0 idle, 0 waiting, 0 origins",
        ]),
        ("a dead connection leaves nothing", DEFAULT, &[
            "get a -> connect 1", "lose 1", "counts -> 0 active, 0 idle, 0 waiting, 0 origins",
        ]),
        ("expiry: the idle time", DEFAULT, &[
            "get a -> connect 1", "get b -> connect 2", "put 1", "after 14", "put 2", "after 1",
            "get c -> connect 3, close 1", "after 14", "get b -> connect 4, close 2",
        ]),
        ("expiry: the time of the server, where it is shorter", DEFAULT, &[
            "get a -> connect 1", "get a -> connect 2", "put 1 keep 5", "put 2 keep 60", "after 5",
            "get a -> use 2, close 1", "put 2", "after 15", "get a -> connect 3, close 2",
        ]),
        ("expiry: several at once, earliest first", DEFAULT, &[
            "get a -> connect 1", "get b -> connect 2", "get c -> connect 3", "put 1 keep 9", "put 2 keep 3", "put 3",
            "after 20", "get a -> connect 4, close 2 1 3",
        ]),
        ("expiry: eight at a time, and an expired connection is closed instead of used", DEFAULT, &[
            "open a 14", "put all", "after 15", "get b -> connect 15, close 1 2 3 4 5 6 7 8",
            "get a -> connect 16, close 9 10 11 12 13 14", "counts -> 2 active, 0 idle, 0 waiting, 2 origins",
        ]),
        ("expiry: the rest of an origin is closed when the origin is asked for", DEFAULT, &[
            "open b 8", "put all", "after 1", "open a 12", "put all", "after 15",
            "get a -> connect 21, close 1 2 3 4 5 6 7 8 20 19 18 17 16 15 14 13",
            "counts -> 1 active, 4 idle, 0 waiting, 1 origins",
            "get a -> connect 22, close 9 10 11 12",
        ]),
        ("expiry: at its own limit an origin does not wait for expired connections", DEFAULT.per_origin(20), &[
            "open a 20", "put all", "after 15", "get a -> connect 21, close 1 2 3 4 5 6 7 8 20 19 18 17 16 15 14 13",
        ]),
        ("expiry: an expired connection does not replace a dead one", DEFAULT, &[
            "open a 13", "put 13", "put all keep 5", "get a -> use 12", "after 5",
            "replace 12 any -> use 13, close 1 2 3 4 5 6 7 8 11 10 9",
        ]),
        ("a server that keeps no connection", DEFAULT, &["get a -> connect 1", "put 1 keep 0 -> close 1"]),
        ("expiry: before a release, too", DEFAULT, &[
            "get a -> connect 1", "get a -> connect 2", "put 1", "after 15", "put 2 -> close 1", "get a -> use 2",
        ]),
        ("age, in use and idle", DEFAULT.age(Duration::from_secs(20)), &[
            "get a -> connect 1", "after 5", "opened 1", "get a -> connect 2", "after 14", "put 1", "get a -> use 1",
            "after 4", "put 1", "after 2", "get a -> connect 3, close 1", "put 2 -> close 2",
        ]),
        ("uses", DEFAULT.uses(2), &[
            "get a -> connect 1", "put 1", "get a -> use 1", "put 1 -> close 1", "get a -> connect 2",
        ]),
        ("uses: a waiter that gave up does not count", total(1).uses(2), &[
            "get a -> connect 1", "get a -> wait w1", "put 1 -> wake w1", "quit w1", "get a -> use 1", "put 1 -> close 1",
        ]),
        ("the idle limit closes the oldest", DEFAULT.idle(2), &[
            "get a -> connect 1", "get b -> connect 2", "get c -> connect 3", "put 1", "put 2", "put 3 -> close 1",
            "get a -> connect 4", "get b -> use 2",
        ]),
        ("the idle limit of an origin closes its oldest", DEFAULT.idle_per_origin(1), &[
            "get a -> connect 1", "get a -> connect 2", "get b -> connect 3", "put 3", "put 2", "put 1 -> close 2",
            "get a -> use 1", "get a -> connect 4", "get b -> use 3",
        ]),
        ("no idle connections of an origin, but waiters are served", total(1).idle_per_origin(0), &[
            "get a -> connect 1", "get a -> wait w1", "get b -> wait w2", "put 1 -> wake w1", "take w1 -> use 1",
            "put 1 -> close 1, wake w2",
        ]),
        ("both idle limits: one connection is closed", DEFAULT.idle_per_origin(1).idle(2), &[
            "get a -> connect 1", "get b -> connect 2", "get b -> connect 3", "put 1", "put 2", "put 3 -> close 2",
            "get c -> connect 4", "put 4 -> close 1",
        ]),
        ("stats: what was opened is in use, idle, or closed for a cause", total(3).uses(3), &[
            "stats -> 0 connecting, 0 opened, 0 failed, 0 reused, {}",
            "get a -> connect 1", "stats -> 1 connecting, 0 opened, 0 failed, 0 reused, {}",
            "lose 1", "stats -> 0 connecting, 0 opened, 1 failed, 0 reused, {}",
            "get a -> connect 2", "opened 2", "put 2", "get a -> use 2", "put 2", "get a -> use 2", "put 2 -> close 2",
            "stats -> 0 connecting, 1 opened, 1 failed, 2 reused, {max_uses: 1}",
            "get a -> connect 3", "opened 3", "lose 3", "get a -> connect 4", "opened 4", "put 4 close -> close 4",
            "stats -> 0 connecting, 3 opened, 1 failed, 2 reused, {max_uses: 1, last_response: 1, error: 1}",
        ]),
        ("stats: by the plan's own causes", total(3).age(Duration::from_secs(20)).idle(2), &[
            "get a -> connect 1", "opened 1", "put 1", "after 15", "get b -> connect 2, close 1", "opened 2",
            "after 10", "put 2", "after 10", "get c -> connect 3, close 2", "opened 3", "put 3", "get c -> use 3",
            "replace 3 any -> connect 4", "stats -> 1 connecting, 3 opened, 0 failed, 1 reused, {idle_timeout: 1, max_age: 1, stale: 1}",
            "put 4", "get d -> connect 5", "get d -> connect 6", "get e -> connect 7, close 4", "put 5", "put 6",
            "put 7 -> close 5", "close -> close 6 7",
            "stats -> 0 connecting, 7 opened, 0 failed, 1 reused, \
             {idle_timeout: 1, max_age: 1, idle_limit: 1, evicted: 1, stale: 1, pool_closed: 2}",
        ]),
        ("stats: a waiter that gives up has used nothing", total(1), &[
            "get a -> connect 1", "get a -> wait w1", "put 1 -> wake w1", "quit w1",
            "stats -> 0 connecting, 1 opened, 0 failed, 0 reused, {}",
        ]),
        ("no idle connections, but waiters are served", total(1).idle(0), &[
            "get a -> connect 1", "get a -> wait w1", "put 1 -> wake w1", "take w1 -> use 1", "put 1 -> close 1",
        ]),
        ("no idle connections, and room is passed on", total(1).idle(0), &[
            "get a -> connect 1", "get b -> wait w1", "put 1 -> close 1, wake w1", "take w1 -> connect 2",
        ]),
        ("at the limit the connection that was idle longest makes room", total(2), &[
            "get a -> connect 1", "get b -> connect 2", "put 2", "put 1", "get c -> connect 3, close 2",
            "get d -> connect 4, close 1", "get a -> wait w1",
        ]),
        ("waiters in order of arrival", total(1), &[
            "get a -> connect 1", "get a -> wait w1", "get a -> wait w2", "take w1 -> nothing",
            "put 1 -> wake w1", "get a -> wait w3", "take w1 -> use 1", "take w1 -> nothing",
            "put 1 -> wake w2", "take w2 -> use 1", "put 1 -> wake w3",
        ]),
        ("room goes to the oldest, whatever its origin", total(1), &[
            "get a -> connect 1", "get b -> wait w1", "get a -> wait w2", "lose 1 -> wake w1",
            "take w1 -> connect 2", "lose 2 -> wake w2", "take w2 -> connect 3",
        ]),
        ("a connection without waiters of its origin is closed for another origin", total(1), &[
            "get a -> connect 1", "get b -> wait w1", "put 1 -> close 1, wake w1", "take w1 -> connect 2",
        ]),
        ("a connection is passed on within its origin four times, not five", total(1), &[
            "get a -> connect 1", "get b -> wait w1", "get a -> wait w2", "get a -> wait w3", "get a -> wait w4",
            "get a -> wait w5", "get a -> wait w6", "put 1 -> wake w2", "take w2 -> use 1", "put 1 -> wake w3",
            "take w3 -> use 1", "put 1 -> wake w4", "take w4 -> use 1", "put 1 -> wake w5", "take w5 -> use 1",
            "put 1 -> close 1, wake w1", "take w1 -> connect 2", "put 2 -> close 2, wake w6", "take w6 -> connect 3",
        ]),
        ("an older waiter of the same origin does not bypass", total(1), &[
            "get a -> connect 1", "get a -> wait w1", "get b -> wait w2", "put 1 -> wake w1", "take w1 -> use 1",
            "put 1 -> close 1, wake w2",
        ]),
        ("an origin at its own limit waits, others go on", DEFAULT.per_origin(1), &[
            "get a -> connect 1", "get a -> wait w1", "get b -> connect 2", "put 2", "lose 1 -> wake w1",
            "take w1 -> connect 3", "get b -> use 2",
        ]),
        ("room is not for waiters that their own limit holds back", total(2).per_origin(1), &[
            "get a -> connect 1", "get a -> wait w1", "get b -> connect 2", "get c -> wait w2", "lose 2 -> wake w2",
            "take w2 -> connect 3", "put 1 -> wake w1", "take w1 -> use 1",
        ]),
        ("a waiter that gives up leaves nothing", total(1), &[
            "get a -> connect 1", "get b -> wait w1", "get b -> wait w2", "quit w1 -> retire w1",
            "quit w1 -> stale", "lose 1 -> wake w2", "take w2 -> connect 2", "lose 2",
            "counts -> 0 active, 0 idle, 0 waiting, 0 origins",
        ]),
        ("a waiter that gives up a granted connection passes it on", total(1), &[
            "get a -> connect 1", "get a -> wait w1", "get a -> wait w2", "put 1 -> wake w1", "quit w1 -> wake w2",
            "quit w2", "counts -> 0 active, 1 idle, 0 waiting, 1 origins", "get b -> connect 2, close 1",
        ]),
        ("a waiter that gives up room passes it on", total(1), &[
            "get a -> connect 1", "get b -> wait w1", "get c -> wait w2", "put 1 -> close 1, wake w1",
            "quit w1 -> wake w2", "quit w2", "counts -> 0 active, 0 idle, 0 waiting, 0 origins",
        ]),
        ("a waiter that gives up too late passes on no expired connection", total(1), &[
            "get a -> connect 1", "get a -> wait w1", "put 1 keep 5 -> wake w1", "after 5", "quit w1 -> close 1",
        ]),
        ("a dead connection is replaced without a wait", total(2), &[
            "get a -> connect 1", "get a -> connect 2", "get b -> wait w1", "put 1 -> close 1, wake w1",
            "replace 2 any -> connect 3", "take w1 -> connect 4", "put 4", "put 3", "get a -> use 3",
            "replace 3 any -> connect 5",
        ]),
        ("the next idle connection replaces a dead one, or a new one does", total(3), &[
            "get a -> connect 1", "get a -> connect 2", "get a -> connect 3", "put 1", "put 2", "put 3",
            "get a -> use 3", "replace 3 any -> use 2", "replace 2 new -> connect 4", "replace 4 any -> use 1",
            "counts -> 1 active, 0 idle, 0 waiting, 1 origins",
        ]),
        ("closing", total(3), &[
            "get a -> connect 1", "get a -> connect 2", "put 2", "get b -> connect 3", "get b -> connect 4, close 2",
            "get c -> wait w1", "get c -> wait w2", "put 4 -> close 4, wake w1", "close -> wake w2",
            "take w1 -> closed", "take w2 -> closed", "get a -> closed", "put 1 -> close 1", "replace 3 any -> closed",
            "close", "counts -> 0 active, 0 idle, 0 waiting, 0 origins",
        ]),
        ("closing takes back grants that were not taken", total(1), &[
            "get a -> connect 1", "get a -> wait w1", "get a -> wait w2", "get a -> wait w3", "put 1 -> wake w1",
            "close -> close 1, wake w2 w3", "take w1 -> closed", "quit w2", "take w3 -> closed",
            "counts -> 0 active, 0 idle, 0 waiting, 0 origins",
        ]),
        ("closing with idle connections", DEFAULT, &[
            "get a -> connect 1", "get b -> connect 2", "put 2", "put 1", "close -> close 2 1", "get b -> closed",
        ]),
        ("a limit of zero is one", total(0).per_origin(0), &["get a -> connect 1", "get a -> wait w1"]),
    ];
    for (name, limits, script) in cases {
        let mut pool = Pool::new(*limits);
        for line in *script {
            let (command, expected) = line.split_once(" -> ").unwrap_or((line, "nothing"));
            assert_eq!(pool.run(command), expected, "{name}: {command}, in {script:#?}");
        }
    }
}

/// A driver that speaks the language of the scripts.
struct Pool {
    plan: Plan<String, u32, u32>,
    now: Instant,
    slots: HashMap<u32, Slot>,
    waiters: HashMap<u32, WaiterId>,
    gone: Vec<(u32, u32, u64)>,
    connections: u32,
    waiting: u32,
}

impl Pool {
    fn new(limits: PoolLimits) -> Self {
        Self {
            plan: Plan::new(limits),
            now: Instant::now(),
            slots: HashMap::new(),
            waiters: HashMap::new(),
            gone: Vec::new(),
            connections: 0,
            waiting: 0,
        }
    }

    fn run(&mut self, command: &str) -> String {
        let words: Vec<&str> = command.split(' ').collect();
        let number = |at: usize| words[at].trim_start_matches('w').parse::<u32>().unwrap();
        match words[0] {
            "get" => {
                let waiter = self.waiting + 1;
                let acquired = self.plan.acquire(words[1], self.now, || waiter);
                self.acquired(acquired)
            }
            // Several connections at once, of which no answer but "connect" is expected.
            "open" => {
                for _ in 0..number(2) {
                    assert!(self.run(&format!("get {}", words[1])).starts_with("connect"));
                }
                "nothing".into()
            }
            "put" if words[1] == "all" => {
                let mut numbers: Vec<u32> = self.slots.keys().copied().collect();
                numbers.sort_unstable();
                for number in numbers {
                    assert_eq!(self.run(&command.replacen("all", &number.to_string(), 1)), "nothing");
                }
                "nothing".into()
            }
            "replace" => {
                let new = Replacement::New(CloseCause::Stale);
                let by = if words[2] == "new" { new } else { Replacement::Any };
                let slot = self.slots.remove(&number(1)).unwrap();
                let (grant, close) = self.plan.replace(slot, by, self.now);
                self.acquired((Acquire::Granted(grant), close))
            }
            "opened" => told(self.plan.opened(&self.slots[&number(1)], opening(0), self.now)),
            "put" => {
                let how = match words[2..] {
                    [] => Release::Reuse { keep: None },
                    ["keep", keep] => Release::Reuse { keep: Some(seconds(keep.parse().unwrap())) },
                    _ => Release::Close(CloseCause::LastResponse),
                };
                let slot = self.slots.remove(&number(1)).unwrap();
                told(self.plan.release(slot, number(1), how, self.now))
            }
            "lose" => {
                let slot = self.slots.remove(&number(1)).unwrap();
                told(self.plan.forget(slot, CloseCause::Error, self.now))
            }
            "take" => {
                let id = &self.waiters[&number(1)];
                let grant = self.plan.take(id);
                grant.map_or("nothing".into(), |grant| self.granted(grant))
            }
            "quit" => {
                let WaiterId { key, ticket } = match self.waiters.remove(&number(1)) {
                    Some(waiter) => waiter,
                    None => {
                        let (_, key, ticket) = *self.gone.iter().find(|gone| gone.0 == number(1)).unwrap();
                        WaiterId { key, ticket }
                    }
                };
                self.gone.push((number(1), key, ticket));
                told(self.plan.give_up(WaiterId { key, ticket }, self.now))
            }
            "after" => {
                self.now += seconds(number(1).into());
                "nothing".into()
            }
            "close" => told(self.plan.close()),
            "counts" => {
                let ConnectionCounts { active, idle, .. } = self.plan.counts();
                let (waiting, origins) = (self.plan.waiting(), self.plan.origins.len());
                format!("{active} active, {idle} idle, {waiting} waiting, {origins} origins")
            }
            "stats" => {
                let PoolStats { connecting, opened, failed, reused, closed, .. } = self.plan.stats();
                format!(
                    "{connecting} connecting, {opened} opened, {failed} failed, {reused} reused, {closed:?}"
                )
                .replace('"', "")
            }
            other => panic!("{other}?"),
        }
    }

    fn acquired(&mut self, (answer, close): (Acquire<u32>, SmallVec1<Closing<u32>>)) -> String {
        let mut answer = match answer {
            Acquire::Granted(grant) => self.granted(grant),
            Acquire::Wait(waiter) => {
                self.waiting += 1;
                self.waiters.insert(self.waiting, waiter);
                format!("wait w{}", self.waiting)
            }
        };
        answer.extend(list(", close", "", numbers(close)));
        answer
    }

    fn granted(&mut self, grant: Grant<u32>) -> String {
        match grant {
            Grant::Use { slot, connection } => {
                self.slots.insert(connection, slot);
                format!("use {connection}")
            }
            Grant::Connect { slot } => {
                self.connections += 1;
                self.slots.insert(self.connections, slot);
                format!("connect {}", self.connections)
            }
            Grant::Closed => "closed".into(),
        }
    }
}

type Row = (String, ConnectionState, Instant, Instant, u64);

/// The plan's list of connections.
pub(super) fn listed<C, W>(plan: &Plan<String, C, W>) -> Vec<Row> {
    plan.connections().map(|of| (of.key.clone(), of.state, of.since, of.opened, of.uses)).collect()
}

fn told(actions: Actions<u32, u32>) -> String {
    let parts = [
        list("close", "", numbers(actions.close)),
        list("wake", "w", actions.wake),
        list("retire", "w", actions.retired),
        actions.stale.then(|| "stale".to_owned()),
    ];
    let said = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    if said.is_empty() { "nothing".into() } else { said }
}

fn numbers(close: SmallVec1<Closing<u32>>) -> Vec<u32> {
    close.into_iter().map(|closing| closing.connection).collect()
}

fn list(word: &str, prefix: &str, items: impl IntoIterator<Item = u32>) -> Option<String> {
    let items: String = items.into_iter().map(|item| format!(" {prefix}{item}")).collect();
    (!items.is_empty()).then(|| format!("{word}{items}"))
}

#[test]
fn a_slot_that_was_given_back_changes_nothing() {
    let (mut plan, now) = (Plan::<String, u32, u32>::new(total(1)), Instant::now());
    let Acquire::Granted(Grant::Connect { slot }) = plan.acquire("a", now, || 0).0 else { panic!() };
    let again = || Slot { key: 0, ticket: 1 };
    assert_eq!(slot, again());
    let _ = plan.release(slot, 1, Release::Reuse { keep: None }, now);

    // Once while the connection lies idle, once while another request has it.
    for round in 0..2 {
        let before = listed(&plan);
        let told = plan.release(again(), 7, Release::Reuse { keep: None }, now);
        assert_eq!((told.stale, numbers(told.close)), (true, vec![7]), "round {round}");
        assert!(plan.forget(again(), CloseCause::Error, now).stale);
        assert_eq!(plan.replace(again(), Replacement::Any, now).0, Grant::Closed);
        assert!(plan.opened(&again(), opening(0), now).stale);
        assert_eq!(listed(&plan), before);
        let _ = plan.acquire("a", now, || 0);
    }
    assert!(plan.forget(Slot { key: 99, ticket: 1 }, CloseCause::Error, now).stale);
}

#[test]
fn connections_are_listed() {
    let (mut plan, start) = (Plan::<String, u32, u32>::new(DEFAULT), Instant::now());
    let Acquire::Granted(Grant::Connect { slot }) = plan.acquire("a", start, || 0).0 else { panic!() };
    let mut story = vec![listed(&plan)];
    let _ = plan.opened(&slot, opening(0), start + seconds(1));
    story.push(listed(&plan));
    let _ = plan.release(slot, 1, Release::Reuse { keep: None }, start + seconds(2));
    story.push(listed(&plan));
    let _ = plan.acquire("a", start + seconds(3), || 0);
    story.push(listed(&plan));

    let row = |state, since, opened, uses| {
        vec![("a".to_owned(), state, start + seconds(since), start + seconds(opened), uses)]
    };
    let expected = [
        row(ConnectionState::Connecting, 0, 0, 1),
        row(ConnectionState::Active, 1, 1, 1),
        row(ConnectionState::Idle, 2, 1, 1),
        row(ConnectionState::Active, 3, 1, 2),
    ];
    assert_eq!(story, expected);
    assert_eq!(format!("{plan:?}"), "Plan { active: 1, idle: 0, waiting: 0, origins: 1, closed: false, .. }");
}

#[test]
fn a_waker_replaces_the_first() {
    let (mut plan, now) = (Plan::<String, u32, u32>::new(total(1)), Instant::now());
    let Acquire::Granted(Grant::Connect { slot }) = plan.acquire("a", now, || 0).0 else { panic!() };
    let Acquire::Wait(waiter) = plan.acquire("a", now, || 1).0 else { panic!() };
    assert_eq!(plan.set_waker(&waiter, 2), Some(1));
    assert_eq!(plan.forget(slot, CloseCause::Error, now).wake.into_iter().collect::<Vec<_>>(), [2]);
    assert_eq!(plan.set_waker(&waiter, 3), Some(3));
    assert!(matches!(plan.take(&waiter), Some(Grant::Connect { .. })));
    assert_eq!(plan.set_waker(&waiter, 4), Some(4));
}
