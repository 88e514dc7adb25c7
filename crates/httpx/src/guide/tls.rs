//! TLS: trusted roots, client certificates, pins, versions.
//!
//! `https` works without settings: TLS 1.2 and 1.3, the host's name is checked, and Mozilla's roots are trusted. If
//! `SSL_CERT_FILE` or `SSL_CERT_DIR` is set in the environment, their roots replace Mozilla's.
//!
//! A [`TlsConfig`](crate::tls::TlsConfig) changes this. Make it once, and give it to a client or to a request:
//!
//! ```
//! # let server = httpx::testing::TestServer::builder().tls().serve(|_| 204)?;
//! # let url = server.url("/");
//! # let path = std::env::temp_dir().join(format!("httpx-guide-ca-{}.pem", std::process::id()));
//! # std::fs::write(&path, server.root_pem().unwrap())?;
//! use httpx::Client;
//! use httpx::tls::TlsConfig;
//!
//! let pem = "company-ca.pem";
//! # let pem = path.clone();
//! let tls = TlsConfig::builder().root(std::fs::read(pem)?).build()?;
//! let client = Client::builder().tls(tls).build()?;
//! let response = client.get(&url).send()?;
//! println!("{:?}", response.tls()); // version, cipher suite, certificates
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | to | call |
//! | --- | --- |
//! | trust another authority, or a self-signed certificate | [`root`](crate::tls::TlsConfigBuilder::root) |
//! | trust these alone | [`only_given_roots`](crate::tls::TlsConfigBuilder::only_given_roots) |
//! | trust the roots of the operating system | `native_roots`, with the feature of this name |
//! | show a client certificate (mutual TLS) | [`client_certificate`](crate::tls::TlsConfigBuilder::client_certificate), for some hosts [`client_certificate_for`](crate::tls::TlsConfigBuilder::client_certificate_for) |
//! | require a known key | [`pin_spki_sha256`](crate::tls::TlsConfigBuilder::pin_spki_sha256), for some hosts [`pin_spki_sha256_for`](crate::tls::TlsConfigBuilder::pin_spki_sha256_for) |
//! | check revocation lists | [`crl`](crate::tls::TlsConfigBuilder::crl) |
//! | set the oldest or the newest version | [`min_version`](crate::tls::TlsConfigBuilder::min_version), [`max_version`](crate::tls::TlsConfigBuilder::max_version) |
//! | renew certificates in a running program | [`TlsConfigHandle`](crate::tls::TlsConfigHandle) |
//! | read captured traffic in Wireshark | [`key_log`](crate::tls::TlsConfigBuilder::key_log) |
//! | use a configuration of rustls | `TlsConfig::from(Arc<rustls::ClientConfig>)` |
//!
//! ```no_run
//! use httpx::tls::{TlsConfig, TlsVersion};
//!
//! let tls = TlsConfig::builder()
//!     .client_certificate(std::fs::read("client.pem")?, std::fs::read("client.key")?)
//!     .min_version(TlsVersion::Tls13)
//!     .build()?;
//! let client = httpx::Client::builder().tls(tls).build()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # When it fails
//!
//! The error has the kind `Tls`. Its text tells what is wrong with the certificate, and what to do:
//!
//! ```
//! let server = httpx::testing::TestServer::builder().tls().serve(|_| 204)?;
//! let error = httpx::get(server.url("/")).send().unwrap_err();
//! assert_eq!(error.kind(), httpx::ErrorKind::Tls);
//! println!("{error}");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! [`danger_accept_invalid_certs`](crate::tls::TlsConfigBuilder::danger_accept_invalid_certs) accepts every certificate.
//! Anybody on the network can then read and change the traffic. For a test server, trust its certificate by
//! [`root`](crate::tls::TlsConfigBuilder::root) instead.
//!
//! Async: the same `TlsConfig` serves both flavours.
