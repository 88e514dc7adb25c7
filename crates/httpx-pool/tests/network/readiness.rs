//! The readiness and the timeouts of blocking streams. Async streams have neither: they wake a task.

use std::io::{ErrorKind, Write};
use std::time::Duration;

use httpx_pool::memory::pair;
use httpx_pool::{Interest, NetworkStream, Readiness, TcpStream};

use crate::support::network::sockets;

const NONE: Readiness = Readiness { readable: false, writable: false };
const READABLE: Readiness = Readiness { readable: true, writable: false };
const WRITABLE: Readiness = Readiness { readable: false, writable: true };
const BOTH: Readiness = Readiness { readable: true, writable: true };

const NOW: Option<Duration> = Some(Duration::ZERO);
/// For waits that end without an event, when this time of the system's clock has passed.
const SHORT: Option<Duration> = Some(Duration::from_millis(1));
const LONG: Option<Duration> = Some(Duration::from_secs(20));

/// Until there is no room.
fn fill(stream: &mut impl NetworkStream) {
    let block = vec![0; 100_000];
    let full = loop {
        match stream.write(&block, NOW) {
            Ok(n) => assert!(n > 0),
            Err(error) => break error,
        }
    };
    assert_eq!(full.kind(), ErrorKind::TimedOut);
}

#[test]
fn of_a_socket() {
    let (client, mut server) = sockets();
    let mut client = TcpStream::new(client).unwrap();
    assert_eq!(client.ready(Interest::Both, LONG).unwrap(), WRITABLE);
    assert_eq!(client.ready(Interest::Read, SHORT).unwrap(), NONE);
    server.write_all(b"x").unwrap();
    assert_eq!(client.ready(Interest::Read, LONG).unwrap(), READABLE);
    assert_eq!(client.ready(Interest::Both, None).unwrap(), BOTH);
    client.read(&mut [0; 8], LONG).unwrap();
    fill(&mut client);
    assert_eq!(client.ready(Interest::Write, NOW).unwrap(), NONE);
    assert_eq!(client.ready(Interest::Both, SHORT).unwrap(), NONE);
}

#[test]
fn in_memory() {
    let (mut left, mut right) = pair();
    assert_eq!(left.ready(Interest::Both, None).unwrap(), WRITABLE);
    assert_eq!(left.ready(Interest::Read, NOW).unwrap(), NONE);
    let writer = std::thread::spawn(move || right.write(b"x", None).map(|_| right));
    assert_eq!(left.ready(Interest::Read, None).unwrap(), READABLE);
    let right = writer.join().unwrap().unwrap();
    left.read(&mut [0; 8], None).unwrap();
    fill(&mut left);
    assert_eq!(left.ready(Interest::Write, NOW).unwrap(), NONE);
    drop(right);
    assert_eq!(left.ready(Interest::Both, None).unwrap(), BOTH);
}

#[cfg(feature = "tls")]
mod of_tls {
    use std::sync::atomic::Ordering;
    use std::time::Instant;

    use httpx_pool::memory::MemoryStream;
    use httpx_pool::{HandshakeError, Liveness, TlsStream};
    use rustls::version::{TLS12, TLS13};

    use super::*;
    use crate::peer::Peer;
    use crate::support::network::kind;
    use crate::support::throttle::{Throttle, Throttled};
    use crate::support::tls::{Authority, HOST};
    use crate::support::{Blocking, Gate, MS};

    fn shake_hands<S: NetworkStream>(
        authority: &Authority,
        client: S,
    ) -> Result<TlsStream<S>, HandshakeError> {
        TlsStream::handshake(client, &authority.client, HOST, Instant::now().checked_add(LONG.unwrap()))
    }

    #[test]
    fn plaintext_counts_and_tickets_do_not() {
        let authority = Authority::new(&[&TLS13]);
        let (client, server) = pair();
        let tickets_sent = Gate::default();
        let sent = tickets_sent.clone();
        let peer = Peer::<Blocking>::play(&authority.server, Box::new(server), move |mut peer| {
            // The last message of the handshake comes with this. The tickets are the reply.
            peer.expect(b"hello");
            sent.open();
            // Two records at once.
            peer.expect(b"go");
            peer.say(&[b'x'; 20_000]);
            peer
        });
        let mut stream = shake_hands(&authority, client).unwrap();
        stream.write(b"hello", LONG).unwrap();
        tickets_sent.wait();
        assert_eq!(stream.ready(Interest::Read, SHORT).unwrap(), NONE);
        stream.write(b"go", LONG).unwrap();
        let _peer = peer.join().unwrap();
        for _ in 0..2 {
            assert_eq!(stream.ready(Interest::Read, LONG).unwrap(), READABLE);
            assert!(!stream.is_drained());
            stream.read(&mut [0; 10_000], LONG).unwrap();
        }
        assert_eq!(stream.ready(Interest::Both, LONG).unwrap(), WRITABLE);
        assert!(stream.is_drained());
    }

