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
//! # Bodies
//!
//! These calls on a [`RequestBuilder`] set the body of a request. Both flavours have them, unless the table names [`ahttpx`]:
//!
//! | to send | call |
//! | --- | --- |
//! | text or bytes | [`.body("text")`](RequestBuilder::body), or with a `Content-Type` `.content(`[`Text`]`("text"))` |
//! | JSON | [`.json(&value)`](RequestBuilder::json) |
//! | a form | [`.form([("name", "ann")])`](RequestBuilder::form), from a struct [`.form_from(&value)`](RequestBuilder::form_from) |
//! | a form with files | [`.multipart(form)`](RequestBuilder::multipart) with a [`Multipart`](models::Multipart) |
//! | a file, or a range of it | `.content(`[`File::new(path)`](models::File)`)` |
//! | lines of JSON | `.content(`[`JsonLines(values)`](models::JsonLines)`)`; a stream by [`ahttpx::Body::from_json_lines`] |
//! | a reader | `.body(`[`Body::from_reader(reader)`](Body::from_reader)`)`, of known length [`Body::from_sized_reader`] |
//! | an iterator of [`Bytes`] (blocking) | `.body(`[`Body::from_chunks(chunks)`](Body::from_chunks)`)`, of known length [`Body::from_sized_chunks`] |
//! | a stream of [`Bytes`] | `.body(`[`ahttpx::Body::from_stream(stream)`](ahttpx::Body::from_stream)`)`, of known length [`ahttpx::Body::from_sized_stream`] |
//! | a custom type | an implementation of [`Content`] |
//! | a compressed body | [`.compress(Coding::Gzip)`](RequestBuilder::compress) |
//! | a body that the server can refuse first | [`.expect_continue()`](RequestBuilder::expect_continue) |
//! | trailers after the body | [`.trailers(…)`](RequestBuilder::trailers), [`.trailers_with(…)`](RequestBuilder::trailers_with) |
//!
//! `.body` sends no `Content-Type`; `.content` sends that of the content. Bytes, text and [`File`](models::File)s can be sent
//! again after a redirect. Readers, iterators and streams cannot.
//!
//! `send` reads the whole response, within a limit. The body is then in memory: [`text`](Response::text),
//! [`text_strict`](Response::text_strict), [`json`](Response::json), [`bytes`](Response::bytes).
//!
//! `stream` returns the response before its body has been read. Read the body with one of these calls:
//!
//! | to read | call |
//! | --- | --- |
//! | pieces | [`chunk`](Response::chunk), [`std::io::Read`] or [`std::io::BufRead`]; in [`ahttpx`] `AsyncRead`, `AsyncBufRead` or `Stream` |
//! | lines, or lines of JSON | [`lines`](Response::lines), [`json_lines`](Response::json_lines) |
//! | server-sent events | [`events`](Response::events); [`event_source`](RequestBuilder::event_source) reconnects |
//! | a multipart response | [`multipart`](Response::multipart) |
//! | into a file | [`save_to`](Response::save_to); on the request [`resume_to`](RequestBuilder::resume_to), which continues after an error |
//! | into a writer | [`copy_to`](Response::copy_to) |
//! | into memory, as `send` does | [`read_body`](Response::read_body) |
//!
//! Bodies are decoded: [`accept_encodings`](ClientBuilder::accept_encodings) sets which codings to ask for, and
//! [`decompress(false)`](ClientBuilder::decompress) returns the bytes as they were sent.
//! [`on_progress`](RequestBuilder::on_progress) reports the progress of both bodies.
//!
//! ```no_run
//! use httpx::models::File;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! httpx::get("https://www.example.com/large").stream()?.save_to("large")?;
//! // The same, but a second call continues where the first one stopped:
//! httpx::get("https://www.example.com/large").resume_to("large")?;
//!
//! httpx::put("https://www.example.com/large").content(File::new("large")).send()?.error_for_status()?;
//!
//! for line in httpx::get("https://www.example.com/log").stream()?.error_for_status()?.lines() {
//!     println!("{}", line?);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`save_to`](Response::save_to) writes a new file and renames it when it is complete, so an error leaves no half file.
//! It and `resume_to` refuse a response with an error status. [`JsonLines`](models::JsonLines) encodes its values while they are
//! sent. The parts of a multipart response are streamed one by one:
//!
//! ```no_run
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let response = httpx::get("https://www.example.com/report.pdf").header("Range", "bytes=0-99,5000-5099").stream()?;
//! let mut parts = response.error_for_status()?.multipart()?;
//! while let Some(part) = parts.next_part()? {
//!     println!("{:?}", part.headers());
//!     println!("{} bytes", part.into_bytes()?.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Forms with files
//!
//! [`multipart`](RequestBuilder::multipart) sends a form with fields and files. A file is read while it is sent:
//!
//! ```no_run
//! use httpx::models::{Multipart, Part};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let page = Part::new("a,b\r\n").file_name("page.csv").header("Content-Type", "text/csv")?;
//! let form = Multipart::new().text("title", "Slides").part("slides", Part::file("slides.pdf")).part("page", page);
//! httpx::post("https://www.example.com/upload").multipart(form).send()?.error_for_status()?;
//! # Ok(())
//! # }
//! ```
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
//! # Proxies
//!
//! A client over the network reads the proxies of the environment when it is built: `HTTP_PROXY`, `HTTPS_PROXY`,
//! `ALL_PROXY` and `NO_PROXY`, in upper or lower case ([details](network::ConnectOptions::proxy_from_env)). It uses
//! them neither for `localhost` nor for loopback addresses. [`no_proxy`](ClientBuilder::no_proxy) turns them off.
//! [`proxy`](ClientBuilder::proxy) and [`proxy_by`](ClientBuilder::proxy_by) set others:
//!
//! ```no_run
//! use httpx::Client;
//! use httpx::network::Proxy;
//!
//! let proxy = Proxy::all("http://proxy.example:3128")?.basic_auth("ann", "s3cret")?.no_proxy("localhost, .corp.example");
//! let client = Client::builder().proxy(proxy).build()?;
//!
//! let response = client.get("https://www.example.com").send()?;
//! let direct = client.get("https://www.example.org").no_proxy().send()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Where things are
//!
//! | module | holds |
//! | --- | --- |
//! | [`ahttpx`] | the async flavour: the same names, for tokio |
//! | [`flow`] | layers: authentication, logging, caches, or a layer of your own ([`ClientBuilder::layer`]) |
//! | [`limit`] | requests per second, and requests at once ([`ClientBuilder::network_layer`]) |
//! | [`retry`] | sending again after a failure ([`ClientBuilder::retry`]) |
//! | [`redirect`] | rules for redirects ([`ClientBuilder::redirect_policy`]) |
//! | [`cookies`] | cookie jars, loading and saving them |
//! | [`tls`] | roots, client certificates, pins, revocation, TLS versions ([`ClientBuilder::tls`]) |
//! | [`network`] | connections, network backends, proxies, details of a pool |
//! | `testing` | mocks and other tools for tests of programs that use this client (feature `testing`) |
//! | [`network::memory`] | a network in memory, to test programs with |
//! | [`models`] | files, forms with files, lines of JSON, content codings; media types, options, details of errors |
//!
//! # Testing your program
//!
//! A client sends its requests through a [`Transport`]. A [`MockTransport`](network::MockTransport) answers them with a
//! closure, and records them:
//!
//! ```
//! use httpx::network::MockTransport;
//! use httpx::{Client, Response, Text};
//!
//! let mock = MockTransport::new(|request| match request.url().path() {
//!     "/hello" => Response::new(200, Text("Hello, world")),
//!     _ => Response::new(404, ()),
//! });
//! let client = Client::builder().transport(mock.clone()).build()?;
//! assert_eq!(client.get("https://www.example.com/hello").send()?.text(), "Hello, world");
//! assert_eq!(mock.requests()[0].method(), "GET");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A custom transport implements the trait [`Transport`], which has one required method.
//!
//! To test over real connections without sockets, give the client the [network in memory](network::memory):
//! `Client::builder().backend(network)`.
//!
//! # Where the time goes
//!
//! A response reports the time of each step, its connection, and the negotiated parameters of TLS:
//!
//! ```
//! # fn print(response: &httpx::Response) {
//! if let Some(timings) = response.timings() {
//!     println!("lookup {:?}, connect {:?}, TLS {:?}", timings.lookup, timings.connect, timings.tls);
//!     println!("sent in {:?}, first byte after {:?}", timings.send, timings.first_byte);
//! }
//! println!("reused: {}, from {:?}", response.is_reused(), response.remote_addr());
//! # }
//! ```
//!
//! An [`Observer`](network::Observer) receives each step as it happens ([`ClientBuilder::observer`]). [`Client::stats`]
//! returns the statistics of the pool.
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
//! # Coming from another client
//!
//! | reqwest | here |
//! | --- | --- |
//! | `reqwest::blocking` | the root of this crate; the async client is in [`ahttpx`] |
//! | `.query(&[("page", 2)])` | [`.params([("page", 2)])`](RequestBuilder::params) |
//! | `.query(&filter)`, `.form(&login)` | [`.params_from(&filter)`](RequestBuilder::params_from), [`.form_from(&login)`](RequestBuilder::form_from) |
//! | `multipart::Form`, `Part::bytes`, `Part::file` | [`Multipart`](models::Multipart), [`Part::new`](models::Part::new), [`Part::file`](models::Part::file), [`.multipart(form)`](RequestBuilder::multipart) |
//! | `.body(file)` | `.content(`[`File::new(path)`](models::File)`)` |
//! | `Body::new(reader)`, `Body::sized`, `Body::wrap_stream` | [`Body::from_reader`], [`Body::from_sized_reader`], [`ahttpx::Body::from_stream`] |
//! | `.send()` | [`stream()`](RequestBuilder::stream); [`send()`](RequestBuilder::send) also reads the body |
//! | `response.text()?`, `.bytes()?` | `response.text()`, `.bytes()`: after `send` they cannot fail |
//! | `response.copy_to(&mut file)` | [`copy_to`](Response::copy_to) or [`save_to`](Response::save_to) after `stream` |
//! | `response.chunk()`, `bytes_stream()` | [`chunk`](Response::chunk) after `stream`; in [`ahttpx`] the response is the stream |
//! | `gzip(true)`, `brotli(true)`, `no_gzip()` | [`accept_encodings`](ClientBuilder::accept_encodings), [`decompress(false)`](ClientBuilder::decompress) |
//! | `default_headers` | [`add_headers`](ClientBuilder::add_headers); [`headers`](ClientBuilder::headers) replaces all |
//! | `redirect(Policy::none())`, `Policy::custom` | [`max_redirects(0)`](ClientBuilder::max_redirects), [`redirect_policy`](ClientBuilder::redirect_policy) |
//! | `cookie_store(true)`, `cookie_provider` | cookies are on; [`cookie_jar`](ClientBuilder::cookie_jar), [`no_cookies`](ClientBuilder::no_cookies) |
//! | `add_root_certificate`, `identity` | [`tls`](ClientBuilder::tls) with a [`TlsConfig`](tls::TlsConfig) |
//! | `pool_max_idle_per_host`, `pool_idle_timeout` | [`max_idle_connections`](ClientBuilder::max_idle_connections), [`idle_timeout`](ClientBuilder::idle_timeout) |
//! | `Proxy::all`, `Proxy::custom`, `no_proxy()` | [`proxy`](ClientBuilder::proxy), [`proxy_by`](ClientBuilder::proxy_by), [`no_proxy`](ClientBuilder::no_proxy) |
//! | `retry(retry::for_host(…))` | [`retry(Retry::new())`](ClientBuilder::retry), for one request [`.retry(…)`](RequestBuilder::retry) |
//! | `execute(request)` | [`Client::send`]; an `http::Request` by `Request::try_from(request.map(Body::from))` (feature `http`) |
//! | `HeaderMap`, `header::ACCEPT` | [`Headers`], `"Accept"`; the feature `http` converts |
//! | `response.upgrade()` | [`upgrade("websocket")`](RequestBuilder::upgrade), then [`into_upgraded`](Response::into_upgraded) |
//! | `error.is_timeout()`, `is_connect()`, `status()` | the same names, and [`kind`](Error::kind), [`body`](Error::body) |
//! | `reqwest-middleware` | [`layer`](ClientBuilder::layer) with a [`Flow`](flow::Flow) |
//! | `tower` layers around the client | the same, by the feature `tower` |
//!
//! | ureq | here |
//! | --- | --- |
//! | `Agent`, `.call()` | [`Client`], [`.send()`](RequestBuilder::send) |
//! | `.query("page", "2")` | [`.params([("page", 2)])`](RequestBuilder::params) |
//! | `.send_json(&value)`, `.send_form(fields)` | [`.json(&value).send()`](RequestBuilder::json), `.form(fields).send()` |
//! | an error for each status from 400 on | [`error_for_status`](Response::error_for_status) |
//! | `body_mut().read_to_string()` | [`text`](Response::text) |
//! | `.send(file)`, `SendBody::from_reader(&mut reader)` | `.content(`[`File::new(path)`](models::File)`)`, [`Body::from_reader`] |
//! | `body_mut().as_reader()` | [`.stream()`](RequestBuilder::stream): the response implements `Read` |
//! | `body_mut().with_config().limit(bytes)` | [`max_body_bytes`](RequestBuilder::max_body_bytes) |
//! | `proxy(Some(Proxy::new(url)?))`, `proxy(None)` | [`proxy`](ClientBuilder::proxy), [`no_proxy`](ClientBuilder::no_proxy) |
//! | `timeout_global`, `timeout_recv_response` | [`timeout`](ClientBuilder::timeout), [`head_timeout`](ClientBuilder::head_timeout) |
//!
//! | Python's httpx | here |
//! | --- | --- |
//! | `Client(base_url=…, headers=…)` | `Client::builder()`[`.url(…)`](ClientBuilder::url)[`.add_headers(…)`](ClientBuilder::add_headers) |
//! | `params=`, `json=`, `data=`, `content=` | `.params(…)`, `.json(…)`, `.form(…)`, `.body(…)` |
//! | `files=` | [`.multipart(form)`](RequestBuilder::multipart) with a [`Multipart`](models::Multipart) |
//! | `raise_for_status()` | [`error_for_status`](Response::error_for_status) |
//! | `client.stream("GET", url)` | `client.get(url)`[`.stream()`](RequestBuilder::stream) |
//! | `iter_bytes()`, `iter_lines()`, `iter_raw()` | [`chunk`](Response::chunk), [`lines`](Response::lines), `chunk` with [`decompress(false)`](RequestBuilder::decompress) |
//! | `follow_redirects=False`, the default | redirects are followed, unless [`max_redirects(0)`](ClientBuilder::max_redirects) is set |
//! | `proxy=url`, `trust_env=False` | [`proxy`](ClientBuilder::proxy), [`no_proxy`](ClientBuilder::no_proxy) |
//! | `AsyncClient` | [`ahttpx::Client`] |
//!
//! # Not supported
//!
//! HTTP/2, HTTP/3, and the authentication schemes NTLM and Negotiate. Proxy auto-configuration (PAC), the proxy settings of the operating system,
//! and digest and NTLM authentication of proxies. HTTP/1.0 requests are not sent; HTTP/1.0 responses are read.
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
//! - `cache`: a client can [cache](cache) responses by RFC 9111, in memory or in a directory. The feature alone changes
//!   nothing: [`ClientBuilder::cache`] turns it on.
//! - `gzip`: responses with the content coding gzip or deflate are decoded. Without it, a client asks for none.
//! - `br` and `zstd`: responses with these content codings (Brotli, Zstandard) are decoded, and
//!   [`accept_encodings`](ClientBuilder::accept_encodings) asks for them. `zstd` builds libzstd, which needs a C compiler.
//! - `charset`: `text()` knows every charset of the Encoding Standard.
//! - `json`: [`Json`] and [`JsonLines`](models::JsonLines) contents, [`Response::json`], [`Response::json_lines`], and
//!   [`QueryParams::from_serialize`].
//! - `mime-guess`: a [`File`](models::File) takes its media type from its name, such as `application/pdf` for `a.pdf`.
//! - `digest`: digest authentication (RFC 7616): `auth::Digest`, and `digest_auth` of clients and requests.
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
#[doc(hidden)]
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
