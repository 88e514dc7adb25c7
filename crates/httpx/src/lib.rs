//! An HTTP client: pooled, strict, fast, and a pleasure to use.
//!
//! ```no_run
//! let client = httpx::Client::new();
//! let r = client.get("https://www.example.com").send()?;
//! println!("{r:?} {} {}", r.status(), r.text()); // <Response [200 OK]> 200 OK …
//!
//! let r = client.post("https://www.example.com/items").json(&["an", "item"]).send()?.error_for_status()?;
//! let items: Vec<String> = r.json()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! - A [`Client`] keeps connections and cookies, and follows redirects. Have one for the whole program.
//! - A [`RequestBuilder`] comes from its `get`, `post`, …; `send` reads the response to completion, `stream` gives it
//!   as it comes, to be read with [`chunk`](Response::chunk) or [`std::io::Read`].
//! - A [`Response`] has a status, headers, and, once it has been read, [`text`](Response::text) and
//!   [`json`](Response::json). One with an error status is a response like others, unless
//!   [`error_for_status`](Response::error_for_status) makes an error of it.
//! - An [`Error`] has a [`kind`](Error::kind), and says what was being done, to where, and what to do about it.
//!
//! Examples in these docs that say `use httpx_core::…` or the like belong to the crates beneath; whatever they name is
//! `httpx::…` here.
//!
//! # Streaming
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut response = httpx::get("https://www.example.com/large").stream()?.error_for_status()?;
//! std::io::copy(&mut response, &mut std::fs::File::create("large")?)?;
//!
//! let upload = httpx::Body::from_reader(std::fs::File::open("large")?);
//! httpx::put("https://www.example.com/large").body(upload).send()?;
//! # Ok(())
//! # }
//! ```
//!
//! Without [`error_for_status`](Response::error_for_status) the page that says 404 would be the file.
//! [`chunk`](Response::chunk) gives the body piece by piece. Where reading and the file's own I/O meet, as in
//! [`std::io::copy`], [`Error::from_io`] tells them apart: what the network did is an [`Error`] with its URL, and any
//! other I/O error is never [transient](Error::is_transient).
//!
//! # Timeouts and limits
//!
//! Nothing waits for ever, and nothing grows without bound, unless it is told to: connecting may take 10 s, the head of
//! a response 30 s, each wait for more of a body 30 s, and a body that is read to completion may have 100 MiB.
//! [`RequestBuilder::timeout`] bounds a whole call. Each can be set on the client and on a request.
//!
//! # Transports and middleware
//!
//! What sends requests is a [`Transport`]: a [`ConnectionPool`], a [`RedirectMiddleware`] or [`CookieMiddleware`] round
//! another transport, or one of your own.
//!
//! ```
//! use httpx::{Body, Bytes, Client, Request, Response, Result, Text, Transport};
//!
//! struct MockTransport(Response<Bytes>);
//!
//! impl Transport for MockTransport {
//!     fn send(&self, _request: Request) -> Result<Response<Body>> {
//!         Ok(self.0.clone().into())
//!     }
//! }
//!
//! let transport = MockTransport(Response::new(200, Text("Hello, world"))?);
//! let client = Client::builder().transport(transport).build()?;
//! assert_eq!(client.get("https://www.example.com").send()?.text(), "Hello, world");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A client of your own is a few lines over them:
//!
//! ```no_run
//! use httpx::{Bytes, ConnectionPool, Headers, Json, Request, Response, Result, Transport, Url, headers};
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
//! # What is not here yet
//!
//! Proxies, HTTP/2, digest authentication, multipart bodies, brotli and zstd.
//!
//! # Features
//!
//! All but `async` are on by default.
//!
//! - `blocking`: the blocking client.
//! - `async`: the async flavour, on tokio: [`ahttpx`].
//! - `tls`: https, by rustls with the ring provider and Mozilla's roots. With `SSL_CERT_FILE` or `SSL_CERT_DIR` in the
//!   environment, those roots instead, as in curl.
//! - `cookies`: cookies are kept between requests.
//! - `gzip`: responses coded with gzip or deflate are decoded.
//! - `charset`: `text()` knows every charset of the Encoding Standard.
//! - `json`: [`Json`] contents and [`Response::json`].
//! - `full`: all of them, and `async`.

#[cfg(feature = "async")]
pub mod ahttpx;
#[cfg(feature = "blocking")]
mod blocking;
#[cfg(any(feature = "blocking", feature = "async"))]
mod client_builder;
#[cfg(any(feature = "blocking", feature = "async"))]
mod inner;
mod reexports;
#[cfg(any(feature = "blocking", feature = "async"))]
mod request_builder;
#[cfg(any(feature = "blocking", feature = "async"))]
mod request_sender;
#[cfg(any(feature = "blocking", feature = "async"))]
mod settings;
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
#[doc(hidden)]
pub use request_sender::RequestSender;

/// Connections, network backends and streams, and what a pool tells about them.
#[cfg(feature = "blocking")]
pub mod network {
    pub use httpx_core::blocking::BodySource;
    pub use httpx_pool::{Connection, NetworkBackend, NetworkStream, TcpBackend, TcpStream, open_connection};

    pub use crate::reexports::network::*;
}

/// The programs of the README, so that they compile.
#[cfg(all(doctest, feature = "blocking", feature = "async", feature = "tls", feature = "json"))]
#[doc = include_str!("../../../README.md")]
struct Readme;
