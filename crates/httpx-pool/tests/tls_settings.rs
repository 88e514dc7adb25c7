//! The settings of TLS that decide about a connection, in both flavours: client certificates for some hosts, settings
//! that are replaced, pins, revocation, versions.
#![cfg(all(any(unix, windows), any(feature = "blocking", feature = "async"), feature = "tls"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::iter;
use std::net::Ipv4Addr;
use std::sync::Arc;

use httpx_core::ErrorKind;
use httpx_pool::{
    ClientCertificate, ConnectOptions, SpkiPin, TlsConfig, TlsConfigBuilder, TlsConfigHandle, TlsErrorKind,
    TlsVersion,
};
use httpx_testing::tls::{Authority, SelfSigned};
use rustls::ServerConfig;
use rustls::version::{TLS12, TLS13};
use support::*;

both_flavours! {
    client_certificates_for_some_hosts,
    sessions_with_a_client_certificate_resume,
    replaced_settings,
    settings_replaced_while_a_response_is_read,
    pins,
    revocation,
    a_given_certificate_can_be_revoked,
    versions,
}

const HOST: &str = "127.0.0.1";

fn serve_all(config: Arc<ServerConfig>) -> Server {
    Server::tls(config, iter::repeat(serve(OK)))
}

/// A pool that finds these names on this machine.
fn pool<F: Flavour>(tls: TlsConfig, names: &[&str]) -> F {
    let options = names
        .iter()
        .fold(ConnectOptions::new(), |options, name| options.resolve(name, [Ipv4Addr::LOCALHOST]));
    F::make(|pool| pool.connect_options(options).tls(tls))
}

/// Whether a request succeeds, or the kind of its error.
fn outcome<F: Flavour>(builder: TlsConfigBuilder, server: &Server) -> Result<(), TlsErrorKind> {
    let result = pool::<F>(builder.build().unwrap(), &[]).get(&server.url());
    result.map(drop).map_err(|error| {
        assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
        TlsErrorKind::find_in(&error).unwrap()
    })
}

/// Each server trusts only the certificates of its own authority.
fn client_certificates_for_some_hosts<F: Flavour>() {
    const NAMES: [&str; 2] = ["a.x.test", "b.test"];
    let authorities = [(); 2].map(|()| Authority::new());
    let [(a, a_key), (b, b_key)] = authorities.each_ref().map(|authority| authority.client("client"));
    let servers = [0, 1].map(|n: usize| serve_all(authorities[n].server_for_known(NAMES[n])));
    let trusting = || {
        let builder = TlsConfig::builder().only_given_roots();
        authorities.iter().fold(builder, |builder, authority| builder.root(authority.pem()))
    };
    let parsed = ClientCertificate::from_pem(b.as_bytes(), b_key.as_bytes()).unwrap();
    let b_for_b = move |host: &str| (host == "b.test").then(|| parsed.clone());
    let rows: [(&str, TlsConfigBuilder, [bool; 2]); 8] = [
        ("none", trusting(), [false, false]),
        ("one for all", trusting().client_certificate(&*a, &*a_key), [true, false]),
        ("one for its host", trusting().client_certificate_for("A.x.test", &*a, &*a_key), [true, false]),
        ("one for the wrong host", trusting().client_certificate_for("b.test", &*a, &*a_key), [false, false]),
        (
            "each for its hosts",
            trusting()
                .client_certificate_for("*.test", &*b, &*b_key)
                .client_certificate_for("*.x.test", &*a, &*a_key),
            [false, true],
        ),
        (
            "the first that matches",
            trusting()
                .client_certificate_for("*.x.test", &*a, &*a_key)
                .client_certificate_for("*.test", &*b, &*b_key),
            [true, true],
        ),
        (
            "one for all, another for its host",
            trusting().client_certificate(&*a, &*a_key).client_certificate_for("b.test", &*b, &*b_key),
            [true, true],
        ),
        (
            "a resolver first",
            trusting().client_certificate_for("*.test", &*a, &*a_key).client_certificate_resolver(b_for_b),
            [true, true],
        ),
    ];
    for (name, builder, expected) in rows {
        let pool: F = pool(builder.build().unwrap(), &NAMES);
        for ((host, server), expected) in NAMES.iter().zip(&servers).zip(expected) {
            let result = pool.get(&server.url().replace(HOST, host));
            assert_eq!(result.is_ok(), expected, "{name}, {host}: {result:?}");
            if let Err(error) = result {
                assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
                assert!(error.to_string().contains("client certificate"), "{error}");
            }
        }
    }
}

