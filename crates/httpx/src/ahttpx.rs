//! The async flavour, on tokio: the same names, and `.await`.
//!
//! Change the import, and a program changes its flavour. Models, errors, settings, flows and cookies are the very same
//! types; what differs is what waits: [`Client`], [`ConnectionPool`], [`Connection`], [`Transport`], [`Body`].
//!
//! ```no_run
//! use httpx::ahttpx;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! let client = ahttpx::Client::new();
//! let r = client.get("https://www.example.com").send().await?;
//! println!("{r:?} {} {client:?}", r.text()); // <Response [200 OK]> … <Client [0 active, 1 idle]>
//! client.close().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Streaming
//!
//! [`chunk`](Response::chunk) gives a response's body piece by piece. It is a `tokio::io::AsyncRead` and a `Stream` of
//! [`Bytes`], too; a request's body may be either: [`Body::from_reader`], [`Body::from_stream`]. Without
//! [`error_for_status`](Response::error_for_status) the page that says 404 would be taken for what was asked for.
//!
//! ```no_run
//! use httpx::ahttpx;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let mut response = ahttpx::get("https://www.example.com/large").stream().await?.error_for_status()?;
//! let mut length = 0;
//! while let Some(chunk) = response.chunk().await? {
//!     length += chunk.len();
//! }
//!
//! // As a stream, with the adapters of `futures_util` or `tokio_stream`.
//! use futures_util::StreamExt;
//!
//! let mut response = ahttpx::get("https://www.example.com/large").stream().await?.error_for_status()?;
//! while let Some(chunk) = response.next().await {
//!     length += chunk?.len();
//! }
//!
//! // From one server to another: what is read there is a stream that is sent here.
//! let download = ahttpx::get("https://www.example.com/large").stream().await?.error_for_status()?;
//! ahttpx::put("https://www.example.org/copy").body(ahttpx::Body::from_stream(download)).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Files are read and written without blocking the executor: by `tokio::fs`, tokio's feature `fs` (`tokio::io::copy`
//! wants its feature `io-util`).
//!
//! ```no_run
//! use httpx::ahttpx::{self, Body};
//! use tokio::fs::File;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let mut response = ahttpx::get("https://www.example.com/large").stream().await?.error_for_status()?;
//! tokio::io::copy(&mut response, &mut File::create("large").await?).await?;
//!
//! let file = File::open("large").await?;
//! let length = file.metadata().await?.len();
//! ahttpx::put("https://www.example.com/large").body(Body::from_sized_reader(file, length)).send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Giving up
//!
//! Dropping a future, at any of its awaits, gives the call up: its connection is closed, its place in the queue passes
//! to the next, and nothing is left behind. Dropping the future of a *read* gives up only that read; the next one goes
//! on where it was.
//!
//! # Runtimes
//!
//! A client may be made outside a runtime, used from several, and dropped anywhere. No task is spawned for a request or
//! a connection. What there is to know:
//!
//! - The runtime needs its I/O and its timers, as `#[tokio::main]` and `#[tokio::test]` have them
//!   (`Builder::enable_all`); tokio panics without them. Where there is no runtime at all, a call is an error that says
//!   so.
//! - An idle connection is only used on the runtime that opened it, and counts as closed when that is gone. A limit of
//!   connections per origin holds for each runtime; the limit in all holds for all of them together.
//! - A streamed response may be read anywhere, but waits only while the runtime that opened its connection runs.
//!
//! # In a scope, under a base URL, with headers
//!
//! A client closes its connections when its last clone is dropped.
//!
//! ```no_run
//! use httpx::ahttpx;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! {
//!     let client = ahttpx::Client::builder()
//!         .url("https://www.httpbin.org")
//!         .headers([("User-Agent", "dev"), ("Accept-Encoding", "gzip")])
//!         .build()?;
//!     let r = client.get("/json").send().await?;
//!     println!("{r:?}");
//! } // closed here
//! # Ok(())
//! # }
//! ```
//!
//! # A pool of your own
//!
//! ```no_run
//! use httpx::tls::TlsConfig;
//! use httpx::ahttpx::{Client, ConnectionPool};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! // To connect to improperly configured servers.
//! let no_verify = TlsConfig::builder().danger_accept_invalid_certs().build()?;
//! let pool = ConnectionPool::builder().tls(no_verify).max_connections(10).build();
//! let client = Client::builder().transport(pool).build()?;
//! let r = client.get("https://self-signed.example/").send().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Transports and middleware
//!
//! A [`Transport`] is written by plain `async fn`s. Redirects and cookies are layers round any other, and a
//! [`Flow`] is one of your own, for both flavours from one source.
//!
//! ```
//! use httpx::ahttpx::{Body, Bytes, Client, Request, Response, Result, Text, Transport};
//! use httpx::ahttpx::cookies::CookieMiddleware;
//! use httpx::ahttpx::redirect::RedirectMiddleware;
//!
//! struct MockTransport(Response<Bytes>);
//!
//! impl Transport for MockTransport {
//!     async fn send(&self, _request: Request) -> Result<Response<Body>> {
//!         Ok(self.0.clone().into())
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<()> {
//! let mock = || Response::new(200, Text("Hello, world")).map(MockTransport);
//! let client = Client::builder().transport(mock()?).build()?;
//! assert_eq!(client.get("https://www.example.com").send().await?.text(), "Hello, world");
//!
//! let stack = RedirectMiddleware::new(CookieMiddleware::new(mock()?));
//! let r = stack.send(Request::new("GET", "https://www.example.com")?).await?;
//! assert_eq!(r.read_body().await?.text(), "Hello, world");
//! # Ok(())
//! # }
//! ```
//!
//! A client of your own:
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
mod functions;
mod request_builder;

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

/// Connections, network backends and streams, and what a pool tells about them.
pub mod network {
    pub use httpx_core::ahttpx::{BodySource, DynTransport};
    pub use httpx_pool::ahttpx::{
        Connecting, Connection, NetworkBackend, NetworkStream, TcpBackend, TcpStream, open_connection,
    };

    pub use crate::reexports::network::*;
}
