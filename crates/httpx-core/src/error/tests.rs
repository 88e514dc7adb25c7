//! Tests of errors: messages, causes, conversions.

use super::*;

fn refused() -> Error {
    Error::new(ErrorKind::Connect, "cannot connect to h:1")
        .with_source(io::Error::from(io::ErrorKind::ConnectionRefused))
        .with_request("GET", "http://h:1/")
        .with_request_sent(RequestSent::Nothing)
}

#[test]
fn display_and_debug() {
    let error = refused();
    assert_eq!(error.to_string(), "GET http://h:1/: cannot connect to h:1: connection refused");
    assert_eq!(format!("{error:#}"), "GET http://h:1/: cannot connect to h:1: connection refused");
    assert_eq!(
        format!("{error:?}"),
        "Connect: GET http://h:1/: cannot connect to h:1: connection refused (request sent: no)"
    );
    assert_eq!(error.with_request("POST", "http://other/").method(), Some("GET"));
    let error = Error::from(crate::Method::try_from("G T").unwrap_err()).with_url("http://h/");
    assert!(error.to_string().starts_with("http://h/: \"G T\" is not a request method"), "{error}");
    assert_eq!((error.method(), error.url()), (None, Some("http://h/")));
}

#[test]
fn transient_errors() {
    let io = || Error::from(io::Error::from(io::ErrorKind::StorageFull));
    assert_eq!(format!("{:#}", io()), "local I/O failed, not the network: no storage space");
    let rows = [
        (io(), false),
        (io().with_request("GET", "http://h/"), true),
        (io().with_request_sent(RequestSent::Partial), true),
        (Error::new(ErrorKind::Connect, ""), true),
        (Error::new(ErrorKind::Resolve, ""), true),
        (Error::new(ErrorKind::Incomplete, ""), true),
        (Error::new(ErrorKind::Timeout(Timeout::Total), ""), false),
        (Error::new(ErrorKind::Timeout(Timeout::Pool), ""), true),
        (Error::new(ErrorKind::Resolve, "").with_source(io::Error::from(io::ErrorKind::NotFound)), false),
        (Error::new(ErrorKind::Resolve, "").with_source(io::Error::from(io::ErrorKind::TimedOut)), true),
        (Error::new(ErrorKind::Tls, ""), false),
        (Error::new(ErrorKind::Protocol, ""), false),
        (Error::new(ErrorKind::Decode, ""), false),
        (Error::new(ErrorKind::Status, ""), false),
    ];
    for (error, passes) in rows {
        assert_eq!(error.is_transient(), passes, "{error:?}");
    }
}

#[test]
fn transient_statuses() {
    for status in 400..600 {
        let passes = [408, 429, 500, 502, 503, 504].contains(&status);
        let head = || ResponseHead::new(status.try_into().unwrap());
        let error = Error::new(ErrorKind::Status, "").with_response(head());
        assert_eq!(error.is_transient(), passes, "{status}");
        // The status of the response counts only for kind `Status`.
        let error = Error::new(ErrorKind::TooManyRedirects, "").with_response(head());
        assert!(!error.is_transient());
    }
}

#[test]
fn through_io_and_back() {
    let io = io::Error::from(refused());
    let error = Error::from_io(io, "reading the body");
    assert_eq!((error.kind(), error.url()), (ErrorKind::Connect, Some("http://h:1/")));
    let error = Error::from_io(io::ErrorKind::NotFound.into(), "reading the file");
    assert_eq!(error.kind(), ErrorKind::Io);
    let io = io::Error::from(Error::new(ErrorKind::Timeout(Timeout::Read), "x"));
    assert_eq!(io.kind(), io::ErrorKind::TimedOut);
}

#[test]
fn is_send_sync_and_small() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Error>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
}

#[test]
fn causes_are_shown_once() {
    let cause = || io::Error::from(io::ErrorKind::ConnectionReset);
    let inner = || Error::new(ErrorKind::Io, "could not read").with_source(cause());
    for (error, expected) in [
        (Error::new(ErrorKind::Io, "alone"), "alone"),
        (inner(), "could not read: connection reset"),
        (
            Error::new(ErrorKind::Other, "retried").with_source(inner()),
            "retried: could not read: connection reset",
        ),
        (
            Error::new(ErrorKind::Other, "retried").with_source(io::Error::from(inner())),
            "retried: could not read: connection reset",
        ),
        (Error::new(ErrorKind::Other, "connection reset").with_source(cause()), "connection reset"),
    ] {
        assert_eq!((error.to_string().as_str(), format!("{error:#}").as_str()), (expected, expected));
        assert_eq!(error.message(), expected.split(": ").next().unwrap());
    }
}

#[test]
fn the_request_is_known_by_its_parts() {
    let error = || Error::new(ErrorKind::Other, "x");
    for (error, expected) in [
        (error(), "x"),
        (error().with_method("GET"), "GET: x"),
        (error().with_url("http://h/"), "http://h/: x"),
        (error().with_url("http://h/").with_request("GET", "http://h/"), "GET http://h/: x"),
        (error().with_url("http://h/").with_request("GET", "http://other/"), "http://h/: x"),
        (error().with_method("PUT").with_request("GET", "http://h/"), "PUT http://h/: x"),
    ] {
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn texts_of_the_other_side_are_truncated_and_escaped() {
    let long = "l".repeat(60_000);
    let error = Error::new(ErrorKind::Other, format!("it leads to {long}\x1b[2J; raise the limit"))
        .with_source(io::Error::other(format!("the names are {long}")))
        .with_request("GET", &format!("http://{long}/"));
    let text = error.to_string();
    assert!(
        text.len() < 4_000 && text.contains(r"\u{1b}[2J; raise the limit") && !text.contains('\x1b'),
        "{text}"
    );
    assert!(format!("{error:?}").len() < 4_000 && error.url().unwrap().len() < 1_100);
}
