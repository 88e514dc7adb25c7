//! Errors: one type, with a kind, the request, and advice.
//!
//! Everything that a client does returns the same [`Error`](crate::Error). Its text names the request, the failure and a
//! remedy. It shows no passwords:
//!
//! ```
//! # use httpx::testing::{Fault, Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/").reply(Fault::Refused);
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! let error = client.get("http://www.example.com").send().unwrap_err();
//! println!("{error}"); // GET http://www.example.com/: could not connect to …: connection refused
//! assert!(error.is_connect());
//! assert_eq!(error.kind(), httpx::ErrorKind::Connect);
//! assert_eq!(error.url(), Some("http://www.example.com/"));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Status codes
//!
//! `send` succeeds with any status. [`error_for_status`](crate::Response::error_for_status) returns an error for 400 and
//! above. The error keeps the head of the response, and its body after `send`:
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items/9").reply(Reply::json(&"no such item").status(404));
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! use httpx::StatusCode;
//!
//! let result = client.get("https://www.example.com/items/9").send()?.error_for_status();
//! match result {
//!     Ok(response) => println!("{}", response.text()),
//!     Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
//!         assert_eq!(error.body().unwrap(), r#""no such item""#);
//!     }
//!     Err(error) => return Err(error),
//! }
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # What to ask an error
//!
//! | question | call |
//! | --- | --- |
//! | What kind of failure? | [`kind`](crate::Error::kind): an [`ErrorKind`](crate::ErrorKind), such as `Tls`, `Json` or `Timeout(_)` |
//! | Did no server get the request? | [`is_connect`](crate::Error::is_connect) |
//! | Did a timeout pass, and which? | [`is_timeout`](crate::Error::is_timeout), [`timeout`](crate::Error::timeout) |
//! | Can it succeed a little later? | [`is_transient`](crate::Error::is_transient) |
//! | How much of the request was sent? | [`request_sent`](crate::Error::request_sent) |
//! | Which request? | [`method`](crate::Error::method), [`url`](crate::Error::url), [`redirected_from`](crate::Error::redirected_from) |
//! | Which response? | [`status`](crate::Error::status), [`response`](crate::Error::response), [`body`](crate::Error::body) |
//! | How many attempts? | [`attempts`](crate::Error::attempts) |
//!
//! # Your own error type
//!
//! `Error` is `Send + Sync`, implements [`std::error::Error`], and fits into `anyhow`, `thiserror` and
//! `Box<dyn Error>`. It also becomes an [`std::io::Error`].
//!
//! ```
//! #[derive(Debug)]
//! enum ShopError {
//!     SoldOut,
//!     Http(httpx::Error),
//! }
//!
//! impl From<httpx::Error> for ShopError {
//!     fn from(error: httpx::Error) -> Self {
//!         if error.status() == Some(httpx::StatusCode::GONE) { ShopError::SoldOut } else { ShopError::Http(error) }
//!     }
//! }
//! # let mock = httpx::testing::Mock::new();
//! # mock.post("/orders").reply(410);
//! # let client = httpx::Client::builder().transport(mock).build()?;
//!
//! fn order(client: &httpx::Client) -> Result<String, ShopError> {
//!     Ok(client.post("https://www.example.com/orders").json(["pen"]).send()?.error_for_status()?.into_text())
//! }
//! assert!(matches!(order(&client), Err(ShopError::SoldOut)));
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The text of an error contains its causes. A reporter that also prints the chain of sources repeats them; use
//! [`message`](crate::Error::message) there.
