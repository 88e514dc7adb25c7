//! Reused connections, and requests whose reused connection was stale.

use httpx_core::{Encoded, ErrorKind, File, RequestSent, Timeout};

use crate::support::*;

both_flavours! {
    a_hundred_requests_over_one_connection,
    the_bytes_of_a_request,
    connections_that_are_reused,
    bodies_that_end_with_the_connection,
    an_idle_connection_that_the_server_ended_is_replaced,
    stale_connections,
    a_timeout_on_a_kept_connection_is_an_error,
    a_request_that_cannot_be_sent_is_not_tried_twice,
    the_bytes_sent_by_the_first_attempt_are_reported,
    bodies_that_are_dropped_early,
    drained,
}

fn a_hundred_requests_over_one_connection<F: Flavour>() {
    for wire in Wire::each() {
        let server = wire.repeat(serve(OK));
        let pool: F = wire.pool();
        for _ in 0..100 {
            pool.get_ok(&server.url());
        }
        assert_eq!((server.connections(), pool.connections()[0].uses), (1, 100), "{wire:?}");
        drop(pool);
        assert_eq!(server.end_of(0), End::Closed, "{wire:?}");
    }
}

/// The client sends exactly the bytes of its requests.
fn the_bytes_of_a_request<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    for _ in 0..9 {
        pool.get_ok(&server.url());
    }
    drop(pool);
    let host = server.url().replace("http://", "").replace('/', "");
    let one = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
    assert_eq!(String::from_utf8_lossy(&server.ended()[0].received), one.repeat(9));
}

fn connections_that_are_reused<F: Flavour>() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let close = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello";
    let keep = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\nhello";
    let unasked = OK.to_owned() + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong";
    let both =
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
    let rows: &[(&str, &str, &str, usize)] = &[
        ("GET", "", OK, 1),
        ("GET", "", chunked, 1),
        ("POST", "", OK, 1),
        ("HEAD", "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 204 No Content\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n", 1),
        ("GET", "", keep, 1),
        ("GET", "", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=60\r\nContent-Length: 0\r\n\r\n", 1),
        ("GET", "", "HTTP/1.1 200 OK\r\nKeep-Alive: timeout=1\r\nContent-Length: 0\r\n\r\n", 2),
        ("GET", "close", OK, 2),
        ("GET", "", close, 2),
        ("GET", "", "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", 2),
        ("GET", "", &unasked, 2),
        ("GET", "", &(OK.to_owned() + "\n"), 2),
        ("GET", "", both, 2),
    ];
    for &(method, connection, response, connections) in rows {
        let server = Server::repeat(serve(response));
        let pool = F::new();
        for _ in 0..2 {
            let mut request = request(method, &server.url());
            if !connection.is_empty() {
                request.head_mut().headers_mut().append("Connection", connection).unwrap();
            }
            let response = pool.exchange(request).unwrap();
            assert_ne!(response.bytes(), "wrong");
        }
        assert_eq!(server.connections(), connections, "{method} {connection:?} {response:?}");
    }
}

fn bodies_that_end_with_the_connection<F: Flavour>() {
    let server = Server::repeat(answer("HTTP/1.1 200 OK\r\n\r\nhello"));
    let pool = F::new();
    for n in 1..=2 {
        pool.get_ok(&server.url());
        assert_eq!((server.connections(), pool.counts()), (n, idle(0)));
    }
}

/// Before the next request, the server closes the connection (with or without close_notify), resets it, or sends bytes.
/// The request must not be sent twice.
fn an_idle_connection_that_the_server_ended_is_replaced<F: Flavour>() {
    let unasked = send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    for wire in Wire::each() {
        for last in [None, Some(Act::Finish), Some(Act::Reset), Some(unasked.clone())] {
            let gate = Gate::default();
            let (ends, last) = match last {
                None => (true, vec![]),
                Some(Act::Reset) => (true, vec![Act::Reset]),
                Some(act) => (false, vec![act, Act::Open(gate.clone()), Act::Eof]),
            };
            let server = wire.serve([[answer(OK), last].concat(), serve(OK)]);
            let pool: F = wire.pool();
            pool.get_ok(&server.url());
            match ends {
                true => assert_eq!(server.end_of(0), End::Played),
                false => gate.wait(),
            }
            let mut post = request("POST", &server.url()).with_body(bytes("x"));
            post.head_mut().options_mut().idempotent = Some(false);
            assert_eq!(pool.exchange(post).unwrap().bytes(), "hello");
            assert_eq!((server.connections(), pool.counts()), (2, idle(1)), "{wire:?}");
        }
    }
}

