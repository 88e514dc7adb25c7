//! The session against a server of rustls, in memory, with the bytes split in many ways.

use proptest::prelude::*;
use rustls::version::{TLS12, TLS13};
use rustls::{AlertDescription, ServerConfig};
use std::sync::Arc;

use super::*;
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
fn the_second_handshake_resumes() {
    let authority = Authority::new();
    for version in [&TLS13, &TLS12] {
        let config = authority.client().build().unwrap();
        let server_config = authority.leaf(HOST).server(&[version]);
        let resumed = [0, 1].map(|_| connected(&config, &server_config).0.details(Duration::ZERO).is_resumed);
        assert_eq!(resumed, [false, true]);
        // Another configuration has another session cache.
        let other = authority.client().build().unwrap();
        assert!(!connected(&other, &server_config).0.details(Duration::ZERO).is_resumed);
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
fn what_a_look_finds() {
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
fn tickets_and_key_updates_keep_it_alive() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let server_config = authority.leaf(HOST).server(&[&TLS13]);
    let mut session = Session::new(&config, HOST).unwrap();
    let mut server = Server::new(&server_config);
    while session.is_handshaking() {
        server.receive(&outgoing(&mut session)).unwrap();
        feed(&mut session, &server.outgoing(), &[usize::MAX]);
    }
    // The tickets follow the client's last message.
    server.receive(&outgoing(&mut session)).unwrap();
    let tickets = server.outgoing();
    assert!(tickets.len() > 100);
    feed(&mut session, &tickets, &[usize::MAX]);
    assert_eq!(session.look(), Liveness::Alive);
    server.0.refresh_traffic_keys().unwrap();
    feed(&mut session, &server.outgoing(), &[usize::MAX]);
    assert_eq!(session.look(), Liveness::Alive);
    // And it still works, in both directions.
    write(&mut session, &[IoSlice::new(b"request")]);
    assert_eq!(server.receive(&outgoing(&mut session)).unwrap(), b"request");
    feed(&mut session, &server.say(b"response"), &[usize::MAX]);
    assert_eq!(session.look(), Liveness::Dead);
    assert_eq!(read(&mut session), b"response");
    assert_eq!(session.look(), Liveness::Alive);
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

#[test]
fn a_write_reports_what_has_gone_out() {
    let body = vec![b'x'; 3 * MAX_WRITE];
    let bufs = [IoSlice::new(&body)];
    let wait = || Err(io::ErrorKind::WouldBlock.into());
    for (mut session, mut server) in pairs() {
        let (mut received, mut reported) = (Vec::new(), 0);
        session.begin_write(&bufs).unwrap();
        assert_eq!(session.end_write(&bufs, wait()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        while received.len() < MAX_WRITE {
            let piece = session.outgoing()[..1000.min(session.outgoing().len())].to_vec();
            session.sent(piece.len());
            received.extend(server.receive(&piece).unwrap());
            assert!(!session.is_drained());
            let all = session.outgoing().is_empty();
            let flushed = if all { Ok(()) } else { wait() };
            session.begin_write(&bufs).unwrap();
            let n = session.end_write(&bufs, flushed).unwrap();
            assert!(n > 0, "after {reported}");
            reported += n;
            assert_eq!(reported == MAX_WRITE, all, "after {reported}");
        }
        assert_eq!((received.len(), reported), (MAX_WRITE, MAX_WRITE));
        assert!(session.is_drained());
    }
}

#[test]
fn an_error_after_a_part_of_a_write_is_reported_by_the_next() {
    let bufs = [IoSlice::new(&[b'x'; 1000])];
    for (mut session, _server) in pairs() {
        session.begin_write(&bufs).unwrap();
        session.sent(700);
        let broken = || Err(io::Error::new(io::ErrorKind::BrokenPipe, "broken"));
        let written = session.end_write(&bufs, broken()).unwrap();
        assert!((1..1000).contains(&written), "{written}");
        assert_eq!(session.begin_write(&bufs).unwrap_err().to_string(), "broken");
        assert_eq!(session.begin_write(&bufs).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert!(!session.is_drained());
    }
    // Bytes that a read could not send are never reported as written.
    for (mut session, _server) in pairs() {
        session.begin_write(&bufs).unwrap();
        session.fail_writes(io::ErrorKind::ConnectionReset.into());
        assert_eq!(session.begin_write(&bufs).unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        assert!(!session.is_drained());
    }
}

#[test]
fn too_many_records_without_data_end_the_connection() {
    let authority = Authority::new();
    let config = authority.client().build().unwrap();
    let leaf = authority.leaf(HOST);
    for (tickets, accepted) in [(MAX_SILENT_RECORDS / 4, true), (4 * MAX_SILENT_RECORDS, false)] {
        let mut server_config = Arc::unwrap_or_clone(leaf.server(&[&TLS13]));
        server_config.send_tls13_tickets = tickets;
        // About one record for each ticket.
        server_config.max_fragment_size = Some(128);
        let server_config = Arc::new(server_config);
        for sizes in [&[1][..], &[1000], &[usize::MAX]] {
            let mut session = Session::new(&config, HOST).unwrap();
            let mut server = Server::new(&server_config);
            talk(&mut session, &mut server, sizes).unwrap();
            let raw = server.say(b"response");
            feed(&mut session, &raw, sizes);
            match session.read(&mut [0; 64]) {
                Ok(read) => assert!(accepted && read == Some(8), "{tickets} tickets: {read:?}"),
                Err(error) => {
                    assert!(!accepted, "{tickets} tickets: {error}");
                    assert!(error.to_string().contains("keeps sending records without data"), "{error}");
                }
            }
        }
    }
}

#[test]
fn reads_without_data_are_bounded() {
    for (mut session, mut server) in pairs() {
        // A long record that comes byte by byte.
        let mut raw = server.say(&[b'x'; 10_000]).into_iter();
        let mut reads = 0;
        let mut byte_by_byte = |buf: &mut [u8]| {
            reads += 1;
            buf[0] = raw.next().unwrap();
            Ok(1)
        };
        let error = session.read_now(&mut [0; 64], &mut byte_by_byte).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
        assert_eq!(session.look_at(&mut byte_by_byte), Liveness::Dead);
        assert_eq!(reads, 2 * MAX_SILENT_READS);
    }
}

#[test]
fn bad_certificates_have_their_kinds() {
    let authority = Authority::new();
    let stranger = Authority::new();
    let rows = [
        (authority.leaf("b.example"), TlsErrorKind::WrongHost, "is for b.example, not a.example"),
        (stranger.leaf(HOST), TlsErrorKind::UnknownIssuer, "TlsConfig::builder().root(…)"),
        (authority.leaf_valid(HOST, Years { from: 2000, to: 2001 }), TlsErrorKind::Expired, "expired "),
        (
            authority.leaf_valid(HOST, Years { from: 4000, to: 4001 }),
            TlsErrorKind::NotYetValid,
            "not valid yet",
        ),
    ];
    for (leaf, expected, text) in &rows {
        for version in BOTH_VERSIONS {
            let server_config = leaf.server(&[version]);
            let mut session = Session::new(&authority.client().build().unwrap(), HOST).unwrap();
            let mut server = Server::new(&server_config);
            let told = talk(&mut session, &mut server, &[usize::MAX]).unwrap_err();
            assert!(matches!(told, rustls::Error::AlertReceived(_)), "{told:?}");
            let error = session.error.clone().unwrap();
            assert_eq!(error.kind(), *expected);
            assert!(error.to_string().contains(text), "{error}");
            // The dangerous setting accepts them all.
            let trusting = authority.client().danger_accept_invalid_certs().build().unwrap();
            connected(&trusting, &server_config);
        }
    }
}

#[test]
fn client_certificates() {
    let authority = Authority::new();
    let server_config = authority.strict_server(&authority.leaf(HOST));
    let me = authority.leaf("me.example");
    let config = authority.client().client_certificate(me.chain, me.key).build().unwrap();
    let (_, server) = connected(&config, &server_config);
    assert_eq!(server.0.peer_certificates().unwrap().len(), 1);
    // Without one, a server of TLS 1.3 refuses only after the client's end of the handshake.
    let mut session = Session::new(&authority.client().build().unwrap(), HOST).unwrap();
    let told = talk(&mut session, &mut Server::new(&server_config), &[usize::MAX]);
    assert!(told.is_err());
    let error = session.read_plain(&mut [0; 8]).unwrap_err();
    assert!(error.to_string().contains("client_certificate(…)"), "{error}");
}

#[test]
fn versions_below_the_minimum_are_refused() {
    let authority = Authority::new();
    let config = authority.client().min_version(TlsVersion::Tls13).build().unwrap();
    let mut session = Session::new(&config, HOST).unwrap();
    let mut server = Server::new(&authority.leaf(HOST).server(&[&TLS12]));
    talk(&mut session, &mut server, &[usize::MAX]).unwrap_err();
    assert!(session.has_failed());
}

#[test]
fn an_answer_in_plain_http_is_explained() {
    let mut session = Session::new(&TlsConfig::builder().build().unwrap(), HOST).unwrap();
    feed(&mut session, b"HTTP/1.1 400 Bad Request\r\n\r\n", &[usize::MAX]);
    assert_eq!(
        session.error.clone().unwrap().to_string(),
        "TLS with a.example failed: what it sent is not TLS; is this an http port?"
    );
}

#[test]
fn hosts_that_no_certificate_can_name() {
    for host in ["", "a b", "[::1]", "a..b"] {
        let error = Session::new(&TlsConfig::builder().build().unwrap(), host).unwrap_err();
        assert!(matches!(error, HandshakeError::Name { .. }), "{host}");
    }
    for host in ["127.0.0.1", "::1", "a.example", "a.example."] {
        assert!(Session::new(&TlsConfig::builder().build().unwrap(), host).is_ok(), "{host}");
    }
}
