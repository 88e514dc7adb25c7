//! Complete responses to uploads that wait for their own reader. Nothing more is read from the connection meanwhile.

use std::io::{self, ErrorKind, Read};
use std::sync::atomic::Ordering;
use std::thread;

use httpx_pool::memory;

use crate::support::network::{Line, NOW, Network};
use crate::support::throttle::Throttle;
use crate::support::*;

both_flavours! {
    over_sockets,
    over_a_memory_network,
}

/// How often the upload lets the client continue after the response, before it has more to send: the blocking client
/// after each byte, the async client at each poll. A client that goes on reading does so each time.
const TURNS: usize = 500;
/// The most reads of a connection, with those of a TLS handshake.
const MOST_READS: usize = 50;
const LENGTH: u64 = 30_000;

/// A reader that gives a few bytes, waits for the gate, gives single bytes, and then the rest.
struct Waiting {
    answered: Gate,
    reads: usize,
}

impl Waiting {
    fn upload(answered: &Gate) -> impl Read + Send + 'static {
        Waiting { answered: answered.clone(), reads: 0 }.take(LENGTH)
    }
}

impl Read for Waiting {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = match self.reads {
            0 => 10,
            1..=TURNS => {
                self.answered.wait();
                1
            }
            _ => buf.len(),
        };
        self.reads += 1;
        buf[..n].fill(b'x');
        Ok(n)
    }
}

/// The pool gets the response, after few reads.
fn assert_gets_the_response<F: Flavour>(
    pool: &F,
    url: &str,
    answered: &Gate,
    throttle: &Throttle,
    row: &str,
) {
    let body = F::late_reader_with_polls(Waiting::upload(answered), TURNS);
    let response = pool.exchange(request("POST", url).with_body(body)).unwrap();
    let reads = throttle.reads.load(Ordering::Relaxed);
    assert_eq!(response.text(), "hello", "{row}");
    assert!(reads < MOST_READS, "{row}: {reads} reads");
}

fn over_sockets<F: Flavour>() {
    for wire in Wire::each() {
        for (name, last) in
            [("open", vec![]), ("the end", vec![Act::Finish]), ("bytes", vec![Act::Flood(64 << 20)])]
        {
            let (answered, throttle) = (Gate::default(), Throttle::open(ErrorKind::BrokenPipe));
            let first = vec![Act::TakeHead, send(OK), Act::Open(answered.clone())];
            let server = wire.serve([[first, last, vec![Act::Eof]].concat()]);
            let pool: F = F::make(|pool| F::backend(wire.trusted(pool), Connects::throttled(&throttle)));
            assert_gets_the_response(
                &pool,
                &server.url(),
                &answered,
                &throttle,
                &format!("{wire:?}: {name}"),
            );
        }
    }
}

fn over_a_memory_network<F: Flavour + Network>() {
    type Last<F> = fn(&mut <F as Network>::Stream);
    let flood: Last<F> = |stream| while stream.write(&[b'x'; 16 << 10], NOW).is_ok() {};
    let rows: [(&str, Last<F>); 3] =
        [("open", |_| {}), ("the end", |stream| stream.shutdown().unwrap()), ("bytes", flood)];
    for (name, last) in rows {
        let (network, listener) = memory::network();
        let (answered, throttle) = (Gate::default(), Throttle::open(ErrorKind::BrokenPipe));
        let pool: F = F::make(|pool| F::backend(pool, Connects::throttled(&throttle).over(network)));
        let gate = answered.clone();
        let server = thread::spawn(move || {
            let mut stream = F::over_memory(listener.accept().unwrap().1);
            stream.read(&mut [0; 4096], PATIENCE).unwrap();
            stream.write_all(OK.as_bytes()).unwrap();
            gate.open();
            last(&mut stream);
            stream.read_to_end().unwrap()
        });
        assert_gets_the_response(&pool, "http://h/", &answered, &throttle, name);
        drop(pool);
        assert!(server.join().unwrap().ends_with(b"x\r\n0\r\n\r\n"), "{name}: the upload is complete");
    }
}