/// A kept connection takes the second request and dies.
fn stale_connections<F: Flavour>() {
    let dies = |how: &[Act]| [answer(OK), vec![Act::Take], how.to_vec()].concat();
    let resent = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nresent";
    let twice = |script: Script| vec![script, serve(resent)];
    type Row = (Vec<Script>, &'static str, &'static str, Option<bool>, &'static str, usize);
    let rows: Vec<Row> = vec![
        (twice(dies(&[])), "GET", "", None, "resent", 2),
        (twice(dies(&[Act::Reset])), "GET", "", None, "resent", 2),
        (twice(dies(&[Act::Finish, Act::Eof])), "GET", "", None, "resent", 2),
        (twice(dies(&[])), "PUT", "x", None, "resent", 2),
        (twice(dies(&[])), "POST", "x", Some(true), "resent", 2),
        (twice(dies(&[])), "POST", "x", None, "Io completely", 1),
        // The server tells the second one from a new request by its Idempotency-Key.
        (twice(dies(&[])), "POST", "key", None, "resent", 2),
        (twice(dies(&[])), "POST", "key", Some(false), "Io completely", 1),
        (twice(dies(&[Act::Reset])), "POST", "x", None, "Io completely", 1),
        (twice(dies(&[])), "GET", "", Some(false), "Io completely", 1),
        // A file is opened again.
        (twice(dies(&[])), "PUT", "file", None, "resent", 2),
        // A body from a reader cannot be sent again.
        (twice(dies(&[])), "PUT", "reader", None, "Io completely", 1),
        // A response has begun.
        (twice(dies(&[send("HTTP/1.1 2")])), "GET", "", None, "Incomplete completely", 1),
        (twice(dies(&[send("nonsense\r\n\r\n")])), "GET", "", None, "Protocol completely", 1),
        // Once is enough.
        (vec![dies(&[]), vec![Act::Take], serve(resent)], "GET", "", None, "Io completely", 2),
        (vec![dies(&[]), vec![], serve(resent)], "GET", "", None, "Io completely", 2),
        // A new connection that dies is an error.
        (vec![vec![Act::Take], serve(resent)], "GET", "", None, "Io completely", 1),
        (vec![vec![Act::Take, Act::Reset], serve(resent)], "GET", "", None, "Io completely", 1),
    ];
    let dir = httpx_testing::TempDir::new();
    std::fs::write(dir.path("f"), "from a file").unwrap();
    for (n, (scripts, method, body, idempotent, came, connections)) in rows.into_iter().enumerate() {
        let kept = scripts[0].len() > 2;
        let server = Server::new(scripts);
        let pool = F::new();
        if kept {
            pool.get_ok(&server.url());
        }
        let mut request = request(method, &server.url());
        request.head_mut().options_mut().idempotent = idempotent;
        if body == "key" {
            request.head_mut().headers_mut().set("Idempotency-Key", "8e03978e").unwrap();
        }
        *request.body_mut() = match body {
            "reader" => F::reader(&b"x"[..]),
            "file" => Encoded::from(File::new(dir.path("f"))).into(),
            body => bytes(body).into(),
        };
        let result = match pool.exchange(request) {
            Ok(response) => response.text().into_owned(),
            Err(error) => format!("{:?} {}", error.kind(), error.request_sent().unwrap()),
        };
        assert_eq!((&*result, server.connections()), (came, connections), "row {n}: {method}");
        assert_eq!(pool.counts(), idle(usize::from(came == "resent")), "row {n}: {method}");
        if body == "file" {
            drop(pool);
            let ended = server.ended();
            assert!(
                ended.iter().all(|record| record.received.ends_with(b"from a file")),
                "row {n}: {method}"
            );
        }
    }
}

/// Slow is not stale.
fn a_timeout_on_a_kept_connection_is_an_error<F: Flavour>() {
    let server = Server::new([[answer(OK), vec![Act::Take, Act::Eof]].concat(), serve(OK)]);
    let pool = F::new();
    pool.get_ok(&server.url());
    let error = pool.send(patient("GET", &server.url(), |t| t.head = Some(30 * MS))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Head));
    assert_eq!(server.connections(), 1);
}

