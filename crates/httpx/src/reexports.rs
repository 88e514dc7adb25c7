//! The types that both flavours share, under the same names.

pub use bytes::Bytes;
#[cfg(feature = "json")]
pub use httpx_core::Json;
pub use httpx_core::{
    Content, Error, ErrorKind, Form, Headers, Html, Method, QueryParams, Response, Result, StatusCode, Text,
    Timeouts, Url, headers,
};

/// Less common data types: media types, links, the cookies of a response, options, details of errors, parts of requests
/// and bodies.
pub mod models {
    #[cfg(any(feature = "blocking", feature = "async"))]
    pub use crate::request_builder::event_source::EventSource;
    pub use httpx_core::decode::Coding;
    pub use httpx_core::{
        BodyItems, Direction, Encoded, EventDecoder, File, HeaderIter, HeaderValue, IntoBody, IntoUrl,
        InvalidHeader, InvalidMediaType, InvalidMethod, InvalidSetCookie, InvalidStatusCode, ItemDecoder,
        Length, LineDecoder, Link, MediaType, MessageBody, Multipart, Options, ParamValue, Part, Progress,
        RequestSent, SameSite, ServerSentEvent, SetCookie, Timeout, ToHeaderValue, Version, basic_auth,
    };
    #[cfg(any(feature = "blocking", feature = "async"))]
    pub use httpx_core::{BodyPart, BodyParts};
    #[cfg(feature = "json")]
    pub use httpx_core::{JsonLineDecoder, JsonLines};
}

/// Flows, for example for retries, authentication or logging, for [`ClientBuilder::layer`](crate::ClientBuilder).
///
/// A [`Flow`](flow::Flow) decides without I/O what to change in a request and whether to send again. One flow serves
/// both flavours. A [`Middleware`](flow::Middleware) puts a flow over any transport.
pub mod flow {
    pub use httpx_core::{Extensions, RequestHead, ResponseHead};
    pub use httpx_middleware::flow::*;
    pub use httpx_middleware::{Clock, Middleware, SystemClock};
}

/// Logging: one line for each request, on request with the heads, without secrets.
///
/// A network layer sees each request that is sent, also each step of a redirect:
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// let client = httpx::Client::builder().network_layer(httpx::logging::Logging::stderr()).build()?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// ```text
/// GET https://www.example.com/items?token=[secret] 200 OK 1.2 KiB 34 ms
/// GET http://127.0.0.1:9/ failed after 2.1 ms: could not connect to 127.0.0.1:9: connection refused
/// ```
///
/// A line is written when the body of the response has been read or dropped. The size counts the bytes that the program
/// read, decoded; `64 KiB of 1.0 GiB` is a body that was dropped before its end. As a [`layer`](crate::ClientBuilder::layer)
/// instead, it sees each call once.
///
/// Secrets are hidden as [`Redaction`](logging::Redaction) describes. Control characters that a server sends are escaped.
/// URLs, errors and the values of headers are shown up to 1,000 characters, so that a line has a limited length.
///
/// Async:
///
/// ```
/// # #[cfg(feature = "async")] {
/// use httpx::logging::Logging;
///
/// let client = httpx::ahttpx::Client::builder().network_layer(Logging::stderr()).build()?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// Other loggers: the feature `log` (`Logging::to_log`) for the crate `log`, and the feature `tracing` for spans of the
/// connections (`network::TracingObserver`).
pub mod logging {
    pub use httpx_middleware::logging::*;
}

/// HAR: an archive of requests and responses, which the network panels of browsers and many tools read.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::har::HarRecorder;
///
/// let recorder = HarRecorder::new();
/// let client = httpx::Client::builder().network_layer(recorder.clone()).build()?;
/// // … requests …
/// # if false {
/// recorder.save("requests.har")?;
/// # }
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// Async:
///
/// ```
/// # #[cfg(feature = "async")] {
/// use httpx::har::HarRecorder;
///
/// let client = httpx::ahttpx::Client::builder().network_layer(HarRecorder::new()).build()?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// It keeps the last 1,000 requests, and 64 KiB of each body, by default. Secrets are hidden as
/// [`Redaction`](har::Redaction) describes, also in forms and in the members of JSON bodies. **Other bodies are shown as they
/// are.**
#[cfg(feature = "har")]
pub mod har {
    pub use httpx_middleware::har::*;
}

