//! What one role sends, the other receives as it was, in whatever pieces, for as many exchanges as there are.

#![no_main]

use httpx_core::{Headers, Method, ResponseHead, StatusCode};
use httpx_fuzz::{Cut, Said, pieces, play};
use httpx_proto::role::Role;
use httpx_proto::{BodyLength, Client, Connection, Limits, LocalError, Phase, RequestRef, Reuse, Server};
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

/// One exchange; `None` where something in it cannot be sent.
fn go(exchange: &Exchange, client: &mut Client, server: &mut Server) -> Option<()> {
    let method = Method::try_from(exchange.method).ok()?;
    let headers = headers(&exchange.request.headers);
    let head = RequestRef { method: &method, target: exchange.target, host: Some("h"), headers: &headers };
    let mut wire = Vec::new();
    client.send_head(head, length(&exchange.request), &mut wire).ok()?;
    let body = send_rest(client, &exchange.request, &mut wire).ok()?;
    let said = play(server, &pieces(&wire, Cut::Some(exchange.cut)), None, |_| false);
    match said.first()? {
        Said::Head(received) => {
            assert_eq!((received.method(), received.target()), (&method, exchange.target));
            check_headers(&headers, received.headers());
        }
        // What only a server checks: the target's form, the host, what is expected.
        Said::Error(error) => {
            assert!(matches!(error.status().as_u16(), 400 | 414 | 417 | 431 | 501), "{error:?}");
            return None;
        }
        other => panic!("{other:?}"),
    }
    if !check_rest(&said, &body) {
        return None;
    }

    let mut wire = Vec::new();
    for _ in 0..exchange.interims % 4 {
        let hint = ResponseHead::new(StatusCode::try_from(103).ok()?);
        server.send_head(&hint, BodyLength::None, &mut wire).expect("a hint");
    }
    let headers = self::headers(&exchange.response.headers);
    let head = ResponseHead::new(StatusCode::try_from(exchange.status).ok()?)
        .with_reason(exchange.reason)
        .with_headers(headers.clone());
    server.send_head(&head, length(&exchange.response), &mut wire).ok()?;
    let body = send_rest(server, &exchange.response, &mut wire).ok()?;
    let said = play(client, &pieces(&wire, Cut::Some(exchange.cut)), None, |_| false);
    let mut finals = said.iter().filter(|said| !matches!(said, Said::Interim(_)));
    match finals.next()? {
        Said::Head(received) => {
            assert_eq!(received.status(), head.status());
            check_headers(&headers, received.headers());
        }
        Said::Error(error) => {
            assert!(matches!(error.status().as_u16(), 431), "{error:?}");
            return None;
        }
        other => panic!("{other:?}"),
    }
    check_rest(&said, &body).then_some(())
}

fn length(message: &Message) -> BodyLength {
    match message.length {
        Length::None => BodyLength::None,
        Length::Known => BodyLength::Known(message.body.iter().map(|piece| piece.len() as u64).sum()),
        Length::Unknown => BodyLength::Unknown,
    }
}

/// Body and trailers; what was sent of the body.
fn send_rest<R: Role>(
    codec: &mut Connection<R>,
    message: &Message,
    wire: &mut Vec<u8>,
) -> Result<Vec<u8>, LocalError> {
    let mut body = Vec::new();
    if codec.phases().sending != Phase::Body {
        codec.send_end(&Headers::new(), wire)?;
        return Ok(body);
    }
    for (nth, piece) in message.body.iter().enumerate() {
        if nth % 2 == 0 {
            codec.frame(piece.len(), wire)?;
            wire.extend_from_slice(piece);
        } else {
            let mark = codec.frame_open(wire)?;
            wire.extend_from_slice(piece);
            wire.extend_from_slice(b"room that is not used");
            codec.frame_close(mark, piece.len(), wire)?;
        }
        body.extend_from_slice(piece);
    }
    codec.send_end(&headers(&message.trailers), wire)?;
    Ok(body)
}

/// Whether the message ended; if so it was whole.
fn check_rest<H: std::fmt::Debug>(said: &[Said<H>], body: &[u8]) -> bool {
    let mut data = Vec::new();
    for said in said {
        match said {
            Said::Data(piece) => data.extend_from_slice(piece),
            Said::End(_) => {
                assert_eq!(data, body);
                return true;
            }
            Said::Error(error) => {
                assert_eq!(error.status().as_u16(), 431, "{error:?}");
                return false;
            }
            Said::Interim(_) | Said::Head(_) | Said::Closed => {}
        }
    }
    false // it ends with the connection, or has switched
}

fn headers(lines: &[(&str, &[u8])]) -> Headers {
    let mut headers = Headers::new();
    for (name, value) in lines {
        let _ = headers.append(name, value);
    }
    headers
}

/// All that was given has come, in its order; some was added.
fn check_headers(given: &Headers, received: &Headers) {
    let mut received = received.iter().map(|(name, value)| (name, value.as_bytes()));
    for (name, value) in given {
        assert!(received.any(|line| line == (name, value.as_bytes())), "{name} is missing");
    }
}