fn a_request_that_cannot_be_sent_is_not_tried_twice<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    pool.get_ok(&server.url());
    let mut put = request("PUT", &server.url()).with_body(bytes("hello"));
    put.head_mut().headers_mut().append("Content-Length", "9").unwrap();
    let error = pool.send(put).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::InvalidRequest, Some(RequestSent::Nothing)));
    assert_eq!(server.connections(), 1);
    let error = pool.send(request("GET", "ftp://127.0.0.1/")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidUrl);
    assert_eq!(pool.counts(), idle(1));
}

/// The second attempt cannot connect. The first may still have reached the server.
fn the_bytes_sent_by_the_first_attempt_are_reported<F: Flavour>() {
    let server = Server::new([[answer(OK), vec![Act::Take]].concat()]);
    let pool = F::make(|pool| F::backend(pool, Connects::new(1, Then::Refused)));
    pool.get_ok(&server.url());
    let error = pool.get(&server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Io, Some(RequestSent::Complete)));
}

/// The number of bytes read, the head, the bytes sent with it, and whether the connection is kept.
fn bodies_that_are_dropped_early<F: Flavour>() {
    let head = |n: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: {n}\r\n\r\n");
    let rows: Vec<(usize, String, usize, bool)> = vec![
        (0, head(5), 5, true),
        (2, head(5), 5, true),
        (5, head(5), 5, true),
        (0, head(60_000), 60_000, true),
        (30_000, head(60_000), 60_000, true),
        (0, head(5), 4, false),
        (0, head(70_000), 70_000, false),
        (10_000, head(70_000), 70_000, true),
        (1, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n".to_owned(), 0, false),
        (1, "HTTP/1.1 200 OK\r\n\r\nhello".to_owned(), 0, false),
        (0, head(5) + "helloHTTP", 0, false),
    ];
    for wire in Wire::each() {
        for (n, (read, head, body, kept)) in rows.iter().enumerate() {
            for first in [0, head.len()] {
                let [read_head, all_sent] = [Gate::default(), Gate::default()];
                let all = [head.as_bytes(), &vec![b'x'; *body]].concat();
                let (soon, later) = all.split_at(if first == 0 { all.len() } else { first });
                let script = vec![
                    Act::Take,
                    send(soon),
                    Act::Wait(read_head.clone()),
                    send(later),
                    Act::Open(all_sent.clone()),
                    Act::Serve(OK.into()),
                ];
                let server = wire.serve([script, serve(OK)]);
                let pool: F = wire.pool();
                let mut response = pool.stream(&server.url()).unwrap();
                read_head.open();
                all_sent.wait();
                response.read_exactly(*read);
                drop(response);
                assert_eq!(pool.counts(), idle(usize::from(*kept)), "row {n}, {first}, {wire:?}");
                pool.get_ok(&server.url());
                assert_eq!(server.connections(), 2 - usize::from(*kept), "row {n}, {first}, {wire:?}");
            }
        }
    }
}

/// Reads the rest only to reuse the connection.
fn drained<F: Flavour>() {
    for (length, most, kept) in [(60_000, 65_536, true), (100_000, 1_000, false), (5, 5, true)] {
        let body = "x".repeat(length);
        let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}");
        let server = Server::repeat(serve(response));
        let pool = F::new();
        pool.stream(&server.url()).unwrap().drain(most);
        assert_eq!(pool.counts(), idle(usize::from(kept)), "{length} {most}");
    }
}
