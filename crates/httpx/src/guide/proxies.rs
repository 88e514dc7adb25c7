//! Proxies: from the environment, for a client, for one request.
//!
//! A client reads the environment when it is built: `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`, in upper or
//! lower case ([details](crate::network::ConnectOptions::proxy_from_env)). It uses no proxy for `localhost` and loopback
//! addresses. A client with proxies of its own ignores the environment:
//!
//! ```
//! use httpx::Client;
//! use httpx::network::Proxy;
//!
//! let proxy = Proxy::all("http://proxy.example:3128")?.basic_auth("ann", "s3cret")?.no_proxy("localhost, .corp.example");
//! let client = Client::builder().proxy(proxy).build()?;
//!
//! let direct = client.get("https://www.example.org").no_proxy(); // this request goes direct
//! let client = Client::builder().no_proxy().build()?; // all requests go direct
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! [`Proxy::http`](crate::network::Proxy::http) and [`Proxy::https`](crate::network::Proxy::https) are for URLs of one
//! scheme. If several proxies are set, the first one that applies is used. [`proxy_by`](crate::ClientBuilder::proxy_by)
//! chooses by a function:
//!
//! ```
//! use httpx::network::Proxy;
//!
//! let tor = Proxy::all("socks5h://127.0.0.1:9050")?;
//! let client = httpx::Client::builder()
//!     .proxy_by(move |url| url.host().is_some_and(|host| host.ends_with(".onion")).then(|| tor.clone()))
//!     .build()?;
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Kinds of proxies
//!
//! | URL of the proxy | protocol | who looks up names |
//! | --- | --- | --- |
//! | `http://proxy:3128`, `proxy:3128` | HTTP | the proxy |
//! | `https://proxy` | HTTP over TLS | the proxy |
//! | `socks5://proxy` | SOCKS5 | this client |
//! | `socks5h://proxy` | SOCKS5 | the proxy |
//! | `socks4://proxy`, `socks4a://proxy` | SOCKS4, SOCKS4a | this client, the proxy |
//!
//! A request to an `https` URL goes through a tunnel: the proxy learns the host and the port, and nothing else. An HTTP
//! proxy forwards a request to an `http` URL, and can read all of it:
//!
//! ```
//! # use httpx::testing::{Reply, TestServer};
//! # let server = TestServer::new(|request| Reply::text(request.url().as_str()))?;
//! # let proxy_url = server.url("");
//! use httpx::network::Proxy;
//!
//! let client = httpx::Client::builder().proxy(Proxy::all(&proxy_url)?).build()?;
//! let response = client.get("http://www.example.com/hello").send()?; // the proxy of this example answers with the URL
//! assert_eq!(response.text(), "http://www.example.com/hello");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Errors
//!
//! - The proxy refuses a tunnel: kind `Proxy`. [`status`](crate::Error::status) is that of the proxy, such as 407 if it
//!   wants other credentials. With the feature `digest`, [`digest_auth`](crate::network::Proxy::digest_auth) answers its
//!   digest challenges.
//! - The proxy cannot be reached: kind `Connect`, and the text names the proxy.
//! - The proxy forwards, and answers itself: a response, such as a 502.
//!
//! The credentials of a proxy never go to the server, and no error or log shows them.
//!
//! For your own tunnel through a proxy, use [`Client::tunnel`](crate::Client::tunnel).
//!
//! Async: all of this is the same.
