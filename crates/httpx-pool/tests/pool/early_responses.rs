//! Responses that arrive while the request is still being written, and the ways in which a connection then ends.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use httpx_core::{ErrorKind, RequestSent};

use crate::support::throttle::Throttle;
use crate::support::*;

both_flavours! {
    ends_beside_an_upload,
    a_reset_in_the_middle_of_an_upload,
    a_slow_upload_sees_a_no,
    a_server_that_reads_nothing_after_its_yes,
    the_total_timeout_after_a_whole_response,
    how_much_was_sent_of_requests_that_got_a_response,
}

/// A reader that gives a few bytes, waits for a gate, and then gives the rest.
struct Gated {
    gate: Gate,
    given: usize,
    most: usize,
}

impl Read for Gated {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.given > 0 {
            self.gate.wait();
        }
        let n = if self.given == 0 { 10 } else { buf.len().min(self.most - self.given) };
        buf[..n].fill(b'x');
        self.given += n;
        Ok(n)
    }
}

const WHOLE: &str = OK;
const WITHOUT_LENGTH: &str = "HTTP/1.1 200 OK\r\n\r\nhello";

/// The result of a row: `Ok`, or the kind of an error.
fn outcome(result: httpx_core::Result<httpx_core::Response<bytes::Bytes>>) -> Result<String, ErrorKind> {
    result.map(|response| response.text().into_owned()).map_err(|error| error.kind())
}

/// A success does not stop the upload. The rest of the upload is sent after the server has ended its part in one of
/// several ways. A complete response is delivered; an incomplete one is never taken for complete.
fn ends_beside_an_upload<F: Flavour>() {
    let hello = || Ok("hello".to_owned());
    let incomplete = || Err(ErrorKind::Incomplete);
    let open = || Act::Wait(Gate::default());
    type Row = (&'static str, &'static str, Vec<Act>, Result<String, ErrorKind>);
    let rows = || -> Vec<Row> {
        vec![
            ("whole, then open", WHOLE, vec![], hello()),
            ("whole, then the end", WHOLE, vec![Act::Finish], hello()),
            ("whole, then reset", WHOLE, vec![Act::Reset], hello()),
            ("whole, then bytes", WHOLE, vec![Act::Flood(64 << 20)], hello()),
            (
                "whole, then closed",
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
                vec![],
                hello(),
            ),
            (
                "chunked, then the end",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                vec![Act::Finish],
                hello(),
            ),
            ("half, then the end", HALF, vec![Act::Finish], incomplete()),
            ("half, then reset", HALF, vec![Act::Reset], incomplete()),
            ("without length, then the end", WITHOUT_LENGTH, vec![Act::Finish], hello()),
            ("without length, then reset", WITHOUT_LENGTH, vec![Act::Reset], incomplete()),
        ]
    };
    for wire in Wire::each() {
        for (name, response, end, expected) in rows() {
            let ended = Gate::default();
            let floods = matches!(end[..], [Act::Flood(_)]);
            let mut script = vec![Act::TakeHead, send(response)];
            script.extend(floods.then(|| Act::Open(ended.clone())));
            script.extend(end);
            script.extend([Act::Open(ended.clone()), open()]);
            let server = wire.serve([script]);
            let pool: F = wire.pool();
            let body = F::late_reader(Gated { gate: ended.clone(), given: 0, most: 30_000 });
            let result = thread::scope(|scope| {
                if name.ends_with("reset") {
                    scope.spawn(|| {
                        server.end_of(0);
                        ended.open();
                    });
                }
                pool.exchange(request("POST", &server.url()).with_body(body))
            });
            assert_eq!(outcome(result), expected, "{wire:?}: {name}");
        }
    }
}

