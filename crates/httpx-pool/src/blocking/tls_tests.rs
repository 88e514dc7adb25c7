//! Over streams in memory and over real sockets, against a server of rustls on a thread.

use std::net::TcpListener;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustls::ServerConfig;

use super::*;
use crate::blocking::tcp::TcpStream;
use crate::memory::{MemoryStream, pair};
use crate::tls::TlsFailure;
use crate::tls::testing::{Authority, BOTH_VERSIONS, Server};

const HOST: &str = "a.example";
const LONG: Option<Duration> = Some(Duration::from_secs(30));
const SHORT: Option<Duration> = Some(Duration::from_millis(50));

fn soon() -> Option<Instant> {
    Instant::now().checked_add(Duration::from_secs(30))
}

/// The server's end over a stream.
struct Peer<S> {
    tls: Server,
    stream: S,
    /// Received and not yet expected.
    received: Vec<u8>,
}

impl<S: NetworkStream> Peer<S> {
    fn new(config: &Arc<ServerConfig>, stream: S) -> Self {
        Self { tls: Server::new(config), stream, received: Vec::new() }
    }

    /// The first request may come together with the last of the handshake.
    fn accept(config: &Arc<ServerConfig>, stream: S) -> Self {
        let mut peer = Self::new(config, stream);
        while peer.tls.0.is_handshaking() && peer.receive().is_ok_and(|n| n > 0) {}
        peer
    }

    /// Reads once, and answers what TLS has to answer. So many raw bytes have come; none is the end.
    fn receive(&mut self) -> Result<usize, rustls::Error> {
        let mut buf = [0; 16 * 1024];
        let n = self.stream.read(&mut buf, None).unwrap();
        self.received.extend(self.tls.receive(&buf[..n])?);
        let raw = self.tls.outgoing();
        self.send(&raw);
        Ok(n)
    }

    fn expect(&mut self, expected: &[u8]) {
        while self.received.len() < expected.len() {
            assert!(self.receive().unwrap() > 0, "the client has gone");
        }
        assert!(self.received == expected);
        self.received.clear();
    }

    fn send(&mut self, mut raw: &[u8]) {
        while !raw.is_empty() {
            let n = self.stream.write(raw, None).unwrap_or(raw.len());
            raw = &raw[n..];
        }
    }

    fn say(&mut self, plain: &[u8]) {
        let raw = self.tls.say(plain);
        self.send(&raw);
    }
}

fn serve<S: NetworkStream + 'static, T: Send + 'static>(
    config: &Arc<ServerConfig>,
    stream: S,
    script: impl FnOnce(Peer<S>) -> T + Send + 'static,
) -> JoinHandle<T> {
    let config = Arc::clone(config);
    thread::spawn(move || script(Peer::accept(&config, stream)))
}

fn read_to_end(stream: &mut impl NetworkStream) -> io::Result<Vec<u8>> {
    let mut all = Vec::new();
    let mut buf = vec![0; 5000];
    loop {
        match stream.read(&mut buf, LONG)? {
            0 => return Ok(all),
            n => all.extend_from_slice(&buf[..n]),
        }
    }
}

#[test]
fn a_request_and_a_large_response_then_a_clean_end() {
    let authority = Authority::new();
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(1 << 20).collect();
    for version in BOTH_VERSIONS {
        let config = authority.client().build().unwrap();
        let (client, server) = pair();
        let answer = body.clone();
        let peer = serve(&authority.leaf(HOST).server(&[version]), server, move |mut peer| {
            peer.expect(b"head body");
            peer.say(&answer);
            let raw = peer.tls.goodbye();
            peer.send(&raw);
        });
        let mut stream = TlsStream::handshake(client, &config, HOST, soon()).unwrap();
        assert_eq!(stream.alpn(), Some(&b"http/1.1"[..]));
        assert_eq!(stream.version(), Some(version.version));
        let parts = [IoSlice::new(b"head "), IoSlice::new(b"body")];
        assert_eq!(stream.write_vectored(&parts, LONG).unwrap(), 9);
        assert!(read_to_end(&mut stream).unwrap() == body);
        peer.join().unwrap();
    }
}

#[test]
fn a_large_upload_and_a_cut_end() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let body: Vec<u8> = (0..=u8::MAX).cycle().take(1 << 20).collect();
    let (client, server) = pair();
    let expected = body.clone();
    let peer = serve(&authority.leaf(HOST).server(&BOTH_VERSIONS), server, move |mut peer| {
        peer.expect(&expected);
        peer.say(b"thanks");
    });
    let mut stream = TlsStream::handshake(client, &config, HOST, None).unwrap();
    let mut rest = &body[..];
    while !rest.is_empty() {
        let n = stream.write(rest, LONG).unwrap();
        rest = &rest[n..];
    }
    assert_eq!(stream.read(&mut [0; 64], LONG).unwrap(), 6);
    let cut = read_to_end(&mut stream).unwrap_err();
    assert_eq!(cut.kind(), ErrorKind::UnexpectedEof);
    peer.join().unwrap();
}

