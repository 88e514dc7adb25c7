//! Streams after a good switch.

use std::time::Duration;

use httpx::network::CloseCause;
use httpx_testing::{Act, End, Gate, Script, ScriptedServer, send};

use crate::support::both_flavours;
use crate::support::tls::{Authority, Trusting};
use crate::{SWITCH, Upgrades};

both_flavours! {
    a_stream_carries_the_other_protocol,
    the_first_bytes_may_come_with_the_response,
    a_stream_over_tls,
    a_streamed_response_has_the_stream_too,
    the_parts_of_a_stream,
    half_a_close_leaves_the_other_half,
    a_dropped_stream_or_response_closes_the_connection,
    the_connection_leaves_the_pool,
    the_timeouts_end_with_the_switch,
    a_request_with_a_body,
    a_body_that_is_still_being_sent,
    the_client_s_own_connection_header_is_replaced,
    a_stream_outlives_its_client,
}

/// Answers `ping` with `pong`.
fn ping_pong() -> Script {
    vec![Act::TakeHead, send(SWITCH), Act::TakeBytes(4), send("pong"), Act::Eof]
}

fn a_stream_carries_the_other_protocol<F: Upgrades>() {
    let server = ScriptedServer::repeat(ping_pong());
    let response = F::send(F::new().get(&server.url()).upgrade("echo")).unwrap();
    assert_eq!(
        (response.status().as_u16(), response.headers().get("Upgrade").unwrap().as_bytes()),
        (101, &b"echo"[..])
    );
    assert_eq!(response.bytes(), "");
    let mut stream = F::upgraded(response);
    F::write(&mut stream, b"ping").unwrap();
    assert_eq!(F::read(&mut stream, 4).unwrap(), b"pong");
    let [peer, local] = F::addresses(&stream);
    assert_eq!((peer, local.unwrap().ip()), (Some(server.addr()), server.addr().ip()));
    assert_eq!(format!("{stream:?}"), format!("<Upgraded [{}]>", server.addr()));
}

/// Cut at each place, in the head and behind it.
fn the_first_bytes_may_come_with_the_response<F: Upgrades>() {
    let client = F::new();
    let bytes = [SWITCH.as_bytes(), b"first"].concat();
    let script = |cut: usize| {
        let (one, two) = bytes.split_at(cut);
        vec![Act::TakeHead, send(one), send(two), Act::TakeBytes(4), send("last")]
    };
    let server = ScriptedServer::new((SWITCH.len() - 3..=bytes.len()).map(script).collect::<Vec<_>>());
    for _ in SWITCH.len() - 3..=bytes.len() {
        let mut stream = F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap());
        // In parts, so that a read ends within the bytes that came with the head.
        assert_eq!(
            (F::read(&mut stream, 2).unwrap(), F::read(&mut stream, 3).unwrap()),
            (b"fi".to_vec(), b"rst".to_vec())
        );
        F::write(&mut stream, b"ping").unwrap();
        assert_eq!(F::read_to_end(&mut stream).unwrap(), b"last");
    }
}

fn a_stream_over_tls<F: Upgrades>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let large = vec![b'x'; 300_000];
    let script = vec![
        Act::TakeHead,
        send([SWITCH.as_bytes(), b"first"].concat()),
        Act::TakeBytes(large.len()),
        send(&large),
        Act::Eof,
    ];
    let server = ScriptedServer::tls(authority.server("127.0.0.1"), [script]);
    let mut stream = F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap());
    assert_eq!(F::read(&mut stream, 5).unwrap(), b"first");
    F::write(&mut stream, &large).unwrap();
    assert_eq!(F::read(&mut stream, large.len()).unwrap(), large);
    drop(stream);
    assert_eq!(server.end_of(0), End::Closed, "with a close_notify");
}

fn a_streamed_response_has_the_stream_too<F: Upgrades>() {
    let server = ScriptedServer::repeat(ping_pong());
    let streamed = F::stream(F::new().get(&server.url()).upgrade("echo")).unwrap();
    let mut stream = F::streamed_into_upgraded(streamed).unwrap();
    F::write(&mut stream, b"ping").unwrap();
    assert_eq!(F::read(&mut stream, 4).unwrap(), b"pong");
}

fn the_parts_of_a_stream<F: Upgrades>() {
    let go = Gate::default();
    let script = vec![
        Act::TakeHead,
        send([SWITCH.as_bytes(), b"first"].concat()),
        Act::Wait(go.clone()),
        send("last"),
    ];
    let server = ScriptedServer::new([script]);
    let mut stream = F::upgraded(F::send(F::new().get(&server.url()).upgrade("echo")).unwrap());
    assert_eq!(F::read(&mut stream, 2).unwrap(), b"fi");
    go.open();
    let (unread, rest) = F::into_parts(stream);
    assert_eq!([&unread[..], &rest].concat(), b"rstlast");
    assert!(b"rst".starts_with(&unread) || unread.is_empty());
}

fn half_a_close_leaves_the_other_half<F: Upgrades>() {
    let ended = Gate::default();
    let script = vec![Act::TakeHead, send(SWITCH), Act::Wait(ended.clone()), send("bye"), Act::Eof];
    let server = ScriptedServer::new([script]);
    let mut stream = F::upgraded(F::send(F::new().get(&server.url()).upgrade("echo")).unwrap());
    F::shutdown(&mut stream).unwrap();
    ended.open();
    assert_eq!(F::read(&mut stream, 3).unwrap(), b"bye");
    assert_eq!(server.end_of(0), End::Closed);
    assert!(F::write(&mut stream, b"late").is_err());
}

