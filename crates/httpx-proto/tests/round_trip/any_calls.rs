//! Calls in any order: an error writes nothing, and the other side understands all that is written.

use httpx_core::{Headers, Method, ResponseHead, StatusCode};
use httpx_proto::role::Role;
use httpx_proto::{
    BodyLength, Client, CloseReason, Connection, Limits, LocalError, Phase, ReceivedRequest, RequestRef,
    Reuse, Server,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::{Received, hear};

/// A call of the tested side, or an action of the other side.
#[derive(Debug, Clone)]
enum Call {
    Head(u16, BodyLength),
    Data(usize),
    Frame(usize),
    FrameLater(usize, usize),
    End(bool),
    Other(&'static str, bool),
    NextCycle,
}

fn calls() -> impl Strategy<Value = Vec<Call>> {
    let length = prop_oneof![3 => Just(BodyLength::None), 3 => (0..20u64).prop_map(BodyLength::Known), 3 => Just(BodyLength::Unknown)];
    let status = select(&[200, 200, 100, 103, 101, 204, 205, 304, 404, 408, 700][..]);
    let method = select(&["GET", "HEAD", "POST", "CONNECT", "UPGRADE", "CLOSE", "EXPECT", "OLD", "KEPT"][..]);
    let call = prop_oneof![
        4 => (status, length).prop_map(|(status, length)| Call::Head(status, length)),
        2 => (0..20usize).prop_map(Call::Data),
        2 => (0..20usize).prop_map(Call::Frame),
        2 => (0..20usize, 0..22usize).prop_map(|(room, n)| Call::FrameLater(room, n)),
        3 => any::<bool>().prop_map(Call::End),
        4 => (method, any::<bool>()).prop_map(|(method, whole)| Call::Other(method, whole)),
        4 => Just(Call::NextCycle),
    ];
    vec(call, 0..40)
}

/// The parts of one message that successful calls have sent.
#[derive(Debug, Default)]
struct Said {
    interims: Vec<u16>,
    /// The status of a response, or the method of a request.
    head: Option<String>,
    body: Vec<u8>,
    /// `None` before the end.
    trailers: Option<Headers>,
    /// The number of bytes sent.
    made: u8,
}

impl Said {
    /// Bytes in which neighbours differ, among them CR, LF and digits.
    fn fresh(&mut self, n: usize) -> Vec<u8> {
        let from = self.made;
        self.made = from.wrapping_add(n as u8);
        (0..n).map(|nth| from.wrapping_add(nth as u8)).collect()
    }

    /// Returns whether the other side has received exactly this. All bytes are delivered at once. If only the end of
    /// the connection ends the body (`endless`), the end has not been received yet.
    fn was_heard<H>(&self, heard: &Received<H>, endless: bool) -> Result<(), TestCaseError> {
        prop_assert_eq!(heard.body.escape_ascii().to_string(), self.body.escape_ascii().to_string());
        match (&self.trailers, &heard.trailers) {
            (Some(said), Some(heard)) => prop_assert_eq!(said, heard),
            (Some(_), None) => prop_assert!(endless, "the end was not heard"),
            // After the last byte of a known length, the other side knows the end first.
            (None, Some(heard)) => prop_assert!(heard.is_empty()),
            (None, None) => {}
        }
        Ok(())
    }
}

/// Makes one of the calls that both roles have, records the sent part, and returns whether the call succeeded.
fn call<R: Role>(
    codec: &mut Connection<R>,
    call: &Call,
    said: &mut Said,
    out: &mut Vec<u8>,
) -> Result<(), LocalError> {
    // Successful calls send no body in a 304 or to HEAD.
    let in_body = codec.phases().sending == Phase::Body;
    let (mut body, mut end) = (Vec::new(), None);
    match *call {
        Call::Data(n) => {
            body = said.fresh(n);
            codec.send_data(&body, out)?;
        }
        Call::Frame(n) => {
            body = said.fresh(n);
            codec.frame(n, out)?;
            out.extend_from_slice(&body);
        }
        Call::FrameLater(room, n) => {
            let mark = codec.reserve_chunk(out)?;
            body = said.fresh(room);
            out.extend_from_slice(&body);
            codec.commit_chunk(mark, n, out)?;
            body.truncate(n);
        }
        Call::End(some) => {
            let trailers =
                if some { httpx_proto::headers![("Sum", "1"), ("Total", "2")] } else { Headers::new() };
            codec.send_end(&trailers, out)?;
            end = Some(trailers);
        }
        Call::Head(..) | Call::Other(..) | Call::NextCycle => panic!("a role's own: {call:?}"),
    }
    if in_body {
        said.body.append(&mut body);
        said.trailers = said.trailers.take().or(end);
    }
    Ok(())
}

/// The message of a client: a head, and `ok` if it has a body that is sent.
fn request(what: &str, whole: bool) -> Vec<u8> {
    let (method, version, lines) = match what {
        "POST" => ("POST", "1.1", "Content-Length: 2\r\n"),
        "EXPECT" => ("PUT", "1.1", "Content-Length: 2\r\nExpect: 100-continue\r\n"),
        "UPGRADE" => ("GET", "1.1", "Connection: upgrade\r\nUpgrade: x\r\n"),
        "CLOSE" => ("GET", "1.1", "Connection: close\r\n"),
        "OLD" => ("GET", "1.0", ""),
        "KEPT" => ("GET", "1.0", "Connection: keep-alive\r\n"),
        method => (method, "1.1", ""),
    };
    let target = if method == "CONNECT" { "a:1" } else { "/" };
    let body = if whole && lines.starts_with("Content-Length") { "ok" } else { "" };
    format!("{method} {target} HTTP/{version}\r\nHost: h\r\n{lines}\r\n{body}").into_bytes()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Any calls of a server in any order: a call that fails writes nothing, and a client of the same request
    /// understands all written bytes and their end.
    #[test]
    fn any_calls_of_a_server(calls in calls()) {
        let (mut server, mut client) = (Server::new(Limits::default()), Client::new(Limits::default()));
        let (mut said, mut heard) = (Said::default(), Received::default());
        let (mut old, mut early, mut endless) = (false, false, false);
        for next in calls {
            let (mut out, failed) = (Vec::new(), server.phases().sending == Phase::Failed);
            let result = match next {
                Call::Head(status, length) => {
                    let upgrade = httpx_proto::headers![("Upgrade", "x")];
                    let head = ResponseHead::new(StatusCode::try_from(status).unwrap()).with_headers(upgrade);
                    let sent = server.send_head(&head, length, &mut out);
                    match server.phases().sending {
                        _ if sent.is_err() => {}
                        Phase::Idle if !old => said.interims.push(status),
                        Phase::Idle => {} // left out
                        phase => {
                            said.head = Some(status.to_string());
                            said.trailers = (phase == Phase::Done).then(Headers::new);
                            endless = old && phase == Phase::Body && length == BodyLength::Unknown;
                        }
                    }
                    sent
                }
                Call::Other(what, whole) => {
                    if client.phases().sending == Phase::Idle && client.phases().receiving == Phase::Idle && server.phases().receiving == Phase::Idle {
                        let mut bytes = request(what, whole);
                        server.receive(&bytes);
                        let mut asked = Received::default();
                        prop_assert!(hear(&mut server, &mut asked).is_ok());
                        let body = if bytes.ends_with(b"ok") { "ok" } else { "" };
                        prop_assert_eq!(asked.body, body.as_bytes());
                        // The client has sent such a request.
                        bytes.clear();
                        let headers = match what {
                            "UPGRADE" => httpx_proto::headers![("Upgrade", "x")],
                            "CLOSE" | "OLD" => httpx_proto::headers![("Connection", "close")],
                            _ => Headers::new(),
                        };
                        let method = match what {
                            "UPGRADE" | "CLOSE" | "OLD" | "KEPT" => Method::GET,
                            "EXPECT" => Method::PUT,
                            method => Method::try_from(method).unwrap(),
                        };
                        old = matches!(what, "OLD" | "KEPT");
                        let target = if method == Method::CONNECT { "a:1" } else { "/" };
                        let head = RequestRef { method: &method, target, host: Some("h"), headers: &headers };
                        if client.send_head(head, BodyLength::None, &mut bytes).is_err() {
                            prop_assert_eq!(client.reuse(), Reuse::Never(CloseReason::UnaskedBytes));
                            break; // a 408 was there before
                        }
                    }
                    continue;
                }
                Call::NextCycle => {
                    let ready = server.reuse() == Reuse::Ready;
                    prop_assert_eq!(server.next_cycle().is_ok(), ready);
                    if ready && client.phases().sending != Phase::Idle {
                        prop_assert_eq!(client.reuse(), Reuse::Ready, "both know that it goes on");
                        client.next_cycle().unwrap();
                        (said, heard) = (Said::default(), Received::default());
                    }
                    continue;
                }
                ref other => call(&mut server, other, &mut said, &mut out),
            };
            prop_assert!(!failed || result.is_err());
            prop_assert!(result.is_ok() || out.is_empty(), "an error writes nothing");
            if client.phases().sending == Phase::Idle {
                early = true; // the method is unknown: any body ends with the connection
                let begins = matches!(next, Call::Head(..)) && !out.is_empty();
                prop_assert!(!begins || out.starts_with(b"HTTP/1.1 4"), "nobody has asked");
                client.receive(&out);
                continue;
            }
            prop_assert!(!old || !out.starts_with(b"HTTP/1.1 1"), "HTTP/1.0 knows no interim response");
            prop_assert!(!old || !String::from_utf8_lossy(&out).contains("Transfer-Encoding"));
            client.receive(&out);
            let understood = hear(&mut client, &mut heard);
            prop_assert!(understood.is_ok(), "{:?}: {}", understood, out.escape_ascii());
            if !early {
                if endless {
                    said.trailers = said.trailers.map(|_| Headers::new()); // HTTP/1.0 knows none
                }
                said.was_heard(&heard, endless)?;
                let status = |head: &ResponseHead| head.status().as_u16();
                prop_assert_eq!(heard.interims.iter().map(status).collect::<Vec<_>>(), said.interims.clone());
                prop_assert_eq!(heard.head.as_ref().map(|head| status(head).to_string()), said.head.clone());
            }
            match server.phases().sending {
                Phase::Done if old || early => {}
                Phase::Done => prop_assert_eq!(client.phases().receiving, Phase::Done),
                // After the last byte of a known length, the client knows the end first.
                Phase::Body => {
                    prop_assert!(matches!(client.phases().receiving, Phase::Body | Phase::Done));
                }
                Phase::Switched => prop_assert_eq!(client.phases().receiving, Phase::Switched),
                Phase::Idle | Phase::Closed | Phase::Failed => {}
            }
        }
        if !early && said.trailers.is_some() {
            client.receive_eof(true);
            prop_assert!(hear(&mut client, &mut heard).is_ok());
            said.was_heard(&heard, false)?;
        }
    }

    /// The same for a client, with a server that answers.
    #[test]
    fn any_calls_of_a_client(calls in calls()) {
        let (mut client, mut server) = (Client::new(Limits::default()), Server::new(Limits::default()));
        let (mut said, mut heard) = (Said::default(), Received::default());
        for next in calls {
            let (mut out, failed) = (Vec::new(), client.phases().sending == Phase::Failed);
            let result = match next {
                Call::Head(kind, length) => {
                    let method = match kind { 100 => Method::HEAD, 101 => Method::CONNECT, 204 => Method::TRACE, _ => Method::POST };
                    let target = if method == Method::CONNECT { "a:1" } else { "/" };
                    let headers = Headers::try_from(if kind == 408 { [("Connection", "close")] } else { [("A", "b")] }).unwrap();
                    let head = RequestRef { method: &method, target, host: Some("h"), headers: &headers };
                    let sent = client.send_head(head, length, &mut out);
                    if sent.is_ok() {
                        said.head = Some(method.to_string());
                        said.trailers = (client.phases().sending == Phase::Done).then(Headers::new);
                    }
                    sent
                }
                Call::Other(_, many) => {
                    let mut out = Vec::new();
                    let head = ResponseHead::new(StatusCode::try_from(if many { 103 } else { 404 }).unwrap());
                    if server.phases().sending == Phase::Idle && client.phases().sending != Phase::Idle && server.phases().receiving != Phase::Idle {
                        server.send_head(&head, BodyLength::None, &mut out).unwrap();
                        client.receive(&out);
                        let mut heard = Received::default();
                        prop_assert!(hear(&mut client, &mut heard).is_ok());
                    }
                    continue;
                }
                Call::NextCycle => {
                    let ready = client.reuse() == Reuse::Ready;
                    prop_assert_eq!(client.next_cycle().is_ok(), ready);
                    if ready && server.phases().receiving != Phase::Idle {
                        prop_assert_eq!(server.reuse(), Reuse::Ready, "both know that it goes on");
                        server.next_cycle().unwrap();
                        (said, heard) = (Said::default(), Received::default());
                    }
                    continue;
                }
                ref other => call(&mut client, other, &mut said, &mut out),
            };
            prop_assert!(!failed || result.is_err());
            prop_assert!(result.is_ok() || out.is_empty(), "an error writes nothing");
            server.receive(&out);
            let understood = hear(&mut server, &mut heard);
            prop_assert!(understood.is_ok(), "{:?}: {}", understood, out.escape_ascii());
            said.was_heard(&heard, false)?;
            let method = |head: &ReceivedRequest| head.method().to_string();
            prop_assert_eq!(heard.head.as_ref().map(method), said.head.clone());
            match client.phases().sending {
                Phase::Done => prop_assert_eq!(server.phases().receiving, Phase::Done),
                Phase::Body => {
                    prop_assert!(matches!(server.phases().receiving, Phase::Body | Phase::Done));
                }
                Phase::Idle | Phase::Switched | Phase::Closed | Phase::Failed => {}
            }
        }
    }
}
