//! Upgrades on a single connection.

use httpx::ErrorKind;
use httpx_testing::{Act, End, ScriptedServer, answer, send};

use crate::support::both_flavours;
use crate::{SWITCH, Upgrades};

both_flavours!(a_switch, no_switch, a_wrong_switch);

/// The stream carries the bytes that came with the response, and those after it. The connection carries no request any
/// more.
fn a_switch<F: Upgrades>() {
    let first = [SWITCH.as_bytes(), b"first"].concat();
    let script = vec![Act::TakeHead, send(first), Act::TakeBytes(4), send("pong"), Act::Eof];
    let server = ScriptedServer::new([script]);
    let (status, stream, connection) = F::upgrade_over_connection(&server.url(), "echo").unwrap();
    let mut stream = stream.unwrap();
    assert_eq!(status, 101);
    assert_eq!(F::read(&mut stream, 5).unwrap(), b"first");
    F::write(&mut stream, b"ping").unwrap();
    assert_eq!(F::read(&mut stream, 4).unwrap(), b"pong");
    assert!(!F::is_ready(&connection));
    let error = F::get_over(&connection, &server.url()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Closed | ErrorKind::InvalidRequest), "{error:?}");
    // The stream is not that of the connection any more.
    drop(connection);
    assert!(server.when(|_| true)[0].end.is_none());
    assert_eq!(F::addresses(&stream)[0], Some(server.addr()));
    drop(stream);
    assert_eq!(server.end_of(0), End::Closed);
    let received = String::from_utf8(server.ended()[0].received.clone()).unwrap();
    assert!(received.starts_with("GET / HTTP/1.1\r\nHost: "), "{received}");
    assert!(received.contains("\r\nUpgrade: echo\r\n"), "{received}");
    assert!(received.to_ascii_lowercase().contains("\r\nconnection: upgrade\r\n"), "{received}");
    assert!(received.ends_with("\r\n\r\nping"), "{received}");
}

/// A normal response. The connection carries the next request.
fn no_switch<F: Upgrades>() {
    let ok = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood";
    let server = ScriptedServer::new([[answer(ok), answer(ok)].concat()]);
    let (status, stream, connection) = F::upgrade_over_connection(&server.url(), "echo").unwrap();
    assert!(status == 200 && stream.is_none() && F::is_ready(&connection));
    assert_eq!(F::get_over(&connection, &server.url()).unwrap().text(), "good");
    assert_eq!(server.connections(), 1);
}

fn a_wrong_switch<F: Upgrades>() {
    let server = ScriptedServer::new([vec![Act::TakeHead, send(SWITCH), Act::Eof]]);
    let error = F::upgrade_over_connection(&server.url(), "other").err().unwrap();
    assert_eq!(error.kind(), ErrorKind::Protocol, "{error:?}");
    assert!(error.to_string().contains("did not offer"), "{error}");
    assert_eq!(server.end_of(0), End::Closed);
}
