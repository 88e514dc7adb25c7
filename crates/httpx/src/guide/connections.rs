//! Connections: the pool, names and addresses, Unix sockets, and what happened when.
//!
//! A client keeps the connections that it opens, and uses them again. It closes idle ones after 15 s. Before it uses a
//! kept connection, it checks whether the server has closed it.
//!
//! ```
//! # use httpx::testing::TestServer;
//! use std::time::Duration;
//! use httpx::Client;
//!
//! let client = Client::builder()
//!     .max_connections(20) // in use and idle together; 100 by default
//!     .max_connections_per_origin(6) // no limit by default
//!     .idle_timeout(Duration::from_secs(60))
//!     .build()?;
//!
//! # let server = TestServer::new(|_| 200)?;
//! # let url = server.url("/");
//! client.connect(&url)?; // opens a connection in advance; no need to call it
//! assert!(client.get(&url).send()?.is_reused());
//! let stats = client.stats();
//! assert_eq!((stats.opened, stats.reused, stats.idle), (1, 1, 1));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A request that finds no free connection waits, up to the `pool` timeout. A connection is free again when the body of
//! its response has been read to the end.
//!
//! # Names and addresses
//!
//! Names are looked up by the system, and kept for 30 s. If a name has several addresses, the client tries the next one
//! after 250 ms (Happy Eyeballs, RFC 8305).
//!
//! ```
//! # use httpx::testing::TestServer;
//! # let server = TestServer::new(|request| httpx::testing::Reply::text(request.headers().get("Host").unwrap().to_str().unwrap()))?;
//! # let address = server.address();
//! // Requests to this host go to this address. The `Host` header and TLS keep the name.
//! let client = httpx::Client::builder().resolve("api.example.com", [address]).build()?;
//! # let client = httpx::Client::builder().no_proxy().resolve("api.example.com", [address]).build()?;
//! assert_eq!(client.get("http://api.example.com/").send()?.text(), "api.example.com");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! | to change | call |
//! | --- | --- |
//! | the lookup of names | [`resolver`](crate::ClientBuilder::resolver) with your [`Resolver`](crate::network::Resolver) |
//! | how long names are kept | [`backend`](crate::ClientBuilder::backend) with [`TcpBackend::dns_cache`](crate::network::TcpBackend::dns_cache) |
//! | which addresses are allowed | [`address_filter`](crate::ClientBuilder::address_filter): see [security](super::security) |
//! | the local address, the interface, TCP keep-alive, buffers | [`connect_options`](crate::ClientBuilder::connect_options) |
//! | everything | [`backend`](crate::ClientBuilder::backend) with your [`NetworkBackend`](crate::network::NetworkBackend) |
//!
//! # Unix sockets
//!
//! ```no_run
//! let docker = httpx::Client::builder().unix_socket("/var/run/docker.sock").url("http://docker/").build()?;
//! println!("{}", docker.get("version").send()?.text());
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Where the time goes
//!
//! A response reports the time of each step. An [`Observer`](crate::network::Observer) receives each step as it happens:
//!
//! ```
//! # let server = httpx::testing::TestServer::new(|_| 200)?;
//! # let url = server.url("/");
//! use httpx::network::Event;
//!
//! let print = |event: &Event<'_>| match event {
//!     Event::ConnectEnded { address, duration, .. } => println!("connected to {address} in {duration:?}"),
//!     Event::ConnectionClosed { connection, cause, .. } => println!("connection {connection} closed: {cause}"),
//!     _ => {}
//! };
//! let client = httpx::Client::builder().observer(print).build()?;
//! let response = client.get(url).send()?;
//! let timings = response.timings().expect("it came over a connection");
//! println!("connect {:?}, TLS {:?}, first byte {:?}", timings.connect, timings.tls, timings.first_byte);
//! # assert!(timings.connect.is_some());
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The feature `tracing` has an observer that makes spans. [Logging](super::logging) writes a line for each request.
//! [`har`](crate::har) records requests and responses in the format of the network panel of a browser.
//! [`to_curl`](crate::RequestBuilder::to_curl) returns a request as a command of curl.
//!
//! # Other protocols
//!
//! [`upgrade`](crate::RequestBuilder::upgrade) switches a connection to another protocol, such as WebSocket.
//! [`tunnel`](crate::Client::tunnel) asks a proxy for a tunnel. [`into_upgraded`](crate::Response::into_upgraded) returns
//! the stream of both. A [`Connection`](crate::network::Connection) sends requests over one connection, without a pool.
//!
//! Async: the same settings; resolvers and backends are those of [`ahttpx::network`](crate::ahttpx::network).
