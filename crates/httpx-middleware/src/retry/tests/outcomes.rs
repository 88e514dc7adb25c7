//! Which outcomes are retried, for which requests.

use super::*;

/// The status of a second attempt, which succeeds.
const GOOD: &str = "200";

#[test]
fn statuses() {
    let is_default = |status: u16| matches!(status, 408 | 429 | 502 | 503 | 504);
    for status in 100..=599_u16 {
        for method in ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "PATCH"] {
            let first = answer(&status.to_string());
            let is_idempotent = !matches!(method, "POST" | "PATCH");
            let expected = match (is_default(status), is_idempotent) {
                (true, true) => "200 after 2".to_owned(),
                (true, false) => format!("{status} after 1, NotIdempotent"),
                (false, _) => format!("{status} after 1"),
            };
            let rest = (is_default(status) && is_idempotent).then(|| answer(GOOD));
            let (_, end) = play(&at_once(), &Moved::new(), request(method), [first].into_iter().chain(rest));
            assert_eq!(shown(&end), expected, "{method} {status}");
        }
    }
}

#[test]
fn errors() {
    use ErrorKind::{
        AddressRefused, Body, Connect, Incomplete, InvalidRequest, Io, Protocol, Proxy, Resolve, Tls,
    };
    use RequestSent::{Complete, Nothing, Partial};
    const AGAIN: &str = "200 after 2";
    const UNSAFE: &str = "NotIdempotent";
    // The error, how much was sent, and the end of a GET and of a POST.
    let rows = [
        (Connect, Nothing, AGAIN, AGAIN),
        (Resolve, Nothing, AGAIN, AGAIN),
        (ErrorKind::Timeout(Timeout::Connect), Nothing, AGAIN, AGAIN),
        (Io, Nothing, AGAIN, AGAIN),
        (Io, Partial, AGAIN, UNSAFE),
        (Io, Complete, AGAIN, UNSAFE),
        (Incomplete, Complete, AGAIN, UNSAFE),
        (ErrorKind::Timeout(Timeout::Write), Partial, AGAIN, UNSAFE),
        (ErrorKind::Timeout(Timeout::Head), Complete, AGAIN, UNSAFE),
        (ErrorKind::Timeout(Timeout::Pool), Nothing, "", ""),
        (ErrorKind::Timeout(Timeout::Total), Nothing, "", ""),
        (Tls, Nothing, "", ""),
        (AddressRefused, Nothing, "", ""),
        (Proxy, Nothing, "", ""),
        (Protocol, Complete, "", ""),
        (InvalidRequest, Nothing, "", ""),
        (Body, Partial, "", ""),
        (ErrorKind::Other, Nothing, "", ""),
    ];
    for (kind, sent, get, post) in rows {
        for (method, end) in [("GET", get), ("POST", post)] {
            let expected = match end {
                AGAIN => AGAIN.to_owned(),
                "" => format!("{kind:?} after 1"),
                reason => format!("{kind:?} after 1, {reason}"),
            };
            let outcomes = [failure(kind, sent)].into_iter().chain((end == AGAIN).then(|| answer(GOOD)));
            let (_, end) = play(&at_once(), &Moved::new(), request(method), outcomes);
            assert_eq!(shown(&end), expected, "{method} {kind:?} {sent:?}");
        }
    }
}

/// The proxy's status counts as that of a server.
#[test]
fn a_proxy_that_answers() {
    for (status, expected) in [("503", "200 after 2"), ("407", "Proxy after 1")] {
        let head = answer(status).unwrap().into_parts().0;
        let error = Error::new(ErrorKind::Proxy, "no tunnel")
            .with_response(head)
            .with_request_sent(RequestSent::Nothing);
        let rest = (status == "503").then(|| answer(GOOD));
        let (_, end) = play(&at_once(), &Moved::new(), request("POST"), [Err(error)].into_iter().chain(rest));
        assert_eq!(shown(&end), expected);
    }
}

#[test]
fn marks() {
    let key = |mut request: Request<Body>| {
        request.head_mut().headers_mut().set("Idempotency-Key", "5f1c").unwrap();
        request
    };
    let marked = |mut request: Request<Body>, idempotent| {
        request.head_mut().options_mut().idempotent = Some(idempotent);
        request
    };
    let rows = [
        (key(request("POST")), true),
        (marked(request("POST"), true), true),
        (marked(request("GET"), false), false),
        (marked(key(request("POST")), false), false),
    ];
    for (request, is_retried) in rows {
        let name = format!("{:?}", request.head());
        let outcomes = [answer("503")].into_iter().chain(is_retried.then(|| answer(GOOD)));
        let (_, end) = play(&at_once(), &Moved::new(), request, outcomes);
        assert_eq!(
            shown(&end),
            if is_retried { "200 after 2" } else { "503 after 1, NotIdempotent" },
            "{name}"
        );
    }
}

#[test]
fn the_users_choice() {
    let teapot = StatusCode::try_from(418).unwrap();
    let only_500 = |outcome: &RetryOutcome<'_>| outcome.response().is_some_and(|head| head.status() == 500);
    let twice = |outcome: &RetryOutcome<'_>| outcome.is_transient() && outcome.number() < 2;
    let not_refused =
        |outcome: &RetryOutcome<'_>| outcome.error().is_none_or(|error| error.kind() != ErrorKind::Connect);
    let refused = || failure(ErrorKind::Connect, RequestSent::Nothing);
    let total = || failure(ErrorKind::Timeout(Timeout::Total), RequestSent::Complete);
    type Row = (Retry, &'static str, Vec<Result<Response<Body>>>, &'static str);
    let rows: [Row; 9] = [
        (at_once().statuses([teapot]), "GET", vec![answer("418"), answer("200")], "200 after 2"),
        (at_once().statuses([teapot]), "GET", vec![answer("503")], "503 after 1"),
        (at_once().retry_if(only_500), "GET", vec![answer("500"), answer("503")], "503 after 2"),
        (at_once().retry_if(only_500), "POST", vec![answer("500")], "500 after 1, NotIdempotent"),
        (at_once().retry_if(twice), "GET", vec![answer("503"), answer("503")], "503 after 2"),
        (at_once().retry_if(not_refused), "GET", vec![refused()], "Connect after 1"),
        (at_once().retry_if(|_| true), "GET", vec![total()], "Timeout(Total) after 1"),
        (Retry::never(), "GET", vec![answer("503")], "503 after 1"),
        (at_once().max_attempts(0), "GET", vec![refused()], "Connect after 1"),
    ];
    for (retry, method, outcomes, expected) in rows {
        let (_, end) = play(&retry, &Moved::new(), request(method), outcomes);
        assert_eq!(shown(&end), expected);
    }
}
