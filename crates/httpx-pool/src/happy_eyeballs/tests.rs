//! A network of addresses with a virtual clock: each address answers after a time, refuses, or stays silent.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

const MS: Duration = Duration::from_millis(1);

/// How an address behaves. The time counts from the start of the attempt.
#[derive(Clone, Copy, Debug)]
enum Peer {
    Accepts(u32),
    Refuses(u32),
    Silent,
}

use Peer::{Accepts, Refuses, Silent};

/// What the driver did, in milliseconds since the beginning.
#[derive(Debug, PartialEq, Eq)]
enum Act {
    Start(usize, u128),
    Stop(usize, u128),
}

use Act::{Start, Stop};

struct Run {
    acts: Vec<Act>,
    ended: u128,
    most_at_once: usize,
    /// The number of the address that accepted, and whether it is remembered.
    outcome: Result<(usize, bool), ConnectError>,
}

/// Plays the driver. The attempts are numbered like their peers.
fn run(peers: &[Peer], delay: Option<Duration>, time: Option<Duration>) -> Run {
    let begin = Instant::now();
    let addresses = peers.iter().zip(0..).map(|(_, port)| SocketAddr::from(([127, 0, 0, 1], port))).collect();
    let mut machine = HappyEyeballs::new("h", addresses, delay, time.map(|time| begin + time));
    let mut now = begin;
    // The attempts under way, and when they end.
    let mut pending: BTreeMap<usize, (Attempt, Option<Instant>)> = BTreeMap::new();
    let (mut acts, mut most_at_once) = (Vec::new(), 0);
    let outcome = loop {
        let since = (now - begin).as_millis();
        match machine.step(now) {
            AttemptStep::Start(attempt, _) => {
                acts.push(Start(attempt.number, since));
                let ends = match peers[attempt.number] {
                    Accepts(ms) | Refuses(ms) => Some(now + ms * MS),
                    Silent => None,
                };
                pending.insert(attempt.number, (attempt, ends));
                most_at_once = most_at_once.max(pending.len());
            }
            AttemptStep::Stop(attempt) => {
                acts.push(Stop(attempt.number, since));
                pending.remove(&attempt.number).unwrap();
            }
            AttemptStep::Wait(until) => {
                let ends =
                    pending.values().filter_map(|(attempt, ends)| Some(((*ends)?, attempt.number))).min();
                let Some((end, number)) = ends.filter(|(end, _)| until.is_none_or(|until| *end <= until))
                else {
                    assert!(until.unwrap() > now, "a wait that waits for nothing");
                    now = until.unwrap();
                    continue;
                };
                now = now.max(end);
                let (attempt, _) = pending.remove(&number).unwrap();
                if let Accepts(_) = peers[number] {
                    break Ok((number, machine.succeeded(attempt).is_some()));
                }
                machine.failed(attempt, ErrorKind::ConnectionRefused.into());
            }
            AttemptStep::Fail(error) => break Err(error),
        }
    };
    Run { acts, ended: (now - begin).as_millis(), most_at_once, outcome }
}

struct Row {
    peers: &'static [Peer],
    delay: Option<Duration>,
    /// In milliseconds.
    time: Option<u32>,
    acts: &'static [Act],
    /// The number of the address, and whether it is remembered.
    reached: (usize, bool),
    ended: u128,
}

#[test]
fn the_next_address_starts_after_a_failure_or_a_delay() {
    let row =
        |peers, acts, reached, ended| Row { peers, delay: None, time: Some(10_000), acts, reached, ended };
    let rows = [
        row(&[Accepts(30)], &[Start(0, 0)], (0, false), 30),
        // The first answers within the delay.
        row(&[Accepts(249), Accepts(1)], &[Start(0, 0)], (0, false), 249),
        // The first is slower than the delay, and still the first to answer.
        row(&[Accepts(300), Accepts(100)], &[Start(0, 0), Start(1, 250)], (0, false), 300),
        row(&[Accepts(500), Accepts(100)], &[Start(0, 0), Start(1, 250)], (1, true), 350),
        row(&[Silent, Accepts(5)], &[Start(0, 0), Start(1, 250)], (1, true), 255),
        Row { time: None, ..row(&[Silent, Accepts(5)], &[Start(0, 0), Start(1, 250)], (1, true), 255) },
        row(&[Refuses(7), Accepts(5)], &[Start(0, 0), Start(1, 7)], (1, true), 12),
        // A failure of any attempt starts the next one.
        row(&[Silent, Refuses(3), Accepts(1)], &[Start(0, 0), Start(1, 250), Start(2, 253)], (2, true), 254),
        // The delay has a minimum.
        Row { delay: Some(MS), ..row(&[Silent, Accepts(1)], &[Start(0, 0), Start(1, 10)], (1, true), 11) },
        // Each address has its share of a short time.
        Row {
            time: Some(90),
            ..row(&[Silent, Silent, Accepts(1)], &[Start(0, 0), Start(1, 30), Start(2, 60)], (2, true), 61)
        },
    ];
    for Row { peers, delay, time, acts, reached, ended } in rows {
        let run = run(peers, delay, time.map(|ms| ms * MS));
        assert_eq!(run.acts, acts, "{peers:?}");
        assert_eq!((run.outcome.ok(), run.ended), (Some(reached), ended), "{peers:?}");
    }
}

