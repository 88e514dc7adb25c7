//! Over real sockets on loopback.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::Instant;

use super::*;
use crate::stream::DeadReason;

const NOW: Option<Duration> = Some(Duration::ZERO);
const LONG: Option<Duration> = Some(Duration::from_secs(30));
const SHORT: Duration = Duration::from_millis(50);

fn connected() -> (TcpStream, std::net::TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    (TcpStream::new(client).unwrap(), server)
}

#[test]
fn nagle_is_off() {
    let (client, _server) = connected();
    assert!(client.socket.nodelay().unwrap());
}

#[test]
fn a_read_times_out_not_before_its_time() {
    let (mut client, mut server) = connected();
    let before = Instant::now();
    let error = client.read(&mut [0; 8], Some(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(before.elapsed() >= SHORT);
    // Nothing has been lost, and a longer time is set again.
    server.write_all(b"hello").unwrap();
    let mut buf = [0; 8];
    assert_eq!(client.read(&mut buf, LONG).unwrap(), 5);
    assert_eq!(client.socket.read_timeout().unwrap(), LONG);
    assert_eq!(client.read(&mut buf, NOW).unwrap_err().kind(), ErrorKind::TimedOut);
}

#[test]
fn the_timeout_is_set_once() {
    let (mut client, mut server) = connected();
    for _ in 0..3 {
        server.write_all(b"x").unwrap();
        client.read(&mut [0; 8], LONG).unwrap();
        client.write(b"x", LONG).unwrap();
        // Whatever is changed behind its back stays: nothing is set again.
        client.socket.set_read_timeout(Some(Duration::from_secs(7))).unwrap();
        client.socket.set_write_timeout(Some(Duration::from_secs(8))).unwrap();
    }
    assert_eq!(client.socket.read_timeout().unwrap(), Some(Duration::from_secs(7)));
    assert_eq!(client.socket.write_timeout().unwrap(), Some(Duration::from_secs(8)));
    server.write_all(b"x").unwrap();
    client.read(&mut [0; 8], None).unwrap();
    assert_eq!(client.socket.read_timeout().unwrap(), None);
}

#[test]
fn a_write_without_room_times_out() {
    let (mut client, _server) = connected();
    let block = vec![0; 1 << 20];
    let mut sent = 0;
    let error = loop {
        match client.write(&block, NOW) {
            Ok(n) => sent += n,
            Err(e) => break e,
        }
        assert!(sent < 1 << 30);
    };
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(client.write(&block, Some(SHORT)).unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(client.ready(Interest::Write, NOW).unwrap(), Readiness::default());
    assert_eq!(client.ready(Interest::Both, Some(SHORT)).unwrap(), Readiness::default());
}

#[test]
fn readiness() {
    let (mut client, mut server) = connected();
    let (readable, writable) = (true, true);
    assert_eq!(client.ready(Interest::Both, LONG).unwrap(), Readiness { readable: false, writable });
    assert_eq!(client.ready(Interest::Read, Some(SHORT)).unwrap(), Readiness::default());
    server.write_all(b"x").unwrap();
    assert_eq!(client.ready(Interest::Read, LONG).unwrap(), Readiness { readable, writable: false });
    assert_eq!(client.ready(Interest::Both, None).unwrap(), Readiness { readable, writable });
}

#[test]
fn a_look_sees_bytes_and_takes_none() {
    let (mut client, mut server) = connected();
    assert_eq!(client.look(), Liveness::Alive);
    server.write_all(b"x").unwrap();
    assert!(client.ready(Interest::Read, LONG).unwrap().readable);
    assert_eq!(client.look(), Liveness::Dead(DeadReason::Unasked));
    assert_eq!(client.read(&mut [0; 8], LONG).unwrap(), 1);
    assert_eq!(client.look(), Liveness::Alive);
}

#[test]
fn a_look_sees_the_end() {
    let (mut client, server) = connected();
    drop(server);
    assert!(client.ready(Interest::Read, LONG).unwrap().readable);
    assert_eq!(client.look(), Liveness::Dead(DeadReason::Ended));
    assert_eq!(client.read(&mut [0; 8], LONG).unwrap(), 0);
}

#[test]
fn a_look_sees_a_reset() {
    let (mut client, server) = connected();
    // A socket that is closed with bytes unread resets the connection.
    client.write(b"x", LONG).unwrap();
    server.peek(&mut [0; 1]).unwrap();
    drop(server);
    assert!(client.ready(Interest::Read, LONG).unwrap().readable);
    assert_eq!(client.look(), Liveness::Dead(DeadReason::Failed(ErrorKind::ConnectionReset)));
}

#[test]
fn shutdown_ends_our_direction_only() {
    let (mut client, mut server) = connected();
    assert_eq!(client.write_vectored(&[IoSlice::new(b"ab"), IoSlice::new(b"cd")], LONG).unwrap(), 4);
    client.shutdown().unwrap();
    let mut received = Vec::new();
    server.read_to_end(&mut received).unwrap();
    assert_eq!(received, b"abcd");
    server.write_all(b"x").unwrap();
    assert_eq!(client.read(&mut [0; 8], LONG).unwrap(), 1);
}

#[test]
fn a_call_that_signals_interrupt_ends_in_time() {
    let mut calls = 0;
    let result: io::Result<()> = wait(Some(SHORT), |remaining| {
        calls += 1;
        match remaining {
            Some(Duration::ZERO) => Err(ErrorKind::WouldBlock.into()),
            _ => Err(ErrorKind::Interrupted.into()),
        }
    });
    assert_eq!(result.unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(calls > 1);
}
