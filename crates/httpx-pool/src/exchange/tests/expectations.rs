//! `Expect: 100-continue` that is added to a request, and a 417.

use super::*;
use crate::expect_continue::ExpectContinue;

const NO: &str = "HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno";
const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";
const CHUNKED: &str =
    "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n";
const HI: &str = "2\r\nhi\r\n0\r\n\r\n";

const ALWAYS: ExpectContinue = ExpectContinue::new().always();

fn expecting(line: &str, expect: ExpectContinue) -> RequestHead {
    let mut head = head(line);
    head.extensions_mut().insert(expect);
    head
}

/// Each row: the body, what the reads find, how many bytes of the body are written, and the result. `again` is a 417
/// after which the request is sent again with this body.
#[test]
fn scripts_in_every_split() {
    let text = EXPECTED.len() - EXPECT.len();
    #[rustfmt::skip]
    let rows: &[(Sends, &[Net], usize, &str)] = &[
        (Text("hello"), &[Says(CONTINUE), Says(OK)], text, r#"200 "hello""#),
        (Text("hello"), &[Silence, Says(OK)], text, r#"200 "hello""#),
        (Text("hello"), &[Silence, Says(CONTINUE), Says(OK)], text, r#"200 "hello""#),
        (Text("hello"), &[Says("HTTP/1.1 103 Hi\r\n\r\n"), Says(CONTINUE), Says(OK)], text, r#"200 "hello""#),
        // A final response instead of the 100.
        (Text("hello"), &[Says(OK)], 0, r#"200 "hello""#),
        (Text("hello"), &[Says("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")], 0, r#"413 """#),
        (Text("hello"), &[End], 0, "Io partly"),
        // A 417, before a byte of the body is sent and after it.
        (Text("hello"), &[Says(NO)], 0, "again \"hello\""),
        (Text("hello"), &[Says("HTTP/1.1 103 Hi\r\n\r\n"), Says(NO)], 0, "again \"hello\""),
        (Text("hello"), &[Silence, Says(NO)], text, "again \"hello\""),
        (Text("hello"), &[Says(CONTINUE), Says(NO)], text, "again \"hello\""),
        (Reader(&["hi"]), &[Says(CONTINUE), Says(OK)], HI.len(), r#"200 "hello""#),
        (Reader(&["hi"]), &[Silence, Says(OK)], HI.len(), r#"200 "hello""#),
        (Reader(&["hi"]), &[Says(NO)], 0, "again \"hi\""),
        (Reader(&["hi"]), &[Silence, Says(NO)], HI.len(), r#"417 "no""#),
        (Reader(&["hi"]), &[Says(CONTINUE), Says(NO)], HI.len(), r#"417 "no""#),
    ];
    for &(body, net, sent, expected) in rows {
        let head = expecting("POST", ALWAYS);
        let written = match body {
            Reader(_) => CHUNKED.to_owned() + &HI[..sent],
            _ => EXPECT.to_owned() + &"hello"[..sent],
        };
        for read in (1..=150).chain([usize::MAX]) {
            for write in [usize::MAX, 1, 7] {
                let (mut exchange, mut wrote) = (state(), Vec::new());
                let play = Play { read, write, ..WHOLE };
                let result = run(&mut exchange, &head, body.body(), net, play, &mut wrote);
                let again = exchange.take_refused().map(|mut body| {
                    let mut text = String::new();
                    body.read_to_string(&mut text).unwrap();
                    format!("again {text:?}")
                });
                let result = result.map_err(|e| format!("{:?} {}", e.kind(), e.request_sent().unwrap()));
                let result = again.unwrap_or_else(|| result.unwrap_or_else(|error| error));
                assert_eq!(result, expected, "{body:?} {net:?} {play:?}");
                assert_eq!(String::from_utf8(wrote).unwrap(), written, "{body:?} {net:?} {play:?}");
            }
        }
    }
}

/// Which requests get the header, on a connection that has carried these responses.
#[test]
fn requests_that_get_it() {
    const OLD: &str = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello";
    let above = |bytes| ExpectContinue::new().above(bytes);
    let never = ExpectContinue::new().never();
    #[rustfmt::skip]
    let rows = [
        (ExpectContinue::new(), Some(ALWAYS), "POST", Text("hello"), &[][..], true),
        (ExpectContinue::new(), None, "POST", Text("hello"), &[], false),
        (above(4), None, "POST", Text("hello"), &[], true),
        (above(5), None, "POST", Text("hello"), &[], false),
        (above(5), None, "POST", Sized(6, "hello!"), &[], true),
        (above(5), None, "POST", Reader(&["hi"]), &[], true),
        (above(5), Some(above(4)), "PUT", Text("hello"), &[], true),
        (above(4), Some(never), "POST", Text("hello"), &[], false),
        (above(4), Some(ExpectContinue::new().timeout(Duration::ZERO)), "POST", Text("hello"), &[], true),
        (ALWAYS, None, "POST", Nothing, &[], false),
        (ALWAYS, None, "POST", Sized(0, ""), &[], false),
        (ALWAYS, None, "POST", Reader(&[]), &[], true),
        (ALWAYS, None, "GET", Text("hello"), &[], true),
        (ALWAYS, None, "POST Upgrade: h2c", Text("hello"), &[], false),
        (ALWAYS, Some(ALWAYS), "POST", Text("hello"), &[OLD], false),
        (ALWAYS, Some(ALWAYS), "POST", Text("hello"), &[OK, OLD, OK], false),
        (ALWAYS, None, "POST", Text("hello"), &[OK, OK], true),
    ];
    for (pool, request, line, body, earlier, expected) in rows {
        let config = PoolConfig { expect_continue: pool, ..PoolConfig::default() };
        let mut exchange = State::new(&config, std::sync::Arc::default());
        for response in earlier {
            run(&mut exchange, &head("GET"), Body::empty(), &[Says(response)], WHOLE, &mut Vec::new())
                .unwrap();
            exchange.end_exchange().unwrap();
        }
        let head = match request {
            Some(request) => expecting(line, request),
            None => head(line),
        };
        exchange.start(&Call::by_default(&head), body.body()).unwrap();
        let written = String::from_utf8(exchange.outgoing().concat()).unwrap();
        assert_eq!(written.contains("Expect: 100-continue\r\n"), expected, "{line} {body:?} {earlier:?}");
    }
}

/// The header of the user is sent as it is, and its 417 is delivered.
#[test]
fn an_own_header_is_left_alone() {
    for line in ["POST Expect: 100-continue", "POST Expect: tea"] {
        let (mut exchange, mut wrote) = (state(), Vec::new());
        let head = expecting(line, ALWAYS);
        let response = run(&mut exchange, &head, "hello".into(), &[Says(NO)], WHOLE, &mut wrote);
        assert_eq!(response.unwrap(), r#"417 "no""#);
        assert!(exchange.take_refused().is_none());
        assert_eq!(String::from_utf8(wrote).unwrap().matches("Expect:").count(), 1);
    }
}

/// No connection can be opened in place of one that belongs to no pool.
#[test]
fn a_single_connection_delivers_the_417() {
    let mut exchange = state();
    exchange.set_single();
    let head = expecting("POST", ALWAYS);
    let response = run(&mut exchange, &head, "hello".into(), &[Says(NO)], WHOLE, &mut Vec::new());
    assert_eq!(response.unwrap(), r#"417 "no""#);
    assert!(exchange.take_refused().is_none());
    assert!(exchange.end_exchange().is_err());
}

/// A body that is held back for its 417 is not kept longer than that.
#[test]
fn bodies_are_freed_with_the_head() {
    for net in [&[Says(OK)][..], &[Says(CONTINUE), Says(OK)], &[Silence, Says(OK)]] {
        let bytes = Bytes::from(vec![b'x'; 100]);
        let mut exchange = state();
        let head = expecting("POST", ALWAYS);
        run(&mut exchange, &head, Body::from(bytes.clone()), net, WHOLE, &mut Vec::new()).unwrap();
        exchange.record(Ok(())).unwrap();
        assert!(bytes.is_unique(), "{net:?}");
    }
}

#[test]
fn the_wait_has_its_own_timeout() {
    let (t0, second) = (Instant::now(), Duration::from_secs(1));
    let pool = ExpectContinue::new().timeout(2 * second);
    #[rustfmt::skip]
    let rows = [
        (ExpectContinue::new(), expecting("POST", ALWAYS), Some(second)),
        (pool, expecting("POST", ALWAYS), Some(2 * second)),
        (pool, expecting("POST", ALWAYS.timeout(5 * second)), Some(5 * second)),
        (pool, expecting("POST", ALWAYS.timeout(Duration::ZERO)), Some(Duration::ZERO)),
        (pool, expecting("POST", ALWAYS.timeout(Timeouts::NEVER)), None),
        // So has that of the user's own header.
        (pool, head("POST Expect: 100-continue"), Some(2 * second)),
        (pool, expecting("POST Expect: 100-continue", ExpectContinue::new().timeout(second)), Some(second)),
    ];
    for (pool, head, expected) in rows {
        let config = PoolConfig { expect_continue: pool, ..PoolConfig::default() };
        let mut exchange = State::new(&config, std::sync::Arc::default());
        exchange.start(&Call::by_default(&head), "hello".into()).unwrap();
        while matches!(exchange.step(Instant::now).unwrap(), Step::Write) {
            let n = exchange.outgoing().concat().len();
            exchange.wrote(Ok(n), Instant::now).unwrap();
        }
        assert_eq!(exchange.left(t0).unwrap(), expected, "{head:?}");
        // Other interim responses do not extend it.
        receive(&mut exchange, "HTTP/1.1 103 Hi\r\n\r\n");
        assert!(matches!(exchange.step(Instant::now).unwrap(), Step::Output(Output::Informational(_))));
        assert!(matches!(exchange.step(Instant::now).unwrap(), Step::Read));
        let later = expected.map(|wait| wait.saturating_sub(second));
        assert_eq!(exchange.left(t0 + second).unwrap(), later, "{head:?}");
        exchange.received(Err(IoKind::TimedOut.into()), || t0 + 2 * second).unwrap();
        assert!(matches!(exchange.step(Instant::now).unwrap(), Step::Write));
        assert_eq!(exchange.outgoing().concat(), b"hello");
    }
}