#[test]
fn the_error_lists_each_address_with_its_reason() {
    let second = Some(Duration::from_secs(1));
    let rows: [(&[Peer], _, &str); 5] = [
        (&[], second, "cannot connect to h"),
        (&[Refuses(1)], second, "cannot connect to h (tried 127.0.0.1:0)"),
        (
            &[Refuses(1), Refuses(1)],
            second,
            "cannot connect to h (tried 127.0.0.1:0: connection refused; 127.0.0.1:1: connection refused)",
        ),
        (
            &[Silent, Refuses(1)],
            second,
            "no time left while connecting to h (tried 127.0.0.1:1: connection refused; 127.0.0.1:0: no answer)",
        ),
        (&[Accepts(1)], Some(Duration::ZERO), "no time left while connecting to h"),
    ];
    for (peers, time, expected) in rows {
        let error = run(peers, None, time).outcome.unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn the_most_telling_error_is_the_source() {
    use ErrorKind::{ConnectionRefused, NetworkUnreachable, PermissionDenied, TimedOut};

    let rows: [(&[ErrorKind], ErrorKind); 4] = [
        (&[ConnectionRefused, NetworkUnreachable], ConnectionRefused),
        (&[NetworkUnreachable, TimedOut], TimedOut),
        (&[TimedOut, PermissionDenied, NetworkUnreachable], PermissionDenied),
        (&[PermissionDenied, ConnectionRefused], ConnectionRefused),
    ];
    for (kinds, expected) in rows {
        let addresses = vec![SocketAddr::from(([127, 0, 0, 1], 1)); kinds.len()];
        let (mut machine, now) = (HappyEyeballs::new("h", addresses, None, None), Instant::now());
        for kind in kinds {
            let AttemptStep::Start(attempt, _) = machine.step(now) else { panic!("nothing starts") };
            machine.failed(attempt, (*kind).into());
        }
        let AttemptStep::Fail(ConnectError::Connect { source, attempts, .. }) = machine.step(now) else {
            panic!("no error")
        };
        assert_eq!((source.kind(), attempts.len()), (expected, kinds.len()));
    }
}

/// A resolver may return any number of addresses.
#[test]
fn ten_thousand_silent_addresses() {
    let run = run(&[Silent; 10_000], None, Some(Duration::from_secs(10)));
    assert_eq!((run.most_at_once, run.ended), (MAX_AT_ONCE, 10_000));
    let ConnectError::TimedOut { attempts, .. } = run.outcome.unwrap_err() else { panic!("not timed out") };
    assert_eq!(attempts.len(), MAX_ATTEMPTS);
    // The oldest attempt ends where another begins.
    assert!(run.acts.windows(2).any(|acts| matches!(acts, [Stop(0, at), Start(8, also)] if at == also)));
}

fn peer() -> impl Strategy<Value = Peer> {
    prop_oneof![(0..2000_u32).prop_map(Accepts), (0..2000_u32).prop_map(Refuses), Just(Silent)]
}

proptest! {
    /// For any peers: the deadline holds, attempts are bounded, and an accepting address is missed only if the time or
    /// the bounds end it.
    #[test]
    fn bounds_hold(
        peers in prop::collection::vec(peer(), 0..40),
        delay in prop::option::of(0..1000_u32),
        time in prop::option::of(0..5000_u32),
    ) {
        // Without a deadline a silent address is waited for by the system alone.
        prop_assume!(time.is_some() || !peers.iter().any(|peer| matches!(peer, Silent)));
        let run = run(&peers, delay.map(|ms| ms * MS), time.map(|ms| ms * MS));
        prop_assert!(run.most_at_once <= MAX_AT_ONCE);
        let starts = run.acts.iter().filter(|act| matches!(act, Start(..))).count();
        prop_assert!(starts <= MAX_ATTEMPTS);
        prop_assert!(time.is_none_or(|ms| run.ended <= u128::from(ms)));
        if let Err(error) = run.outcome {
            prop_assert_eq!(error.attempts().len(), starts);
            let all_refuse = peers.iter().take(MAX_ATTEMPTS).all(|peer| matches!(peer, Refuses(_)));
            prop_assert!(time.is_some() || all_refuse || peers.len() > MAX_AT_ONCE);
        }
    }
}
