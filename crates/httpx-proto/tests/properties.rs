//! Properties that hold for all bytes and all calls.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;

use common::{End, client_that_sent, play, play_and_answer};
use httpx_core::{Headers, Method};
use httpx_proto::{BodyLength, Client, Limits, Phase, RequestRef, Reuse, Server};
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Pieces of responses, valid and invalid, to build inputs that resemble responses.
const PIECES: &[&str] = &[
    "HTTP/1.1 200 OK\r\n",
    "HTTP/1.0 200 OK\r\n",
    "HTTP/1.1 204\r\n",
    "HTTP/1.1 103 Early Hints\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
    "Content-Length: 5\r\n",
    "Content-Length: 6\n",
    "Transfer-Encoding: chunked\r\n",
    "Transfer-Encoding: gzip\r\n",
    "Connection: close\r\n",
    "A: b\r\n",
    " folded\r\n",
    "\r\n",
    "\n",
    "\r",
    "\r\n\r\n",
    "5\r\nhello\r\n",
    "5;x\r\n",
    "hello",
    "0\r\n",
    "0\r\n\r\n",
    " ",
    ":",
    "\0",
    "é",
    "A: ",
];

fn response() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    let start = prop_oneof![4 => Just(PIECES[0]), 1 => select(PIECES)];
    (start, prop::collection::vec(piece, 0..12))
        .prop_map(|(start, rest)| [start.as_bytes(), &rest.concat()].concat())
}

/// Pieces of requests.
const ASKED: &[&str] = &[
    "GET / HTTP/1.1\r\nHost: h\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello",
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n",
    "PUT / HTTP/1.0\r\nConnection: keep-alive\r\n",
    "CONNECT a:1 HTTP/1.1\r\nHost: h\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
    "GET /a",
    "Content-Length: 5\r\n",
    "Transfer-Encoding: chunked\r\n",
    "Connection: close\r\n",
    "Expect: 100-continue\r\n",
    "A: b\r\n",
    " folded\r\n",
    "A: b\n",
    "\r\n",
    "\r\n",
    "\n",
    "\r",
    "5\r\nhello\r\n",
    "5;x\r\n",
    "hello",
    "0\r\n",
    "0\r\n\r\n",
    " ",
    "\0",
];

fn requests() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        12 => select(ASKED).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..8),
    ];
    let start = prop_oneof![4 => select(&ASKED[..7]), 1 => select(ASKED)];
    (start, prop::collection::vec(piece, 0..12))
        .prop_map(|(start, rest)| [start.as_bytes(), &rest.concat()].concat())
}

fn ends() -> impl Strategy<Value = End> {
    select(&[End::Open, End::Eof, End::Cut][..])
}

/// The pieces between these places.
fn cut<'a>(bytes: &'a [u8], places: &[Index]) -> Vec<&'a [u8]> {
    let mut at = places.iter().map(|place| place.index(bytes.len() + 1)).collect::<Vec<_>>();
    at.extend([0, bytes.len()]);
    at.sort_unstable();
    at.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

