//! Security: what is on by default, and what you must turn on.
//!
//! The client treats the server as hostile. Your program decides which URLs it fetches, for whom, and with which secrets.
//!
//! # On by default
//!
//! | threat | protection |
//! | --- | --- |
//! | a server that never ends its response | [timeouts](super::timeouts); the total one is off |
//! | endless heads, headers, trailers | 64 KiB and 256 headers: [`Limits`](crate::network::Limits) |
//! | a body that fills the memory, compressed or not | 100 MiB after decoding, for bodies that `send` reads |
//! | endless redirects; a redirect from https to http | 20 redirects; an error |
//! | a forged or expired certificate | verified against Mozilla's roots and the host's name |
//! | a response that two programs read in two ways | an error of kind `Protocol` |
//! | a header, path or form field that breaks out of its place | names and values are checked, and paths encoded |
//! | cookies for `co.uk`, or thousands of them | refused: see [cookies](super::cookies) |
//!
//! No crate of the project contains `unsafe` code. The feature `zstd` links a C library.
//!
//! # URLs from users
//!
//! If users choose URLs, they can make your server send requests to itself or to your internal network (SSRF). **Turn on
//! the address filter**, and turn off proxies, which look up names out of its sight:
//!
//! ```
//! use std::time::Duration;
//! use httpx::network::PublicOnly;
//! use httpx::{Client, ErrorKind};
//!
//! let client = Client::builder()
//!     .address_filter(PublicOnly::new())
//!     .no_proxy()
//!     .no_cookies()
//!     .timeout(Duration::from_secs(30))
//!     .max_body_bytes(10 << 20)
//!     .build()?;
//!
//! for url in ["http://127.0.0.1/admin", "http://169.254.169.254/latest/meta-data", "http://localhost/"] {
//!     assert_eq!(client.get(url).send().unwrap_err().kind(), ErrorKind::AddressRefused);
//! }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The filter sees each address after its lookup, also after a redirect, so no name can hide it.
//!
//! # Secrets
//!
//! - Give a client with credentials a **base URL**. They then go to its origin only, also if a request names another host.
//! - Use `bearer_auth`, `basic_auth` or [`secret_header`](crate::ClientBuilder::secret_header). A redirect to another origin
//!   drops them, and `Debug`, errors and logs do not show them. **A secret in a plain `header` goes along.**
//! - Put no secret in a URL. Errors show the query. [`logging`](crate::logging) hides only parameters whose names look like
//!   secrets.
//!
//! ```
//! let client = httpx::Client::builder().url("https://api.example.com").bearer_auth("token").build()?;
//! assert!(client.get("/items").build()?.headers().contains("Authorization"));
//! assert!(!client.get("https://other.example/").build()?.headers().contains("Authorization"));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Several users
//!
//! Requests of one client share cookies, and a [cache](super::caching) shares responses. Give each user a jar and a cache,
//! or use neither. To keep a server from linking two identities, give each one a client with its own `TlsConfig`: a resumed
//! TLS session links them.
//!
//! # Data from the server
//!
//! - A streamed body has no limit. Count its bytes; `save_to` does not.
//! - Do not use a file name from the server as a path.
//! - Do not save downloads with [`resume_to`](crate::RequestBuilder::resume_to) in a directory where others can write.
//! - Do not make a [`File`](crate::models::File) from a path that a user chooses: it is read and sent.
//!
//! The file `SECURITY.md` of the repository tells more, and how to report a weakness.
