//! Ages and lifetimes.

use std::time::UNIX_EPOCH;

use httpx_core::{Method, RequestHead, Url};
use proptest::prelude::*;

use super::*;

/// Sat, 01 Jan 2000 12:00:00 GMT.
const NOON: Duration = Duration::from_secs(946_728_000);
const DAY: Duration = Duration::from_secs(86400);

type Fields = &'static [(&'static str, &'static str)];

fn stored_at(status: u16, headers: &[(&str, &str)], sent: u64, received: u64) -> StoredResponse {
    let head = ResponseHead::new(StatusCode::try_from(status).unwrap())
        .with_headers(Headers::try_from(headers.to_vec()).unwrap());
    let request = RequestHead::new(Method::GET, Url::parse("https://h/").unwrap());
    let selection = Selection::of(head.headers(), &request).unwrap();
    let at = |seconds| UNIX_EPOCH + NOON + Duration::from_secs(seconds);
    let times = ExchangeTimes { sent: at(sent), received: at(received) };
    StoredResponse::new(&head, selection, times, Bytes::new())
}

#[test]
fn lifetimes() {
    const DATE: (&str, &str) = ("Date", "Sat, 01 Jan 2000 12:00:00 GMT");
    let table: [(u16, Fields, u64); 16] = [
        (200, &[("Cache-Control", "max-age=60")], 60),
        (200, &[("Cache-Control", "max-age=60, s-maxage=9")], 60),
        (200, &[("Cache-Control", "max-age=60"), ("Expires", "0")], 60),
        (200, &[("Cache-Control", "max-age=x"), ("Expires", "Sat, 01 Jan 2000 12:01:00 GMT")], 0),
        (200, &[("Expires", "Sat, 01 Jan 2000 12:01:00 GMT"), DATE], 60),
        (200, &[("Expires", "Sat, 01 Jan 2000 12:01:00 GMT")], 60),
        (200, &[("Expires", "Sat, 01 Jan 2000 12:01:00 GMT"), ("Date", "foo")], 60),
        (200, &[("Expires", "Sat, 01 Jan 2000 11:59:00 GMT"), DATE], 0),
        (200, &[("Expires", "0"), DATE], 0),
        (200, &[("Expires", "Sat, 01 Jan 2000 12:01:00 UTC"), DATE], 0),
        (200, &[("Last-Modified", "Sat, 01 Jan 2000 11:50:00 GMT"), DATE], 60),
        (200, &[("Last-Modified", "Fri, 01 Jan 1999 12:00:00 GMT"), DATE], 86400),
        (200, &[("Last-Modified", "Sat, 01 Jan 2000 12:50:00 GMT"), DATE], 0),
        (200, &[("Last-Modified", "yesterday"), DATE], 0),
        (201, &[("Last-Modified", "Sat, 01 Jan 2000 11:50:00 GMT"), DATE], 0),
        (201, &[("Last-Modified", "Sat, 01 Jan 2000 11:50:00 GMT"), DATE, ("Cache-Control", "public")], 60),
    ];
    for (status, headers, seconds) in table {
        let lifetime = stored_at(status, headers, 0, 0).lifetime(DAY);
        assert_eq!(lifetime, Duration::from_secs(seconds), "{status} {headers:?}");
    }
}

#[test]
fn ages() {
    const NOON_DATE: (&str, &str) = ("Date", "Sat, 01 Jan 2000 12:00:00 GMT");
    // The headers, when the request was sent, when it was answered, and the age 10 seconds later.
    let table: [(Fields, u64, u64, u64); 12] = [
        (&[], 0, 0, 10),
        (&[], 0, 3, 13),
        (&[NOON_DATE], 5, 5, 15),
        (&[NOON_DATE], 0, 3, 13),
        (&[("Date", "Sat, 01 Jan 2000 13:00:00 GMT")], 0, 0, 10),
        (&[NOON_DATE, ("Age", "7")], 0, 3, 20),
        (&[NOON_DATE, ("Age", "1")], 9, 9, 19),
        (&[("Age", "7200,0")], 0, 0, 7210),
        (&[("Age", "0, 7200")], 0, 0, 10),
        (&[("Age", "7"), ("Age", "7200")], 0, 0, 17),
        (&[("Age", "-7200")], 0, 0, 10),
        (&[("Age", "7200.0")], 0, 0, 10),
    ];
    for (headers, sent, received, expected) in table {
        let stored = stored_at(200, headers, sent, received);
        let now = UNIX_EPOCH + NOON + Duration::from_secs(received + 10);
        assert_eq!(stored.age(now), Duration::from_secs(expected), "{headers:?}");
        assert!(!stored.headers.contains("age"));
    }
}

#[test]
fn headers_of_the_connection_are_not_stored() {
    let stored = stored_at(
        200,
        &[
            ("Connection", "a, B"),
            ("A", "1"),
            ("b", "2"),
            ("C", "3"),
            ("Keep-Alive", "x"),
            ("Set-Cookie", "a=b"),
        ],
        0,
        0,
    );
    assert_eq!(format!("{:?}", stored.headers), r#"{"C": "3"}"#);
}

#[test]
fn a_validation_updates_the_head() {
    let mut stored = stored_at(200, &[("A", "1"), ("B", "2"), ("Content-Length", "0"), ("Date", "x")], 0, 0);
    let head = ResponseHead::new(StatusCode::NOT_MODIFIED).with_headers(
        Headers::try_from([("b", "3"), ("C", "4"), ("Content-Length", "9"), ("Age", "5")]).unwrap(),
    );
    let received = UNIX_EPOCH + NOON + DAY;
    stored.update(&head, ExchangeTimes { sent: received, received });
    assert_eq!(format!("{:?}", stored.headers), r#"{"A": "1", "b": "3", "Content-Length": "0", "C": "4"}"#);
    assert_eq!(stored.age(received), Duration::from_secs(5));
}

proptest! {
    /// Also if the clock was set back.
    #[test]
    fn an_age_is_never_negative_and_only_grows(
        date: u32, age: u64, sent: u32, received: u32, first: u32, later: u32,
    ) {
        let date = format!("Sat, {:02} Jan 2000 12:00:00 GMT", date % 31 + 1);
        let headers = [("Date", date.as_str()), ("Age", &age.to_string())];
        let stored = stored_at(200, &headers, sent.into(), received.into());
        let at = |seconds: u32| stored.age(UNIX_EPOCH + Duration::from_secs(seconds.into()));
        prop_assert!(at(first.max(later)) >= at(first.min(later)));
        prop_assert!(at(first) >= stored.initial_age);
    }
}
