//! TLS over streams in memory and over sockets.

use std::io::{ErrorKind, IoSlice, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use httpx_pool::memory::pair;
use httpx_pool::{HandshakeError, Liveness, TlsErrorKind, TlsVersion};
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, SupportedProtocolVersion};

use crate::peer::Peer;
use crate::support::network::*;
use crate::support::throttle::Throttle;
use crate::support::tls::{Authority, HOST};
use crate::support::{PATIENCE, both_flavours};

both_flavours! {
    a_request_and_a_large_response_then_a_clean_end,
    a_large_upload_and_a_cut_end,
    an_early_response_to_an_upload_that_is_not_read,
    tickets_are_no_plaintext,
    the_look_over_a_socket,
    the_second_connection_resumes,
    handshakes_that_fail,
    shutdown_sends_close_notify,
    the_end_of_the_handshake_travels_with_the_request,
    a_read_sends_the_end_of_the_handshake,
    a_write_reports_the_bytes_that_were_sent,
    a_write_that_fails_reports_the_bytes_that_were_sent_before,
    a_read_that_does_not_wait_is_bounded,
    records_without_data_end_the_connection,
}

const BOTH_VERSIONS: [&SupportedProtocolVersion; 2] = [&TLS13, &TLS12];
const SHORT: Duration = Duration::from_millis(50);

fn ends<N: Network>() -> (N::Stream, N::Stream) {
    let (client, server) = pair();
    (N::over_memory(client), N::over_memory(server))
}

fn connect<N: Network>(authority: &Authority, client: N::Stream) -> N::Tls {
    N::handshake(client, &authority.client, HOST).unwrap()
}

/// More bytes than a stream takes at once.
fn large() -> Vec<u8> {
    (0..=u8::MAX).cycle().take(1 << 20).collect()
}

fn a_request_and_a_large_response_then_a_clean_end<N: Network>() {
    for version in BOTH_VERSIONS {
        let authority = Authority::new(&[version]);
        let (client, server) = ends::<N>();
        let peer = Peer::<N>::play(&authority.server, server, move |mut peer| {
            peer.expect(b"head body");
            peer.say(&large());
            peer.say_goodbye();
        });
        let mut stream = connect::<N>(&authority, client);
        let details = stream.details();
        assert_eq!(details.alpn.as_deref(), Some(&b"http/1.1"[..]));
        assert_eq!(details.version == TlsVersion::Tls13, version == &TLS13);
        let parts = [IoSlice::new(b"head "), IoSlice::new(b"body")];
        assert_eq!(stream.write_vectored(&parts, PATIENCE).unwrap(), 9);
        assert!(stream.read_to_end().unwrap() == large());
        assert_eq!(stream.read(&mut [0; 8], PATIENCE).unwrap(), 0);
        peer.join().unwrap();
    }
}

fn a_large_upload_and_a_cut_end<N: Network>() {
    for version in BOTH_VERSIONS {
        let authority = Authority::new(&[version]);
        let (client, server) = ends::<N>();
        let peer = Peer::<N>::play(&authority.server, server, move |mut peer| {
            peer.expect(&large());
            peer.say(b"thanks");
        });
        let mut stream = connect::<N>(&authority, client);
        assert_eq!(stream.write(b"", PATIENCE).unwrap(), 0);
        stream.write_all(&large()).unwrap();
        assert_eq!(stream.read(&mut [0; 64], PATIENCE).unwrap(), 6);
        for _ in 0..2 {
            assert_eq!(kind(stream.read_to_end()), ErrorKind::UnexpectedEof);
        }
        peer.join().unwrap();
    }
}

fn an_early_response_to_an_upload_that_is_not_read<N: Network>() {
    let authority = Authority::new(&BOTH_VERSIONS);
    let (client, server) = ends::<N>();
    let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
        peer.expect(b"head");
        peer.say(b"413");
        peer
    });
    let mut stream = connect::<N>(&authority, client);
    stream.write(b"head", PATIENCE).unwrap();
    let silent = peer.join().unwrap();
    let block = vec![0; 100_000];
    let refused = loop {
        if let Err(error) = stream.write(&block, NOW) {
            break error;
        }
    };
    assert_eq!(refused.kind(), ErrorKind::TimedOut);
    assert!(!stream.is_drained());
    // A read works although bytes to be sent have no room.
    let mut buf = [0; 64];
    assert_eq!(stream.read(&mut buf, PATIENCE).unwrap(), 3);
    assert_eq!(kind(stream.read(&mut buf, SHORT)), ErrorKind::TimedOut);
    assert_eq!(kind(stream.write(&block, SHORT)), ErrorKind::TimedOut);
    drop(silent);
    assert_eq!(kind(stream.read(&mut buf, PATIENCE)), ErrorKind::UnexpectedEof);
}

