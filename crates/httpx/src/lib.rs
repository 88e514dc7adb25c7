//! An HTTP client for blocking and async programs.
//!
//! It pools connections, validates responses, and limits the time and memory that a server can use.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use httpx::Client;
//!
//! # fn main() -> httpx::Result<()> {
//! let client = Client::builder()
//!     .url("https://api.example.com/v1/")
//!     .bearer_auth("token")
//!     .timeout(Duration::from_secs(60))
//!     .build()?;
//!
//! let response = client.get("items").params([("page", 2)]).send()?;
//! println!("{response:?} {}", response.text()); // <Response [200 OK]> …
//!
//! let response = client.post("items").json(["an", "item"]).send()?.error_for_status()?;
//! let items: Vec<String> = response.json()?;
//! # Ok(())
//! # }
//! ```
//!
//! # The nouns
//!
//! - A [`Client`] keeps connections and cookies, and follows redirects. Make one for the whole program. It blocks the
//!   thread that calls it; in async programs use [`ahttpx`]. **All its requests
//!   share its cookies**: a service that acts for several users needs
//!   [`no_cookies`](ClientBuilder::no_cookies), or a [jar for each user](RequestBuilder::cookie_jar).
//! - A [`RequestBuilder`] comes from the client's `get`, `post`, …. `send` reads the whole response; `stream` returns it as
//!   soon as its head has been received. Functions such as [`get`](get()) do the same without a client.
//! - A [`Response`] has a status and headers, and after `send` also [`text`](Response::text) and
//!   [`json`](Response::json). A response with an error status such as 404 is not an [`Error`];
//!   [`error_for_status`](Response::error_for_status) turns it into one.
//! - An [`Error`] has a [`kind`](Error::kind). Its text names the request, the host and the failure, and tells what to
//!   do.
//!
//! # The guide
//!
//! The [guide] has a short page for each subject, with examples that run:
//!
//! - [quickstart](guide::quickstart), [clients](guide::clients), [requests](guide::requests),
//!   [responses](guide::responses), [urls](guide::urls), [headers](guide::headers);
//! - [content types](guide::content_types): JSON, forms, files; [streaming](guide::streaming): large bodies, downloads,
//!   events;
//! - [timeouts](guide::timeouts), [errors](guide::errors), [retries](guide::retries);
//! - [connections](guide::connections), [tls](guide::tls), [proxies](guide::proxies);
//! - [authentication](guide::authentication), [cookies](guide::cookies), [caching](guide::caching);
//! - [logging](guide::logging), [testing](guide::testing), [performance](guide::performance), [security](guide::security).
//!
//! Three tables tell what is called what: coming from [reqwest](guide::from_reqwest), [ureq](guide::from_ureq),
//! [Python's httpx](guide::from_python_httpx).
//!
//! # Defaults
//!
//! Nothing waits or grows without a limit, unless you ask for it. You can set each limit on a client, and those with a `*`
//! also on one request. [`Timeouts::NEVER`] switches a timeout off.
//!
//! | limit | default | set by |
//! | --- | --- | --- |
//! | making a connection: name, TCP, proxy, TLS | 10 s | [`connect_timeout`](ClientBuilder::connect_timeout) * |
//! | waiting for a free connection | 5 min | [`pool_timeout`](ClientBuilder::pool_timeout) * |
//! | each wait to write | 30 s | [`write_timeout`](ClientBuilder::write_timeout) * |
//! | from the last byte sent to the head of the response | 30 s | [`head_timeout`](ClientBuilder::head_timeout) * |
//! | each wait for more of the body | 30 s | [`read_timeout`](ClientBuilder::read_timeout) * |
//! | with `Expect: 100-continue`: the wait for the server before the body is sent | 1 s | [`continue_timeout`](ClientBuilder::continue_timeout) * |
//! | the whole call | none | [`timeout`](ClientBuilder::timeout) * |
//! | connections | 100; no limit per origin | [`max_connections`](ClientBuilder::max_connections) |
//! | an idle connection | closed after 15 s | [`idle_timeout`](ClientBuilder::idle_timeout) |
//! | age and requests of a connection | no limit | [`max_age`](ClientBuilder::max_age), [`max_uses`](ClientBuilder::max_uses) |
//! | attempts | 1: no retries | [`retry`](ClientBuilder::retry) * |
//! | redirects | 20; none from https to http | [`max_redirects`](ClientBuilder::max_redirects) * |
//! | a body that is read to completion, decoded | 100 MiB | [`max_body_bytes`](ClientBuilder::max_body_bytes) * |
//! | head and trailers of a response | 64 KiB, 256 headers | [`Limits`](network::Limits) |
//!
//! **APIs that compute for long before they answer** (language models that do not stream) need a longer `head_timeout`.
//!
//! # Where things are
//!
//! | module | holds |
//! | --- | --- |
//! | [`ahttpx`] | the async flavour: the same names, for tokio |
//! | [`guide`] | a short page for each subject |
//! | [`auth`] | tokens, digest, netrc files ([`ClientBuilder::auth`]) |
//! | [`flow`] | layers of your own ([`ClientBuilder::layer`]) |
//! | [`logging`] | a line for each request ([`ClientBuilder::network_layer`]) |
//! | `har` | an archive of requests and responses (feature `har`) |
//! | [`limit`] | requests per second, and requests at once ([`ClientBuilder::network_layer`]) |
//! | [`retry`] | sending again after a failure ([`ClientBuilder::retry`]) |
//! | [`redirect`] | rules for redirects ([`ClientBuilder::redirect_policy`]) |
//! | [`cookies`] | cookie jars, loading and saving them |
//! | `cache` | a cache by RFC 9111, in memory or in a directory (feature `cache`) |
//! | [`tls`] | roots, client certificates, pins, revocation, TLS versions ([`ClientBuilder::tls`]) |
//! | [`network`] | connections, network backends, proxies, details of a pool |
//! | `testing` | mocks and other tools for tests of programs that use this client (feature `testing`) |
//! | [`network::memory`] | a network in memory, to test programs with |
//! | [`models`] | files, forms with files, lines of JSON, content codings; media types, options, details of errors |
//!
//! # A client for one API
//!
//! A [`ConnectionPool`] is a transport, and so is a middleware over another transport. With them you can write a client that
//! sends only the requests of one API:
//!
//! ```no_run
//! use httpx::redirect::RedirectMiddleware;
//! use httpx::{Bytes, ConnectionPool, Headers, Json, Request, Response, Result, Transport, Url, headers};
//!
//! struct ApiClient {
//!     url: Url,
//!     headers: Headers,
//!     client: RedirectMiddleware<ConnectionPool>,
//! }
//!
//! impl ApiClient {
//!     fn new() -> Result<Self> {
//!         Ok(ApiClient {
//!             url: Url::parse("https://www.example.com")?,
//!             headers: headers![
//!                 ("Accept-Encoding", "gzip"),
//!                 ("Connection", "keep-alive"),
//!                 ("User-Agent", "dev"),
//!             ],
//!             client: RedirectMiddleware::new(ConnectionPool::new()),
//!         })
//!     }
//!
//!     fn get(&self, path: &str) -> Result<Response<Bytes>> {
//!         let request = Request::new("GET", self.url.join(path)?)?.with_headers(&self.headers)?;
//!         self.client.send(request)?.read_body()
//!     }
//!
//!     fn post(&self, path: &str, payload: &impl serde::Serialize) -> Result<Response<Bytes>> {
//!         let request = Request::new("POST", self.url.join(path)?)?
//!             .with_headers(&self.headers)?
//!             .with_content(Json(payload))?;
//!         self.client.send(request)?.read_body()
//!     }
//! }
//! ```
//!
//! # Not supported
//!
//! HTTP/2, HTTP/3, and the authentication schemes NTLM and Negotiate, also with proxies. Proxy auto-configuration (PAC), and
//! the proxy settings of the operating system. HTTP/1.0 requests are not sent; HTTP/1.0 responses are read.
//!
//! # Features
//!
//! `blocking`, `tls`, `cookies`, `gzip`, `charset` and `json` are on by default.
//!
//! - `blocking`: the blocking client.
//! - `async`: the async client, on tokio, in [`ahttpx`].
//! - `tls`: https, by rustls with the ring provider and Mozilla's roots. If `SSL_CERT_FILE` or `SSL_CERT_DIR` is set in the
//!   environment, its roots replace them, as in curl.
//! - `cookies`: the client keeps cookies between requests.
//! - `cache`: a client can [cache] responses by RFC 9111, in memory or in a directory. The feature alone changes
//!   nothing: [`ClientBuilder::cache`] turns it on.
//! - `gzip`: responses with the content coding gzip or deflate are decoded. Without it, a client asks for none.
//! - `br` and `zstd`: responses with these content codings (Brotli, Zstandard) are decoded, and
//!   [`accept_encodings`](ClientBuilder::accept_encodings) asks for them. `zstd` builds libzstd, which needs a C compiler.
//! - `charset`: `text()` knows every charset of the Encoding Standard.
//! - `json`: [`Json`] and [`JsonLines`](models::JsonLines) contents, [`Response::json`], [`Response::json_lines`], and
//!   [`QueryParams::from_serialize`].
//! - `mime-guess`: a [`File`](models::File) takes its media type from its name, such as `application/pdf` for `a.pdf`.
//! - `digest`: digest authentication (RFC 7616): `auth::Digest`, and `digest_auth` of
//!   clients, requests and proxies.
//! - `serde`: `Serialize` and `Deserialize` for [`Url`], [`StatusCode`], [`Method`] and [`Headers`].
//!
//!   ```
//!   # #[cfg(all(feature = "serde", feature = "json"))] {
//!   use httpx::{Method, Url};
//!
//!   #[derive(serde::Serialize, serde::Deserialize)]
//!   struct Job {
//!       method: Method,
//!       url: Url,
//!   }
//!
//!   let job: Job = serde_json::from_str(r#"{"method": "GET", "url": "https://www.example.com/a b"}"#)?;
//!   assert_eq!(job.url.as_str(), "https://www.example.com/a%20b");
//!   # }
//!   # Ok::<(), Box<dyn std::error::Error>>(())
//!   ```
//! - `http`: `From` and `TryFrom` between [`Request`], [`Response`], [`Headers`], [`Method`], [`StatusCode`], [`Url`],
//!   [`Version`](models::Version) and the types of the crate `http` 1; with `async` also `http_body::Body` for
//!   [`ahttpx::Body`], and `ahttpx::Body::from_http_body`.
//! - `tower`: [`ahttpx::Client`] is a `tower::Service` for [`Request`]s and for `http::Request`s, and
//!   `ahttpx::tower::TowerTransport` sends requests through any `tower::Service`. It turns on `async` and `http`.
//! - `native-roots`: [`TlsConfigBuilder::native_roots`](tls::TlsConfigBuilder), which trusts the roots in the platform's
//!   store instead of Mozilla's. The feature alone changes nothing.
//! - `tracing`: `network::TracingObserver`, which makes spans and events of the crate `tracing`, with
//!   the names of OpenTelemetry.
//! - `har`: the module `har`, which records what a client did as an HTTP Archive (HAR).
//! - `log`: [`Logging::to_log`](logging::Logging), which hands lines to the logger of the crate `log`.
//! - `testing`: the module `testing`, a kit for tests of programs that use this client. Turn it on in `[dev-dependencies]`.
//! - `full`: all of them, `async` included, but not `native-roots`.

