//! Which deadline bounds which wait.

use super::*;

fn timeouts(total: Option<Duration>) -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.write = Some(Duration::from_secs(1));
    timeouts.head = Some(Duration::from_secs(2));
    timeouts.read = Some(Duration::from_secs(3));
    timeouts.total = total;
    timeouts
}

/// Waits from `now` on as long as allowed. Returns the limit, and the timeout that ends it.
fn overdue(exchange: &mut State, now: Instant) -> (Option<Duration>, Timeout, Option<Duration>) {
    let left = exchange.left(now).unwrap();
    let then = now + left.unwrap();
    let error = match exchange.step(Instant::now).unwrap() {
        Step::Write => exchange.wrote(Err(IoKind::TimedOut.into()), || then),
        Step::Read => exchange.received(Err(IoKind::TimedOut.into()), || then),
        step => panic!("{step:?}"),
    }
    .unwrap_err();
    let ErrorKind::Timeout(timeout) = error.kind() else { panic!("{error}") };
    (left, timeout, error.timeout())
}

fn write_all(exchange: &mut State) {
    while matches!(exchange.step(Instant::now).unwrap(), Step::Write | Step::WriteOrRead) {
        let n = exchange.outgoing().concat().len();
        exchange.wrote(Ok(n), Instant::now).unwrap();
    }
}

/// Begins an exchange at this time. A POST has a body.
fn begin(t0: Instant, request: &str, total: Option<u64>) -> State {
    let mut exchange = state();
    let head = head(request);
    let deadline = total.map(|total| t0 + seconds(total));
    let timeouts = timeouts(total.map(seconds));
    let call = Call { timeouts: &timeouts, deadline, ..Call::by_default(&head) };
    let body = if request.starts_with("POST") { Body::from("x") } else { Body::empty() };
    exchange.start(&call, body).unwrap();
    exchange
}

fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn the_deadlines_of_writes_and_heads() {
    let t0 = Instant::now();
    // Each wait for room to write has the whole timeout.
    let mut one = begin(t0, "GET", None);
    assert_eq!(one.left(t0).unwrap(), Some(seconds(1)));
    one.wrote(Ok(1), Instant::now).unwrap();
    assert_eq!(overdue(&mut one, t0 + seconds(9)), (Some(seconds(1)), Timeout::Write, Some(seconds(1))));
    // Bytes of the response do not extend it.
    let mut one = begin(t0, "GET", None);
    assert_eq!(one.left(t0).unwrap(), Some(seconds(1)));
    receive(&mut one, "HTTP/1.1 103 Early Hints\r\n\r\nH");
    one.step(Instant::now).unwrap();
    let error = one.left(t0 + seconds(1)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Write));
    // The head timeout runs from the first wait for the head. No byte extends it.
    let mut one = begin(t0, "GET", None);
    write_all(&mut one);
    assert_eq!(one.left(t0 + seconds(1)).unwrap(), Some(seconds(2)));
    receive(&mut one, "HTTP/1.1 103 Early Hints\r\n\r\nH");
    one.step(Instant::now).unwrap();
    assert_eq!(
        overdue(&mut one, t0 + Duration::from_millis(2500)),
        (Some(Duration::from_millis(500)), Timeout::Head, Some(seconds(2)))
    );
    receive(&mut one, "T");
    let error = one.left(t0 + seconds(3)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head));
    let text = "the server sent no complete response head within 2s (the head timeout); if the server is only slow, \
                raise it with head_timeout()";
    assert_eq!(error.to_string(), text);
}