#[test]
fn an_early_answer_to_an_upload_that_nobody_reads() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let (client, server) = pair();
    let peer = serve(&authority.leaf(HOST).server(&BOTH_VERSIONS), server, move |mut peer| {
        peer.expect(b"head");
        peer.say(b"413");
        peer
    });
    let mut stream = TlsStream::handshake(client, &config, HOST, soon()).unwrap();
    stream.write(b"head", LONG).unwrap();
    let silent = peer.join().unwrap();
    let block = vec![0; 100_000];
    let refused = loop {
        if let Err(e) = stream.write(&block, NOW) {
            break e;
        }
    };
    assert_eq!(refused.kind(), ErrorKind::TimedOut);
    let ready = stream.ready(Interest::Both, LONG).unwrap();
    assert_eq!(ready, Readiness { readable: true, writable: false });
    // Although there are bytes still to be sent for which there is no room.
    let mut buf = [0; 64];
    assert_eq!(stream.read(&mut buf, LONG).unwrap(), 3);
    assert_eq!(stream.read(&mut buf, SHORT).unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(stream.write(&block, SHORT).unwrap_err().kind(), ErrorKind::TimedOut);
    assert!(stream.ready(Interest::Both, SHORT).unwrap().is_none());
    drop(silent);
    assert_eq!(stream.read(&mut buf, LONG).unwrap_err().kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn readiness_counts_plaintext_and_not_tickets() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let (client, server) = pair();
    let peer = serve(&authority.leaf(HOST).server(&[&rustls::version::TLS13]), server, |mut peer| {
        // Two records at once, behind the tickets.
        peer.expect(b"go");
        peer.say(&[b'x'; 20_000]);
        peer
    });
    let mut stream = TlsStream::handshake(client, &config, HOST, soon()).unwrap();
    // Nothing but tickets comes, if those.
    assert!(stream.ready(Interest::Read, SHORT).unwrap().is_none());
    stream.write(b"go", LONG).unwrap();
    let _peer = peer.join().unwrap();
    for _ in 0..2 {
        assert!(stream.ready(Interest::Read, LONG).unwrap().readable);
        assert!(!stream.is_drained());
        stream.read(&mut [0; 10_000], LONG).unwrap();
    }
    assert!(stream.ready(Interest::Both, LONG).unwrap().writable);
    assert!(stream.is_drained());
    assert_eq!(stream.look(), Liveness::Alive);
}

#[test]
fn the_look_over_a_socket() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    type Scene = fn(&mut Peer<TcpStream>);
    let rows: [(Scene, Liveness); 4] = [
        (|peer| peer.tls.0.refresh_traffic_keys().unwrap(), Liveness::Alive),
        (|peer| peer.say(b"x"), Liveness::Dead(DeadReason::Unasked)),
        (|peer| peer.tls.0.send_close_notify(), Liveness::Dead(DeadReason::Ended)),
        (|peer| peer.stream.shutdown().unwrap(), Liveness::Dead(DeadReason::Ended)),
    ];
    for (scene, expected) in rows {
        let socket = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let accepted = TcpStream::new(listener.accept().unwrap().0).unwrap();
        let server_config = authority.leaf(HOST).server(&[&rustls::version::TLS13]);
        let peer = serve(&server_config, accepted, move |mut peer| {
            peer.expect(b"ping");
            peer.say(b"pong");
            scene(&mut peer);
            let raw = peer.tls.outgoing();
            peer.send(&raw);
            peer
        });
        let mut stream =
            TlsStream::handshake(TcpStream::new(socket).unwrap(), &config, HOST, soon()).unwrap();
        stream.write(b"ping", LONG).unwrap();
        let mut buf = [0; 4];
        assert_eq!(stream.read(&mut buf, LONG).unwrap(), 4);
        // All has been sent when the thread has ended.
        let mut peer = peer.join().unwrap();
        assert_eq!(stream.look(), expected);
        if expected.is_alive() {
            stream.write(b"ping", LONG).unwrap();
            peer.expect(b"ping");
        }
    }
}

