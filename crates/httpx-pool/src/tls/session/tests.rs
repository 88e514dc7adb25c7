//! The session against a server of rustls, in memory, with the bytes split in many ways.

mod handshakes;
mod silence;
mod writes;

use proptest::prelude::*;
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, ServerConfig};
use std::sync::Arc;

use super::*;
use crate::stream::Liveness;
use crate::tls::TlsErrorKind;
use crate::tls::TlsVersion;
use crate::tls::testing::{Authority, BOTH_VERSIONS, Server, Years};

const HOST: &str = "a.example";

/// Gives `bytes` to the session in pieces of these sizes, in turn.
fn feed(session: &mut Session, mut bytes: &[u8], sizes: &[usize]) {
    for &size in sizes.iter().cycle() {
        if bytes.is_empty() || session.has_failed() {
            return;
        }
        let n = {
            let spare = session.spare();
            let n = size.min(bytes.len()).min(spare.len());
            spare[..n].copy_from_slice(&bytes[..n]);
            n
        };
        assert!(n > 0, "no room");
        session.received(n);
        bytes = &bytes[n..];
    }
}

/// Takes everything that the session has to send.
fn outgoing(session: &mut Session) -> Vec<u8> {
    let bytes = session.outgoing().to_vec();
    session.sent(bytes.len());
    bytes
}

/// Exchanges bytes until neither side has anything to send.
fn talk(session: &mut Session, server: &mut Server, sizes: &[usize]) -> Result<(), rustls::Error> {
    loop {
        let ours = outgoing(session);
        let received = server.receive(&ours);
        let theirs = server.outgoing();
        feed(session, &theirs, sizes);
        received?;
        if ours.is_empty() && theirs.is_empty() {
            return Ok(());
        }
    }
}

fn connected(config: &TlsConfig, server: &Arc<ServerConfig>) -> (Session, Server) {
    let mut session = Session::new(config, HOST).unwrap();
    let mut server = Server::new(server);
    talk(&mut session, &mut server, &[usize::MAX]).unwrap();
    assert!(!session.is_handshaking() && !session.has_failed());
    (session, server)
}

/// Makes a connection of each version.
fn pairs() -> Vec<(Session, Server)> {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let leaf = authority.leaf(HOST);
    [&TLS13, &TLS12].map(|version| connected(&config, &leaf.server(&[version]))).into()
}

/// Encrypts and reports all of it, as if it had been sent; the bytes stay in `outgoing`.
fn write(session: &mut Session, bufs: &[IoSlice<'_>]) -> usize {
    session.begin_write(bufs).unwrap();
    std::mem::take(&mut session.batch).report(u64::MAX, usize::MAX)
}

fn read(session: &mut Session) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut buf = vec![0; 10_000];
    while let Ok(ReadOutcome::Bytes(n)) = session.read_plain(&mut buf) {
        plain.extend_from_slice(&buf[..n]);
    }
    plain
}

fn plain_of(session: &mut Session) -> Result<ReadOutcome, TlsErrorKind> {
    session.read_plain(&mut [0; 64]).map_err(|error| error.kind())
}

#[test]
fn both_versions_in_every_split() {
    let authority = Authority::new();
    let leaf = authority.leaf(HOST);
    let request = b"GET / HTTP/1.1\r\n\r\n";
    let response = vec![b'x'; 100_000];
    for version in [&TLS13, &TLS12] {
        let server_config = leaf.server(&[version]);
        for sizes in [&[1][..], &[2], &[5, 1, 3], &[1000], &[4096], &[usize::MAX]] {
            let config = authority.client().build().unwrap();
            let mut session = Session::new(&config, HOST).unwrap();
            let mut server = Server::new(&server_config);
            talk(&mut session, &mut server, sizes).unwrap();
            assert!(!session.is_handshaking());
            let expected = if version == &TLS13 { TlsVersion::Tls13 } else { TlsVersion::Tls12 };
            assert_eq!(session.details(Duration::ZERO).version, expected);
            assert_eq!(session.details(Duration::ZERO).alpn.as_deref(), Some(&b"http/1.1"[..]));
            assert!(session.details(Duration::ZERO).cipher_suite.starts_with("TLS_"));
            let (head, body) = (IoSlice::new(request), IoSlice::new(b"body"));
            assert_eq!(write(&mut session, &[head, body]), request.len() + 4);
            assert_eq!(server.receive(&outgoing(&mut session)).unwrap(), [&request[..], b"body"].concat());
            let mut received = Vec::new();
            for record in server.say(&response).chunks(4000) {
                feed(&mut session, record, sizes);
                received.extend(read(&mut session));
            }
            assert!(received == response, "{} bytes of {}", received.len(), response.len());
            assert!(session.is_drained());
            assert_eq!(session.look(), Liveness::Alive);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_split_gives_the_same(
        sizes in prop::collection::vec(1_usize..20_000, 1..20),
        messages in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40_000), 1..4),
        tls13: bool,
    ) {
        let authority = Authority::new();
        let config = authority.client().build().unwrap();
        let version = if tls13 { &TLS13 } else { &TLS12 };
        let (mut session, mut server) = connected(&config, &authority.leaf(HOST).server(&[version]));
        for message in messages {
            let raw = server.say(&message);
            let mut received = Vec::new();
            for piece in raw.chunks(sizes[0]) {
                feed(&mut session, piece, &sizes);
                received.extend(read(&mut session));
            }
            prop_assert!(received == message);
            prop_assert!(session.is_drained());
            let mut sent = Vec::new();
            while sent.len() < message.len() {
                let n = write(&mut session, &[IoSlice::new(&message[sent.len()..])]);
                prop_assert!(n > 0 && n <= MAX_WRITE);
                sent.extend(server.receive(&outgoing(&mut session)).unwrap());
            }
            prop_assert!(sent == message);
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000), after_handshake: bool) {
        let authority = Authority::new();
        let config = authority.client().build().unwrap();
        let mut session = if after_handshake {
            connected(&config, &authority.leaf(HOST).server(&[&TLS13])).0
        } else {
            Session::new(&config, HOST).unwrap()
        };
        feed(&mut session, &bytes, &[7]);
        session.received(0);
        let _ = plain_of(&mut session);
        let _ = session.look();
        session.close();
    }
}

