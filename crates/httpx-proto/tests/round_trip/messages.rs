//! Messages of any shape: the receiver gets all parts of them.

use httpx_core::{Headers, Method, ResponseHead, StatusCode};
use httpx_proto::role::Role;
use httpx_proto::{
    BodyLength, Client, CloseReason, Connection, Limits, Phase, ReceivedRequest, RequestRef, Reuse, Server,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::receive;

/// A message in one direction.
#[derive(Debug, Clone)]
struct Message {
    headers: Headers,
    closes: bool,
    /// The declared length: none, the real one, or unknown.
    length: fn(u64) -> BodyLength,
    body: Vec<Vec<u8>>,
    trailers: Headers,
}

#[derive(Debug, Clone)]
struct Exchange {
    method: &'static str,
    target: String,
    request: Message,
    interims: Vec<Headers>,
    status: u16,
    reason: String,
    response: Message,
    places: Vec<Index>,
}

fn headers() -> impl Strategy<Value = Headers> {
    let name = prop_oneof![
        select(&["Accept", "X-A", "x-a", "Cookie"][..]).prop_map(str::to_owned),
        "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,9}"
    ];
    let value = vec(prop_oneof![8 => b' '..=b'~', 1 => 0x80..=0xffu8, 1 => Just(b'\t')], 0..20);
    vec((name, value), 0..6).prop_map(|lines| {
        let mut headers = Headers::new();
        for (name, value) in lines {
            let framing = ["connection", "upgrade", "expect", "host", "te", "age", "via"];
            if !framing.contains(&&*name.to_ascii_lowercase()) {
                headers.append(&name, value).unwrap();
            }
        }
        headers
    })
}

fn message() -> impl Strategy<Value = Message> {
    let lengths: [fn(u64) -> BodyLength; 3] =
        [|_| BodyLength::None, BodyLength::Known, |_| BodyLength::Unknown];
    let trailers = headers().prop_map(|mut headers| {
        headers.retain(|name, _| !name.eq_ignore_ascii_case("cookie"));
        headers
    });
    (
        headers(),
        prop::bool::weighted(0.1),
        select(lengths.to_vec()),
        vec(vec(any::<u8>(), 0..40), 0..6),
        trailers,
    )
        .prop_map(|(headers, closes, length, body, trailers)| {
            let none = matches!(length(1), BodyLength::None);
            let trailers = if matches!(length(1), BodyLength::Unknown) { trailers } else { Headers::new() };
            Message { headers, closes, length, body: if none { Vec::new() } else { body }, trailers }
        })
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let methods = &["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "X-OWN"][..];
    let statuses = prop_oneof![select(&[200, 204, 205, 304, 404][..]), 200..600u16];
    (
        (select(methods), "/[!-\"$-~]{0,20}", message(), vec(headers(), 0..3)),
        (statuses, "[ -~]{0,12}", message(), vec(any::<Index>(), 0..8)),
    )
        .prop_map(|((method, target, request, interims), (status, reason, response, places))| Exchange {
            method,
            target,
            request,
            interims,
            status,
            reason,
            response: if matches!(status, 204 | 205) {
                Message {
                    length: |_| BodyLength::None,
                    body: Vec::new(),
                    trailers: Headers::new(),
                    ..response
                }
            } else {
                response
            },
            places,
        })
}

/// The headers of a message, with its `Connection` header.
fn lines(message: &Message) -> Headers {
    let mut headers = message.headers.clone();
    if message.closes {
        headers.append("Connection", "close").unwrap();
    }
    headers
}

/// Leaves out the headers that a codec adds.
fn own(headers: &Headers) -> Headers {
    let mut headers = headers.clone();
    for name in ["Host", "Content-Length", "Transfer-Encoding", "Connection"] {
        headers.remove(name);
    }
    headers
}

/// Sends body and trailers. Returns the parts that were sent.
fn send_rest<R: Role>(codec: &mut Connection<R>, message: &Message, out: &mut Vec<u8>) -> (Vec<u8>, Headers) {
    if codec.phases().sending != Phase::Body {
        codec.send_end(&Headers::new(), out).unwrap();
        return (Vec::new(), Headers::new());
    }
    for (nth, piece) in message.body.iter().enumerate() {
        if nth % 2 == 0 {
            codec.frame(piece.len(), out).unwrap();
            out.extend_from_slice(piece);
        } else {
            let mark = codec.reserve_chunk(out).unwrap();
            out.extend_from_slice(piece);
            out.extend_from_slice(b"unused");
            codec.commit_chunk(mark, piece.len(), out).unwrap();
        }
    }
    codec.send_end(&message.trailers, out).unwrap();
    (message.body.concat(), message.trailers.clone())
}

fn length(message: &Message) -> BodyLength {
    (message.length)(message.body.iter().map(|piece| piece.len() as u64).sum())
}

fn go(exchange: &Exchange, client: &mut Client, server: &mut Server) {
    let (method, headers) = (Method::try_from(exchange.method).unwrap(), lines(&exchange.request));
    let head =
        RequestRef { method: &method, target: &exchange.target, host: Some("h:80"), headers: &headers };
    let mut wire = Vec::new();
    client.send_head(head, length(&exchange.request), &mut wire).unwrap();
    let (body, trailers) = send_rest(client, &exchange.request, &mut wire);
    let received = receive(server, &wire, &exchange.places);
    let head: ReceivedRequest = received.head.unwrap();
    assert_eq!((head.method(), head.target()), (&method, &*exchange.target));
    assert_eq!(own(head.headers()), own(&headers));
    assert_eq!((received.body, received.trailers), (body, Some(trailers)));

    let mut wire = Vec::new();
    for hint in &exchange.interims {
        let hint = ResponseHead::new(StatusCode::try_from(103).unwrap()).with_headers(hint.clone());
        server.send_head(&hint, BodyLength::None, &mut wire).unwrap();
    }
    let head = ResponseHead::new(StatusCode::try_from(exchange.status).unwrap())
        .with_headers(lines(&exchange.response))
        .with_reason(&exchange.reason);
    server.send_head(&head, length(&exchange.response), &mut wire).unwrap();
    let (body, trailers) = send_rest(server, &exchange.response, &mut wire);
    let received = receive(client, &wire, &exchange.places);
    assert!(received.interims.iter().map(ResponseHead::headers).eq(&exchange.interims));
    let got = received.head.unwrap();
    assert_eq!((got.status(), got.reason()), (head.status(), &*exchange.reason));
    assert_eq!(own(got.headers()), own(head.headers()));
    assert_eq!((received.body, received.trailers), (body, Some(trailers)));
    assert!(client.unread().is_empty() && server.unread().is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(250))]

    /// Up to four exchanges over one connection, which ends as their headers require.
    #[test]
    fn all_exchanges_arrive(exchanges in vec(exchange(), 1..4)) {
        let (mut client, mut server) = (Client::new(Limits::default()), Server::new(Limits::default()));
        for exchange in &exchanges {
            go(exchange, &mut client, &mut server);
            let (ours, theirs) = match (exchange.request.closes, exchange.response.closes) {
                (false, false) => (Reuse::Ready, Reuse::Ready),
                (true, _) => (Reuse::Never(CloseReason::WeSaidClose), Reuse::Never(CloseReason::PeerSaidClose)),
                (false, true) => (Reuse::Never(CloseReason::PeerSaidClose), Reuse::Never(CloseReason::WeSaidClose)),
            };
            prop_assert_eq!((client.reuse(), server.reuse()), (ours, theirs));
            if ours != Reuse::Ready {
                break;
            }
            client.next_cycle().unwrap();
            server.next_cycle().unwrap();
        }
    }

    /// All requests first, and then all responses: pipelined requests are received in order, one at a time.
    #[test]
    fn pipelined(exchanges in vec(exchange(), 1..4), places in vec(any::<Index>(), 0..8)) {
        let mut wire = Vec::new();
        for Exchange { method, target, request, .. } in &exchanges {
            let (method, mut client) = (Method::try_from(*method).unwrap(), Client::new(Limits::default()));
            let head = RequestRef { method: &method, target, host: Some("h"), headers: &request.headers };
            client.send_head(head, length(request), &mut wire).unwrap();
            send_rest(&mut client, request, &mut wire);
        }
        let mut server = Server::new(Limits::default());
        let mut received = vec![receive(&mut server, &wire, &places)];
        for nth in 0..exchanges.len() {
            prop_assert_eq!(received[nth].head.as_ref().unwrap().target(), &exchanges[nth].target);
            prop_assert!(received[nth].trailers.is_some());
            server.send_head(&ResponseHead::new(StatusCode::OK), BodyLength::None, &mut Vec::new()).unwrap();
            server.next_cycle().unwrap();
            received.push(receive(&mut server, b"", &[]));
        }
        prop_assert!(received[exchanges.len()].head.is_none());
    }
}