fn tickets_are_no_plaintext<N: Network>() {
    let authority = Authority::new(&[&TLS13]);
    let (client, server) = ends::<N>();
    let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
        // Two records at once, after the tickets.
        peer.expect(b"go");
        peer.say(&[b'x'; 20_000]);
        peer
    });
    let mut stream = connect::<N>(&authority, client);
    // At most tickets arrive.
    let mut buf = [0; 10_000];
    assert_eq!(kind(stream.read(&mut buf, SHORT)), ErrorKind::TimedOut);
    stream.write(b"go", PATIENCE).unwrap();
    let _peer = peer.join().unwrap();
    assert_eq!(stream.read(&mut buf, PATIENCE).unwrap(), 10_000);
    assert!(!stream.is_drained());
    assert_eq!(stream.look(), Liveness::Dead);
    assert_eq!(stream.read(&mut buf, NOW).unwrap(), 10_000);
    assert!(stream.is_drained());
    assert_eq!(stream.look(), Liveness::Alive);
}

/// An action of a peer. Returns the peer if it is still there.
type Scene<N> = fn(Peer<N>, std::net::TcpStream) -> Option<Peer<N>>;

fn the_look_over_a_socket<N: Network>() {
    let authority = Authority::new(&[&TLS13]);
    let rows: [(Scene<N>, Liveness); 5] = [
        (
            |mut peer, _| {
                peer.tls.refresh_traffic_keys().unwrap();
                peer.flush();
                Some(peer)
            },
            Liveness::Alive,
        ),
        (
            |mut peer, _| {
                peer.say(b"x");
                Some(peer)
            },
            Liveness::Dead,
        ),
        (
            |mut peer, _| {
                peer.say_goodbye();
                Some(peer)
            },
            Liveness::Dead,
        ),
        (
            |mut peer, _| {
                peer.stream.shutdown().unwrap();
                Some(peer)
            },
            Liveness::Dead,
        ),
        (
            |_, socket| {
                rustix::net::sockopt::set_socket_linger(socket, Some(Duration::ZERO)).unwrap();
                None
            },
            Liveness::Dead,
        ),
    ];
    for (scene, expected) in rows {
        let (client, server) = sockets();
        let socket = server.try_clone().unwrap();
        let peer = Peer::<N>::play(&authority.server, N::over_tcp(server), move |mut peer| {
            peer.expect(b"ping");
            peer.say(b"pong");
            scene(peer, socket)
        });
        let mut stream = connect::<N>(&authority, N::over_tcp(client));
        stream.write(b"ping", PATIENCE).unwrap();
        assert_eq!(stream.read(&mut [0; 4], PATIENCE).unwrap(), 4);
        let peer = peer.join().unwrap();
        match expected {
            Liveness::Alive => {
                assert_eq!(stream.look(), expected);
                stream.write(b"ping", PATIENCE).unwrap();
                peer.unwrap().expect(b"ping");
            }
            _ => assert_eq!(seen(&mut stream), expected),
        }
    }
}

fn the_second_connection_resumes<N: Network>() {
    let authority = Authority::new(&BOTH_VERSIONS);
    let resumed = [0, 1].map(|_| {
        let (client, server) = ends::<N>();
        let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
            peer.expect(b"ping");
            peer.say(b"pong");
            peer
        });
        let mut stream = connect::<N>(&authority, client);
        stream.write(b"ping", PATIENCE).unwrap();
        stream.read(&mut [0; 8], PATIENCE).unwrap();
        drop(peer.join().unwrap());
        stream.details().is_resumed
    });
    assert_eq!(resumed, [false, true]);
}