#[test]
fn a_clean_end_and_a_cut_one() {
    for (mut session, mut server) in pairs() {
        let mut raw = server.say(b"last words");
        raw.extend(server.goodbye());
        raw.extend(b"whatever follows is ignored");
        feed(&mut session, &raw, &[usize::MAX]);
        session.received(0);
        assert_eq!(read(&mut session), b"last words");
        assert!(session.is_readable());
        assert_eq!(plain_of(&mut session), Ok(ReadOutcome::Closed));
        assert_eq!(session.look(), Liveness::Dead);
        // The client's direction is still open.
        write(&mut session, &[IoSlice::new(b"ours")]);
        session.close();
        assert_eq!(server.receive(&outgoing(&mut session)).unwrap(), b"ours");
    }
    for (mut session, mut server) in pairs() {
        let raw = server.say(b"last words");
        feed(&mut session, &raw, &[usize::MAX]);
        session.received(0);
        assert_eq!(read(&mut session), b"last words");
        assert_eq!(plain_of(&mut session), Ok(ReadOutcome::Cut));
        assert_eq!(session.look(), Liveness::Dead);
    }
}

#[test]
fn a_check_of_an_idle_session() {
    type Scene = fn(&mut Server) -> Vec<u8>;
    let rows: [(&str, Scene, Liveness); 7] = [
        ("nothing", |_| Vec::new(), Liveness::Alive),
        ("plaintext", |server| server.say(b"x"), Liveness::Dead),
        ("half a record", |server| server.say(b"x")[..8].to_vec(), Liveness::Dead),
        ("half a header", |server| server.say(b"x")[..3].to_vec(), Liveness::Dead),
        ("close_notify", Server::goodbye, Liveness::Dead),
        ("garbage", |_| b"HTTP/1.1 408 Request Timeout\r\n\r\n".to_vec(), Liveness::Dead),
        (
            "a changed record",
            |server| {
                let mut raw = server.say(b"x");
                *raw.last_mut().unwrap() ^= 1;
                raw
            },
            Liveness::Dead,
        ),
    ];
    for (name, scene, expected) in rows {
        for (mut session, mut server) in pairs() {
            let raw = scene(&mut server);
            feed(&mut session, &raw, &[usize::MAX]);
            assert_eq!(session.look(), expected, "{name}");
        }
    }
}

#[test]
fn plaintext_before_an_error_is_given_first() {
    for (mut session, mut server) in pairs() {
        let mut raw = server.say(b"good");
        let mut bad = server.say(b"bad");
        *bad.last_mut().unwrap() ^= 1;
        raw.extend(bad);
        feed(&mut session, &raw, &[usize::MAX]);
        assert_eq!(plain_of(&mut session), Ok(ReadOutcome::Bytes(4)));
        for _ in 0..2 {
            assert_eq!(plain_of(&mut session), Err(TlsErrorKind::Other));
        }
        // The peer is told.
        let told = server.receive(&outgoing(&mut session)).unwrap_err();
        assert_eq!(told, rustls::Error::AlertReceived(AlertDescription::BadRecordMac));
        assert!(session.begin_write(&[IoSlice::new(b"more")]).is_err());
        session.close();
        session.fail_writes(io::ErrorKind::BrokenPipe.into());
        assert!(session.outgoing().is_empty());
    }
}
