//! Testing: programs that use this client, without the network.
//!
//! Let your code take a [`Client`](crate::Client), or a [`ClientBuilder`](crate::ClientBuilder) with your settings. A test
//! gives it one with another [`transport`](crate::ClientBuilder::transport):
//!
//! | to test | use |
//! | --- | --- |
//! | what your code asks, and what it does with the answers | a [`Mock`](crate::testing::Mock) |
//! | the same, with one closure for all requests | a [`MockTransport`](crate::network::MockTransport) |
//! | your code with real answers of a server | a [`Recorder`](crate::testing::Recorder), later a [`Player`](crate::testing::Player) |
//! | real connections: TLS, redirects to other ports, broken bytes | a [`TestServer`](crate::testing::TestServer) |
//! | connections without sockets | the network in [`memory`](crate::network::memory), with [faults](crate::network::memory::MemoryFaults) |
//!
//! All but `MockTransport` and `memory` need the feature `testing`, which belongs in `[dev-dependencies]`:
//!
//! ```toml
//! [dev-dependencies]
//! httpx = { path = "../httpx/crates/httpx", features = ["testing"] }
//! ```
//!
//! # Mocks
//!
//! ```
//! use httpx::testing::{Fault, Mock, Reply};
//! use httpx::{Client, Result};
//!
//! /// The code under test.
//! fn name_of(client: &Client, id: u32) -> Result<String> {
//!     client.get("https://api.example.com/users").segments([id]).send()?.error_for_status()?.json()
//! }
//!
//! let mock = Mock::new();
//! mock.get("/users/{id}").header("Accept", "application/json").reply(Reply::json("Ann")).expect(1);
//! let client = Client::builder().header("Accept", "application/json").transport(mock.clone()).build()?;
//! assert_eq!(name_of(&client, 7)?, "Ann");
//! assert_eq!(mock.requests()[0].url().path(), "/users/7");
//!
//! let mock = Mock::new();
//! mock.get("/users/7").reply(503).reply(Fault::Reset).reply(Reply::json("Ann").cut_after(2));
//! let client = Client::builder().transport(mock).build()?;
//! assert_eq!(name_of(&client, 7).unwrap_err().status().unwrap(), 503);
//! assert!(name_of(&client, 7).unwrap_err().is_transient()); // the connection was reset
//! assert!(name_of(&client, 7).is_err()); // the body was cut short
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! When the mock is dropped, it checks its expectations. If one is not met, it panics with a list of differences, and the
//! test fails. [`reply_with`](crate::testing::Route::reply_with) computes an answer from the request.
//! [`Fault::Timeout`](crate::testing::Fault::Timeout) tests a timeout without a wait.
//!
//! Tests should not wait. Retries do not pause with [`base_delay(Duration::ZERO)`](crate::retry::Retry::base_delay), and with a
//! `Retry-After` of 0. A token that expires in 0 s is fetched for each call. Give a test a high rate limit. A paused clock of
//! tokio skips the pauses of retries, but tokens, caches and rate limits read the clock of the system.
//!
//! A closure needs no feature:
//!
//! ```
//! use httpx::network::MockTransport;
//! use httpx::{Response, Text};
//!
//! let mock = MockTransport::new(|request| Response::new(200, Text(request.url().path().to_owned())));
//! let client = httpx::Client::builder().transport(mock).build()?;
//! assert_eq!(client.get("https://www.example.com/hello").send()?.text(), "/hello");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Recorded answers
//!
//! A `Recorder` writes what goes through a transport to a text file. If the file exists, it plays the file instead:
//!
//! ```
//! # let path = std::env::temp_dir().join(format!("httpx-guide-recorder-{}.txt", std::process::id()));
//! # let pool = httpx::testing::Mock::new();
//! # pool.get("/greet").reply(httpx::testing::Reply::text("Hello"));
//! use httpx::testing::Recorder;
//!
//! let recorder = Recorder::new(&path, pool)?; // `pool` is a `ConnectionPool`
//! let client = httpx::Client::builder().transport(recorder).build()?;
//! assert_eq!(client.get("https://api.example.com/greet").send()?.text(), "Hello");
//! # drop(client);
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! `HTTPX_RECORD=all` in the environment records again. **Tokens in bodies are written**, unless you hide them: a
//! [`Cassette`](crate::testing::Cassette) has [`hide_param`](crate::testing::Cassette::hide_param) for forms and queries, and
//! [`filter_response`](crate::testing::Cassette::filter_response) for the rest.
//!
//! # A real server
//!
//! ```
//! use httpx::testing::{Reply, Script, TestServer};
//!
//! let server = TestServer::builder().tls().serve(|_| Reply::text("Hello"))?;
//! let client = httpx::Client::builder().tls(server.tls_config()).build()?;
//! assert_eq!(client.get(server.url("/")).send()?.text(), "Hello");
//!
//! let broken = Script::new().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").cut();
//! let server = TestServer::scripts([broken])?;
//! assert_eq!(httpx::get(server.url("/")).send().unwrap_err().kind(), httpx::ErrorKind::Incomplete);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The server listens on a free port of loopback, and ends when it is dropped.
//!
//! Async: `Mock`, `Recorder` and `TestServer` serve both flavours. `MockTransport` is in [`ahttpx::network`](crate::ahttpx::network) too.
