//! Performance: what a request costs, and how to keep it low.
//!
//! The tests of this project measure these costs at each change, and fail if a cost grows (`scripts/cost.sh`). They are for
//! a small GET to a server on the same Linux machine:
//!
//! | | blocking | async |
//! | --- | --- | --- |
//! | over a kept connection: system calls | 3 | 4 |
//! | allocations | 6 | 6 |
//! | instructions of the program | at most 12,450 | at most 15,870 |
//! | over a new connection: instructions | at most 32,000 | at most 41,000 |
//! | with a full TLS handshake | at most 2,670,000 | at most 2,690,000 |
//! | with a resumed TLS session | at most 1,195,000 | at most 1,213,000 |
//!
//! A program that streams a body of 1 GiB, plain or gzip, needs at most 8 MiB of memory in all.
//!
//! # Keep connections
//!
//! The table shows what is expensive: a new connection, and most of all its TLS handshake. Both also wait for the network.
//!
//! - **Make one client**, and clone it. A client for each request makes a connection for each request.
//! - **Read each body to its end**, or use `send`, which does it. Only then is the connection free for the next request.
//! - Raise [`idle_timeout`](crate::ClientBuilder::idle_timeout) if requests come more than 15 s apart, and the server keeps
//!   connections for longer.
//! - Call [`connect`](crate::Client::connect) at the start, if the first request must be fast.
//! - Use one [`TlsConfig`](crate::tls::TlsConfig) for all requests: connections and sessions of two configurations are not
//!   shared.
//!
//! [`Client::stats`](crate::Client::stats) tells whether it works:
//!
//! ```
//! # let server = httpx::testing::TestServer::new(|_| 200)?;
//! # let url = server.url("/");
//! let client = httpx::Client::new();
//! for _ in 0..10 {
//!     client.get(&url).send()?;
//! }
//! let stats = client.stats();
//! assert_eq!((stats.opened, stats.reused), (1, 9));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Many requests at once
//!
//! HTTP/1.1 needs a connection for each request under way. A client opens at most 100; more requests wait. Raise
//! [`max_connections`](crate::ClientBuilder::max_connections) if your servers can take more.
//!
//! ```
//! # let server = httpx::testing::TestServer::new(|_| httpx::testing::Reply::text("ok"))?;
//! # let urls = [server.url("/1"), server.url("/2"), server.url("/3")];
//! # let client = httpx::Client::new();
//! let texts: Vec<String> = std::thread::scope(|scope| {
//!     let requests = urls.iter().map(|url| client.get(url));
//!     let calls: Vec<_> = requests.map(|request| scope.spawn(|| request.send())).collect();
//!     calls.into_iter().map(|call| Ok(call.join().expect("it does not panic")?.into_text())).collect::<httpx::Result<_>>()
//! })?;
//! assert_eq!(texts.len(), 3);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! For hundreds of requests at once, use the async flavour: a task is smaller than a thread.
//!
//! ```
//! # use httpx::ahttpx::Client;
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> httpx::Result<()> {
//! # let server = httpx::testing::TestServer::new(|_| 200)?;
//! # let urls = [server.url("/1"), server.url("/2"), server.url("/3")];
//! # let client = Client::new();
//! use futures_util::future::try_join_all;
//!
//! let responses = try_join_all(urls.iter().map(|url| client.get(url).send())).await?;
//! assert_eq!(responses.len(), 3);
//! # Ok(())
//! # }
//! ```
//!
//! # Large bodies
//!
//! - [`stream`](crate::RequestBuilder::stream) them. `send` holds the whole body in memory.
//! - Use [`save_to`](crate::Response::save_to), [`copy_to`](crate::Response::copy_to) or
//!   [`chunk`](crate::Response::chunk). If you call `read`, give it a large buffer, such as 64 KiB.
//! - Send a [`File`](crate::models::File), not the bytes of a file.
//! - Ask for compressed bodies where the network is slow; `Accept-Encoding: gzip` is the default. Ask for none
//!   (`accept_encodings([])`) where it is fast and the CPU is busy.
//!
//! # Layers
//!
//! What you do not turn on costs nothing: retries, a cache, an observer, logging. An observer is called on the thread of
//! the request, so it must be quick.
//!
//! Async: never call the blocking client in a task. It blocks the thread, and all other tasks on it.
