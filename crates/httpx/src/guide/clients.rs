//! Clients: one for the whole program, with a base URL, headers and limits.
//!
//! A [`Client`](crate::Client) keeps connections, TLS sessions and cookies. Make it once. A clone is cheap and is the same
//! client; all threads can use it at the same time. When the last clone is dropped, its connections are closed.
//!
//! ```
//! use std::time::Duration;
//! use httpx::Client;
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("https://api.example.com/v1/items").header("User-Agent", "my-tool/1.0").reply(Reply::text("a pen"));
//!
//! let client = Client::builder()
//!     .url("https://api.example.com/v1/") // the base URL
//!     .user_agent("my-tool/1.0")
//!     .header("Accept", "application/json")
//!     .bearer_auth("token")
//!     .timeout(Duration::from_secs(60)) // of the whole call
//! #   .transport(mock)
//!     .build()?;
//!
//! let response = client.get("items").send()?; // https://api.example.com/v1/items
//! assert_eq!(response.text(), "a pen");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A **base URL ends in a slash**, and paths below it begin without one: see [urls](super::urls). Credentials of the
//! client go to the origin of the base URL only.
//!
//! Each setting of a client has a default, which its documentation states. A request can change most settings for itself:
//!
//! ```
//! use std::time::Duration;
//! # let client = httpx::Client::builder().transport(httpx::testing::Mock::new()).build()?;
//! let request = client.get("https://www.example.com/report").timeout(Duration::from_secs(600)).max_redirects(0);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # A client for a service
//!
//! **All requests of a client share its cookies.** A service that acts for several users turns them off, or gives each
//! user a jar: see [cookies](super::cookies). A global client is a `static`:
//!
//! ```
//! use std::sync::LazyLock;
//! use httpx::Client;
//!
//! static CLIENT: LazyLock<Client> =
//!     LazyLock::new(|| Client::builder().no_cookies().build().expect("the settings agree"));
//!
//! println!("{:?}", *CLIENT); // <Client [0 active]>
//! ```
//!
//! The functions [`httpx::get`](crate::get()), [`post`](crate::post) and so on use such a client: one pool for the whole
//! process, default settings, no cookies. A library takes a `Client` from its caller.
//!
//! # Layers
//!
//! A layer sees each request and each response. This crate has layers for [retries](super::retries),
//! [authentication](super::authentication), [caching](super::caching), [limits](crate::limit) and
//! [logging](super::logging). Your own layer is a [`Flow`](crate::flow::Flow), which serves both flavours:
//!
//! ```
//! use httpx::flow::{Clock, Flow, RequestHead};
//! use httpx::logging::Logging;
//! # let mock = httpx::testing::Mock::new();
//! # mock.get("/").header("X-Team", "red").reply(204);
//!
//! struct Tagged;
//!
//! impl Flow for Tagged {
//!     type Call = ();
//!
//!     fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> httpx::Result<()> {
//!         Ok(request.headers_mut().set("X-Team", "red")?)
//!     }
//! }
//!
//! let client = httpx::Client::builder()
//!     .layer(Tagged) // sees each call once
//!     .network_layer(Logging::stderr()) // sees each step of a redirect
//! #   .transport(mock)
//!     .build()?;
//! assert_eq!(client.get("https://www.example.com").send()?.status(), 204);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A request passes them from top to bottom:
//!
//! | place | sees |
//! | --- | --- |
//! | [`retry`](crate::ClientBuilder::retry) | each call |
//! | [`layer`](crate::ClientBuilder::layer), in the order of the calls | each attempt |
//! | redirects, then cookies | |
//! | [`auth`](crate::ClientBuilder::auth), [`cache`](crate::ClientBuilder::cache), [`network_layer`](crate::ClientBuilder::network_layer), in the order of the calls | each request that is sent |
//! | [`transport`](crate::ClientBuilder::transport), or the connection pool | |
//!
//! So a client with all of them is built in this order:
//!
//! ```
//! # use std::time::Duration;
//! # use httpx::cache::Cache;
//! # use httpx::limit::RateLimit;
//! # use httpx::logging::Logging;
//! # use httpx::retry::Retry;
//! # let auth = httpx::auth::Netrc::parse("")?;
//! let client = httpx::Client::builder()
//!     .retry(Retry::new())
//!     .auth(auth) // a `TokenAuth`, for example
//!     .cache(Cache::in_memory()) // sees the headers of `auth`
//!     .network_layer(RateLimit::new(10, Duration::from_secs(1))) // does not count what the cache answers
//!     .network_layer(Logging::stderr()) // after the wait for the limit; also the requests for tokens
//!     .build()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Settings for both flavours
//!
//! ```
//! use httpx::{ClientBuilder, RequestSender};
//!
//! fn configured<C: RequestSender>(builder: ClientBuilder<C>) -> ClientBuilder<C> {
//!     builder.url("https://api.example.com/v1/").user_agent("my-tool/1.0")
//! }
//!
//! let blocking = configured(httpx::Client::builder()).build()?;
//! let client = configured(httpx::ahttpx::Client::builder()).build()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Async: [`ahttpx::Client`](crate::ahttpx::Client) has the same builder. `close` is awaited.