#[test]
fn the_deadlines_of_bodies_and_calls() {
    let t0 = Instant::now();
    // Each wait for more of the body has the whole timeout.
    let mut one = begin(t0, "GET", None);
    write_all(&mut one);
    one.left(t0).unwrap();
    receive(&mut one, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    one.step(Instant::now).unwrap();
    assert_eq!(one.left(t0 + seconds(50)).unwrap(), Some(seconds(3)));
    receive(&mut one, "hel");
    one.step(Instant::now).unwrap();
    one.consume(3);
    assert_eq!(overdue(&mut one, t0 + seconds(90)), (Some(seconds(3)), Timeout::Read, Some(seconds(3))));
    // Chunk sizes and chunk extensions do not extend it.
    let mut one = begin(t0, "GET", None);
    write_all(&mut one);
    receive(&mut one, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    one.step(Instant::now).unwrap();
    assert_eq!(one.left(t0).unwrap(), Some(seconds(3)));
    receive(&mut one, "5;");
    one.step(Instant::now).unwrap();
    assert_eq!(one.left(t0 + seconds(2)).unwrap(), Some(seconds(1)));
    receive(&mut one, "x");
    one.step(Instant::now).unwrap();
    let error = one.left(t0 + seconds(3)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Read));
    // The total timeout bounds all waits, also if there is something to read.
    let mut one = begin(t0, "GET", Some(10));
    assert_eq!(one.left(t0 + seconds(1)).unwrap(), Some(seconds(1)));
    one.wrote(Ok(1), Instant::now).unwrap();
    let half = Duration::from_millis(9500);
    assert_eq!(overdue(&mut one, t0 + half), (Some(seconds(10) - half), Timeout::Total, Some(seconds(10))));
    write_all(&mut one);
    receive(&mut one, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    one.step(Instant::now).unwrap();
    assert_eq!(one.left(t0 + seconds(9)).unwrap(), Some(seconds(1)));
    assert_eq!(one.left(t0 + seconds(10)).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Total));
    // A drain ends at its own deadline, and no later than the call.
    let mut one = begin(t0, "GET", Some(10));
    write_all(&mut one);
    receive(&mut one, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
    one.step(Instant::now).unwrap();
    one.set_drain_deadline(t0 + seconds(2));
    assert_eq!(one.left(t0 + seconds(1)).unwrap(), Some(seconds(1)));
    assert!(one.left(t0 + seconds(2)).is_err());
    let mut one = begin(t0, "GET", Some(10));
    write_all(&mut one);
    one.set_drain_deadline(t0 + seconds(20));
    assert_eq!(one.left(t0 + seconds(9)).unwrap(), Some(seconds(1)));
    assert_eq!(one.left(t0 + seconds(10)).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Total));
}

/// A wait for room ends when a rejection arrives. Then each wait for its body has the whole timeout, although all waits
/// together are longer.
#[test]
fn each_wait_for_a_rejection_starts_its_own_timeout() {
    let t0 = Instant::now();
    let mut one = begin(t0, "POST", None);
    assert_eq!(one.left(t0).unwrap(), Some(seconds(1)));
    receive(&mut one, "HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\n");
    one.step(Instant::now).unwrap();
    for n in 1..=4 {
        assert_eq!(one.left(t0 + seconds(2 * n)).unwrap(), Some(seconds(3)), "wait {n}");
        receive(&mut one, "x");
        one.step(Instant::now).unwrap();
        one.consume(1);
    }
    assert_eq!(overdue(&mut one, t0 + seconds(10)), (Some(seconds(3)), Timeout::Read, Some(seconds(3))));
}

#[test]
fn the_wait_for_100_continue() {
    let t0 = Instant::now();
    let head = head("POST Expect: 100-continue");
    for (total, sent) in [(None, true), (Some(t0 + seconds(9)), true), (Some(t0 + seconds(1)), false)] {
        let mut exchange = state();
        let timeouts = timeouts(Some(seconds(9)));
        let call = Call { timeouts: &timeouts, deadline: total, ..Call::by_default(&head) };
        exchange.start(&call, Body::from("hello")).unwrap();
        write_all(&mut exchange);
        assert_eq!(exchange.left(t0).unwrap(), Some(seconds(1)));
        let waited = exchange.received(Err(IoKind::TimedOut.into()), || t0 + seconds(1));
        if sent {
            waited.unwrap();
            assert!(matches!(exchange.step(Instant::now).unwrap(), Step::Write));
        } else {
            assert_eq!(waited.unwrap_err().kind(), ErrorKind::Timeout(Timeout::Total));
        }
    }
}

#[test]
fn never_waits_without_end() {
    let mut exchange = state();
    let head = head("GET");
    let mut timeouts = timeouts(None);
    (timeouts.write, timeouts.head, timeouts.read) =
        (Some(Timeouts::NEVER), Some(Timeouts::NEVER), Some(Timeouts::NEVER));
    exchange
        .start(&Call { timeouts: &timeouts, deadline: None, ..Call::by_default(&head) }, Body::empty())
        .unwrap();
    let now = Instant::now();
    assert_eq!(exchange.left(now).unwrap(), None);
    write_all(&mut exchange);
    assert_eq!(exchange.left(now).unwrap(), None);
    receive(&mut exchange, "HTTP/1.1 200 OK\r\n\r\n");
    exchange.step(Instant::now).unwrap();
    assert_eq!(exchange.left(now).unwrap(), None);
}
