//! Any calls with any bytes in any order, also those that no driver would make: no panic, always room to read into,
//! `next_cycle` succeeds exactly if `reuse` allows it, and each call writes the expected bytes and no others.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are tests

use httpx_core::{Headers, Method, ResponseHead, StatusCode};
use httpx_proto::role::Role;
use httpx_proto::{BodyLength, Client, Connection, Limits, Phase, RequestRef, ReservedChunk, Reuse, Server};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Pieces of messages of both sides.
const PIECES: &[&str] = &[
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.0 200 OK\r\n",
    "HTTP/1.1 100 Continue\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "HTTP/1.1 204 No Content\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "HEAD / HTTP/1.0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: h\r\n\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: 9999999999999999999\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: keep-alive\r\n",
    "Upgrade: x\r\n",
    "Expect: 100-continue\r\n",
    "A: b\r\n",
    " a\r\n",
    "\r\n",
    "\n",
    "\r",
    "FFFFFFFFFFFFFFFF\r\n",
    "5;x\r\n",
    "5\r\nhello\r\n",
    "0\r\nA: b\r\n\r\n",
    "0\r\n\r\n",
    "hello",
    "\0",
];

const FIELDS: &[&[(&str, &str)]] = &[
    &[],
    &[("Transfer-Encoding", "chunked")],
    &[("Content-Length", "5")],
    &[("Connection", "close")],
    &[("Upgrade", "x")],
    &[("Expect", "100-continue")],
];

const SIZES: &[usize] = &[0, 1, 64, 65, 100, usize::MAX];