fn sessions_with_a_client_certificate_resume<F: Flavour>() {
    let authority = Authority::new();
    let (chain, key) = authority.client("client");
    let certificate = ClientCertificate::from_pem(chain.as_bytes(), key.as_bytes()).unwrap();
    let trusting = || TlsConfig::builder().only_given_roots().root(authority.pem());
    let rows = [
        trusting().client_certificate_for(HOST, &*chain, &*key),
        trusting().client_certificate_resolver(move |_| Some(certificate.clone())),
    ];
    for builder in rows {
        let last = || send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        let server =
            Server::tls(authority.server_for_known(HOST), iter::repeat(vec![Act::Take, last(), Act::Eof]));
        let pool: F = pool(builder.build().unwrap(), &[]);
        for expected in [false, true, true] {
            let response = pool.stream(&server.url()).unwrap();
            let details = pool.connections()[0].details.clone().unwrap();
            assert_eq!(details.tls.as_ref().unwrap().is_resumed, expected);
            assert_eq!(response.read_body().unwrap().bytes(), "ok");
        }
    }
}

fn replaced_settings<F: Flavour>() {
    let authority = Authority::new();
    let server = serve_all(authority.server_for_known(HOST));
    let trusting = || TlsConfig::builder().only_given_roots().root(authority.pem());
    let (chain, key) = authority.client("client");
    let known = trusting().client_certificate(chain, key).build().unwrap();
    let (unknown, distrusting) =
        (trusting().build().unwrap(), TlsConfig::builder().only_given_roots().root(Authority::new().pem()));
    let distrusting = distrusting.build().unwrap();
    let handle = TlsConfigHandle::new(unknown.clone());
    let pool: F = pool(handle.config(), &[]);
    // Whether the request succeeds, and how many connections the server has seen then.
    let rows = [
        ("no certificate", &unknown, Err(None), 1),
        ("a certificate", &known, Ok(()), 2),
        ("again", &known, Ok(()), 3),
        ("other roots", &distrusting, Err(Some(TlsErrorKind::UnknownIssuer)), 4),
        ("as before", &known, Ok(()), 5),
    ];
    for (name, settings, expected, connections) in rows {
        handle.replace(settings);
        for _ in 0..2 {
            let result = pool.get(&server.url());
            assert_eq!(result.is_ok(), expected.is_ok(), "{name}: {result:?}");
            if let (Err(error), Err(kind @ Some(_))) = (&result, expected) {
                assert_eq!(TlsErrorKind::find_in(error), kind, "{name}: {error:?}");
            }
            if result.is_err() {
                break;
            }
        }
        assert_eq!(server.connections(), connections, "{name}");
    }
}

fn settings_replaced_while_a_response_is_read<F: Flavour>() {
    let authority = Authority::new();
    let build = || TlsConfig::builder().only_given_roots().root(authority.pem()).build().unwrap();
    let server = serve_all(authority.server(HOST));
    let handle = TlsConfigHandle::new(build());
    let pool: F = pool(handle.config(), &[]);
    let response = pool.stream(&server.url()).unwrap();
    handle.replace(&build());
    assert_eq!(response.read_body().unwrap().bytes(), "hello");
    // Its connection is not used any more.
    for _ in 0..2 {
        pool.get_ok(&server.url());
    }
    assert_eq!(server.connections(), 2);
}

fn pins<F: Flavour>() {
    let (root, other) = (Authority::new(), Authority::new());
    let issuing = root.intermediate(2);
    let pin = |authority: &Authority| SpkiPin::of_certificate(authority.pem().as_bytes()).unwrap();
    let plain = serve_all(issuing.server(HOST));
    let showing = serve_all(root.intermediate(3).showing(&other).server(HOST));
    let own = SelfSigned::any_version(HOST);
    let own_pin = SpkiPin::of_certificate(own.pem.as_bytes()).unwrap();
    let own_server = serve_all(own.server);
    let trusting = || TlsConfig::builder().only_given_roots().root(root.pem()).root(&*own.pem);
    let careless = || TlsConfig::builder().danger_accept_invalid_certs();
    let (wrong, mismatch) = (SpkiPin::from([1; 32]), Err(TlsErrorKind::PinMismatch));
    let rows: [(&str, TlsConfigBuilder, &Server, Result<(), TlsErrorKind>); 14] = [
        ("the root", trusting().pin_spki_sha256(pin(&root)), &plain, Ok(())),
        ("the intermediate", trusting().pin_spki_sha256(pin(&issuing)), &plain, Ok(())),
        ("the server's own", trusting().pin_spki_sha256(own_pin), &own_server, Ok(())),
        ("no key of the chain", trusting().pin_spki_sha256(wrong), &plain, mismatch),
        ("a key of another chain", trusting().pin_spki_sha256(pin(&other)), &plain, mismatch),
        ("a key that is only shown", trusting().pin_spki_sha256(pin(&other)), &showing, mismatch),
        ("beside one that is only shown", trusting().pin_spki_sha256(pin(&root)), &showing, Ok(())),
        ("one of two", trusting().pin_spki_sha256(wrong).pin_spki_sha256(pin(&root)), &plain, Ok(())),
        ("this host", trusting().pin_spki_sha256_for(HOST, wrong), &plain, mismatch),
        ("another host", trusting().pin_spki_sha256_for("a.test", wrong), &plain, Ok(())),
        (
            "all hosts, or this one",
            trusting().pin_spki_sha256(wrong).pin_spki_sha256_for(HOST, pin(&root)),
            &plain,
            Ok(()),
        ),
        (
            "a pinned key that is not trusted",
            TlsConfig::builder().only_given_roots().root(other.pem()).pin_spki_sha256(pin(&root)),
            &plain,
            Err(TlsErrorKind::UnknownIssuer),
        ),
        ("own key, unverified", careless().pin_spki_sha256(own_pin), &own_server, Ok(())),
        ("authority's key, unverified", careless().pin_spki_sha256(pin(&root)), &plain, mismatch),
    ];
    for (name, builder, server, expected) in rows {
        assert_eq!(outcome::<F>(builder, server), expected, "{name}");
    }
    let tls = trusting().pin_spki_sha256(wrong).build().unwrap();
    let error = pool::<F>(tls, &[]).get(&own_server.url()).unwrap_err().to_string();
    assert!(
        error.contains(&format!("the certificate of {HOST} has the key {own_pin}, but {wrong} is pinned"))
    );
}

