//! How often, and after which pause.

use super::*;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn attempts_are_limited() {
    for (max, statuses, expected) in [
        (1, vec!["503"], "503 after 1"),
        (2, vec!["503", "502"], "502 after 2, NoAttemptsLeft"),
        (3, vec!["503", "503", "504"], "504 after 3, NoAttemptsLeft"),
        (3, vec!["503", "503", "200"], "200 after 3"),
        (3, vec!["503", "404"], "404 after 2"),
    ] {
        let outcomes = statuses.into_iter().map(answer);
        let (waits, end) = play(&at_once().max_attempts(max), &Moved::new(), request("GET"), outcomes);
        assert_eq!((shown(&end).as_str(), waits.len()), (expected, 0));
    }
}

#[test]
fn pauses_are_random_and_grow() {
    let mut longest = [Duration::ZERO; 5];
    for seed in 0..200 {
        let retry = Retry::new().max_attempts(6).base_delay(SECOND).max_delay(6 * SECOND).seed(seed);
        let run = || play(&retry, &Moved::new(), request("GET"), (0..6).map(|_| answer("503"))).0;
        let (waits, next) = (run(), run());
        assert_ne!(waits, next, "each call has other pauses");
        for ((n, wait), longest) in (0_u32..).zip(&waits).zip(&mut longest) {
            assert!(*wait <= (SECOND * 2_u32.pow(n)).min(6 * SECOND), "{n} {wait:?}");
            *longest = (*wait).max(*longest);
        }
        // The same seed, the same pauses.
        let twin = retry.clone().seed(seed);
        assert_eq!(play(&twin, &Moved::new(), request("GET"), (0..6).map(|_| answer("503"))).0, waits);
    }
    for (longest, bound) in longest.into_iter().zip([1, 2, 4, 6, 6]) {
        assert!(longest > SECOND * bound * 9 / 10, "{longest:?} of {bound} s");
    }
}