#[derive(Debug, Clone)]
enum Call {
    Receive(Vec<&'static str>),
    Spare(&'static str),
    Eof(bool),
    Events(usize),
    Consume(usize),
    Passed(u64),
    Head(usize, u16, BodyLength),
    Data(&'static str),
    Frame(usize),
    FrameOpen,
    FrameClose(usize, usize),
    End(bool),
    NextCycle,
    Limits([usize; 5]),
}

fn call() -> impl Strategy<Value = Call> {
    let length = select(
        &[
            BodyLength::None,
            BodyLength::Known(0),
            BodyLength::Known(5),
            BodyLength::Known(u64::MAX),
            BodyLength::Unknown,
        ][..],
    );
    let status = select(&[100, 101, 103, 200, 204, 205, 304, 400, 999][..]);
    let size = || select(&[0, 1, 5, 6, usize::MAX][..]);
    prop_oneof![
        6 => vec(select(PIECES), 1..3).prop_map(Call::Receive),
        1 => select(PIECES).prop_map(Call::Spare),
        1 => any::<bool>().prop_map(Call::Eof),
        8 => (1..5usize).prop_map(Call::Events),
        2 => size().prop_map(Call::Consume),
        2 => select(&[0, 1, 5, 6, u64::MAX][..]).prop_map(Call::Passed),
        6 => (0..FIELDS.len(), status, length).prop_map(|(fields, status, length)| Call::Head(fields, status, length)),
        1 => select(&["", "a", "hello"][..]).prop_map(Call::Data),
        1 => size().prop_map(Call::Frame),
        1 => Just(Call::FrameOpen),
        1 => (0..8usize, size()).prop_map(|(room, n)| Call::FrameClose(room, n)),
        2 => any::<bool>().prop_map(Call::End),
        2 => Just(Call::NextCycle),
        1 => prop::array::uniform5(select(SIZES)).prop_map(Call::Limits),
    ]
}

/// Makes one of the calls that both roles have.
fn make<R: Role>(codec: &mut Connection<R>, call: &Call, out: &mut Vec<u8>, marks: &mut Vec<ReservedChunk>) {
    match *call {
        Call::Receive(ref pieces) => codec.receive(pieces.concat().as_bytes()),
        Call::Spare(piece) => {
            let spare = codec.spare();
            assert!(!spare.is_empty());
            let n = spare.len().min(piece.len());
            spare[..n].copy_from_slice(&piece.as_bytes()[..n]);
            codec.filled(n);
        }
        Call::Eof(clean) => codec.receive_eof(clean),
        Call::Events(n) => (0..n).for_each(|_| drop(codec.next_event())),
        Call::Consume(n) => codec.consume(n),
        Call::Passed(n) => codec.consumed_directly(n),
        Call::Head(..) => panic!("a role's own: {call:?}"),
        Call::Data(_) | Call::Frame(_) | Call::FrameOpen | Call::FrameClose(..) | Call::End(_) => {
            send(codec, call, out, marks);
        }
        Call::NextCycle => {
            let ready = codec.reuse() == Reuse::Ready;
            assert_eq!(codec.next_cycle().is_ok(), ready);
        }
        Call::Limits(sizes) => {
            let limits = codec.limits_mut();
            *limits = Limits::default();
            let [bytes, count, interims, lines, target] = sizes;
            (limits.head_bytes, limits.header_count, limits.interim_count) = (bytes, count, interims);
            (limits.empty_lines, limits.target_bytes) = (lines, target);
        }
    }
    // None of these may panic either.
    let _ = (
        codec.data(),
        codec.passthrough_len(),
        codec.remaining(),
        codec.awaits_continue(),
        format!("{codec:?}"),
    );
}

/// Sends a part of a body, and checks the written bytes.
fn send<R: Role>(codec: &mut Connection<R>, call: &Call, out: &mut Vec<u8>, marks: &mut Vec<ReservedChunk>) {
    let (before, in_body) = (out.clone(), codec.phases().sending == Phase::Body);
    let (result, data) = match *call {
        Call::Data(data) => (codec.send_data(data.as_bytes(), out), data.as_bytes().to_vec()),
        Call::Frame(n) => (codec.frame(n, out), Vec::new()),
        Call::FrameOpen => (codec.reserve_chunk(out).map(|mark| marks.push(mark)), Vec::new()),
        Call::End(false) => (codec.send_end(&Headers::new(), out), Vec::new()),
        Call::End(true) => (codec.send_end(&httpx_proto::headers![("A", "b")], out), Vec::new()),
        Call::FrameClose(room, n) => {
            if let Some(mark) = marks.pop() {
                let data = &b"qwertyuiop"[..room];
                out.extend_from_slice(data);
                let result = codec.commit_chunk(mark, n, out);
                if result.is_ok() && n > 0 {
                    let chunk = [format!("{n:08x}\r\n").as_bytes(), &data[..n]].concat();
                    assert_eq!(out.len(), before.len() + n);
                    assert!(out.ends_with(&data[..n]), "{}", out.escape_ascii());
                    assert!(!before.ends_with(b"00000000\r\n") || out.ends_with(&chunk));
                } else {
                    assert!(before.starts_with(out), "nothing is left of it");
                }
            }
            return;
        }
        _ => panic!("no such call: {call:?}"),
    };
    let written = out.strip_prefix(&*before).expect("what was written stays");
    if result.is_err() || !in_body {
        assert_eq!(written, b"", "{call:?}: {result:?}");
        return;
    }
    let lines = written.strip_suffix(&*data).expect("the data is last");
    let line = lines.strip_prefix(b"\r\n").unwrap_or(lines); // of the chunk before
    match *call {
        _ if line.is_empty() => {}
        Call::Data(_) => assert_eq!(line, format!("{:x}\r\n", data.len()).as_bytes()),
        Call::Frame(n) => assert_eq!(line, format!("{n:x}\r\n").as_bytes()),
        Call::FrameOpen => assert_eq!(line, b"00000000\r\n"),
        Call::End(false) => assert_eq!(line, b"0\r\n\r\n"),
        Call::End(true) => assert_eq!(line, b"0\r\nA: b\r\n\r\n"),
        _ => panic!("no such call: {call:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn of_a_client(calls in vec(call(), 0..60)) {
        let (mut client, mut out, mut marks) = (Client::new(Limits::default()), Vec::new(), Vec::new());
        for call in calls {
            let Call::Head(fields, kind, length) = call else {
                make(&mut client, &call, &mut out, &mut marks);
                continue;
            };
            let method = match kind { 100 => Method::HEAD, 101 => Method::CONNECT, 204 => Method::POST, _ => Method::GET };
            let headers = Headers::try_from(FIELDS[fields]).unwrap();
            let head = RequestRef { method: &method, target: "/", host: Some("h"), headers: &headers };
            let _ = client.send_head(head, length, &mut out);
        }
        prop_assert!(out.is_ascii() && client.into_unread().len() < 1 << 20);
    }

    #[test]
    fn of_a_server(calls in vec(call(), 0..60)) {
        let (mut server, mut out, mut marks) = (Server::new(Limits::default()), Vec::new(), Vec::new());
        for call in calls {
            let Call::Head(fields, status, length) = call else {
                make(&mut server, &call, &mut out, &mut marks);
                continue;
            };
            let head = ResponseHead::new(StatusCode::try_from(status).unwrap());
            let _ = server.send_head(&head.with_headers(Headers::try_from(FIELDS[fields]).unwrap()), length, &mut out);
        }
        prop_assert!(out.is_ascii() && server.into_unread().len() < 1 << 20);
    }
}
