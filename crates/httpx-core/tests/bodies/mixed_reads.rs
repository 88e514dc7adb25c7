//! Any mixture of `read`, `chunk`, `fill_buf` and `consume` gives the bytes of the body once, in their order.
#![cfg(feature = "gzip")]

use std::io::{self, Cursor};

use httpx_core::{Encoded, ErrorKind, Headers, Options, Response, ResponseHead, StatusCode, Timeout};
use httpx_testing::encode;
use proptest::prelude::*;

use crate::flavour::{Async, Blocking, Flavour};
use crate::source::{Script, Step};

/// One call of a reader.
#[derive(Debug, Clone, Copy)]
enum Call {
    Read(usize),
    Chunk,
    /// Fills, and consumes at most this number of bytes.
    Fill(usize),
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let call = prop_oneof![
        (0..40_usize).prop_map(Call::Read),
        Just(Call::Chunk),
        prop_oneof![Just(0), 1..9_usize, Just(usize::MAX)].prop_map(Call::Fill)
    ];
    prop::collection::vec(call, 0..30)
}

fn text(n: usize) -> Vec<u8> {
    (0..n).map(|i| (i % 251) as u8).collect()
}

/// The kinds of bodies: a response, a decoded response, a reader, bytes.
const KINDS: [&str; 4] = ["plain", "gzip", "reader", "bytes"];

fn response<F: Flavour>(kind: &str, content: &[u8], piece: usize) -> Response<F::Body> {
    let coded = if kind == "gzip" { encode::gzip(content) } else { content.to_vec() };
    let pieces = coded.chunks(piece).map(<[u8]>::to_vec).collect::<Vec<_>>();
    let body = match kind {
        "plain" | "gzip" => {
            let coding = if kind == "gzip" { "gzip" } else { "" };
            return F::response(Script::bytes(pieces), coding, &Options::default());
        }
        "reader" => F::from_reader(Cursor::new(coded)),
        _ => Encoded::from(coded).into(),
    };
    Response::from_parts(ResponseHead::new(StatusCode::OK), body)
}

/// The bytes that were read, and whether there was a call that showed the end.
fn play<F: Flavour>(response: &mut Response<F::Body>, calls: &[Call]) -> io::Result<(Vec<u8>, bool)> {
    let mut all = Vec::new();
    for call in calls {
        let (bytes, is_end) = match *call {
            Call::Read(room) => {
                let bytes = F::read(response, room)?;
                let is_end = room > 0 && bytes.is_empty();
                (bytes, is_end)
            }
            Call::Chunk => {
                let chunk = F::chunk(response)?;
                (chunk.clone().unwrap_or_default().to_vec(), chunk.is_none())
            }
            Call::Fill(most) => {
                let mut bytes = F::fill_buf(response)?;
                assert_eq!(bytes, F::fill_buf(response)?, "filled twice");
                let is_end = bytes.is_empty();
                bytes.truncate(most);
                F::consume(response, bytes.len());
                (bytes, is_end)
            }
        };
        all.extend_from_slice(&bytes);
        if is_end {
            return Ok((all, true));
        }
    }
    Ok((all, false))
}

fn nothing_is_lost<F: Flavour>(length: usize, piece: usize, calls: &[Call]) {
    let content = text(length);
    for kind in KINDS {
        let mut response = response::<F>(kind, &content, piece);
        let (mut all, is_end) = play::<F>(&mut response, calls).unwrap();
        if is_end {
            assert_eq!(all.len(), length, "{kind}: an early end");
        }
        all.extend_from_slice(F::read_body(response).unwrap().bytes());
        assert!(all == content, "{kind}: {} bytes instead of {length}", all.len());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 1 } else { 200 }))]

    #[test]
    fn every_mixture_of_reads_gives_the_whole_body(
        length in prop_oneof![0..60_usize, 16_000..40_000_usize],
        piece in prop_oneof![1..9_usize, 1000..20_000_usize],
        calls in calls(),
    ) {
        let piece = if length > 1000 { piece.max(500) } else { piece };
        nothing_is_lost::<Blocking>(length, piece, &calls);
        nothing_is_lost::<Async>(length, piece, &calls);
    }
}

