//! What the body of a response may ask its connection: whether it can be used again, and whether the call is late.

use super::*;

fn answered(response: &str, total: Option<Duration>, t0: Instant) -> State {
    let mut exchange = state();
    let head = head("GET");
    let timeouts = Timeouts::DEFAULT.or(&Timeouts::new());
    let deadline = total.map(|total| t0 + total);
    exchange
        .start(&Call { timeouts: &timeouts, deadline, ..Call::by_default(&head) }, Body::empty())
        .unwrap();
    while matches!(exchange.step(Instant::now).unwrap(), Step::Write | Step::WriteOrRead) {
        let n = exchange.outgoing().concat().len();
        exchange.wrote(Ok(n), Instant::now).unwrap();
    }
    receive(&mut exchange, response);
    assert!(matches!(exchange.step(Instant::now).unwrap(), Step::Output(Output::Head(_))));
    exchange
}

#[test]
fn a_connection_that_will_be_closed_is_not_worth_draining() {
    for (response, expected) in [
        ("HTTP/1.1 302 Found\r\nContent-Length: 10\r\n\r\n", true),
        ("HTTP/1.1 302 Found\r\nTransfer-Encoding: chunked\r\n\r\n", true),
        ("HTTP/1.0 302 Found\r\nConnection: keep-alive\r\nContent-Length: 10\r\n\r\n", true),
        ("HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 10\r\n\r\n", false),
        ("HTTP/1.0 302 Found\r\nContent-Length: 10\r\n\r\n", false),
        ("HTTP/1.1 302 Found\r\n\r\n", false),
    ] {
        let mut exchange = answered(response, None, Instant::now());
        assert_eq!(exchange.is_reusable(), expected, "{response}");
        let failed = Error::new(ErrorKind::Protocol, "broken");
        exchange.record::<()>(Err(failed)).unwrap_err();
        assert!(!exchange.is_reusable());
    }
}

/// Its body may still be decoded.
#[test]
fn a_call_is_late_also_after_its_response_has_come() {
    let t0 = Instant::now();
    let total = Duration::from_secs(10);
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    ] {
        let mut exchange = answered(response, Some(total), t0);
        let n = exchange.data().len();
        exchange.consume(n);
        while !matches!(exchange.step(Instant::now).unwrap(), Step::Output(Output::End) | Step::Read) {}
        assert!(exchange.check_deadline(|| t0 + total - Duration::from_nanos(1)).is_ok());
        let error = exchange.check_deadline(|| t0 + total).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total), "{response}");
        assert!(exchange.step(Instant::now).is_err(), "it stays failed");
    }
    let mut exchange = answered("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", None, t0);
    assert!(exchange.check_deadline(|| t0 + total * 1000).is_ok());
}

/// A peer that sends a byte at a time does not hold the thread that drops a response.
#[test]
fn a_drain_makes_a_bounded_number_of_reads() {
    for (length, drained) in [(10, true), (1000, false)] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
        let mut exchange = answered(&head, None, Instant::now());
        let mut reads = 0;
        let read = |buf: &mut [u8]| {
            reads += 1;
            buf[0] = b'x';
            Ok(1)
        };
        assert_eq!(exchange.drain(read, Instant::now), drained, "{length}");
        assert!(reads <= 16, "{reads}");
    }
}
