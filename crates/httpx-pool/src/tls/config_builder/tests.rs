//! The builder's settings, and its errors.

use super::*;
use crate::tls::TlsConfig;
use crate::tls::testing::Authority;

#[test]
fn alpn_reaches_rustls() {
    let config = TlsConfig::builder().build().unwrap();
    assert_eq!(config.rustls().unwrap().alpn_protocols, [b"http/1.1".to_vec()]);
    let config = TlsConfig::builder().alpn(["acme-tls/1", "http/1.1"]).build().unwrap();
    assert_eq!(config.rustls().unwrap().alpn_protocols, [b"acme-tls/1".to_vec(), b"http/1.1".to_vec()]);
}

#[test]
fn errors_name_the_setting() {
    let authority = Authority::new();
    let leaf = authority.leaf("a.example");
    let other = authority.leaf("b.example");
    let new = || TlsConfig::builder().only_given_roots();
    let rows = [
        (new(), "no root certificate is trusted"),
        (
            TlsConfig::builder().alpn(["http/1.1", "h2"]),
            "cannot offer the protocol \"h2\" by ALPN: this client speaks HTTP/1.1",
        ),
        (TlsConfig::builder().alpn([""]), "cannot offer the protocol \"\" by ALPN"),
        (TlsConfig::builder().alpn(["x".repeat(256)]), "cannot offer the protocol \"xxx"),
        (new().root(""), "there is no certificate in a root given to the builder"),
        (new().root("-----BEGIN CERTIFICATE-----\n"), "the PEM of a root given to the builder is broken"),
        (new().root(b"\x30\x00".to_vec()), "a certificate in a root given to the builder cannot be used"),
        (new().root(leaf.key.clone()), "there is no certificate in a root given to the builder"),
        (
            new().root(authority.pem()).client_certificate("", leaf.key.clone()),
            "there is no certificate in the client",
        ),
        (new().root(authority.pem()).client_certificate(leaf.chain.clone(), ""), "there is no private key"),
        (
            new().root(authority.pem()).client_certificate(leaf.chain.clone(), other.key.clone()),
            "the client certificate and its private key cannot be used together",
        ),
    ];
    for (builder, expected) in rows {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error:?} should begin with {expected:?}");
    }
}

#[test]
fn roots_come_in_pem_and_in_der() {
    let authority = Authority::new();
    let both = authority.pem() + &Authority::new().pem();
    for root in [authority.der(), authority.pem().into_bytes(), both.into_bytes()] {
        TlsConfig::builder().only_given_roots().root(root).build().unwrap();
    }
    let leaf = authority.leaf("a.example");
    TlsConfig::builder().root(authority.pem()).client_certificate(leaf.chain, leaf.key).build().unwrap();
    TlsConfig::builder().only_given_roots().danger_accept_invalid_certs().build().unwrap();
}

#[test]
fn server_names_reach_rustls() {
    let config = |builder: TlsConfigBuilder| builder.build().unwrap().rustls().unwrap();
    assert!(config(TlsConfig::builder()).enable_sni);
    assert!(!config(TlsConfig::builder().without_sni()).enable_sni);
}

#[test]
fn a_provider_without_sha256_has_no_pins() {
    let mut provider = rustls::crypto::ring::default_provider();
    provider.cipher_suites.retain(|suite| suite.suite() == rustls::CipherSuite::TLS13_AES_256_GCM_SHA384);
    let builder = || TlsConfig::builder().provider(Arc::new(provider.clone())).min_version(TlsVersion::Tls13);
    assert!(builder().build().is_ok());
    let error = builder().pin_spki_sha256([0; 32]).build().unwrap_err();
    assert!(matches!(error, TlsConfigError::NoSha256), "{error}");
}

/// The feature `native-roots` changes nothing by itself.
#[test]
fn mozillas_roots_unless_others_are_asked_for() {
    let count = |builder: TlsConfigBuilder| builder.trusted(&[]).map(|store| store.len());
    if crate::tls::roots::EnvironmentRoots::of_environment().is_none() {
        let all = webpki_roots::TLS_SERVER_ROOTS.len();
        assert_eq!(count(TlsConfig::builder()).unwrap(), all);
    }
    assert!(matches!(count(TlsConfig::builder().only_given_roots()), Err(TlsConfigError::NoRoots)));
}

#[cfg(feature = "native-roots")]
#[test]
fn the_platforms_roots_if_there_are_any() {
    match TlsConfig::builder().native_roots().build() {
        Ok(config) => assert_ne!(config, TlsConfig::default()),
        Err(error) => assert!(matches!(error, TlsConfigError::NativeRoots { .. }), "{error}"),
    }
    // The last call counts.
    let error = TlsConfig::builder().native_roots().only_given_roots().build().unwrap_err();
    assert!(matches!(error, TlsConfigError::NoRoots), "{error}");
}
