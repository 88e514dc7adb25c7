//! Bodies are decoded while they are read: without delay, in bounded steps, and within limits.
#![cfg(feature = "gzip")]

use std::io::Write;
use std::task::{Context, Poll, Waker};

use flate2::Compression;
use flate2::write::GzEncoder;
use httpx_core::{ErrorKind, Headers, Options, Timeout, ahttpx};
use httpx_testing::encode::gzip;

use crate::flavour::{Async, Blocking, Flavour};
use crate::source::{Script, Step};

/// A member that has not ended, but from which all data can be decoded.
fn flushed(data: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(data).unwrap();
    encoder.flush().unwrap();
    encoder.get_ref().clone()
}

/// A gzip member of empty stored blocks, 950 KB of them before each of `n` bytes of data.
fn nearly_empty(n: usize) -> Vec<u8> {
    let mut member = gzip(b"")[..10].to_vec();
    for _ in 0..n {
        member.extend([0, 0, 0, 0xff, 0xff].repeat(190_000));
        member.extend([0, 1, 0, 0xfe, 0xff, b'x']);
    }
    member
}

fn nothing_is_held_back<F: Flavour>() {
    let text: Vec<u8> = (0..20_000u32).map(|n| ((n * n) >> 3) as u8).collect();
    let twice = flushed(&flushed(&text));
    for room in [100, 8192, 16_384, 65_536] {
        let source = Script::new([Step::Bytes(twice.clone()), Step::Stall]);
        let mut response = F::response(source, "gzip, gzip", &Options::default());
        let mut read = Vec::new();
        while let Ok(bytes) = F::read(&mut response, room) {
            read.extend(bytes);
        }
        assert_eq!(read.len(), text.len(), "reads of {room}");
        assert_eq!(read, text);
    }
}

#[test]
fn decoded_bytes_do_not_wait_for_the_network() {
    nothing_is_held_back::<Blocking>();
    nothing_is_held_back::<Async>();
}

fn too_many<F: Flavour>() {
    let response = || F::response(Script::bytes(["x"]), "gzip, gzip, gzip, gzip", &Options::default());
    assert!(response().headers().contains("content-encoding"));
    let error = F::read_body(response()).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "GET http://example.com/: the content coding of the body is not decoded; decompress(false) gives the body as it was sent: \
        the body has more than 3 content codings"
    );
    let source = Script::bytes(["x"]);
    let log = source.log();
    F::drain(F::response(source, "gzip, gzip, gzip, gzip", &Options::default()).into_body(), 100);
    assert_eq!(log.end(), Some("finished"));
}

#[test]
fn too_many_codings_fail_when_the_body_is_read() {
    too_many::<Blocking>();
    too_many::<Async>();
}

fn bombs<F: Flavour>() {
    for (codings, bomb) in
        [("gzip, gzip", gzip(&nearly_empty(3))), ("gzip, gzip, gzip", gzip(&gzip(&nearly_empty(3))))]
    {
        let error =
            F::read_body(F::response(Script::bytes([bomb]), codings, &Options::default())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(
            format!("{error:#}").ends_with("the nested content codings hold far more than the body itself"),
            "{error:#}"
        );
    }
}

#[test]
fn nested_codings_that_hold_nearly_nothing_are_refused() {
    bombs::<Blocking>();
    bombs::<Async>();
}

/// The deadline is checked although the network is not asked for more.
fn late<F: Flavour>() {
    for (codings, bomb) in [
        ("gzip", gzip(&vec![0; 4 << 20])),
        ("gzip, gzip", gzip(&gzip(&vec![0; 4 << 20]))),
        ("gzip, gzip, gzip", gzip(&gzip(&gzip(&vec![0; 4 << 20])))),
        ("gzip, gzip", gzip(&[gzip(b""), vec![0; 900 << 10]].concat())),
    ] {
        let source = Script::bytes([bomb]).late_after(2);
        let error = F::read_body(F::response(source, codings, &Options::default())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total), "{codings}");
    }
}

#[test]
fn the_deadline_is_checked_between_steps() {
    late::<Blocking>();
    late::<Async>();
}

#[test]
fn other_tasks_run_between_steps() {
    let size = 8 << 20;
    for (codings, bomb) in [("gzip", gzip(&vec![0; size])), ("gzip, gzip", gzip(&gzip(&vec![0; size])))] {
        let mut headers = Headers::new();
        headers.append("Content-Encoding", codings).unwrap();
        let source = Box::new(Script::bytes([bomb]));
        let mut body = ahttpx::Body::from_source(source, &mut headers, &Options::default());
        let mut cx = Context::from_waker(Waker::noop());
        let mut buf = vec![0; 64 << 10];
        let (mut total, mut at_a_stretch, mut pauses) = (0, 0, 0);
        loop {
            match body.poll_read(&mut cx, &mut buf) {
                Poll::Ready(Ok(0)) => break,
                Poll::Ready(Ok(n)) => (total, at_a_stretch) = (total + n, at_a_stretch + n),
                Poll::Ready(Err(error)) => panic!("{error:#}"),
                Poll::Pending => (pauses, at_a_stretch) = (pauses + 1, 0),
            }
            assert!(at_a_stretch <= 512 << 10, "{codings}");
        }
        assert_eq!(total, size);
        assert!(pauses >= size / (512 << 10), "{codings}: {pauses}");
    }
}

#[test]
fn codings_of_ordinary_data_are_no_bombs() {
    // A flush for each short line makes the encoded form longer than the data.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    for n in 0..100_000 {
        writeln!(encoder, "{n}").unwrap();
        encoder.flush().unwrap();
    }
    let lines = encoder.finish().unwrap();
    assert!(lines.len() > 1 << 19);
    let zeros = vec![0; 8 << 20];
    for (codings, body) in [
        ("gzip, gzip", gzip(&lines)),
        ("gzip, gzip", gzip(&gzip(&zeros))),
        ("gzip, gzip, gzip", gzip(&gzip(&lines))),
    ] {
        let response = Blocking::response(Script::bytes(body.chunks(1000)), codings, &Options::default());
        assert!(Blocking::read_body(response).is_ok(), "{codings}");
    }
}
