//! [`RateLimit`].

use proptest::prelude::*;

use super::*;

/// When a call comes, and when it is cancelled, if it still waits then; in ms.
type Plan = (u32, Option<u32>);

/// When each call was sent, in ms.
type Sent = Vec<Option<u32>>;

/// Sends these calls, the earliest first, through a limit. Returns when each was sent.
fn run(limit: &RateLimit, plans: &[Plan], end: u32) -> Sent {
    let clock = Set::new();
    let mut calls: Vec<Option<Driven<RateCall>>> = plans.iter().map(|_| None).collect();
    let mut sent = vec![None; plans.len()];
    for now in 0..=end {
        clock.set(now);
        for (call, (comes, cancelled)) in calls.iter_mut().zip(plans) {
            if *comes == now {
                *call = Some(Driven::start(limit, get("http://h/"), &clock));
            }
            if *cancelled == Some(now) {
                *call = None;
            }
        }
        // Until nobody is woken any more; the newest is polled first, so that it could push in.
        while calls.iter_mut().rev().flatten().any(|call| call.poll(limit, &clock)) {}
        for (call, at) in calls.iter_mut().zip(&mut sent) {
            if call.take_if(|call| call.is_sent()).is_some() {
                *at = Some(now);
            }
        }
    }
    assert_eq!(format!("{limit:?}"), "<RateLimit [0 waiting]>", "{plans:?}");
    sent
}

/// The same by a token bucket, and a list of calls that is looked through each millisecond.
fn naive(interval: u32, burst: u32, plans: &[Plan], end: u32) -> Sent {
    let (mut sent, mut level) = (vec![None; plans.len()], interval * burst);
    for now in 0..=end {
        for (sent, (comes, cancelled)) in sent.iter_mut().zip(plans) {
            let has_come = *comes <= now && cancelled.is_none_or(|at| at > now || at < *comes);
            if sent.is_none() && has_come && level >= interval {
                level -= interval;
                *sent = Some(now);
            }
        }
        level = (level + 1).min(interval * burst);
    }
    sent
}

#[test]
fn calls_wait_for_their_turn() {
    let rows: [(u32, u32, Vec<Plan>, Sent); 5] = [
        (10, 1, vec![(0, None), (0, None), (3, None)], vec![Some(0), Some(10), Some(20)]),
        (10, 2, vec![(0, None), (0, None), (3, None)], vec![Some(0), Some(0), Some(10)]),
        (10, 1, vec![(0, None), (10, None), (25, None)], vec![Some(0), Some(10), Some(25)]),
        // The second one is cancelled: the third one takes its turn.
        (10, 1, vec![(0, None), (1, Some(5)), (2, None), (3, None)], vec![Some(0), None, Some(10), Some(20)]),
        // The same for one in the middle.
        (10, 1, vec![(0, None), (1, None), (2, Some(4)), (3, None)], vec![Some(0), Some(10), None, Some(20)]),
    ];
    for (interval, burst, plans, expected) in rows {
        let limit = RateLimit::new(1, MS * interval).burst(burst);
        assert_eq!(run(&limit, &plans, 50), expected, "{plans:?}");
        assert_eq!(naive(interval, burst, &plans, 50), expected, "{plans:?}");
    }
}

proptest! {
    /// Calls come and are cancelled at any time: they are sent as by a naive token bucket with a list, in the order in which
    /// they came.
    #[test]
    fn as_a_naive_token_bucket(
        interval in 1_u32..20,
        burst in 1_u32..4,
        plans in prop::collection::vec((0_u32..40, prop::option::of(0_u32..80)), 1..20),
    ) {
        let mut plans: Vec<Plan> = plans;
        plans.sort_by_key(|(comes, _)| *comes);
        let plans: Vec<Plan> = plans.into_iter().map(|(comes, cancelled)| (comes, cancelled.filter(|at| *at > comes))).collect();
        let sent = run(&RateLimit::new(1, MS * interval).burst(burst), &plans, 500);
        prop_assert_eq!(&sent, &naive(interval, burst, &plans, 500));
        prop_assert!(sent.iter().flatten().is_sorted(), "{:?}", sent);
    }
}