#[cfg(feature = "async")]
pub mod ahttpx;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(any(feature = "blocking", feature = "async"))]
mod client_builder;
// Text alone. Its examples and links need all features.
#[cfg(any(all(doc, not(doctest)), all(doctest, feature = "full")))]
#[cfg_attr(not(feature = "full"), allow(rustdoc::broken_intra_doc_links))]
pub mod guide;
#[cfg(any(feature = "blocking", feature = "async"))]
mod inner;
mod reexports;
#[cfg(any(feature = "blocking", feature = "async"))]
mod request_builder;
#[cfg(any(feature = "blocking", feature = "async"))]
mod request_sender;
#[cfg(any(feature = "blocking", feature = "async"))]
mod settings;
#[cfg(all(feature = "testing", any(feature = "blocking", feature = "async")))]
pub mod testing;
#[cfg(any(feature = "blocking", feature = "async"))]
mod url_cache;

pub use reexports::*;

#[cfg(feature = "blocking")]
pub use blocking::{Client, delete, get, head, options, patch, post, put, request};
#[cfg(any(feature = "blocking", feature = "async"))]
pub use client_builder::ClientBuilder;
#[cfg(feature = "blocking")]
#[doc(inline)]
pub use httpx_core::Request;
#[cfg(feature = "blocking")]
pub use httpx_core::blocking::{Body, Transport};
#[cfg(feature = "blocking")]
pub use httpx_pool::ConnectionPool;
#[cfg(any(feature = "blocking", feature = "async"))]
pub use request_builder::RequestBuilder;
#[cfg(any(feature = "blocking", feature = "async"))]
pub use request_sender::RequestSender;

/// Single connections, network backends and streams, settings and details of a pool.
///
/// A [`NetworkBackend`](network::NetworkBackend) opens connections in place of TCP:
/// [`ClientBuilder::backend`]. A [`Connection`](network::Connection) sends requests over one connection, without a pool.
/// A [`MockTransport`](network::MockTransport) answers requests with a closure, for tests.
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod network {
    #[cfg(feature = "blocking")]
    pub use httpx_core::blocking::{BodySource, Chunks, MockTransport};
    #[cfg(all(feature = "blocking", feature = "tls"))]
    pub use httpx_pool::TlsStream;
    #[cfg(feature = "blocking")]
    pub use httpx_pool::{
        Connection, IoStream, NetworkBackend, NetworkStream, Resolver, TcpBackend, TcpStream, Upgraded,
        open_connection,
    };

    pub use crate::reexports::network::*;
}

/// The programs of the README, so that they compile.
#[cfg(all(doctest, feature = "blocking", feature = "async", feature = "tls", feature = "json"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
