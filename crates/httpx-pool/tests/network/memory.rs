//! The network inside the process.

use std::io::ErrorKind;
use std::thread;

use httpx_pool::memory::{network, pair};
use httpx_pool::{ConnectError, Endpoint, Liveness, Scheme};

use crate::support::network::*;
use crate::support::{PATIENCE, both_flavours};

both_flavours! {
    bytes_ends_and_room,
    a_waiting_end_is_woken,
    connections_reach_the_listener,
}

/// Both ends of a pair.
fn ends<N: Network>() -> (N::Stream, N::Stream) {
    let (left, right) = pair();
    (N::over_memory(left), N::over_memory(right))
}

fn bytes_ends_and_room<N: Network>() {
    let (mut left, mut right) = ends::<N>();
    let mut buf = [0; 8];
    assert_eq!(kind(left.read(&mut buf, NOW)), ErrorKind::TimedOut);
    assert_eq!(left.look(), Liveness::Alive);
    assert_eq!(right.write(b"hello", NOW).unwrap(), 5);
    assert_eq!(left.look(), Liveness::Dead);
    assert_eq!(left.read(&mut buf, NOW).unwrap(), 5);
    right.shutdown().unwrap();
    assert_eq!(left.look(), Liveness::Dead);
    assert_eq!(left.read(&mut buf, NOW).unwrap(), 0);
    // The other direction is still open, until there is no room.
    let room = left.write(&vec![0; 1 << 20], NOW).unwrap();
    assert!((1 << 10..1 << 20).contains(&room), "{room}");
    assert_eq!(kind(left.write(b"x", NOW)), ErrorKind::TimedOut);
    assert_eq!(right.read(&mut buf, NOW).unwrap(), 8);
    assert_eq!(left.write(&[0; 100], NOW).unwrap(), 8);
    drop(right);
    assert_eq!(kind(left.write(b"x", NOW)), ErrorKind::BrokenPipe);
}

fn a_waiting_end_is_woken<N: Network>() {
    let (mut left, mut right) = ends::<N>();
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(1 << 20).collect();
    let sent = body.clone();
    // Each waits for the other again and again.
    let writer = thread::spawn(move || {
        right.write_all(&sent).unwrap();
        right
    });
    let mut received = vec![0; body.len()];
    let mut n = 0;
    while n < received.len() {
        n += left.read(&mut received[n..], PATIENCE).unwrap();
    }
    assert!(received == body);
    let _right = writer.join().unwrap();
}

fn connections_reach_the_listener<N: Network>() {
    let (backend, listener) = network();
    let endpoint = Endpoint::new(Scheme::Http, "a.example", 80);
    let mut client = N::connect(Via::Memory(&backend), &endpoint, None).unwrap();
    let (asked, server) = listener.accept().unwrap();
    assert_eq!(asked, endpoint);
    let mut server = N::over_memory(server);
    client.write(b"ping", PATIENCE).unwrap();
    assert_eq!(server.read(&mut [0; 8], PATIENCE).unwrap(), 4);
    server.write(b"pong!", PATIENCE).unwrap();
    assert_eq!(client.read(&mut [0; 8], PATIENCE).unwrap(), 5);
    assert_eq!((client.peer_addr(), client.local_addr()), (None, None));
    drop(listener);
    match N::connect(Via::Memory(&backend), &endpoint, None).unwrap_err() {
        ConnectError::Connect { source, .. } => assert_eq!(source.kind(), ErrorKind::ConnectionRefused),
        other => panic!("{other:?}"),
    }
}

/// A server in a thread and an async client.
#[cfg(all(feature = "blocking", feature = "async"))]
#[test]
fn the_two_flavours_talk_to_each_other() {
    use crate::support::{Async, Blocking};

    let (client, server) = pair();
    let (mut client, mut server) = (Async::over_memory(client), Blocking::over_memory(server));
    let peer = thread::spawn(move || {
        let received = server.read_to_end().unwrap();
        server.write_all(&received).unwrap();
    });
    let body = vec![b'x'; 1 << 16];
    client.write_all(&body).unwrap();
    client.shutdown().unwrap();
    assert!(client.read_to_end().unwrap() == body);
    peer.join().unwrap();
}
