//! Headers: which ones are sent, how to set them, how to read them.
//!
//! A client sends these by default: `Accept: */*`, `Accept-Encoding: gzip`, `Connection: keep-alive` and
//! `User-Agent: rust-httpx/…`. The headers of a client come first; those of the request replace them, name by name:
//!
//! ```
//! let client = httpx::Client::builder()
//!     .header("Accept", "application/json") // replaces the default
//!     .add_headers([("X-Team", "red"), ("X-Tool", "my-tool")])
//!     .build()?;
//!
//! let request = client
//!     .get("https://www.example.com")
//!     .header("Accept", "text/csv") // replaces that of the client
//!     .without_header("X-Tool")
//!     .build()?;
//!
//! assert_eq!(request.headers().get("Accept").unwrap(), "text/csv");
//! assert_eq!(request.headers().get("x-team").unwrap(), "red"); // a lookup ignores case
//! assert!(!request.headers().contains("X-Tool"));
//! assert!(request.headers().contains("User-Agent"));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! [`ClientBuilder::headers`](crate::ClientBuilder::headers) replaces all headers of the client, the default ones too.
//! `Host`, `Content-Length` and `Transfer-Encoding` are set for you.
//!
//! # Secrets
//!
//! A header with a key or a token belongs in [`secret_header`](crate::ClientBuilder::secret_header). `Debug` and logs do
//! not show it, and a redirect to another origin drops it:
//!
//! ```
//! let request = httpx::get("https://www.example.com").secret_header("X-Api-Key", "5f1c").build()?;
//! assert!(format!("{:?}", request.headers()).contains(r#""X-Api-Key": [secret]"#));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Reading headers
//!
//! [`Headers`](crate::Headers) is a map that keeps the order and the case of its lines. A name can occur several times:
//!
//! ```
//! use httpx::{Headers, headers};
//!
//! let mut headers = headers![("Via", "1.1 a, 1.1 b"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")];
//! assert_eq!(headers.get("Set-Cookie").unwrap(), "a=1"); // the first line
//! assert_eq!(headers.get_all("Set-Cookie").count(), 2); // all lines
//! assert!(headers.get_list("Via").eq(["1.1 a", "1.1 b"])); // the elements of a list
//!
//! headers.set("Via", "1.1 c")?; // replaces all lines of the name
//! headers.append("X-Id", 7)?; // adds a line
//! for (name, value) in headers.iter() {
//!     println!("{name}: {}", value.to_str().unwrap_or("(not text)"));
//! }
//!
//! assert!(headers.set("X-Id", "7\r\nX-Evil: 1").is_err()); // no value can add a line
//! # Ok::<(), httpx::models::InvalidHeader>(())
//! ```
//!
//! [`headers!`](crate::headers) checks names and values when the program is compiled. `Headers::try_from` takes pairs that
//! are known only when it runs. A value is bytes; [`to_str`](crate::models::HeaderValue::to_str) returns it as text.
//!
//! Some headers have methods of their own on a response: [`media_type`](crate::Response::media_type),
//! [`content_length`](crate::Response::content_length), [`links`](crate::Response::links),
//! [`cookies`](crate::Response::cookies), [`retry_after`](crate::Response::retry_after).
//!
//! The feature `http` converts between `Headers` and the `HeaderMap` of the crate `http`.
//!
//! Async: all of this is the same.