fn handshakes_that_fail<N: Network>() {
    let [config, server] = [(); 2].map(|()| Authority::new(&BOTH_VERSIONS));
    let config = config.client;
    // The issuer is unknown, and the server is told.
    let (client, stream) = ends::<N>();
    let server = Arc::clone(&server.server);
    let told = thread::spawn(move || {
        let mut peer = Peer::<N>::new(&server, stream);
        loop {
            match peer.receive() {
                Err(told) => return told,
                Ok(n) => assert!(n > 0, "closed without an alert"),
            }
        }
    });
    match N::handshake(client, &config, HOST).unwrap_err() {
        HandshakeError::Tls(error) => assert_eq!(error.kind(), TlsErrorKind::UnknownIssuer),
        other => panic!("{other:?}"),
    }
    assert_eq!(told.join().unwrap(), rustls::Error::AlertReceived(AlertDescription::UnknownCA));
    // The server closes; it resets; no certificate can have this name.
    let (client, mut server) = ends::<N>();
    server.shutdown().unwrap();
    let error = N::handshake(client, &config, HOST).unwrap_err();
    assert!(matches!(error, HandshakeError::Cut { .. }), "{error:?}");
    let (client, server) = ends::<N>();
    drop(server);
    let error = N::handshake(client, &config, HOST).unwrap_err();
    assert!(matches!(error, HandshakeError::Io { .. }), "{error:?}");
    let (client, _server) = ends::<N>();
    let error = N::handshake(client, &config, "").unwrap_err();
    assert!(matches!(error, HandshakeError::Name { .. }), "{error:?}");
}

fn shutdown_sends_close_notify<N: Network>() {
    let authority = Authority::new(&BOTH_VERSIONS);
    let (client, server) = ends::<N>();
    let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
        while peer.receive().unwrap() > 0 {}
        peer.tls.reader().read(&mut [0; 1]).unwrap()
    });
    let mut stream = connect::<N>(&authority, client);
    stream.shutdown().unwrap();
    assert_eq!(peer.join().unwrap(), 0);
}

fn the_end_of_the_handshake_travels_with_the_request<N: Network>() {
    let authority = Authority::new(&[&TLS13]);
    let (client, server) = ends::<N>();
    let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
        // The request came with the last read of the handshake.
        let with_handshake = peer.received.clone();
        peer.say(b"pong");
        with_handshake
    });
    let mut stream = connect::<N>(&authority, client);
    stream.write(b"ping", PATIENCE).unwrap();
    stream.read(&mut [0; 8], PATIENCE).unwrap();
    assert_eq!(peer.join().unwrap(), b"ping");
}

/// A server may speak first once the handshake is complete. In a resumed session, the client's message is the last one of
/// TLS 1.2, too.
fn a_read_sends_the_end_of_the_handshake<N: Network>() {
    for version in BOTH_VERSIONS {
        let authority = Authority::new(&[version]);
        for resumed in [false, true] {
            let (client, server) = ends::<N>();
            let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
                assert!(!peer.tls.is_handshaking(), "the client has gone");
                peer.say(b"welcome");
                peer
            });
            let mut stream = connect::<N>(&authority, client);
            assert_eq!(stream.details().is_resumed, resumed, "{:?}", version.version);
            assert_eq!(stream.read(&mut [0; 64], PATIENCE / 4).unwrap(), 7, "{:?}", version.version);
            drop((stream, peer.join().unwrap()));
        }
    }
}

/// Connects over a stream that can be throttled after the handshake.
fn throttled<N: Network>(
    authority: &Authority,
    client: N::Stream,
    then: ErrorKind,
) -> (N::Tls, Arc<Throttle>) {
    let throttle = Throttle::open(then);
    (connect::<N>(authority, N::throttled(client, &throttle)), throttle)
}

fn a_write_reports_the_bytes_that_were_sent<N: Network>() {
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(100_000).collect();
    for version in BOTH_VERSIONS {
        let authority = Authority::new(&[version]);
        let (client, server) = ends::<N>();
        let expected = body.clone();
        let peer = Peer::<N>::play(&authority.server, server, move |mut peer| {
            peer.expect(&expected);
            peer.say(b"thanks");
            peer
        });
        let (mut stream, throttle) = throttled::<N>(&authority, client, ErrorKind::TimedOut);
        let mut written = 0;
        while written < body.len() {
            throttle.room.store(1000, Ordering::Relaxed);
            // The peer takes some bytes, so this is progress and not a timeout.
            let n = stream.write(&body[written..], SHORT).unwrap();
            assert!(n > 0, "after {written}");
            written += n;
        }
        throttle.room.store(0, Ordering::Relaxed);
        assert_eq!(kind(stream.write(&body, SHORT)), ErrorKind::TimedOut);
        assert!(!stream.is_drained());
        assert_eq!(stream.read(&mut [0; 64], PATIENCE).unwrap(), 6);
        drop(peer.join().unwrap());
    }
}