/// The value of `Retry-After`, and the wait; `None` is a response that is returned at once.
#[test]
fn retry_after() {
    let rows: [(&str, Option<u64>); 18] = [
        ("0", Some(0)),
        ("7", Some(7)),
        ("60", Some(60)),
        ("61", None),
        ("99999999999", None),
        ("99999999999999999999999999999999", None),
        ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
        ("Sunday, 06-Nov-94 08:49:47 GMT", Some(10)),
        ("Sun Nov  6 08:49:47 1994", Some(10)),
        ("Sun, 06 Nov 1994 08:49:36 GMT", Some(0)),
        ("Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("", Some(0)),
        ("-1", Some(0)),
        ("1.5", Some(0)),
        ("soon", Some(0)),
        ("Sun, 31 Feb 1994 08:49:37 GMT", Some(0)),
        ("7, 7", Some(0)),
    ];
    for (value, wait) in rows {
        let first = answer(&format!("503 Retry-After: {value}"));
        let outcomes = [first].into_iter().chain(wait.map(|_| answer("200")));
        let (waits, end) = play(&at_once(), &Moved::new(), request("GET"), outcomes);
        // An attempt takes 10 ms, which a date does not know.
        let waited = waits.iter().sum::<Duration>();
        let expected = Duration::from_secs(wait.unwrap_or(0));
        assert!(waited <= expected && waited + ATTEMPT >= expected, "{value:?} {waited:?}");
        let expected = if wait.is_some() { "200 after 2" } else { "503 after 1, RetryAfterTooLong" };
        assert_eq!(shown(&end), expected, "{value:?}");
    }
}

#[test]
fn retry_after_is_the_least_pause() {
    let retry = Retry::new().base_delay(SECOND).max_delay(SECOND).seed(1);
    let outcomes = [answer("429 Retry-After: 7"), answer("503 Retry-After: 7"), answer("200")];
    let (waits, end) = play(&retry, &Moved::new(), request("GET"), outcomes);
    assert_eq!(shown(&end), "200 after 3");
    assert!(waits.iter().all(|wait| *wait > 7 * SECOND && *wait <= 8 * SECOND), "{waits:?}");

    let short = at_once().max_retry_after(6 * SECOND);
    let (waits, end) = play(&short, &Moved::new(), request("GET"), [answer("503 Retry-After: 7")]);
    assert_eq!((shown(&end).as_str(), waits.len()), ("503 after 1, RetryAfterTooLong", 0));
}

/// A pause that would outlast the total timeout is not begun.
#[test]
fn the_total_timeout_bounds_all_attempts() {
    for (total, retry_after, expected) in [
        (10_000, "9", "200 after 2"),
        (10_000, "10", "503 after 1, NoTimeLeft"),
        (9_010, "9", "503 after 1, NoTimeLeft"),
        (9_011, "9", "200 after 2"),
        (10, "0", "503 after 1, NoTimeLeft"),
    ] {
        let mut request = request("GET");
        request.head_mut().options_mut().timeouts.total = Some(Duration::from_millis(total));
        let rest = expected.starts_with("200").then(|| answer("200"));
        let outcomes = [answer(&format!("503 Retry-After: {retry_after}"))].into_iter().chain(rest);
        let (_, end) = play(&at_once(), &Moved::new(), request, outcomes);
        assert_eq!(shown(&end), expected, "{total} {retry_after}");
    }
    // Also a random pause.
    let mut request = request("GET");
    request.head_mut().options_mut().timeouts.total = Some(SECOND);
    let refused = failure(ErrorKind::Connect, RequestSent::Nothing);
    let slow = Retry::new().base_delay(1_000_000 * SECOND).max_delay(Duration::MAX).seed(1);
    let (_, end) = play(&slow, &Moved::new(), request, [refused]);
    assert_eq!(shown(&end), "Connect after 1, NoTimeLeft");
}

#[test]
fn a_budget_is_shared() {
    let budget = RetryBudget::new(0, 1); // ten retries in ten seconds
    let (one, other) = (at_once().budget(&budget), at_once().budget(&budget).max_attempts(9));
    let clock = Moved::new();
    let failing = |retry: &Retry, attempts| {
        let outcomes = (0..attempts).map(|_| answer("503"));
        shown(&play(retry, &clock, request("GET"), outcomes).1)
    };
    assert_eq!(failing(&one, 3), "503 after 3, NoAttemptsLeft");
    assert_eq!(failing(&other, 9), "503 after 9, NoAttemptsLeft");
    assert_eq!(failing(&one, 1), "503 after 1, BudgetExhausted");
    clock.pass(10 * SECOND);
    assert_eq!(failing(&one, 3), "503 after 3, NoAttemptsLeft");
}

/// Each request adds its share to the budget.
#[test]
fn requests_pay_for_retries() {
    let retry = at_once().max_attempts(2).budget(RetryBudget::new(50, 0));
    let clock = Moved::new();
    for is_retried in [false, true, false, true] {
        let outcomes = [answer("503")].into_iter().chain(is_retried.then(|| answer("200")));
        let (_, end) = play(&retry, &clock, request("GET"), outcomes);
        assert_eq!(shown(&end), if is_retried { "200 after 2" } else { "503 after 1, BudgetExhausted" });
    }
}

/// The settings of a request take its layer's budget, unless they have their own.
#[test]
fn the_settings_of_a_request() {
    let layer = at_once().budget(RetryBudget::new(0, 0));
    let own = |retry: Retry| {
        let mut request = request("GET");
        request.head_mut().extensions_mut().insert(retry);
        request
    };
    let rows = [
        (request("GET"), 1, "503 after 1, BudgetExhausted"),
        (own(at_once()), 1, "503 after 1, BudgetExhausted"),
        (own(at_once().max_attempts(2).budget(RetryBudget::default())), 2, "503 after 2, NoAttemptsLeft"),
        (own(Retry::never()), 1, "503 after 1"),
    ];
    for (request, attempts, expected) in rows {
        let outcomes = (0..attempts).map(|_| answer("503"));
        assert_eq!(shown(&play(&layer, &Moved::new(), request, outcomes).1), expected);
    }
    let (_, end) = play(&Retry::never(), &Moved::new(), own(at_once()), [answer("503"), answer("200")]);
    assert_eq!(shown(&end), "200 after 2");
}
