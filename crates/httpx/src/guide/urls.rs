//! URLs: parsing, base URLs, and safe paths and queries.
//!
//! Wherever a URL is expected, give text or a [`Url`](crate::Url). A `Url` is parsed by the rules of browsers (the WHATWG
//! URL Standard), and is kept in its normal form:
//!
//! ```
//! use httpx::Url;
//!
//! let url = Url::parse("HTTPS://Bücher.example:443/a/../b c?page=2#top")?;
//! assert_eq!(url.as_str(), "https://xn--bcher-kva.example/b%20c?page=2#top");
//! assert_eq!((url.scheme(), url.host(), url.port()), ("https", Some("xn--bcher-kva.example"), None));
//! assert_eq!((url.path(), url.query(), url.fragment()), ("/b%20c", Some("page=2"), Some("top")));
//! assert_eq!(url.port_or_default(), Some(443));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A `Url` is a value. Its methods return an edited copy:
//!
//! ```
//! use httpx::Url;
//!
//! let url = Url::parse("https://www.example.com/items?page=1")?;
//! assert_eq!(url.with_path("/a b").as_str(), "https://www.example.com/a%20b?page=1");
//! assert_eq!(url.with_params([("page", 2)]).as_str(), "https://www.example.com/items?page=2");
//! assert_eq!(url.append_params([("q", "a&b")]).as_str(), "https://www.example.com/items?page=1&q=a%26b");
//! assert_eq!(url.params().get("page"), Some("1"));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Base URLs
//!
//! The URL of a request is joined to the base URL of its client, as a browser joins a link to its page.
//! [`Url::join`](crate::Url::join) does the same:
//!
//! | base | request | result |
//! | --- | --- | --- |
//! | `https://h/v1/` | `items` | `https://h/v1/items` |
//! | `https://h/v1/` | `/items` | `https://h/items` |
//! | `https://h/v1` | `items` | `https://h/items` |
//! | any | `https://other/` | `https://other/` |
//!
//! So a base with a path ends in a slash, and the paths below it begin without one.
//!
//! # Input from users
//!
//! Do not paste input into a URL as text. A `/`, `?`, `#` or `..` in it changes the meaning of the URL. Segments and
//! parameters are encoded as a whole:
//!
//! ```
//! let client = httpx::Client::builder().url("https://api.example.com/v1/").build()?;
//! let id = "a/b?c"; // from a user
//! let request = client.get("items").segments([id, "tags"]).params([("q", "x&y")]).build()?;
//! assert_eq!(request.url().as_str(), "https://api.example.com/v1/items/a%2Fb%3Fc/tags?q=x%26y");
//!
//! assert!(client.get("items").segments([".."]).build().is_err());
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! If users choose whole URLs, also turn on the address filter: see [security](super::security).
//!
//! # Passwords in URLs
//!
//! A user name and a password in a URL are sent as `Authorization: Basic`. `Debug` and errors do not show them;
//! [`as_str`](crate::Url::as_str) does. **Errors show the query**, so put no secret there: use a header.
//!
//! ```
//! use httpx::Url;
//!
//! let url = Url::parse("https://ann:s3cret@www.example.com/")?;
//! assert_eq!(format!("{url:?}"), r#"Url("https://www.example.com/")"#);
//! assert_eq!(httpx::get(&url).build()?.headers().get("Authorization").unwrap(), "Basic YW5uOnMzY3JldA==");
//! # Ok::<(), httpx::Error>(())
//! ```
