//! Requests: methods, parameters, redirects, and requests as values.
//!
//! A client has a function for each common method. [`request`](crate::Client::request) takes any method:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.any("/files").reply_with(|request| Reply::text(request.method().as_str()));
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! let url = "https://www.example.com/files";
//! assert_eq!(client.get(url).send()?.text(), "GET");
//! assert_eq!(client.delete(url).send()?.text(), "DELETE");
//! assert_eq!(client.request("PROPFIND", url).send()?.text(), "PROPFIND");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Parameters
//!
//! [`params`](crate::RequestBuilder::params) appends parameters to the query of the URL and encodes them:
//!
//! ```
//! # let client = httpx::Client::new();
//! #[derive(serde::Serialize)]
//! struct Filter<'a> {
//!     tag: Vec<&'a str>,
//!     after: Option<u32>,
//! }
//!
//! let url = "https://www.example.com/search";
//! let request = client.get(url).params([("q", "a b")]).build()?;
//! assert_eq!(request.url(), "https://www.example.com/search?q=a+b");
//!
//! let request = client.get(url).params((("q", "pen"), ("page", 2))).build()?; // values of two types
//! assert_eq!(request.url(), "https://www.example.com/search?q=pen&page=2");
//!
//! let filter = Filter { tag: vec!["red", "blue"], after: None };
//! let request = client.get(url).params_from(&filter).build()?;
//! assert_eq!(request.url(), "https://www.example.com/search?tag=red&tag=blue");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Parts of a path that come from outside belong in [`segments`](crate::RequestBuilder::segments): see [urls](super::urls).
//! For headers see [headers](super::headers), for bodies [content_types](super::content_types).
//!
//! # Mistakes
//!
//! A builder remembers its first invalid setting. `send`, `stream` and `build` return it as an error:
//!
//! ```
//! # let client = httpx::Client::new();
//! let error = client.get("https://www.example.com").header("X-Id", "1\r\nX-Evil: 2").send().unwrap_err();
//! assert_eq!(error.kind(), httpx::ErrorKind::InvalidHeader);
//! ```
//!
//! # Redirects
//!
//! A client follows at most 20 redirects. It drops credentials on the way to another origin, and refuses to go from https
//! to http. As in browsers, a POST becomes a GET after a 301, 302 or 303. After a 307 or 308 the body is sent again.
//! [`max_redirects(0)`](crate::RequestBuilder::max_redirects) returns the redirect itself. A
//! [`RedirectPolicy`](crate::redirect::RedirectPolicy) decides about each redirect:
//!
//! ```
//! use httpx::redirect::{RedirectAction, RedirectPolicy};
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("https://www.example.com/old").reply(Reply::new(302).header("Location", "https://other.example/new"));
//!
//! let same_origin = RedirectPolicy::new(|attempt| {
//!     if attempt.is_cross_origin() { RedirectAction::Stop } else { RedirectAction::Follow }
//! });
//! let client = httpx::Client::builder()
//!     .redirect_policy(same_origin)
//! #   .transport(mock)
//!     .build()?;
//! assert_eq!(client.get("https://www.example.com/old").send()?.status(), 302);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Requests as values
//!
//! [`build`](crate::RequestBuilder::build) returns the request with everything that the client adds.
//! [`Client::send`](crate::Client::send) sends it. [`try_clone`](crate::RequestBuilder::try_clone) copies a builder.
//!
//! ```
//! # let client = httpx::Client::new();
//! let request = client.get("https://www.example.com").header("X-Id", "1").build()?;
//! assert_eq!(format!("{request:?}"), r#"<Request [GET "https://www.example.com/"]>"#);
//! assert_eq!(request.headers().get("X-Id").unwrap(), "1");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! Async: `send().await` and `stream().await`. Awaiting the builder itself sends it too.
