//! The async flavour, on tokio: the same names, with `.await`.
//!
//! Change the import to change the flavour of a program. Both flavours share the data types, errors, settings, flows and
//! cookies. The types that wait are different here: [`Client`], [`ConnectionPool`], [`Transport`], [`Body`].
//!
//! ```no_run
//! use httpx::ahttpx::Client;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! let client = Client::new();
//! let response = client.get("https://www.example.com").send().await?;
//! println!("{response:?} {} {client:?}", response.text()); // <Response [200 OK]> … <Client [0 active, 1 idle]>
//! client.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! The [guide](crate::guide) has a page for each subject. The [root of the crate](crate) has the nouns and the default
//! limits, and tells where things are.
//!
//! # Streaming
//!
//! [`chunk`](Response::chunk) returns the body of a response piece by piece. The response is also a
//! `tokio::io::AsyncRead`, an `AsyncBufRead`, and a `Stream` of [`Bytes`]. The body of a request can be made from a reader
//! ([`Body::from_reader`]), a stream ([`Body::from_stream`]), or a [`File`](models::File). The guide lists
//! [all kinds](crate::guide::content_types).
//!
//! ```no_run
//! use futures_util::StreamExt;
//! use httpx::ahttpx::{self, Body};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let mut response = ahttpx::get("https://www.example.com/large").stream().await?.error_for_status()?;
//! let mut length = 0;
//! while let Some(chunk) = response.chunk().await? {
//!     length += chunk.len();
//! }
//!
//! // The same as a stream, with the adapters of `futures_util` or `tokio_stream`.
//! let mut response = ahttpx::get("https://www.example.com/large").stream().await?.error_for_status()?;
//! while let Some(chunk) = response.next().await {
//!     length += chunk?.len();
//! }
//!
//! // From one server to another.
//! let download = ahttpx::get("https://www.example.com/large").stream().await?.error_for_status()?;
//! ahttpx::put("https://www.example.org/copy").body(Body::from_stream(download)).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! [`JsonLines`](models::JsonLines) sends the values of an iterator as lines of JSON. [`Body::from_json_lines`] sends those of
//! a stream, which needs `.header("Content-Type", "application/x-ndjson")`.
//!
//! [`lines`](Response::lines), [`json_lines`](Response::json_lines) and [`events`](Response::events) return the lines, the JSON
//! values or the server-sent events of a body while it arrives. [`multipart`](Response::multipart) returns the parts of a
//! multipart response one by one. Each part is streamed too:
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let response = httpx::ahttpx::get("https://www.example.com/report.pdf").header("Range", "bytes=0-99,5000-5099").stream().await?;
//! let mut parts = response.error_for_status()?.multipart()?;
//! while let Some(part) = parts.next_part().await? {
//!     println!("{:?}", part.headers());
//!     println!("{} bytes", part.into_bytes().await?.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Files are read and written on tokio's threads for blocking work, so they do not block the executor:
//!
//! ```no_run
//! use httpx::ahttpx;
//! use httpx::models::{File, Multipart, Part};
//!
//! # async fn run() -> httpx::Result<()> {
//! ahttpx::get("https://www.example.com/large").stream().await?.save_to("large").await?;
//! // The same, but a second call continues where the first one stopped:
//! ahttpx::get("https://www.example.com/large").resume_to("large").await?;
//!
//! ahttpx::put("https://www.example.com/large").content(File::new("large")).send().await?.error_for_status()?;
//!
//! let form = Multipart::new().text("title", "Slides").part("slides", Part::file("slides.pdf"));
//! ahttpx::post("https://www.example.com/upload").multipart(form).send().await?.error_for_status()?;
//! # Ok(())
//! # }
//! ```
//!
//! [`save_to`](Response::save_to) and [`resume_to`](RequestBuilder::resume_to) refuse a response with an error status.
//! [`copy_to`](Response::copy_to) copies the body to any `AsyncWrite`.
//!
//! An open `tokio::fs::File` (tokio's feature `fs`) is a reader: [`Body::from_sized_reader`] takes it with its length. It
//! cannot be sent again after a redirect.
//!
//! # Tasks
//!
//! Awaiting a request builder sends it, so `client.get(url).await` works. But the builder is not itself a future:
//! [`tokio::spawn`](https://docs.rs/tokio/latest/tokio/fn.spawn.html), `join!` and similar functions need `send()`.
//!
//! ```no_run
//! # async fn run(client: httpx::ahttpx::Client) -> Result<(), Box<dyn std::error::Error>> {
//! let first = tokio::spawn(client.get("https://www.example.com/1").send());
//! let second = client.get("https://www.example.com/2").await?;
//! println!("{:?} {second:?}", first.await??);
//! # Ok(())
//! # }
//! ```
//!
//! The blocking `httpx::Client` also works inside a runtime, but it blocks the thread of the task that
//! calls it, and all other tasks on this thread wait. Call it in `tokio::task::spawn_blocking`, or use this client.
//!
//! # Cancellation
//!
//! Dropping the future of a call cancels the call at any point. Its connection is closed, and its place in the queue
//! of the pool passes to the next request. Dropping the future of a *read* cancels only that read; the next read continues
//! where it was.
//!
//! # Runtimes
//!
//! A client can be made outside a runtime, used from several runtimes, and dropped anywhere. It spawns no task for a
//! request or a connection.
//!
//! - The runtime needs I/O and timers, as `#[tokio::main]`, `#[tokio::test]` and `Builder::enable_all` switch them on.
//!   Without them, or without a runtime, a call is an error.
//! - An idle connection is used only on the runtime that opened it, and is closed when that runtime has ended. A limit of
//!   connections per origin holds for each runtime; the total limit holds for all runtimes together.
//! - A streamed response can be read anywhere, as long as the runtime that opened its connection runs.
//!
//! # WebAssembly
//!
//! In a browser (`wasm32-unknown-unknown`, without the feature `tls`) there are neither sockets nor the clock of the
//! standard library. A client works there over a custom [transport](ClientBuilder::transport), which calls `fetch`:
//!
//! - Without a transport, requests fail.
//! - The timeouts of the client do not apply. The transport limits the time itself, by the
//!   [timeouts](httpx_core::Options::timeouts) in the options of the request's head.
//! - A flow cannot wait: its request fails. [`SystemClock`](flow::SystemClock) panics.
//! - Leave out the feature `cookies`, whose jar needs the wall clock. The browser keeps the cookies.
//! - A transport's future must be `Send`, which the futures of JavaScript are not: wrap them, as the crate `send_wrapper`
//!   does.
//!
//! # Scope, base URL, headers
//!
//! Dropping the last clone of a client closes its connections.
//!
//! ```no_run
//! use httpx::ahttpx::Client;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! {
//!     let client = Client::builder()
//!         .url("https://www.httpbin.org")
//!         .headers([("User-Agent", "dev"), ("Accept-Encoding", "gzip")])
//!         .build()?;
//!     let response = client.get("/json").send().await?;
//!     println!("{response:?}");
//! } // the connections are closed here
//! # Ok(())
//! # }
//! ```
//!
//! # TLS and the pool
//!
//! ```no_run
//! use httpx::ahttpx::Client;
//! use httpx::tls::TlsConfig;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! // For servers with an invalid certificate.
//! let no_verify = TlsConfig::builder().danger_accept_invalid_certs().build()?;
//! let client = Client::builder().tls(no_verify).max_connections(10).build()?;
//! let response = client.get("https://self-signed.example/").send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Transports and middleware
//!
//! A [`Transport`] is written with plain `async fn`s. [`RedirectMiddleware`](redirect::RedirectMiddleware) and
//! `CookieMiddleware` are layers over any transport. A [`Flow`](flow::Flow) is a custom layer that serves both
//! flavours.
//!
//! ```
//! use httpx::ahttpx::{Body, Bytes, Client, Request, Response, Result, Text, Transport};
//! use httpx::cookies::CookieMiddleware;
//! use httpx::redirect::RedirectMiddleware;
//!
//! /// Answers each request with the same response.
//! struct Fixed(Response<Bytes>);
//!
//! impl Transport for Fixed {
//!     async fn send(&self, _request: Request) -> Result<Response<Body>> {
//!         Ok(self.0.clone().into())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let fixed = || Response::new(200, Text("Hello, world")).map(Fixed);
//! let client = Client::builder().transport(fixed()?).build()?;
//! assert_eq!(client.get("https://www.example.com").send().await?.text(), "Hello, world");
//!
//! let transport = RedirectMiddleware::new(CookieMiddleware::new(fixed()?));
//! let response = transport.send(Request::new("GET", "https://www.example.com")?).await?;
//! assert_eq!(response.read_body().await?.text(), "Hello, world");
//! # Ok(())
//! # }
//! ```
//!
//! With the feature `tower`, a client is a `tower::Service`, and a `tower::Service` (the router of a server, another client)
//! can be the transport of a client.
//!
//! # A client for one API
//!
//! ```no_run
//! use httpx::ahttpx::{
//!     Bytes, ConnectionPool, Headers, Json, Request, Response, Result, Transport, Url, headers,
//! };
//! use httpx::redirect::RedirectMiddleware;
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
//!     async fn get(&self, path: &str) -> Result<Response<Bytes>> {
//!         let request = Request::new("GET", self.url.join(path)?)?.with_headers(&self.headers)?;
//!         self.client.send(request).await?.read_body().await
//!     }
//!
//!     async fn post(&self, path: &str, payload: &impl serde::Serialize) -> Result<Response<Bytes>> {
//!         let request = Request::new("POST", self.url.join(path)?)?
//!             .with_headers(&self.headers)?
//!             .with_content(Json(payload))?;
//!         self.client.send(request).await?.read_body().await
//!     }
//! }
//! ```