/// One call of the sending side.
#[derive(Debug, Clone)]
enum Call {
    Head(BodyLength),
    Frame(usize),
    FrameLater(usize, usize),
    End(bool),
    Response,
    NextCycle,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let length = prop_oneof![
        Just(BodyLength::None),
        (0..20u64).prop_map(BodyLength::Known),
        Just(BodyLength::Unknown)
    ];
    let call = prop_oneof![
        2 => length.prop_map(Call::Head),
        2 => (0..20usize).prop_map(Call::Frame),
        2 => (0..20usize, 0..22usize).prop_map(|(room, n)| Call::FrameLater(room, n)),
        3 => any::<bool>().prop_map(Call::End),
        3 => Just(Call::Response),
        3 => Just(Call::NextCycle),
    ];
    prop::collection::vec(call, 0..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// Any split gives the same events. Nothing panics, and everything ends.
    #[test]
    fn any_split(
        bytes in response(),
        sent in select(&["GET", "HEAD", "UPGRADE", "CONNECT", "-"][..]),
        end in ends(),
        places in prop::collection::vec(any::<Index>(), 0..6),
        head_bytes in select(&[40, 80, 65_536][..]),
    ) {
        let mut limits = Limits::default();
        limits.head_bytes = head_bytes;
        let whole = play(client_that_sent(sent, limits), &[&bytes], end);
        let pieces = play(client_that_sent(sent, limits), &cut(&bytes, &places), end);
        prop_assert_eq!(whole, pieces);
    }

    /// The same for a server: for one request with any end, and for several requests with responses between them.
    #[test]
    fn any_split_of_requests(
        bytes in requests(),
        end in ends(),
        places in prop::collection::vec(any::<Index>(), 0..6),
        head_bytes in select(&[40, 80, 65_536][..]),
        target_bytes in select(&[4, 16_384][..]),
    ) {
        let mut limits = Limits::default();
        (limits.head_bytes, limits.target_bytes) = (head_bytes, target_bytes);
        let pieces = cut(&bytes, &places);
        prop_assert_eq!(play(Server::new(limits), &[&bytes], end), play(Server::new(limits), &pieces, end));
        let whole = play_and_answer(Server::new(limits), &[&bytes], End::Open);
        prop_assert_eq!(whole, play_and_answer(Server::new(limits), &pieces, End::Open));
    }

    /// The framing of one side writes bodies that the framing of the other side reads, for any data in any pieces.
    #[test]
    fn chunks_come_back(
        body in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..8),
        later in any::<u32>(),
        places in prop::collection::vec(any::<Index>(), 0..6),
    ) {
        let (mut client, mut out) = (Client::new(Limits::default()), Vec::new());
        let headers = Headers::new();
        let head = RequestRef { method: &Method::POST, target: "/", host: Some("h"), headers: &headers };
        client.send_head(head, BodyLength::Unknown, &mut out).unwrap();
        out.clear();
        for (nth, piece) in body.iter().enumerate() {
            if later >> nth & 1 == 0 {
                client.frame(piece.len(), &mut out).unwrap();
                out.extend_from_slice(piece);
            } else {
                let mark = client.reserve_chunk(&mut out).unwrap();
                out.extend_from_slice(piece);
                client.commit_chunk(mark, piece.len(), &mut out).unwrap();
            }
        }
        client.send_end(&httpx_proto::headers![("Sum", "1")], &mut out).unwrap();
        let response = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", &*out].concat();
        let said = play(client_that_sent("GET", Limits::default()), &cut(&response, &places), End::Open);
        let body = body.concat();
        let shown = if body.is_empty() { String::new() } else { format!("\"{}\" | ", body.escape_ascii()) };
        prop_assert_eq!(said, format!("200 | {}end {{\"Sum\": \"1\"}} | ready", shown));
    }

    /// Any calls in any order: a call that fails writes nothing, and a direction that has failed stays failed.
    #[test]
    fn any_calls(calls in calls()) {
        let (mut client, mut out) = (Client::new(Limits::default()), Vec::new());
        let headers = Headers::new();
        for call in calls {
            let before = out.len();
            let failed = client.phases().sending == Phase::Failed;
            let result = match call {
                Call::Head(length) => {
                    let head = RequestRef { method: &Method::POST, target: "/", host: Some("h"), headers: &headers };
                    client.send_head(head, length, &mut out)
                }
                Call::Frame(n) => client.frame(n, &mut out).map(|()| out.resize(out.len() + n, b'x')),
                Call::FrameLater(room, n) => client.reserve_chunk(&mut out).and_then(|mark| {
                    out.resize(out.len() + room, b'x');
                    client.commit_chunk(mark, n, &mut out)
                }),
                Call::End(trailers) if trailers => {
                    client.send_end(&httpx_proto::headers![("Sum", "1")], &mut out)
                }
                Call::End(_) => client.send_end(&headers, &mut out),
                Call::Response => {
                    if client.phases().receiving == Phase::Idle && client.phases().sending != Phase::Idle {
                        client.receive(b"HTTP/1.1 204 No Content\r\n\r\n");
                        while client.phases().receiving != Phase::Done && client.next_event().is_ok() {}
                    }
                    continue;
                }
                Call::NextCycle => {
                    let ready = client.reuse() == Reuse::Ready;
                    prop_assert_eq!(client.next_cycle().is_ok(), ready);
                    continue;
                }
            };
            prop_assert!(!failed || result.is_err());
            prop_assert!(result.is_ok() || out.len() == before, "an error writes nothing");
        }
    }
}
