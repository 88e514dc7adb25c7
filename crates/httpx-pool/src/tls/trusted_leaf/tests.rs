//! Self-signed certificates that are marked as an authority's, with and without alternative names, and one of version 1.

use std::time::Duration;

use rustls::version::{TLS12, TLS13};
use rustls_pki_types::pem::PemObject;

use super::*;
use crate::tls::testing::{Leaf, Server, Years, self_signed_authority};
use crate::tls::{TlsConfig, TlsErrorKind, session::Session};

/// Made by `openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=a.example` and
/// `openssl x509 -req -signkey … -days 36500`.
fn version_1() -> Leaf {
    Leaf { chain: include_str!("version_1.pem").into(), key: include_str!("version_1.key").into() }
}

/// Performs handshakes of both versions between this server and a client with this root.
fn handshake(root: &str, server: &Leaf, host: &str) -> Result<(), TlsErrorKind> {
    let mut results = [&TLS13, &TLS12].map(|version| {
        let config = TlsConfig::builder().only_given_roots().root(root).build().unwrap();
        let mut session = Session::new(&config, host).unwrap();
        let mut server = Server::new(&server.server(&[version]));
        while session.is_handshaking() {
            let ours = session.outgoing().to_vec();
            session.sent(ours.len());
            let _ = server.receive(&ours);
            let theirs = server.outgoing();
            session.spare()[..theirs.len()].copy_from_slice(&theirs);
            session.received(theirs.len());
        }
        let ours = session.outgoing().to_vec();
        let finished = server.receive(&ours).is_ok() && !server.0.is_handshaking();
        let result = session.read_plain(&mut [0; 8]).map(drop).map_err(|error| error.kind());
        assert_eq!(finished, result.is_ok(), "{host}: {result:?}");
        result
    });
    assert_eq!(results[0], results[1]);
    std::mem::replace(&mut results[0], Ok(()))
}

#[test]
fn a_root_is_trusted_as_a_server_certificate() {
    let good = Years { from: 1975, to: 4096 };
    let expired = Years { from: 2000, to: 2001 };
    let early = Years { from: 4000, to: 4001 };
    let named = |alternative: &[&str], common: &str| self_signed_authority(alternative, common, good);
    let dated = |years| self_signed_authority(&["a.example"], "a.example", years);
    let rows: [(&str, Leaf, &str, Result<(), TlsErrorKind>); 14] = [
        ("alternative name", named(&["a.example"], "anything"), "a.example", Ok(())),
        ("alternative address", named(&["127.0.0.1"], "anything"), "127.0.0.1", Ok(())),
        ("another name", named(&["a.example"], "x"), "b.example", Err(TlsErrorKind::WrongHost)),
        ("common name beside", named(&["b.example"], "a.example"), "a.example", Err(TlsErrorKind::WrongHost)),
        ("common name", named(&[], "A.example"), "a.example", Ok(())),
        ("common address", named(&[], "127.0.0.1"), "127.0.0.1", Ok(())),
        ("common wildcard", named(&[], "*.a.example"), "x.a.example", Ok(())),
        ("wide wildcard", named(&[], "*.example"), "a.example", Err(TlsErrorKind::WrongHost)),
        ("deep wildcard", named(&[], "*.a.example"), "x.y.a.example", Err(TlsErrorKind::WrongHost)),
        ("another common name", named(&[], "a.example"), "b.example", Err(TlsErrorKind::WrongHost)),
        ("expired", dated(expired), "a.example", Err(TlsErrorKind::Expired)),
        ("not yet valid", dated(early), "a.example", Err(TlsErrorKind::NotYetValid)),
        ("version 1", version_1(), "a.example", Ok(())),
        ("version 1, another name", version_1(), "b.example", Err(TlsErrorKind::WrongHost)),
    ];
    for (name, leaf, host, expected) in rows {
        assert_eq!(handshake(&leaf.chain, &leaf, host), expected, "{name}");
    }
}

#[test]
fn only_exactly_that_certificate() {
    let good = Years { from: 1975, to: 4096 };
    let make = || self_signed_authority(&["a.example"], "a.example", good);
    let (root, other) = (make(), make());
    assert_eq!(handshake(&root.chain, &other, "a.example"), Err(TlsErrorKind::NotForServers));
    assert_eq!(handshake(&root.chain, &version_1(), "a.example"), Err(TlsErrorKind::NotForServers));
    assert_eq!(handshake(&version_1().chain, &root, "a.example"), Err(TlsErrorKind::NotForServers));
    // The server must also have the key.
    for (chain, key) in [(root.chain.clone(), other.key), (version_1().chain, root.key)] {
        let thief = Leaf { chain, key };
        assert!(handshake(&thief.chain, &thief, "a.example").is_err());
    }
}

#[test]
fn truncated_certificates_are_not_read() {
    let der = CertificateDer::from_pem_slice(version_1().chain.as_bytes()).unwrap();
    assert!(TrustedLeaf::parse(&der).is_some());
    for end in 0..der.len() {
        let cut = CertificateDer::from(der[..end].to_vec());
        assert!(TrustedLeaf::parse(&cut).is_none(), "{end}");
    }
}

#[test]
fn dates() {
    let der = CertificateDer::from_pem_slice(version_1().chain.as_bytes()).unwrap();
    let leaf = TrustedLeaf::parse(&der).unwrap();
    let name = ServerName::try_from("a.example").unwrap();
    let at = |year: u64| UnixTime::since_unix_epoch(Duration::from_secs((year - 1970) * 31_556_952));
    let rows = [(1970, false), (2025, false), (2030, true), (2120, true), (2130, false)];
    for (year, valid) in rows {
        assert_eq!(leaf.verify(&name, at(year)).is_ok(), valid, "{year}");
    }
}
