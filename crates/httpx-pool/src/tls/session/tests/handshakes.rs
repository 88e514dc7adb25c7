//! How handshakes end.

use super::*;

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
fn hosts_that_no_certificate_can_name() {
    for host in ["", "a b", "[::1]", "a..b"] {
        let error = Session::new(&TlsConfig::builder().build().unwrap(), host).unwrap_err();
        assert!(matches!(error, HandshakeError::Name { .. }), "{host}");
    }
    for host in ["127.0.0.1", "::1", "a.example", "a.example."] {
        assert!(Session::new(&TlsConfig::builder().build().unwrap(), host).is_ok(), "{host}");
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
fn an_answer_in_plain_http_is_explained() {
    let mut session = Session::new(&TlsConfig::builder().build().unwrap(), HOST).unwrap();
    feed(&mut session, b"HTTP/1.1 400 Bad Request\r\n\r\n", &[usize::MAX]);
    assert_eq!(
        session.error.clone().unwrap().to_string(),
        "TLS with a.example failed: what it sent is not TLS; is this an http port?"
    );
}

#[test]
fn the_name_is_sent_unless_it_is_switched_off() {
    let authority = Authority::new();
    let server_config = authority.leaf(HOST).server(&BOTH_VERSIONS);
    for (builder, expected) in [(authority.client(), Some(HOST)), (authority.client().without_sni(), None)] {
        let (_, server) = connected(&builder.build().unwrap(), &server_config);
        assert_eq!(server.0.server_name(), expected);
    }
}