    #[test]
    fn an_early_response_to_an_upload_that_is_not_read() {
        let authority = Authority::new(&[&TLS12, &TLS13]);
        let (client, server) = pair();
        let peer = Peer::<Blocking>::play(&authority.server, Box::new(server), |mut peer| {
            peer.expect(b"head");
            peer.say(b"413");
            peer
        });
        let mut stream = shake_hands(&authority, client).unwrap();
        stream.write(b"head", LONG).unwrap();
        let _silent = peer.join().unwrap();
        fill(&mut stream);
        assert_eq!(stream.ready(Interest::Both, LONG).unwrap(), READABLE);
        assert_eq!(stream.read(&mut [0; 64], LONG).unwrap(), 3);
        assert_eq!(stream.ready(Interest::Both, SHORT).unwrap(), NONE);
    }

    /// The peer takes something, so a wait for room ends, although there is more to send than it takes.
    #[test]
    fn a_wait_for_room_ends_when_bytes_go_out() {
        let authority = Authority::new(&[&TLS12, &TLS13]);
        let (client, server) = pair();
        let peer = Peer::<Blocking>::play(&authority.server, Box::new(server), |mut peer| {
            peer.expect(b"go");
            peer
        });
        let throttle = Throttle::open(ErrorKind::TimedOut);
        let mut stream = shake_hands(&authority, Box::new(Throttled::new(client, &throttle))).unwrap();
        stream.write(b"go", LONG).unwrap();
        let _peer = peer.join().unwrap();
        let body = [b'x'; 50_000];
        throttle.room.store(0, Ordering::Relaxed);
        assert_eq!(kind(stream.write(&body, NOW)), ErrorKind::TimedOut);
        for _ in 0..2 {
            throttle.room.store(1000, Ordering::Relaxed);
            assert_eq!(stream.ready(Interest::Both, LONG).unwrap(), WRITABLE);
            assert!(stream.write(&body, NOW).unwrap() > 0);
        }
    }

    #[test]
    fn a_reset_that_a_wait_comes_upon_is_reported_by_the_read() {
        let authority = Authority::new(&[&TLS12, &TLS13]);
        let (client, server) = sockets();
        let raw = server.try_clone().unwrap();
        let server = Box::new(TcpStream::new(server).unwrap());
        let peer = Peer::<Blocking>::play(&authority.server, server, |mut peer| {
            peer.expect(b"ping");
            peer
        });
        let mut stream = shake_hands(&authority, TcpStream::new(client).unwrap()).unwrap();
        stream.write(b"ping", LONG).unwrap();
        let peer = peer.join().unwrap();
        // A socket that is closed with bytes unread resets the connection.
        stream.write(b"unread", LONG).unwrap();
        raw.peek(&mut [0; 1]).unwrap();
        drop((peer, raw));
        // The tickets arrive first, if any.
        assert!(stream.ready(Interest::Read, LONG).unwrap().readable);
        assert_eq!(stream.look(), Liveness::Dead);
        assert!(!stream.is_drained());
        assert_eq!(kind(stream.read(&mut [0; 8], LONG)), ErrorKind::ConnectionReset);
    }

    /// `tls.rs` tests both flavours of the pool with it.
    #[test]
    fn a_handshake_without_an_answer_ends_by_its_deadline() {
        let authority = Authority::new(&[&TLS12, &TLS13]);
        let (client, _server) = pair();
        let by = Instant::now().checked_add(MS);
        let late = TlsStream::<MemoryStream>::handshake(client, &authority.client, HOST, by).unwrap_err();
        assert!(matches!(late, HandshakeError::TimedOut { .. }), "{late:?}");
        assert!(by.unwrap() <= Instant::now());
    }
}
