//! Tools for tests of programs that use this client (feature `testing`).
//!
//! ```toml
//! [dev-dependencies]
//! httpx = { version = "0.1", features = ["testing"] }
//! ```
//!
//! # Which tool when
//!
//! | your test | use |
//! | --- | --- |
//! | checks what your code asks, and what it does with answers and failures | [`Mock`]: a transport with routes and expectations |
//! | answers everything by one closure, without this feature | [`MockTransport`](crate::network::MockTransport) |
//! | needs a URL for a program that makes its own client, or real connections | [`TestServer`]: a real server on loopback |
//! | needs bytes that no good server sends | [`TestServer::scripts`] with a [`Script`] |
//! | needs the answers of a real service, without that service | [`Recorder`], and later [`Player`] |
//! | needs the pool and the codec, but no sockets; a network that splits, holds and cuts on command | [`memory`] with [`MemoryFaults`](memory::MemoryFaults) |
//!
//! A mock, a player and a recorder are transports: give them to
//! [`ClientBuilder::transport`](crate::ClientBuilder). The client above them is the real one: redirects, cookies, base URL and
//! layers work. The pool, TLS and proxies do not take part; for these use a server or the network in memory.
//!
//! All tools serve both flavours.
//!
//! # A mock
//!
//! ```
//! # #[cfg(feature = "blocking")] {
//! use httpx::testing::{Fault, Mock, Reply};
//! use httpx::{Client, ErrorKind};
//!
//! let mock = Mock::new();
//! mock.get("/users/{id}").reply(Reply::text("Ann")).expect(1);
//! mock.post("/users").form([("name", "Bob")]).reply(503).reply(201);
//! mock.delete("/users/{id}").reply(Fault::Reset);
//!
//! let client = Client::builder().url("https://api.example.com").transport(mock.clone()).build()?;
//! assert_eq!(client.get("/users/7").send()?.text(), "Ann");
//! assert_eq!(client.post("/users").form([("name", "Bob")]).send()?.status(), 503);
//! assert_eq!(client.post("/users").form([("name", "Bob")]).send()?.status(), 201);
//! assert_eq!(client.delete("/users/7").send().unwrap_err().kind(), ErrorKind::Io);
//! assert_eq!(mock.requests().len(), 4);
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The same in the async flavour:
//!
//! ```
//! # #[cfg(feature = "async")] {
//! use httpx::ahttpx::Client;
//! use httpx::testing::{Mock, Reply};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! let mock = Mock::new();
//! mock.get("/users/{id}").reply(Reply::text("Ann")).expect(1);
//!
//! let client = Client::builder().url("https://api.example.com").transport(mock.clone()).build()?;
//! assert_eq!(client.get("/users/7").send().await?.text(), "Ann");
//! # Ok(())
//! # }
//! # main().unwrap();
//! # }
//! ```
//!
//! A test fails when the mock is dropped and a route was not called as it [expects](Route::expect):
//!
//! ```text
//! the mock was not called as expected:
//! - expected GET /users/{id} once, got 0 requests (tests/users.rs:12:10)
//! requests that matched no route:
//! - GET https://api.example.com/user/7
//!   nearest route: GET /users/{id}: the path is /user/7, not /users/{id}
//! ```
//!
//! # A server
//!
//! ```
//! # #[cfg(all(feature = "blocking", feature = "async"))] {
//! use httpx::ahttpx;
//! use httpx::testing::{Reply, TestServer};
//!
//! let server = TestServer::new(|request| Reply::text(format!("{} {}", request.method(), request.url().path())))?;
//! assert_eq!(httpx::get(server.url("/a")).send()?.text(), "GET /a");
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn call(server: TestServer) -> httpx::Result<()> {
//! assert_eq!(ahttpx::put(server.url("/b")).send().await?.text(), "PUT /b");
//! # Ok(())
//! # }
//! # call(server)?;
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Recorded exchanges
//!
//! The first run sends the requests and writes the file. Later runs need no network. `HTTPX_RECORD=all` records again.
//!
//! ```no_run
//! # #[cfg(feature = "blocking")] {
//! use httpx::testing::Recorder;
//! use httpx::{Client, ConnectionPool};
//!
//! let recorder = Recorder::new("tests/cassettes/users.txt", ConnectionPool::new())?;
//! let client = Client::builder().transport(recorder).build()?;
//! let users = client.get("https://api.example.com/users").send()?;
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! ```no_run
//! # #[cfg(feature = "async")] {
//! use httpx::ahttpx::{Client, ConnectionPool};
//! use httpx::testing::Recorder;
//!
//! # async fn run() -> httpx::Result<()> {
//! let recorder = Recorder::new("tests/cassettes/users.txt", ConnectionPool::new())?;
//! let client = Client::builder().transport(recorder).build()?;
//! let users = client.get("https://api.example.com/users").send().await?;
//! # Ok(())
//! # }
//! # }
//! ```
//!
//! # A network in memory
//!
//! The whole client runs, and the test is the network:
//!
//! ```
//! # #[cfg(feature = "blocking")] {
//! use std::thread;
//!
//! use httpx::network::NetworkStream;
//! use httpx::testing::memory;
//! use httpx::{Client, ErrorKind};
//!
//! let (network, servers) = memory::network();
//! let faults = network.faults();
//! let server = thread::spawn(move || {
//!     while let Some((_, mut stream)) = servers.accept() {
//!         stream.read(&mut [0; 4096], None).unwrap();
//!         stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", None).unwrap();
//!     }
//! });
//! let client = Client::builder().backend(network).build()?;
//! assert_eq!(client.get("http://api.example.com/").send()?.text(), "hello");
//!
//! faults.reset_after_received(40); // in the middle of the next body
//! assert_eq!(client.get("http://api.example.com/").send().unwrap_err().kind(), ErrorKind::Incomplete);
//! drop(client);
//! server.join().unwrap();
//! # }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! An async client takes the same backend, by `ahttpx::Client::builder().backend(network)`; the server in the thread stays as
//! it is.

#[cfg(feature = "async")]
mod ahttpx;
#[cfg(feature = "blocking")]
mod blocking;
mod cassette;
mod delivery;
mod fault;
mod kept_requests;
mod mock;
mod reply;
mod server;

pub use cassette::{Cassette, Player, RecordMode, Recorder};
pub use fault::Fault;
#[doc(no_inline)]
pub use httpx_pool::memory;
pub use mock::{Mock, PathParams, Route, Times};
pub use reply::Reply;
pub use server::{Script, TestServer, TestServerBuilder};
