//! A stream over a TCP socket, and over a Unix socket.

use std::io::{ErrorKind, IoSlice, Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::Instant;

use httpx_pool::Liveness;

#[cfg(unix)]
use crate::support::SocketDir;
use crate::support::network::*;
use crate::support::{MS, PATIENCE, both_flavours};

both_flavours! {
    nagle_is_off,
    a_read_is_late_not_before_its_time,
    a_write_without_room_is_late,
    a_write_waits_for_room,
    a_look_sees_bytes_and_takes_none,
    a_look_sees_the_end,
    a_look_sees_a_reset,
    shutdown_ends_our_direction_only,
}

fn connected<N: Network>() -> Vec<(N::Stream, TcpStream)> {
    let (client, server) = sockets();
    #[cfg_attr(not(unix), expect(unused_mut))]
    let mut all = vec![(N::over_tcp(client), server)];
    #[cfg(unix)]
    all.push(over_unix::<N>());
    all
}

/// The calls on the server's socket are the same as on one of TCP.
#[cfg(unix)]
fn over_unix<N: Network>() -> (N::Stream, TcpStream) {
    use std::os::{fd::OwnedFd, unix::net::UnixListener};

    let dir = SocketDir::new();
    let listener = UnixListener::bind(dir.path("s")).unwrap();
    let client = N::over_unix(&dir.path("s"));
    (client, OwnedFd::from(listener.accept().unwrap().0).into())
}

fn nagle_is_off<N: Network>() {
    let (client, _server) = sockets();
    let same = client.try_clone().unwrap();
    assert!(!same.nodelay().unwrap());
    let _client = N::over_tcp(client);
    assert!(same.nodelay().unwrap());
}

fn a_read_is_late_not_before_its_time<N: Network>() {
    for (mut client, mut server) in connected::<N>() {
        let (mut buf, before) = ([0; 8], Instant::now());
        assert_eq!(kind(client.read(&mut buf, 50 * MS)), ErrorKind::TimedOut);
        assert!(before.elapsed() >= 50 * MS);
        // No byte is lost, and the next wait is as long as requested.
        server.write_all(b"hello").unwrap();
        assert_eq!(client.read(&mut buf, PATIENCE).unwrap(), 5);
        assert_eq!(kind(client.read(&mut buf, NOW)), ErrorKind::TimedOut);
    }
}

fn a_write_without_room_is_late<N: Network>() {
    for (mut client, mut server) in connected::<N>() {
        let block = vec![b'x'; 1 << 20];
        let mut sent = 0;
        let late = loop {
            match client.write(&block, 50 * MS) {
                Ok(n) => sent += n,
                Err(error) => break error,
            }
            assert!(sent < 1 << 30);
        };
        assert_eq!(late.kind(), ErrorKind::TimedOut);
        // The accepted bytes arrive, and no more.
        client.shutdown().unwrap();
        assert_eq!(server.read_to_end(&mut Vec::new()).unwrap(), sent);
    }
}

fn a_write_waits_for_room<N: Network>() {
    for (mut client, mut server) in connected::<N>() {
        let reader = thread::spawn(move || {
            let mut received = Vec::new();
            server.read_to_end(&mut received).unwrap();
            received
        });
        let body: Vec<u8> = (0..=u8::MAX).cycle().take(16 << 20).collect();
        client.write_all(&body).unwrap();
        client.shutdown().unwrap();
        assert!(reader.join().unwrap() == body);
    }
}

fn a_look_sees_bytes_and_takes_none<N: Network>() {
    for (mut client, mut server) in connected::<N>() {
        assert_eq!(client.look(), Liveness::Alive);
        server.write_all(b"x").unwrap();
        for _ in 0..2 {
            assert_eq!(seen(&mut client), Liveness::Dead);
        }
        assert_eq!(client.read(&mut [0; 8], PATIENCE).unwrap(), 1);
        assert_eq!(client.look(), Liveness::Alive);
    }
}

fn a_look_sees_the_end<N: Network>() {
    for (mut client, server) in connected::<N>() {
        drop(server);
        assert_eq!(seen(&mut client), Liveness::Dead);
        assert_eq!(client.read(&mut [0; 8], PATIENCE).unwrap(), 0);
    }
}

fn a_look_sees_a_reset<N: Network>() {
    for (mut client, server) in connected::<N>() {
        // A socket that is closed with bytes unread resets the connection.
        client.write(b"x", PATIENCE).unwrap();
        server.peek(&mut [0; 1]).unwrap();
        drop(server);
        assert_eq!(seen(&mut client), Liveness::Dead);
    }
}

fn shutdown_ends_our_direction_only<N: Network>() {
    for (mut client, mut server) in connected::<N>() {
        let parts = [IoSlice::new(b"ab"), IoSlice::new(b"cd")];
        assert_eq!(client.write_vectored(&parts, PATIENCE).unwrap(), 4);
        client.shutdown().unwrap();
        let mut received = Vec::new();
        server.read_to_end(&mut received).unwrap();
        assert_eq!(received, b"abcd");
        server.write_all(b"x").unwrap();
        assert_eq!(client.read(&mut [0; 8], PATIENCE).unwrap(), 1);
    }
}
