//! Servers that switch wrongly, or not at all.

use std::io::ErrorKind as IoKind;
use std::time::Duration;

use httpx::ErrorKind;
use httpx::models::Timeout;
use httpx_testing::{Act, End, ScriptedServer, answer, send};

use crate::support::both_flavours;
use crate::support::tls::{Authority, Trusting};
use crate::{SWITCH, Upgrades};

both_flavours! {
    wrong_switches,
    no_switch_is_a_normal_response,
    the_peer_closes_right_after_the_switch,
    a_stream_over_tls_that_is_cut,
    a_switch_before_the_body_is_wanted,
    a_server_that_never_reads_the_body,
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";

/// The offer of the request, the head of the response, and words of the error.
const WRONG: &[(Option<&str>, &str, &str)] = &[
    (None, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n", "without being asked"),
    (Some("echo"), "HTTP/1.1 101 Switching Protocols\r\n\r\n", "without naming it"),
    (Some("echo"), "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n", "without naming it"),
    (Some("echo"), "HTTP/1.1 101 Switching Protocols\r\nUpgrade:\r\n\r\n", "without naming it"),
    (Some("echo"), "HTTP/1.0 101 Switching Protocols\r\nUpgrade: echo\r\n\r\n", "without"),
    (Some("echo"), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n\r\n", "did not offer (other)"),
    (Some("a, b"), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a, c\r\n\r\n", "did not offer (c)"),
    (Some("a"), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nUpgrade: c\r\n\r\n", "did not offer (c)"),
    (Some("a/1"), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a/2\r\n\r\n", "did not offer (a/2)"),
    (Some("a"), "HTTP/1.1 101 Switching Protocols\r\nUpgrade: \x1b\r\n\r\n", "control character"),
];

/// Each is an error of `send`; the connection is closed, and the client works afterwards.
fn wrong_switches<F: Upgrades>() {
    for &(offer, head, words) in WRONG {
        let script = vec![Act::TakeHead, send(head), Act::Eof];
        let server = ScriptedServer::new([script, answer(OK)]);
        let client = F::new();
        let ask = client.get(&server.url());
        let ask = match offer {
            Some(offer) => ask.upgrade(offer),
            None => ask,
        };
        let error = F::send(ask).err().unwrap_or_else(|| panic!("{head:?}"));
        assert_eq!(error.kind(), ErrorKind::Protocol, "{head:?}");
        let text = error.to_string();
        assert!(text.contains(words) && text.contains("does the server speak HTTP/1.1?"), "{head:?}: {text}");
        assert!(text.starts_with(&format!("GET {}", server.url())), "{text}");
        assert_eq!(server.end_of(0), End::Closed);
        assert_eq!(F::send(client.get(&server.url())).unwrap().text(), "good");
        assert_eq!(server.connections(), 2);
    }
}

/// The response is here, and the error of `into_upgraded` holds it. The connection is used again.
fn no_switch_is_a_normal_response<F: Upgrades>() {
    let refused = "HTTP/1.1 426 Upgrade Required\r\nUpgrade: other\r\nContent-Length: 3\r\n\r\nno!";
    let server = ScriptedServer::new([[answer(OK), answer(refused), answer(OK)].concat()]);
    let client = F::new();
    for (status, body) in [(200, "good"), (426, "no!")] {
        let response = F::send(client.get(&server.url()).upgrade("echo")).unwrap();
        let error = response.into_upgraded::<F::Stream>().unwrap_err();
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, status));
        assert_eq!((error.body().unwrap(), error.url()), (&body.into(), Some(&*server.url())));
        assert!(error.to_string().contains("did not switch protocols; is this the right URL"), "{error}");
    }
    // So does a streamed one.
    let error =
        F::streamed_into_upgraded(F::stream(client.get(&server.url()).upgrade("echo")).unwrap()).unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16(), error.body()),
        (ErrorKind::Status, 200, None)
    );
    assert_eq!(server.connections(), 1);
}

fn the_peer_closes_right_after_the_switch<F: Upgrades>() {
    let server = ScriptedServer::new([
        vec![Act::TakeHead, send(SWITCH)],
        vec![Act::TakeHead, send(SWITCH), Act::Reset],
    ]);
    let client = F::new();
    let mut stream = F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap());
    assert_eq!(F::read_to_end(&mut stream).unwrap(), b"");
    // A reset may take the response with it.
    if let Ok(response) = F::send(client.get(&server.url()).upgrade("echo")) {
        let mut stream = F::upgraded(response);
        assert_eq!(F::read_to_end(&mut stream).unwrap_err().kind(), IoKind::ConnectionReset);
    }
}

/// An end without a close_notify is an error, after the bytes that came before it.
fn a_stream_over_tls_that_is_cut<F: Upgrades>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let script = |end: &[Act]| [&[Act::TakeHead, send(SWITCH), send("rest")], end].concat();
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), [script(&[]), script(&[Act::Finish])]);
    let mut stream = F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap());
    assert_eq!(F::read(&mut stream, 4).unwrap(), b"rest");
    assert_eq!(F::read(&mut stream, 1).unwrap_err().kind(), IoKind::UnexpectedEof);
    let mut stream = F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap());
    assert_eq!(F::read_to_end(&mut stream).unwrap(), b"rest");
}

/// RFC 9110 §7.8: a server that gets `Expect` and `Upgrade` sends a 100 before the 101.
fn a_switch_before_the_body_is_wanted<F: Upgrades>() {
    let server = ScriptedServer::new([vec![Act::TakeHead, send(SWITCH), Act::Eof]]);
    let ask = F::new().request("POST", &server.url()).upgrade("echo").header("Expect", "100-continue");
    let error = F::send(ask.body(F::bytes("body"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.to_string().contains("before it had the whole request"), "{error}");
    assert_eq!(server.end_of(0), End::Closed);
}

fn a_server_that_never_reads_the_body<F: Upgrades>() {
    const SHORT: Duration = Duration::from_millis(200);
    let server = ScriptedServer::repeat(vec![Act::TakeHead, send(SWITCH), Act::Wait(Default::default())]);
    let client = F::new();
    for limit in [Timeout::Write, Timeout::Total] {
        let ask = client.request("POST", &server.url()).upgrade("echo").body(F::bytes(vec![b'x'; 64 << 20]));
        let ask = match limit {
            Timeout::Write => ask.write_timeout(SHORT),
            _ => ask.timeout(SHORT),
        };
        let error = F::send(ask).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{error}");
        assert!(error.to_string().contains("before it had the whole request"), "{error}");
    }
}