fn a_failed_fill_fails_again<F: Flavour>() {
    for coding in ["", "gzip"] {
        let content = if coding.is_empty() { b"one".to_vec() } else { encode::gzip(b"one")[..13].to_vec() };
        let script = Script::new([Step::Bytes(content), Step::Stall]);
        let mut response = F::response(script, coding, &Options::default());
        let kind = loop {
            match F::fill_buf(&mut response) {
                Ok(bytes) => F::consume(&mut response, bytes.len()),
                Err(error) => break error.kind(),
            }
        };
        assert_eq!(kind, io::ErrorKind::TimedOut, "{coding:?}");
        assert_eq!(F::fill_buf(&mut response).unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert_eq!(F::chunk(&mut response).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Read));
        assert_eq!(F::read_body(response).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Read));
    }
}

#[test]
fn a_body_that_failed_in_fill_buf_fails_again() {
    a_failed_fill_fails_again::<Blocking>();
    a_failed_fill_fails_again::<Async>();
}

fn the_limit_counts_bytes_read_in_advance<F: Flavour>() {
    let options = {
        let mut options = Options::default();
        options.max_body_bytes = Some(10);
        options
    };
    for (length, is_ok) in [(10, true), (11, false)] {
        let mut headers = Headers::new();
        headers.append("Content-Encoding", "gzip").unwrap();
        let script = Script::bytes([encode::gzip(&text(length))]);
        let body = F::from_source(script, &mut headers, &options);
        let mut response = Response::from_parts(ResponseHead::new(StatusCode::OK), body);
        assert_eq!(F::fill_buf(&mut response).unwrap().len(), length);
        F::consume(&mut response, 0);
        assert_eq!(F::into_bytes(response.into_body()).is_ok(), is_ok, "{length} bytes");
    }
}

#[test]
fn a_limit_holds_for_a_body_that_is_filled() {
    the_limit_counts_bytes_read_in_advance::<Blocking>();
    the_limit_counts_bytes_read_in_advance::<Async>();
}

/// The connection of a response of which a part is in a buffer is used again, and trailers arrive.
fn filled_bodies_end_well<F: Flavour>() {
    for coding in ["", "gzip"] {
        let content = if coding.is_empty() { text(50) } else { encode::gzip(&text(50)) };
        let mut trailers = Headers::new();
        trailers.append("Checksum", "1").unwrap();
        let script = || Script::bytes([content.clone()]).with_trailers(trailers.clone());
        let (drained, read) = (script(), script());
        let logs = [drained.log(), read.log()];
        let mut response = F::response(drained, coding, &Options::default());
        F::fill_buf(&mut response).unwrap();
        F::drain(response.into_body(), 1000);
        assert_eq!(logs[0].end(), Some("finished"), "{coding:?}");

        let mut response = F::response(read, coding, &Options::default());
        loop {
            match F::fill_buf(&mut response).unwrap().len() {
                0 => break,
                n => F::consume(&mut response, n.min(20)),
            }
        }
        assert_eq!(logs[1].end(), Some("finished"), "{coding:?}");
        assert_eq!(response.trailers().get("Checksum").unwrap(), "1");
    }
}

#[test]
fn filled_bodies_are_drained_and_have_trailers() {
    filled_bodies_end_well::<Blocking>();
    filled_bodies_end_well::<Async>();
}

#[test]
fn chunks_end_after_an_error() {
    let script = Script::new([Step::Bytes(b"one".to_vec()), Step::Stall]);
    let mut chunks = Blocking::response(script, "", &Options::default()).chunks();
    assert_eq!(chunks.next().unwrap().unwrap(), "one");
    assert!(chunks.next().unwrap().is_err());
    assert!(chunks.next().is_none());
    assert_eq!(format!("{chunks:?}"), "<Chunks [200 OK]>");
}
