//! Timeouts.

use std::time::Duration;

use httpx::ErrorKind;
use httpx::models::{RequestSent, Timeout};

use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{SHORT, check, check_fails, check_usable};

both_flavours!(
    a_timeout_is_not_retried,
    a_handshake_timeout_sends_nothing,
    timeouts,
    a_timeout_in_a_streamed_body,
    other_timeouts_do_not_fire,
);

/// Long enough for the server of a busy machine to answer.
const LONGER: Duration = Duration::from_secs(1);

fn timeouts<F: Flavour>() {
    let deaf = Server::deaf();
    let server = Server::routes([
        ("/silent", Reply::Hang(Vec::new())),
        ("/head", Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Le".into())),
        ("/interim", Reply::Hang(b"HTTP/1.1 103 Early Hints\r\n\r\n".into())),
        ("/body", Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into())),
        ("/chunked", Reply::Hang(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel".into())),
    ]);
    let secure = deaf.url("/").replace("http", "https");
    let [silent, head, interim, body, chunked] =
        ["/silent", "/head", "/interim", "/body", "/chunked"].map(|path| server.url(path));
    let deaf = deaf.url("/");
    // Over new connections. Another test covers reused ones.
    let c = F::pooled(|pool| pool.max_idle_connections(0));
    let large = || F::bytes(vec![0; 64 << 20]);
    let rows = [
        (c.get(&secure).connect_timeout(SHORT), &secure, Timeout::Connect, RequestSent::Nothing),
        (c.put(&deaf).body(large()).write_timeout(SHORT), &deaf, Timeout::Write, RequestSent::Partial),
        (c.put(&deaf).body(large()).timeout(SHORT), &deaf, Timeout::Total, RequestSent::Partial),
        (c.get(&silent).head_timeout(SHORT), &silent, Timeout::Head, RequestSent::Complete),
        (c.get(&silent).timeout(SHORT), &silent, Timeout::Total, RequestSent::Complete),
        (c.get(&head).head_timeout(SHORT), &head, Timeout::Head, RequestSent::Complete),
        (c.get(&interim).head_timeout(SHORT), &interim, Timeout::Head, RequestSent::Complete),
        (c.get(&body).read_timeout(SHORT), &body, Timeout::Read, RequestSent::Complete),
        (c.get(&body).timeout(SHORT), &body, Timeout::Total, RequestSent::Complete),
        (c.get(&chunked).read_timeout(SHORT), &chunked, Timeout::Read, RequestSent::Complete),
    ];
    for (ask, url, timeout, sent) in rows {
        let words = ["within 200ms", &format!("the {timeout} timeout")];
        let error = check_fails::<F>(ask, url, ErrorKind::Timeout(timeout), &words);
        assert!(error.is_timeout());
        assert_eq!(error.timeout(), Some(SHORT));
        assert_eq!(error.request_sent(), Some(sent), "{error:?}");
        check_usable(&c, &server);
    }

    // The pool's: another request has the only connection.
    let narrow = F::pooled(|pool| pool.max_connections(1));
    let held = F::stream(narrow.get(&body)).unwrap();
    let good = server.url("/good");
    for (ask, timeout) in [
        (narrow.get(&good).pool_timeout(SHORT), Timeout::Pool),
        (narrow.get(&good).timeout(SHORT), Timeout::Total),
    ] {
        let words = ["within 200ms", &format!("the {timeout} timeout")];
        let error = check_fails::<F>(ask, &good, ErrorKind::Timeout(timeout), &words);
        assert_eq!((error.timeout(), error.request_sent()), (Some(SHORT), Some(RequestSent::Nothing)));
    }
    drop(held);
    check_usable(&narrow, &server);
}

fn a_timeout_is_not_retried<F: Flavour>() {
    let server = Server::routes([("/silent", Reply::Hang(Vec::new()))]);
    let client = F::new();
    let url = server.url("/silent");
    for (closed, ask, timeout) in [
        (1, client.get(&url).head_timeout(SHORT), Timeout::Head),
        (2, client.get(&url).timeout(SHORT), Timeout::Total),
    ] {
        check_usable(&client, &server);
        server.take();
        let error = check_fails::<F>(ask, &url, ErrorKind::Timeout(timeout), &["within 200ms"]);
        // By then the server has read everything that was sent.
        server.wait_for_closed(closed);
        server.take_one();
        assert_eq!(error.request_sent(), Some(RequestSent::Complete));
    }
}

fn a_handshake_timeout_sends_nothing<F: Flavour>() {
    let url = Server::deaf().url("/").replace("http", "https");
    let total = ErrorKind::Timeout(Timeout::Total);
    let error = check_fails::<F>(F::new().get(&url).timeout(SHORT), &url, total, &["within 200ms"]);
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
}

/// The received bytes are returned before the error.
fn a_timeout_in_a_streamed_body<F: Flavour>() {
    let server =
        Server::routes([("/body", Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into()))]);
    let client = F::new();
    let asks = [
        (client.get(&server.url("/body")).read_timeout(SHORT), Timeout::Read, "within 200ms"),
        (client.get(&server.url("/body")).timeout(LONGER), Timeout::Total, "within 1s"),
    ];
    for (ask, timeout, within) in asks {
        let mut streamed = F::stream(ask).unwrap();
        let (bytes, result) = F::drain(&mut streamed);
        assert_eq!(bytes, b"hel");
        let error = result.unwrap_err();
        check(&error, ErrorKind::Timeout(timeout), &["GET", &server.url("/body"), within]);
        // A failed body stays failed.
        assert!(F::read_some(&mut streamed, 10).is_err());
        drop(streamed);
        check_usable(&client, &server);
    }
}

fn other_timeouts_do_not_fire<F: Flavour>() {
    let server = Server::routes([("/silent", Reply::Hang(Vec::new()))]);
    let never = httpx::Timeouts::NEVER;
    let client = F::new();
    for ask in [
        client.get(&server.url("/")).timeout(never),
        client.get(&server.url("/")).connect_timeout(never).pool_timeout(never).head_timeout(never),
        client.get(&server.url("/")).write_timeout(never).read_timeout(never),
    ] {
        assert_eq!(F::send(ask).unwrap().text(), "good");
    }
    // The head's time is that of the head.
    let mut streamed = F::stream(client.get(&server.url("/")).head_timeout(LONGER)).unwrap();
    let ask = client.get(&server.url("/silent")).timeout(LONGER);
    assert!(F::send(ask).unwrap_err().is_timeout());
    assert_eq!(F::drain(&mut streamed).0, b"good");
}