fn a_write_that_fails_reports_the_bytes_that_were_sent_before<N: Network>() {
    let body = [b'x'; 40_000];
    let authority = Authority::new(&BOTH_VERSIONS);
    let (client, server) = ends::<N>();
    let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
        // One whole record.
        peer.expect(&[b'x'; 16_384]);
        peer
    });
    let (mut stream, throttle) = throttled::<N>(&authority, client, ErrorKind::BrokenPipe);
    throttle.room.store(16_900, Ordering::Relaxed);
    let n = stream.write(&body, PATIENCE).unwrap();
    assert!((1..body.len()).contains(&n), "{n}");
    for _ in 0..2 {
        assert_eq!(kind(stream.write(&body[n..], PATIENCE)), ErrorKind::BrokenPipe);
    }
    assert!(!stream.is_drained());
    drop(peer.join().unwrap());
}

fn a_read_that_does_not_wait_is_bounded<N: Network>() {
    let authority = Authority::new(&BOTH_VERSIONS);
    let (client, server) = ends::<N>();
    let peer = Peer::<N>::play(&authority.server, server, |mut peer| {
        peer.expect(b"go");
        peer.say(&[b'x'; 10_000]);
        peer
    });
    let (mut stream, throttle) = throttled::<N>(&authority, client, ErrorKind::TimedOut);
    stream.write(b"go", PATIENCE).unwrap();
    let peer = peer.join().unwrap();
    // All of it is there, and each read gives one byte.
    throttle.read.store(1, Ordering::Relaxed);
    throttle.reads.store(0, Ordering::Relaxed);
    assert_eq!(kind(stream.read(&mut [0; 64], NOW)), ErrorKind::TimedOut);
    assert!(throttle.reads.load(Ordering::Relaxed) < 100);
    // A read that may wait takes as long as it needs.
    assert_eq!(stream.read(&mut [0; 64], PATIENCE).unwrap(), 64);
    drop(peer);
}

fn records_without_data_end_the_connection<N: Network>() {
    let authority = Authority::with_tickets(500);
    let (client, server) = ends::<N>();
    let peer =
        Peer::<N>::play(&authority.server, server, |mut peer| while peer.receive().is_ok_and(|n| n > 0) {});
    let mut stream = connect::<N>(&authority, client);
    stream.write(b"go", PATIENCE).unwrap();
    let error = stream.read(&mut [0; 64], PATIENCE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert!(error.to_string().contains("keeps sending records without data"), "{error}");
    drop(stream);
    peer.join().unwrap();
}

/// A peer that sends a record byte by byte, as fast as it is read, leaves time for timers and other tasks.
#[cfg(feature = "async")]
#[test]
fn a_poll_without_data_yields() {
    use std::task::{Context, Waker};

    use httpx_pool::ahttpx::NetworkStream;

    use crate::support::Async;

    let authority = Authority::new(&BOTH_VERSIONS);
    let (client, server) = ends::<Async>();
    let peer = Peer::<Async>::play(&authority.server, server, |mut peer| {
        peer.expect(b"go");
        peer.say(&[b'x'; 10_000]);
        peer
    });
    let (mut stream, throttle) = throttled::<Async>(&authority, client, ErrorKind::TimedOut);
    stream.write(b"go", PATIENCE).unwrap();
    let _peer = peer.join().unwrap();
    throttle.read.store(1, Ordering::Relaxed);
    throttle.reads.store(0, Ordering::Relaxed);
    let mut cx = Context::from_waker(Waker::noop());
    assert!(stream.it_mut().poll_read(&mut cx, &mut [0; 64]).is_pending());
    assert!((1..100).contains(&throttle.reads.load(Ordering::Relaxed)));
}
