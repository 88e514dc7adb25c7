//! Responses: complete, truncated, and missing.

use httpx_core::{ErrorKind, RequestSent};

use crate::support::*;

both_flavours! {
    bodies_of_many_sizes_read_in_many_ways,
    bodies_that_are_cut_short,
    responses_that_are_not_http,
    options_of_a_request_are_its_own,
    trailers,
}

/// No byte is lost, for sizes around those of the codec's buffer, of the chunks and of the caller's buffer.
fn bodies_of_many_sizes_read_in_many_ways<F: Flavour>() {
    for size in [0, 1, 8_191, 8_192, 8_193, 16_384, 65_537, 300_000] {
        let body: Vec<u8> = (0..size).map(|n: usize| (n % 251) as u8).collect();
        let length =
            [format!("HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n").into_bytes(), body.clone()]
                .concat();
        let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
        for chunk in body.chunks(9_000) {
            chunked.extend([format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat());
        }
        chunked.extend(b"0\r\n\r\n");
        let server =
            Server::new(
                [vec![vec![Act::Take, Act::Send(length), Act::Take, Act::Send(chunked)]; 4].concat()],
            );
        let pool = F::new();
        for step in [100, 8_192, 10_000, 1 << 20] {
            for _ in 0..2 {
                let mut response = pool.stream(&server.url()).unwrap();
                assert!(response.read_all(step).unwrap() == body, "{size} {step}");
                assert_eq!(response.read(&mut [0; 9]).unwrap(), 0, "the end is the end");
            }
        }
        assert_eq!(server.connections(), 1);
    }
}

fn bodies_that_are_cut_short<F: Flavour>() {
    let rows: Vec<(Script, ErrorKind)> = vec![
        (answer(HALF), ErrorKind::Incomplete),
        ([answer(HALF), vec![Act::Reset]].concat(), ErrorKind::Incomplete),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe"), ErrorKind::Incomplete),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n"), ErrorKind::Incomplete),
        (
            answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n0\r\nX: y"),
            ErrorKind::Incomplete,
        ),
        ([answer("HTTP/1.1 200 OK\r\n\r\nhe"), vec![Act::Reset]].concat(), ErrorKind::Incomplete),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello"), ErrorKind::Protocol),
        (answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\nhello"), ErrorKind::Protocol),
    ];
    for (n, (script, kind)) in rows.into_iter().enumerate() {
        let server = Server::repeat(script);
        let pool = F::new();
        let Ok(response) = pool.stream(&server.url()) else { continue }; // the reset came first
        let error = response.read_body().unwrap_err();
        assert_eq!(error.kind(), kind, "row {n}: {error:?}");
        assert_eq!(error.url(), Some(&*server.url()));
        // Large reads bypass the buffer, and a failed body stays failed.
        let Ok(mut response) = pool.stream(&server.url()) else { continue };
        let mut buf = vec![0; 32 << 10];
        let mut read = || response.read(&mut buf);
        let first = loop {
            match read() {
                Ok(0) => panic!("row {n}: a cut body looked whole"),
                Ok(_) => {}
                Err(error) => break error,
            }
        };
        assert_eq!((first.kind(), read().unwrap_err().kind()), (kind, kind), "row {n}");
        drop(response);
        assert_eq!(pool.counts(), idle(0));
    }
}

fn responses_that_are_not_http<F: Flavour>() {
    let long = "HTTP/1.1 200 OK\r\nX: ".to_owned() + &"y".repeat(70_000);
    for response in [
        "SSH-2.0-OpenSSH_9.7\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/1.1 OK\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        &long,
    ] {
        let server = Server::repeat(vec![Act::Take, send(response), Act::Eof]);
        let pool = F::new();
        let error = pool.stream(&server.url()).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Protocol, Some(RequestSent::Complete)));
        assert!(std::error::Error::source(&error).is_some() && error.url().is_some());
        assert_eq!(pool.counts(), idle(0));
        // Unread bytes of a long head turn the close into a reset.
        let end = server.end_of(0);
        assert!(end == End::Closed || response.len() > 60_000, "{end:?}");
    }
}

fn options_of_a_request_are_its_own<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    let mut limited = request("GET", &server.url());
    limited.head_mut().options_mut().max_body_bytes = Some(3);
    assert_eq!(pool.exchange(limited).unwrap_err().kind(), ErrorKind::TooLarge);
    pool.get_ok(&server.url());
    assert_eq!(server.connections(), 1, "its rest was short and here");
}

fn trailers<F: Flavour>() {
    let chunked =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n5\r\nhello\r\n0\r\n";
    let server = Server::repeat(serve(chunked.to_owned() + "X-Sum: 42\r\n\r\n"));
    let response = F::new().get(&server.url()).unwrap();
    assert_eq!(response.bytes(), "hello");
    assert_eq!(response.trailers().get("x-sum").unwrap(), "42");
}