/// The connection is reset while the client writes. The result is the same if the write or the read detects it first.
fn a_reset_in_the_middle_of_an_upload<F: Flavour>() {
    for wire in Wire::each() {
        for (response, expected) in [
            (WHOLE, Ok("hello".to_owned())),
            (HALF, Err(ErrorKind::Incomplete)),
            (WITHOUT_LENGTH, Err(ErrorKind::Incomplete)),
        ] {
            let server = wire.repeat(vec![Act::TakeBytes(100_000), send(response), Act::Reset]);
            for n in 0..5 {
                let pool: F = wire.pool();
                let body = bytes(vec![b'x'; 16 << 20]);
                let result = pool.exchange(request("POST", &server.url()).with_body(body));
                assert_eq!(outcome(result), expected, "{wire:?}: {response:?}, {n}");
            }
        }
    }
}

/// A reader of single bytes that counts them.
struct Dripping(Arc<AtomicUsize>);

impl Read for Dripping {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.fetch_add(1, Ordering::Relaxed);
        buf[0] = b'x';
        Ok(1)
    }
}

/// The client sends far less than 64 KiB before it checks for a response, because it checks by time, too.
fn a_slow_upload_sees_a_no<F: Flavour>() {
    const LENGTH: u64 = 60_000;
    let no = send("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno");
    let server = Server::repeat(vec![Act::TakeHead, no, Act::Eof]);
    let given = Arc::new(AtomicUsize::new(0));
    let body = F::sized_reader(Dripping(given.clone()), LENGTH);
    let response = F::new().exchange(request("POST", &server.url()).with_body(body)).unwrap();
    assert_eq!((response.status().as_u16(), response.bytes()), (401, &"no".into()));
    assert!(given.load(Ordering::Relaxed) < LENGTH as usize, "all of it was sent");
}

/// The client waits for room only once. Then it delivers the response, and reports that the request is incomplete.
fn a_server_that_reads_nothing_after_its_yes<F: Flavour>() {
    let server = Server::repeat(vec![Act::TakeHead, send(OK), Act::Wait(Gate::default())]);
    let throttle = Throttle::open(io::ErrorKind::BrokenPipe);
    let pool: F = F::make(|pool| F::backend(pool, Connects::throttled(&throttle)));
    let request = patient("POST", &server.url(), |t| t.write = Some(100 * MS));
    let response = pool.exchange(request.with_body(bytes(vec![b'x'; 64 << 20]))).unwrap();
    assert_eq!((response.text(), response.request_sent()), ("hello".into(), Some(RequestSent::Partial)));
    assert_eq!(pool.counts(), idle(0));
    let waits = throttle.waits.load(Ordering::Relaxed);
    // The task may be woken once more than needed: by the response, which it has read already.
    assert!((F::COUNTS_OF_A_WAIT..2 * F::COUNTS_OF_A_WAIT).contains(&waits), "{waits} waits");
}

/// The response has arrived: the timeout ends only the upload, with or without room to write.
fn the_total_timeout_after_a_whole_response<F: Flavour>() {
    for last in [Act::Sink, Act::Wait(Gate::default())] {
        let server = Server::repeat(vec![Act::TakeHead, send(OK), last]);
        let pool = F::new();
        let request = patient("POST", &server.url(), |t| t.total = Some(1000 * MS)).with_body(F::endless());
        assert_eq!(outcome(pool.exchange(request)), Ok("hello".to_owned()));
        assert_eq!(pool.counts(), idle(0));
    }
}

/// After a rejection it is a part; after a success it is the amount at the end of the response.
fn how_much_was_sent_of_requests_that_got_a_response<F: Flavour>() {
    let no = send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    let large = || F::sized_reader(io::repeat(b'x').take(16 << 20), 16 << 20);
    let rows: [(Script, F::Body, RequestSent); 4] = [
        (serve(OK), F::Body::default(), RequestSent::Complete),
        (serve(OK), bytes("x").into(), RequestSent::Complete),
        (vec![Act::TakeHead, send(OK), Act::Eof], large(), RequestSent::Complete),
        (vec![Act::TakeHead, no, Act::Eof], large(), RequestSent::Partial),
    ];
    for (n, (script, body, sent)) in rows.into_iter().enumerate() {
        let server = Server::repeat(script);
        let response = F::new().exchange(request("POST", &server.url()).with_body(body)).unwrap();
        assert_eq!(response.request_sent(), Some(sent), "row {n}");
    }
}