#[test]
fn the_second_connection_resumes() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let server_config = authority.leaf(HOST).server(&BOTH_VERSIONS);
    let resumed = [0, 1].map(|_| {
        let (client, server) = pair();
        let peer = serve(&server_config, server, |mut peer| {
            peer.expect(b"ping");
            peer.say(b"pong");
            peer
        });
        let mut stream = TlsStream::handshake(client, &config, HOST, soon()).unwrap();
        stream.write(b"ping", LONG).unwrap();
        stream.read(&mut [0; 8], LONG).unwrap();
        drop(peer.join().unwrap());
        stream.is_resumed()
    });
    assert_eq!(resumed, [false, true]);
}

#[test]
fn handshakes_that_fail() {
    let config = Authority::new().client().build().unwrap();
    let handshake = |client: MemoryStream, deadline| TlsStream::handshake(client, &config, HOST, deadline);
    // An unknown issuer; the server is told.
    let (client, server) = pair();
    let server_config = Authority::new().leaf(HOST).server(&BOTH_VERSIONS);
    let told = thread::spawn(move || {
        let mut peer = Peer::new(&server_config, server);
        loop {
            match peer.receive() {
                Err(told) => return told,
                Ok(n) => assert!(n > 0, "closed without an alert"),
            }
        }
    });
    match handshake(client, soon()).unwrap_err() {
        HandshakeError::Fault(fault) => assert_eq!(fault.failure(), TlsFailure::UnknownIssuer),
        other => panic!("{other:?}"),
    }
    assert_eq!(told.join().unwrap(), rustls::Error::AlertReceived(rustls::AlertDescription::UnknownCA));
    // Nobody answers; somebody hangs up; the name cannot be.
    let (client, _server) = pair();
    let deadline = Instant::now().checked_add(Duration::from_millis(50));
    assert!(matches!(handshake(client, deadline).unwrap_err(), HandshakeError::TimedOut { .. }));
    let (client, mut server) = pair();
    server.shutdown().unwrap();
    assert!(matches!(handshake(client, soon()).unwrap_err(), HandshakeError::Cut { .. }));
    let (client, _server) = pair();
    let error = TlsStream::handshake(client, &config, "", soon()).unwrap_err();
    assert!(matches!(error, HandshakeError::Name { .. }));
}

#[test]
fn shutdown_says_goodbye() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let (client, server) = pair();
    let peer = serve(&authority.leaf(HOST).server(&BOTH_VERSIONS), server, |mut peer| {
        while peer.receive().unwrap() > 0 {}
        io::Read::read(&mut peer.tls.0.reader(), &mut [0; 1]).unwrap()
    });
    let mut stream = TlsStream::handshake(client, &config, HOST, soon()).unwrap();
    stream.shutdown().unwrap();
    assert_eq!(peer.join().unwrap(), 0);
}

#[test]
fn a_reset_that_a_wait_comes_upon_is_reported_by_the_read() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let socket = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (accepted, _) = listener.accept().unwrap();
    let raw = accepted.try_clone().unwrap();
    let peer =
        serve(&authority.leaf(HOST).server(&BOTH_VERSIONS), TcpStream::new(accepted).unwrap(), |mut peer| {
            peer.expect(b"ping");
            peer
        });
    let mut stream = TlsStream::handshake(TcpStream::new(socket).unwrap(), &config, HOST, soon()).unwrap();
    stream.write(b"ping", LONG).unwrap();
    let peer = peer.join().unwrap();
    // A socket that is closed with bytes unread resets the connection.
    stream.write(b"unread", LONG).unwrap();
    raw.peek(&mut [0; 1]).unwrap();
    drop((peer, raw));
    // The tickets come first, if they come at all.
    assert!(stream.ready(Interest::Read, LONG).unwrap().readable);
    assert_eq!(stream.look(), Liveness::Dead(DeadReason::Failed(ErrorKind::ConnectionReset)));
    assert!(!stream.is_drained());
    assert_eq!(stream.read(&mut [0; 8], LONG).unwrap_err().kind(), ErrorKind::ConnectionReset);
}

#[test]
fn the_end_of_the_handshake_travels_with_the_request() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let (client, server) = pair();
    let peer = serve(&authority.leaf(HOST).server(&[&rustls::version::TLS13]), server, |mut peer| {
        // Nothing has been read since the handshake, of which the request was part.
        let with_handshake = peer.received.clone();
        peer.say(b"pong");
        with_handshake
    });
    let mut stream = TlsStream::handshake(client, &config, HOST, soon()).unwrap();
    stream.write(b"ping", LONG).unwrap();
    stream.read(&mut [0; 8], LONG).unwrap();
    assert_eq!(peer.join().unwrap(), b"ping");
}
