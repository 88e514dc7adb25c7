//! Responses: status, headers, body, and where the response came from.
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/").reply(Reply::text("Hello, world").header("X-Id", "1"));
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! let response = client.get("https://www.example.com").send()?;
//! assert!(response.status().is_success());
//! assert_eq!(response.status(), 200);
//! assert_eq!(response.headers().get("X-Id").unwrap(), "1");
//! assert_eq!(response.text(), "Hello, world");
//! assert_eq!(format!("{response:?}"), "<Response [200 OK]>"); // {:#?} also shows the headers, without secrets
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # The body
//!
//! After `send` the body is in memory:
//!
//! | call | returns |
//! | --- | --- |
//! | [`text`](crate::Response::text) | text in the charset of the response; malformed bytes become U+FFFD |
//! | [`text_strict`](crate::Response::text_strict) | the same; malformed bytes are an error |
//! | [`json`](crate::Response::json) | any type that implements `Deserialize`; an error names the field and the line |
//! | [`bytes`](crate::Response::bytes), [`into_bytes`](crate::Response::into_bytes) | the bytes, after decoding gzip and the like |
//!
//! After `stream` the body has not been read yet: see [streaming](super::streaming).
//!
//! # More about a response
//!
//! | call | returns |
//! | --- | --- |
//! | [`media_type`](crate::Response::media_type) | the `Content-Type`, parsed |
//! | [`url`](crate::Response::url), [`history`](crate::Response::history) | the last URL, and the redirects that led there |
//! | [`link`](crate::Response::link), [`links`](crate::Response::links) | the `Link` headers |
//! | [`cookies`](crate::Response::cookies) | the cookies that this response sets |
//! | [`attempts`](crate::Response::attempts) | the earlier attempts, if there were [retries](super::retries) |
//! | [`from_cache`](crate::Response::from_cache) | whether a [cache](super::caching) answered |
//! | [`elapsed`](crate::Response::elapsed), [`timings`](crate::Response::timings) | the time until the head, and of each step |
//! | [`connection`](crate::Response::connection), [`tls`](crate::Response::tls) | the connection, and its TLS parameters |
//! | [`trailers`](crate::Response::trailers) | the fields after the body |
//!
//! Redirects:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/old").reply(Reply::new(301).header("Location", "/new"));
//! # mock.get("/new").reply(200);
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! let response = client.get("https://www.example.com/old").send()?;
//! assert_eq!(response.url().unwrap().path(), "/new");
//! assert_eq!(response.history()[0].status(), 301);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # A list in pages
//!
//! Many APIs return a list in pages, each with a link to the next one (RFC 8288). [`link`](crate::Response::link) returns
//! an absolute URL:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items").query("page", "2").reply(Reply::json(&["c"]));
//! # mock.get("/items").reply(Reply::json(&["a", "b"]).header("Link", "</items?page=2>; rel=\"next\""));
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! use httpx::Url;
//!
//! let mut items: Vec<String> = Vec::new();
//! let mut next = Some(Url::parse("https://api.example.com/items")?);
//! while let Some(url) = next {
//!     let response = client.get(url).send()?.error_for_status()?;
//!     items.extend(response.json::<Vec<String>>()?);
//!     next = response.link("next");
//! }
//! assert_eq!(items, ["a", "b", "c"]);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Async: all of this is the same. After `send().await` nothing else waits.
