//! Each message that one role sends is received unchanged by the other, for every split and over several exchanges.

#![no_main]

use httpx_core::{Headers, Method, ResponseHead, StatusCode};
use httpx_fuzz::{Cut, Said, lines, pieces, play};
use httpx_proto::role::Role;
use httpx_proto::{
    BodyLength, Client, Connection, Limits, LocalError, Phase, RemoteError, RequestRef, Reuse, Server,
};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Exchange<'a> {
    method: &'a str,
    target: &'a str,
    request: Message<'a>,
    interims: u8,
    status: u16,
    reason: &'a str,
    response: Message<'a>,
    cut: u64,
}

#[derive(Arbitrary, Debug)]
struct Message<'a> {
    headers: Vec<(&'a str, &'a [u8])>,
    length: Length,
    body: Vec<&'a [u8]>,
    trailers: Vec<(&'a str, &'a [u8])>,
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Length {
    None,
    Known,
    Unknown,
}

fuzz_target!(|exchanges: Vec<Exchange>| {
    let (mut client, mut server) = (Client::new(Limits::default()), Server::new(Limits::default()));
    for exchange in exchanges {
        if go(&exchange, &mut client, &mut server).is_none() {
            return;
        }
        assert_eq!(client.reuse(), server.reuse());
        if client.reuse() != Reuse::Ready {
            return;
        }
        client.next_cycle().expect("it is ready");
        server.next_cycle().expect("it is ready");
    }
});

/// One exchange; `None` if a part of it cannot be sent.
fn go(exchange: &Exchange, client: &mut Client, server: &mut Server) -> Option<()> {
    let method = Method::try_from(exchange.method).ok()?;
    let headers = headers(&exchange.request.headers);
    let head = RequestRef { method: &method, target: exchange.target, host: Some("h"), headers: &headers };
    let mut wire = Vec::new();
    client.send_head(head, length(&exchange.request), &mut wire).ok()?;
    let sent = send_rest(client, &exchange.request, &mut wire).ok()?;
    let said = play(server, &pieces(&wire, Cut::Some(exchange.cut)), None, |_| false);
    match said.first() {
        Some(Said::Head(received)) => {
            assert_eq!((received.method(), received.target()), (&method, exchange.target));
            let host = (!headers.contains("host")).then_some("h");
            check_headers(host, &headers, received.headers());
        }
        // Only a server checks these: the form of the target, the host, `Expect`, and the limits.
        Some(Said::Error(
            RemoteError::Target(_) | RemoteError::Host | RemoteError::Expect | RemoteError::Limit(..),
        )) => return None,
        Some(Said::Error(RemoteError::Method(_))) if method.as_str().len() > 32 => return None,
        other => panic!("{other:?}"),
    }
    if !check_rest(&said, &sent) {
        return None;
    }

    let mut wire = Vec::new();
    let hint = ResponseHead::new(StatusCode::try_from(103).ok()?);
    for _ in 0..exchange.interims % 4 {
        server.send_head(&hint, BodyLength::None, &mut wire).expect("a hint");
    }
    let headers = self::headers(&exchange.response.headers);
    let head = ResponseHead::new(StatusCode::try_from(exchange.status).ok()?)
        .with_reason(exchange.reason)
        .with_headers(headers.clone());
    server.send_head(&head, length(&exchange.response), &mut wire).ok()?;
    let sent = send_rest(server, &exchange.response, &mut wire).ok()?;
    let said = play(client, &pieces(&wire, Cut::Some(exchange.cut)), None, |_| false);
    let interims = said.iter().take_while(|said| **said == Said::Interim(hint.clone())).count();
    match said.get(interims) {
        Some(Said::Head(received)) => {
            assert_eq!(interims, usize::from(exchange.interims % 4));
            // A reason phrase has no defined charset, so bytes outside of ASCII are dropped from it.
            let reason = if head.reason().is_ascii() { head.reason() } else { "" };
            assert_eq!((received.status(), received.reason()), (head.status(), reason));
            check_headers(None, &headers, received.headers());
        }
        Some(Said::Error(RemoteError::Limit(..))) => return None,
        other => panic!("{other:?}"),
    }
    check_rest(&said, &sent).then_some(())
}

fn length(message: &Message) -> BodyLength {
    match message.length {
        Length::None => BodyLength::None,
        Length::Known => BodyLength::Known(message.body.iter().map(|piece| piece.len() as u64).sum()),
        Length::Unknown => BodyLength::Unknown,
    }
}

/// The message after its head: data, trailers, end.
#[derive(Debug, PartialEq)]
struct Rest {
    body: Vec<u8>,
    trailers: Vec<(String, Vec<u8>)>,
}

fn send_rest<R: Role>(
    codec: &mut Connection<R>,
    message: &Message,
    wire: &mut Vec<u8>,
) -> Result<Rest, LocalError> {
    let mut body = Vec::new();
    if codec.phases().sending != Phase::Body {
        codec.send_end(&Headers::new(), wire)?;
        return Ok(Rest { body, trailers: Vec::new() });
    }
    for (nth, piece) in message.body.iter().enumerate() {
        if nth % 2 == 0 {
            codec.frame(piece.len(), wire)?;
            wire.extend_from_slice(piece);
        } else {
            let mark = codec.reserve_chunk(wire)?;
            wire.extend_from_slice(piece);
            wire.extend_from_slice(b"room that is not used");
            codec.commit_chunk(mark, piece.len(), wire)?;
        }
        body.extend_from_slice(piece);
    }
    let trailers = headers(&message.trailers);
    codec.send_end(&trailers, wire)?;
    Ok(Rest { body, trailers: lines(&trailers) })
}

/// Returns whether the message ended. If so, it must be complete.
fn check_rest<H: std::fmt::Debug>(said: &[Said<H>], sent: &Rest) -> bool {
    let mut body = Vec::new();
    for said in said {
        match said {
            Said::Data(piece) => body.extend_from_slice(piece),
            Said::End(trailers) => {
                assert_eq!(&Rest { body, trailers: lines(trailers) }, sent);
                return true;
            }
            Said::Error(RemoteError::Limit(..)) => return false,
            Said::Error(error) => panic!("{error:?}"),
            Said::Interim(_) | Said::Head(_) | Said::Closed => {}
        }
    }
    assert!(sent.body.starts_with(&body));
    false // it ends with the connection, or has switched
}

fn headers(lines: &[(&str, &[u8])]) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in lines {
        let _ = headers.append(name, value);
    }
    headers
}

/// The headers were received unchanged. Only `Host` was added in front, and the headers for framing and keep-alive at
/// the end.
fn check_headers(host: Option<&str>, given: &Headers, received: &Headers) {
    let mut expected = host.map(|host| ("Host".to_owned(), host.into())).into_iter().collect::<Vec<_>>();
    expected.extend(lines(given));
    let received = lines(received);
    let (same, added) = received.split_at_checked(expected.len()).expect("as many, or more");
    assert_eq!(same, expected);
    let mut names = added.iter().map(|(name, _)| &**name).collect::<Vec<_>>();
    names.sort_unstable();
    assert!(
        matches!(
            &*names,
            [] | ["Connection"]
                | ["Connection", "Content-Length" | "Transfer-Encoding"]
                | ["Content-Length" | "Transfer-Encoding"]
        ),
        "{names:?}"
    );
}