fn a_dropped_stream_or_response_closes_the_connection<F: Upgrades>() {
    let server = ScriptedServer::repeat(vec![Act::TakeHead, send(SWITCH), Act::Eof]);
    let client = F::new();
    drop(F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap()));
    assert_eq!(server.end_of(0), End::Closed);
    let response = F::send(client.get(&server.url()).upgrade("echo")).unwrap();
    // A clone shares the stream; one of them takes it.
    let stream = F::upgraded(response.clone());
    let error = response.into_upgraded::<F::Stream>().unwrap_err();
    assert!(error.to_string().contains("has been taken"), "{error}");
    drop(stream);
    assert_eq!(server.end_of(1), End::Closed);
    drop(F::send(client.get(&server.url()).upgrade("echo")).unwrap());
    assert_eq!(server.end_of(2), End::Closed);
}

fn the_connection_leaves_the_pool<F: Upgrades>() {
    let server = ScriptedServer::repeat(ping_pong());
    let client = F::own(|client| client.max_connections(1));
    let mut streams: Vec<_> =
        (0..3).map(|_| F::upgraded(F::send(client.get(&server.url()).upgrade("echo")).unwrap())).collect();
    assert_eq!(client.shown(), "<Client [0 active]>");
    let closed = client.stats().closed;
    assert_eq!((closed.by(CloseCause::Upgraded), closed.total()), (3, 3));
    for stream in &mut streams {
        F::write(stream, b"ping").unwrap();
        assert_eq!(F::read(stream, 4).unwrap(), b"pong");
    }
}

/// The stream waits for a byte, and that longer than each timeout of its request: in this time, another call with these
/// timeouts begins and is late.
fn the_timeouts_end_with_the_switch<F: Upgrades>() {
    const LIMIT: Duration = Duration::from_millis(300);
    let is_late = Gate::default();
    let pong = vec![Act::TakeHead, send(SWITCH), Act::TakeBytes(4), Act::Wait(is_late.clone()), send("pong")];
    let [server, silent] = [pong, vec![Act::Eof]].map(|script| ScriptedServer::new([script]));
    let client = F::new();
    let limited = |url: &str| {
        client.get(url).timeout(LIMIT).head_timeout(LIMIT).read_timeout(LIMIT).write_timeout(LIMIT)
    };
    let mut stream = F::upgraded(F::send(limited(&server.url()).upgrade("echo")).unwrap());
    F::write(&mut stream, b"ping").unwrap();
    std::thread::scope(|scope| {
        let read = scope.spawn(|| F::read(&mut stream, 4));
        assert!(F::send(limited(&silent.url())).unwrap_err().is_timeout());
        is_late.open();
        assert_eq!(read.join().unwrap().unwrap(), b"pong");
    });
}

fn a_request_with_a_body<F: Upgrades>() {
    let server = ScriptedServer::repeat(vec![Act::Take, send(SWITCH), Act::TakeBytes(4), send("pong")]);
    let client = F::new();
    let large = vec![b'x'; 100_000];
    for body in [F::bytes("body"), F::bytes(large.clone()), F::reader(std::io::Cursor::new(large))] {
        let ask = client.request("POST", &server.url()).upgrade("echo").body(body);
        let mut stream = F::upgraded(F::send(ask).unwrap());
        F::write(&mut stream, b"ping").unwrap();
        assert_eq!(F::read_to_end(&mut stream).unwrap(), b"pong");
    }
}

/// The server switches as soon as it has the head. The other protocol begins after the whole request.
fn a_body_that_is_still_being_sent<F: Upgrades>() {
    let body = vec![b'x'; 4 << 20];
    let script =
        vec![Act::TakeHead, send(SWITCH), Act::TakeBytes(body.len()), Act::TakeBytes(4), send("pong")];
    let server = ScriptedServer::new([script]);
    let ask = F::new().request("POST", &server.url()).upgrade("echo").body(F::bytes(body));
    let mut stream = F::upgraded(F::send(ask).unwrap());
    F::write(&mut stream, b"ping").unwrap();
    assert_eq!(F::read_to_end(&mut stream).unwrap(), b"pong");
}

fn the_client_s_own_connection_header_is_replaced<F: Upgrades>() {
    let server = ScriptedServer::new([ping_pong()]);
    let stream = F::upgraded(F::send(F::new().get(&server.url()).upgrade("echo, other")).unwrap());
    let received = server.when(|records| !records[0].received.is_empty())[0].received.clone();
    let head = String::from_utf8(received).unwrap();
    assert!(
        head.contains("\r\nConnection: upgrade\r\n") && head.contains("\r\nUpgrade: echo, other\r\n"),
        "{head}"
    );
    assert_eq!(head.matches("Connection:").count(), 1, "{head}");
    drop(stream);
}

fn a_stream_outlives_its_client<F: Upgrades>() {
    let server = ScriptedServer::new([ping_pong()]);
    let client = F::new();
    let response = F::send(client.get(&server.url()).upgrade("echo")).unwrap();
    client.close();
    drop(client);
    let mut stream = F::upgraded(response);
    F::write(&mut stream, b"ping").unwrap();
    assert_eq!(F::read(&mut stream, 4).unwrap(), b"pong");
}