/// A call that is woken late neither loses its turn to a new one, nor delays those behind it.
#[test]
fn late_calls() {
    let clock = Set::new();
    let limit = RateLimit::new(1, MS * 10).burst(2);
    let arrive = || Driven::start(&limit, get("http://h/"), &clock);
    let mut calls = vec![arrive(), arrive(), arrive(), arrive()];
    let sent = |calls: &[Driven<RateCall>]| calls.iter().filter(|call| call.is_sent()).count();
    assert_eq!(sent(&calls), 2);
    // The third one is due at 10, the fourth one at 20.
    clock.set(15);
    assert!(calls[2].poll(&limit, &clock) && calls[2].is_sent());
    calls[3].poll(&limit, &clock);
    assert_eq!(sent(&calls), 3);
    clock.set(20);
    assert!(calls[3].poll(&limit, &clock) && calls[3].is_sent());

    calls.push(arrive());
    clock.set(50);
    calls.push(arrive());
    assert!(!calls[5].is_sent(), "the fifth one has been due since 30");
    assert!(calls[4].poll(&limit, &clock) && calls[4].is_sent());
    assert!(calls[5].poll(&limit, &clock) && calls[5].is_sent());
}

/// All calls are woken long after their turn: a runtime was blocked. They do not follow each other at once.
#[test]
fn a_stall_is_followed_by_no_flood() {
    for (burst, at_once) in [(1, 2), (3, 4)] {
        let clock = Set::new();
        let limit = RateLimit::new(1, MS * 10).burst(burst);
        let mut calls = (0..20).map(|_| Driven::start(&limit, get("http://h/"), &clock)).collect::<Vec<_>>();
        let mut sent = |ms| {
            clock.set(ms);
            let before = calls.iter().filter(|call| call.is_sent()).count();
            while calls.iter_mut().any(|call| call.poll(&limit, &clock)) {}
            calls.iter().filter(|call| call.is_sent()).count() - before
        };
        assert_eq!([sent(1000), sent(1009), sent(1010), sent(1020)], [at_once, 0, 1, 1], "{burst}");
    }
}

#[test]
fn origins_have_separate_limits() {
    let urls = ["http://a/1", "http://a:80/2", "http://ann@a/3", "https://a/", "http://a:81/", "http://b/"];
    for (limit, expected) in [
        (RateLimit::new(1, MS), [true, false, false, true, true, true]),
        (RateLimit::new(1, MS).for_all_origins(), [true, false, false, false, false, false]),
    ] {
        let clock = Set::new();
        let calls = urls.map(|url| Driven::start(&limit, get(url), &clock));
        assert_eq!(calls.each_ref().map(Driven::is_sent), expected);
    }
}

/// A call that has no time to wait fails at once, or is left to the check of the driver.
#[test]
fn waits_are_bounded() {
    let clock = Set::new();
    let limit = RateLimit::new(1, MS * 100).max_wait(MS * 150);
    let calls = [(); 3].map(|()| Driven::start(&limit, get("http://h/"), &clock));
    assert!(calls[0].is_sent() && matches!(calls[1].state, State::Until(_)));
    assert_eq!(
        failure(&calls[2]).to_string(),
        "the rate limit for h delays the request by 200ms, which is longer than its max_wait; send fewer requests, or \
         raise it"
    );
    let never = RateLimit::new(1, MS * 100).max_wait(Duration::ZERO).for_all_origins();
    let calls = [(); 2].map(|()| Driven::start(&never, get("http://h/"), &clock));
    assert!(calls[0].is_sent() && failure(&calls[1]).message().contains("for all origins"));

    let limit = RateLimit::new(1, MS * 100);
    let with_total = |ms| {
        let mut head = get("http://h/");
        head.options_mut().timeouts.total = Some(MS * ms);
        Driven::start(&limit, head, &clock)
    };
    let calls = [1, 100, 101].map(with_total);
    assert!(calls[0].is_sent());
    // The second one would be too late, and takes no turn of the third one.
    assert!(matches!(calls[1].state, State::Until(at) if at == clock.now() + MS * 100));
    assert!(matches!(calls[2].state, State::Until(at) if at == clock.now() + MS * 100));
    assert_eq!(format!("{limit:?}"), "<RateLimit [1 waiting]>");
}

/// A server that redirects to ever new hosts fills no memory.
#[test]
fn few_origins_are_remembered() {
    let limit = RateLimit::new(1, MS * 1000);
    let clock = Set::new();
    let sent = |n: u32| Driven::start(&limit, get(&format!("http://h{n}/")), &clock).is_sent();
    assert!(sent(0));
    clock.set(1);
    assert!((1..1499).all(sent) && limit.remembered() <= 1000);
    clock.set(2);
    assert!(sent(1499));
    // The first one would have been free soonest. The last one is remembered.
    assert!(sent(0) && !sent(1499));
    clock.set(2000);
    assert!(sent(1499) && sent(1500) && limit.remembered() < 10, "those that are free are forgotten");
}