fn revocation<F: Flavour>() {
    const YEAR: i32 = 4096;
    const PAST: i32 = 2001;
    let (root, other) = (Authority::new(), Authority::new());
    let issuing = root.intermediate(2);
    let server = serve_all(issuing.server_numbered(HOST, 7));
    let trusting = || TlsConfig::builder().only_given_roots().root(root.pem());
    // The lists of the root and of the authority below it.
    let lists = |roots: &[u64], issuings: &[u64]| {
        trusting().crl(root.crl(roots, YEAR)).crl(issuing.crl(issuings, YEAR))
    };
    let expired = || trusting().crl(root.crl(&[], YEAR)).crl(issuing.crl(&[], PAST));
    let (revoked, unknown) = (Err(TlsErrorKind::Revoked), Err(TlsErrorKind::UnknownRevocationStatus));
    let in_one = root.crl(&[], YEAR) + &issuing.crl(&[7], YEAR);
    let rows: [(&str, TlsConfigBuilder, Result<(), TlsErrorKind>); 12] = [
        ("neither", lists(&[1, 3], &[8]), Ok(())),
        ("the server's", lists(&[], &[7, 8]), revoked),
        ("the intermediate", lists(&[2], &[]), revoked),
        ("the intermediate, unchecked", lists(&[2], &[]).only_check_end_entity_revocation(), Ok(())),
        ("both lists in one file", trusting().crl(in_one), revoked),
        ("no list of the root", trusting().crl(issuing.crl(&[], YEAR)), unknown),
        ("a list of another authority", trusting().crl(other.crl(&[], YEAR)), unknown),
        (
            "an unknown status, allowed",
            trusting().crl(other.crl(&[], YEAR)).allow_unknown_revocation_status(),
            Ok(()),
        ),
        (
            "revoked, unknown allowed",
            trusting().crl(issuing.crl(&[7], YEAR)).allow_unknown_revocation_status(),
            revoked,
        ),
        ("an expired list", expired(), Err(TlsErrorKind::ExpiredRevocationList)),
        ("an expired list, allowed", expired().allow_expired_crls(), Ok(())),
        (
            "revoked by an expired list",
            trusting().crl(root.crl(&[], YEAR)).crl(issuing.crl(&[7], PAST)).allow_expired_crls(),
            revoked,
        ),
    ];
    for (name, builder, expected) in rows {
        assert_eq!(outcome::<F>(builder, &server), expected, "{name}");
    }
}

/// A server may show a certificate that is itself given as a root. It is not checked for its status, as roots are not, but
/// refused if a list revokes it.
fn a_given_certificate_can_be_revoked<F: Flavour>() {
    let own = SelfSigned::any_version(HOST);
    let server = serve_all(own.server);
    let trusting = || TlsConfig::builder().only_given_roots().root(&*own.pem);
    assert_eq!(outcome::<F>(trusting().crl(Authority::new().crl(&[], 4096)), &server), Ok(()));
    assert_eq!(outcome::<F>(trusting().crl(own.crl), &server), Err(TlsErrorKind::Revoked));
}

fn versions<F: Flavour>() {
    let servers = [&TLS12, &TLS13].map(|version| SelfSigned::new(HOST, &[version]));
    let roots = servers.iter().fold(String::new(), |all, server| all + &server.pem);
    let servers = servers.map(|server| serve_all(server.server));
    let builder = || TlsConfig::builder().only_given_roots().root(&*roots);
    let rows = [
        (builder(), [true, true]),
        (builder().max_version(TlsVersion::Tls12), [true, false]),
        (builder().min_version(TlsVersion::Tls13), [false, true]),
        (builder().min_version(TlsVersion::Tls12).max_version(TlsVersion::Tls13), [true, true]),
    ];
    for (n, (builder, expected)) in rows.into_iter().enumerate() {
        let pool: F = pool(builder.build().unwrap(), &[]);
        let succeeds = servers.each_ref().map(|server| pool.get(&server.url()).is_ok());
        assert_eq!(succeeds, expected, "row {n}");
    }
}
