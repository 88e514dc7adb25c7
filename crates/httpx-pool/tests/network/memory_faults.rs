//! The faults of the network inside the process.

use std::io::ErrorKind;
use std::thread;

use httpx_pool::memory::{MemoryBackend, MemoryFaults, MemoryListener, network};
use httpx_pool::{ConnectError, Endpoint, Liveness, Scheme};

use crate::support::network::*;
use crate::support::{PATIENCE, both_flavours};

both_flavours! {
    connections_are_refused,
    reads_and_writes_are_split,
    connections_are_reset,
    a_held_connection_receives_nothing,
    a_waiting_read_is_woken_by_a_release,
}

fn connect<N: Network>(backend: &MemoryBackend) -> Result<N::Stream, ConnectError> {
    N::connect(Via::Memory(backend), &Endpoint::new(Scheme::Http, "h", 80), None)
}

/// Both ends of a connection, and what keeps it.
fn ends<N: Network>() -> (N::Stream, N::Stream, MemoryFaults, (MemoryBackend, MemoryListener)) {
    let (backend, listener) = network();
    let client = connect::<N>(&backend).unwrap();
    let (_, server) = listener.accept().unwrap();
    (client, N::over_memory(server), backend.faults(), (backend, listener))
}

fn connections_are_refused<N: Network>() {
    let (backend, _listener) = network();
    backend.faults().refuse(2);
    let connect = || match connect::<N>(&backend.clone()) {
        Ok(_) => None,
        Err(error) => Some(error.to_string()),
    };
    let outcomes = [(); 3].map(|()| connect());
    let refused = || Some("cannot connect to h".to_owned());
    assert_eq!(outcomes, [refused(), refused(), None]);
    backend.faults().refuse(u64::MAX);
    assert!(connect().is_some());
    backend.faults().clear();
    assert!(connect().is_none());
}

fn reads_and_writes_are_split<N: Network>() {
    let (mut client, mut server, faults, _network) = ends::<N>();
    let mut buf = [0; 8];
    faults.max_read_bytes(2);
    faults.max_write_bytes(0); // at least 1
    server.write_all(b"hello").unwrap();
    let lengths = [(); 3].map(|()| client.read(&mut buf, NOW).unwrap());
    assert_eq!(lengths, [2, 2, 1]);
    assert_eq!(client.write(b"hello", NOW).unwrap(), 1);
    faults.clear();
    assert_eq!(client.write(b"hello", NOW).unwrap(), 5);
    assert_eq!(server.read(&mut buf, NOW).unwrap(), 6);
}

fn connections_are_reset<N: Network>() {
    let (mut client, mut server, faults, _network) = ends::<N>();
    let mut buf = [0; 8];
    faults.reset_after_received(3);
    server.write_all(b"hello").unwrap();
    assert_eq!(client.read(&mut buf, NOW).unwrap(), 3);
    assert_eq!(client.look(), Liveness::Dead);
    assert_eq!(kind(client.read(&mut buf, NOW)), ErrorKind::ConnectionReset);
    assert_eq!(kind(client.write(b"x", NOW)), ErrorKind::ConnectionReset);
    // It stays so.
    faults.clear();
    assert_eq!(kind(client.read(&mut buf, NOW)), ErrorKind::ConnectionReset);

    let (mut client, mut server, faults, _network) = ends::<N>();
    faults.reset_after_sent(3);
    assert_eq!(client.write(b"hello", NOW).unwrap(), 3);
    assert_eq!(kind(client.write(b"lo", NOW)), ErrorKind::ConnectionReset);
    // The server has received the bytes, and then the end.
    drop(client);
    assert_eq!(server.read_to_end().unwrap(), b"hel");

    // New connections have the same faults, from their beginning.
    let (backend, listener) = network();
    backend.faults().reset_after_received(3);
    for _ in 0..2 {
        let mut client = connect::<N>(&backend).unwrap();
        let (_, server) = listener.accept().unwrap();
        N::over_memory(server).write_all(b"hello").unwrap();
        assert_eq!(client.read(&mut buf, NOW).unwrap(), 3);
    }
}

fn a_held_connection_receives_nothing<N: Network>() {
    let (mut client, mut server, faults, _network) = ends::<N>();
    let mut buf = [0; 8];
    faults.hold();
    server.write_all(b"hello").unwrap();
    server.shutdown().unwrap();
    assert_eq!(kind(client.read(&mut buf, NOW)), ErrorKind::TimedOut);
    assert_eq!(client.look(), Liveness::Alive);
    // The other direction works.
    assert_eq!(client.write(b"hello", NOW).unwrap(), 5);
    assert_eq!(server.read(&mut buf, NOW).unwrap(), 5);
    faults.release();
    assert_eq!(client.read_to_end().unwrap(), b"hello");
}

fn a_waiting_read_is_woken_by_a_release<N: Network>() {
    let (mut client, mut server, faults, _network) = ends::<N>();
    faults.hold();
    server.write_all(b"hello").unwrap();
    let releases = thread::spawn(move || faults.release());
    assert_eq!(client.read(&mut [0; 8], PATIENCE).unwrap(), 5);
    releases.join().unwrap();
}