mod client;
mod client_builder;
mod event_source;
mod functions;
mod request_builder;
mod resume;
#[cfg(feature = "tower")]
pub mod tower;

pub use client::Client;
pub use functions::{delete, get, head, options, patch, post, put, request};
pub use httpx_core::ahttpx::{Body, Transport};
pub use httpx_pool::ahttpx::ConnectionPool;

pub use crate::reexports::*;

/// A request with an async body. See [`Request`](httpx_core::Request) for its methods.
pub type Request<B = Body> = httpx_core::Request<B>;

/// Builds an async [`Client`]. See [`ClientBuilder`](crate::ClientBuilder) for its methods.
pub type ClientBuilder<C = Client> = crate::ClientBuilder<C>;

/// An async request that is being built. See [`RequestBuilder`](crate::RequestBuilder) for its methods.
pub type RequestBuilder<C = Client> = crate::RequestBuilder<C>;

/// Single connections, network backends and streams, settings and details of a pool.
///
/// A [`NetworkBackend`](network::NetworkBackend) opens connections in place of TCP:
/// [`ClientBuilder::backend`](crate::ClientBuilder). A [`Connection`](network::Connection) sends requests over one
/// connection, without a pool. A [`MockTransport`](network::MockTransport) answers requests with a closure, for tests.
pub mod network {
    pub use httpx_core::ahttpx::{BodySource, DynTransport, MockTransport, ReadBody};
    #[cfg(feature = "tls")]
    pub use httpx_pool::ahttpx::TlsStream;
    pub use httpx_pool::ahttpx::{
        Connecting, Connection, HostLookup, IoStream, NetworkBackend, NetworkStream, Resolver, Resolving,
        TcpBackend, TcpStream, Upgraded, open_connection,
    };

    pub use crate::reexports::network::*;
}