/// Authentication: flows that prove to a server who sends a request, for
/// [`ClientBuilder::auth`](crate::ClientBuilder::auth).
///
/// | scheme | of a client | of one request |
/// | --- | --- | --- |
/// | Basic (RFC 7617) | [`basic_auth`](crate::ClientBuilder::basic_auth) | [`basic_auth`](crate::RequestBuilder::basic_auth) |
/// | Bearer (RFC 6750), a fixed token | [`bearer_auth`](crate::ClientBuilder::bearer_auth) | [`bearer_auth`](crate::RequestBuilder::bearer_auth) |
/// | Digest (RFC 7616), with the feature `digest` | `auth(Digest::new(…))` or `digest_auth` | `digest_auth` |
/// | Bearer, a token that is fetched | `auth(TokenAuth::new(…))`: [`TokenAuth`](auth::TokenAuth) | |
/// | Basic, from a netrc file | [`netrc`](crate::ClientBuilder::netrc), [`netrc_file`](crate::ClientBuilder::netrc_file) | |
///
/// Credentials stay at the origin that they were meant for; a redirect never takes them to another one. The digests of HTTP
/// proxies are set by `Proxy::digest_auth`.
///
/// ```no_run
/// # #[cfg(all(feature = "blocking", feature = "digest"))] {
/// use httpx::auth::{Digest, Netrc};
///
/// // Answers the challenges of one origin. The nonce is used again for later requests.
/// let digest = Digest::new("ann", "s3cret").for_origin("https://intranet.example.com")?;
/// let client = httpx::Client::builder().auth(digest).build()?;
///
/// // The logins of a file, by host.
/// let client = httpx::Client::builder().auth(Netrc::open("logins.netrc")?).build()?;
///
/// // One request.
/// let response = client.get("https://www.example.com/private").digest_auth("bob", "pa55").send()?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// Async:
///
/// ```
/// # #[cfg(all(feature = "async", feature = "digest"))] {
/// use httpx::auth::Digest;
///
/// let digest = Digest::new("ann", "s3cret").for_origin("https://intranet.example.com")?;
/// let client = httpx::ahttpx::Client::builder().auth(digest).build()?;
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// A token that is fetched is made by a [`TokenSource`](auth::TokenSource): see there, and the example `token_refresh`. The
/// example `sigv4` signs requests with their bodies.
pub mod auth {
    pub use httpx_middleware::auth::*;
}

/// Rules for redirects, and the middleware that follows them.
pub mod redirect {
    pub use httpx_middleware::redirect::*;
}

pub mod limit;
pub mod retry;

/// Cookie jars, and the middleware that stores and sends cookies.
#[cfg(feature = "cookies")]
pub mod cookies {
    pub use httpx_middleware::cookies::*;
}

#[cfg(feature = "cache")]
#[doc(inline)]
pub use httpx_middleware::cache;

/// TLS settings: roots, client certificates, pins, revocation, versions.
///
/// A [`TlsConfig`](tls::TlsConfig) is built once, and given to a client or to a request. It has these settings:
///
/// | for | call |
/// | --- | --- |
/// | a private authority, or a self-signed certificate | [`root`](tls::TlsConfigBuilder::root), [`only_given_roots`](tls::TlsConfigBuilder::only_given_roots) |
/// | the platform's store of roots | `native_roots`, by the feature of this name |
/// | mutual TLS | [`client_certificate`](tls::TlsConfigBuilder::client_certificate), for some hosts [`client_certificate_for`](tls::TlsConfigBuilder::client_certificate_for) or [`client_certificate_resolver`](tls::TlsConfigBuilder::client_certificate_resolver) |
/// | certificates that are renewed while the program runs | [`TlsConfigHandle`](tls::TlsConfigHandle) |
/// | pinned keys | [`pin_spki_sha256`](tls::TlsConfigBuilder::pin_spki_sha256), [`pin_spki_sha256_for`](tls::TlsConfigBuilder::pin_spki_sha256_for) |
/// | revocation lists | [`crl`](tls::TlsConfigBuilder::crl) |
/// | old or strict servers | [`min_version`](tls::TlsConfigBuilder::min_version), [`max_version`](tls::TlsConfigBuilder::max_version), [`without_sni`](tls::TlsConfigBuilder::without_sni), [`alpn`](tls::TlsConfigBuilder::alpn) |
/// | reading captured traffic | [`key_log`](tls::TlsConfigBuilder::key_log) |
#[cfg(feature = "tls")]
pub mod tls {
    pub use httpx_pool::{
        ClientCertificate, HandshakeError, SpkiPin, TlsConfig, TlsConfigBuilder, TlsConfigError,
        TlsConfigHandle, TlsDetails, TlsError, TlsErrorKind, TlsVersion, rustls,
    };
}

/// Its place is [`network::memory`].
#[cfg(any(feature = "blocking", feature = "async"))]
#[doc(hidden)]
pub use httpx_pool::memory;

/// The part of the `network` modules that both flavours share.
#[cfg(any(feature = "blocking", feature = "async"))]
pub(crate) mod network {
    pub use httpx_core::{ConnectionCounts, OnProgress, SourceState, UpgradedStream};
    #[cfg(feature = "tracing")]
    pub use httpx_pool::TracingObserver;
    #[doc(inline)]
    pub use httpx_pool::memory;
    pub use httpx_pool::{
        AddressFilter, AddressRefused, ConnectError, ConnectOptions, ConnectStep, ConnectionBuilder,
        ConnectionDetails, ConnectionInfo, ConnectionState, Destination, DnsCacheOptions, Endpoint,
        FailedAttempt, Interest, IntoAddress, InvalidIpNetwork, IpNetwork, Liveness, NoProxy, PoolBuilder,
        Proxy, PublicOnly, Readiness, Resolved, Scheme, SystemResolver, socks,
    };
    pub use httpx_pool::{
        BodyOutcome, CloseCause, CloseCounts, Event, ExpectContinue, Observer, OnInformational, PoolStats,
        RequestTrailers, Timings, TunnelTarget,
    };
    pub use httpx_proto::{Limits, UncleanEnds};
}
