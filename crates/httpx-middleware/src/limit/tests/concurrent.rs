//! [`ConcurrencyLimit`].

use httpx_core::{ResponseHead, StatusCode};
use proptest::prelude::*;

use super::*;
use crate::flow::BodyEnd;
use crate::{FlowNext, FlowOutcome};

type Waiting = Driven<ConcurrencyCall>;

fn start(limit: &ConcurrencyLimit, clock: &Set) -> Waiting {
    Driven::start(limit, get("http://h/"), clock)
}

/// Lets the calls go on that were woken.
fn settle(limit: &ConcurrencyLimit, clock: &Set, calls: &mut [Waiting]) {
    while calls.iter_mut().rev().any(|call| call.poll(limit, clock)) {}
}

fn sent(calls: &[Waiting]) -> Vec<bool> {
    calls.iter().map(Driven::is_sent).collect()
}

#[test]
fn a_place_is_free_when_the_body_has_ended() {
    let (limit, clock) = (ConcurrencyLimit::new(1), Set::new());
    let ok = || ResponseHead::new(StatusCode::OK);
    let outcome = |call: &mut Waiting, outcome: FlowOutcome<'_>| {
        limit.next(&mut call.call, &mut call.head, outcome, &clock).unwrap()
    };
    let mut calls = [start(&limit, &clock), start(&limit, &clock), start(&limit, &clock)];
    assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [1 active, 2 waiting]>");

    // A response: until its body has ended, also after the end of the call.
    let FlowNext::Observe(observer) = outcome(&mut calls[0], FlowOutcome::Response(&mut ok())) else {
        panic!()
    };
    settle(&limit, &clock, &mut calls);
    assert_eq!(sent(&calls), [true, false, false]);
    let [first, second, third] = calls;
    drop(first);
    let mut calls = [second, third];
    settle(&limit, &clock, &mut calls);
    assert_eq!(sent(&calls), [false, false]);
    observer.observe(BodyEnd::Complete { bytes: 0 });
    settle(&limit, &clock, &mut calls);
    assert_eq!(sent(&calls), [true, false]);

    // An error: at once.
    let mut error = Error::new(ErrorKind::Io, "reset");
    assert!(matches!(outcome(&mut calls[0], FlowOutcome::Failed(&mut error)), FlowNext::Done));
    settle(&limit, &clock, &mut calls);
    assert_eq!(sent(&calls), [true, true]);

    // An observer that is dropped unused.
    let next = outcome(&mut calls[1], FlowOutcome::Response(&mut ok()));
    assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [1 active, 0 waiting]>");
    drop(next);
    assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [0 active, 0 waiting]>");
}

#[test]
fn origins_have_separate_places() {
    let clock = Set::new();
    for (limit, is_sent) in
        [(ConcurrencyLimit::new(1), true), (ConcurrencyLimit::new(1).for_all_origins(), false)]
    {
        let calls =
            ["http://a/", "http://a/x", "http://b/"].map(|url| Driven::start(&limit, get(url), &clock));
        assert_eq!(sent(&calls), [true, false, is_sent]);
    }
    // No limit is none at all.
    let calls = [(); 2].map(|()| start(&ConcurrencyLimit::new(0), &clock));
    assert_eq!(sent(&calls), [true, true]);
}

#[test]
fn a_wait_is_bounded() {
    let clock = Set::new();
    let with_pool_timeout = || {
        let mut head = get("http://h/");
        head.options_mut().timeouts.pool = Some(MS * 100);
        head
    };
    let rows = [(ConcurrencyLimit::new(1), 100), (ConcurrencyLimit::new(1).max_wait(MS * 30), 30)];
    for (limit, most) in rows {
        clock.set(0);
        let mut calls = [start(&limit, &clock), Driven::start(&limit, with_pool_timeout(), &clock)];
        clock.set(most - 1);
        settle(&limit, &clock, &mut calls);
        assert!(matches!(calls[1].state, State::Listening(..)));
        clock.set(most);
        settle(&limit, &clock, &mut calls);
        let text = failure(&calls[1]).to_string();
        let expected =
            format!("the limit of 1 concurrent requests for h left no room within {most}ms; read or drop");
        assert!(text.starts_with(&expected), "{text}");
    }
    let at_once = ConcurrencyLimit::new(1).max_wait(Duration::ZERO);
    let calls = [start(&at_once, &clock), start(&at_once, &clock)];
    assert_eq!(format!("{at_once:?}"), "<ConcurrencyLimit [1 active, 0 waiting]>");
    failure(&calls[1]);
}

proptest! {
    /// Calls come, end and are cancelled in any order, also between their notification and their turn: there are never more
    /// than allowed, nobody waits while there is room, and those who wait are sent in the order in which they came.
    #[test]
    fn places_are_neither_lost_nor_doubled(
        max in 1_usize..4,
        steps in prop::collection::vec((0_u8..4, any::<prop::sample::Index>()), 1..80),
    ) {
        let (limit, clock) = (ConcurrencyLimit::new(max), Set::new());
        let mut calls: Vec<(u32, Waiting)> = Vec::new();
        let (mut number, mut last_sent) = (0, 0);
        for (step, which) in steps {
            match step {
                0 | 1 => {
                    number += 1;
                    calls.push((number, start(&limit, &clock)));
                }
                // Ends or cancels one, without letting the others go on.
                2 if !calls.is_empty() => drop(calls.remove(which.index(calls.len()))),
                _ => while calls.iter_mut().rev().any(|(_, call)| call.poll(&limit, &clock)) {},
            }
            let active = calls.iter().filter(|(_, call)| call.is_sent()).count();
            prop_assert!(active <= max);
            if step == 3 {
                prop_assert_eq!(active, max.min(calls.len()));
                let newest = calls.iter().filter(|(_, call)| call.is_sent()).map(|(n, _)| *n).max().unwrap_or(last_sent);
                last_sent = newest.max(last_sent);
                let oldest_waiting = calls.iter().filter(|(_, call)| !call.is_sent()).map(|(n, _)| *n).min();
                prop_assert!(oldest_waiting.is_none_or(|n| n > last_sent));
            }
        }
        drop(calls);
        prop_assert_eq!(format!("{limit:?}"), "<ConcurrencyLimit [0 active, 0 waiting]>");
        prop_assert_eq!(limit.remembered(), 0);
    }
}
