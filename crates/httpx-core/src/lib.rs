//! The models of an HTTP client: what is said, and by whom it could be sent. No sockets, no TLS, no wire format.
//!
//! - A [`Request`] is a value: a [`RequestHead`] (method, [`Url`], [`Headers`], [`Options`]) and a body.
//! - A [`Response`] is one too; the type of its body is its state. `Response<Body>` is streaming, `Response<Bytes>`
//!   has been read, and has [`text`](Response::text) and [`json`](Response::json).
//! - A [`Content`] is what can become a body: [`Json`], [`Form`], [`Text`], [`Html`], bytes.
//! - A [`Transport`](blocking::Transport) takes the first and brings the second: a connection pool, a mock, a
//!   middleware round another transport.
//! - An [`Error`] says why not: one type for the whole stack, with its [`kind`](Error::kind).
//!
//! Whatever is put into a model is checked there, so that nothing that reaches a socket can break out of its line.
//!
//! ```
//! # #[cfg(all(feature = "blocking", feature = "json"))] {
//! use httpx_core::blocking::{Body, Transport};
//! use httpx_core::{Json, Request, Response, Result};
//!
//! /// Sends back what it gets.
//! struct Echo;
//!
//! impl Transport for Echo {
//!     fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
//!         let (_, body) = request.into_parts();
//!         Ok(Response::new(200, body.into_bytes()?)?.into())
//!     }
//! }
//!
//! let request = Request::new("POST", "https://example.com/items")?.with_content(Json([1, 2, 3]))?;
//! let response = Echo.send(request)?.read_body()?;
//! assert_eq!(response.json::<Vec<u8>>()?, [1, 2, 3]);
//! # }
//! # Ok::<(), httpx_core::Error>(())
//! ```
//!
//! # Features
//!
//! All but `async` are on by default; a codec that needs only headers, methods and status codes takes none.
//!
//! - `url`: `Url` and all that holds one: requests, responses, contents.
//! - `blocking`: the blocking flavour of bodies and transports.
//! - `async`: the async flavour of bodies and transports, on tokio.
//! - `gzip`: responses coded with gzip or deflate are decoded.
//! - `charset`: `text()` knows every charset of the Encoding Standard; without it UTF-8, UTF-16 and windows-1252.
//! - `json`: `Json` and `Response::json`.

#[cfg(feature = "async")]
pub mod ahttpx;
#[cfg(feature = "url")]
mod basic_auth;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(any(feature = "blocking", feature = "async"))]
mod body_decoder;
#[cfg(feature = "url")]
mod charset;
#[cfg(any(feature = "blocking", feature = "async"))]
mod chunk_buffer;
#[cfg(any(feature = "blocking", feature = "async"))]
mod collect;
#[cfg(feature = "url")]
mod content;
#[cfg(feature = "url")]
mod counts;
mod date;
#[cfg(feature = "url")]
pub mod decode;
#[cfg(any(feature = "blocking", feature = "async"))]
mod drain_budget;
#[cfg(feature = "url")]
mod encoded;
mod error;
#[cfg(any(feature = "blocking", feature = "async"))]
mod exclusive;
#[cfg(feature = "url")]
mod extensions;
#[doc(hidden)]
pub mod grammar;
mod headers;
mod link;
#[cfg(feature = "url")]
mod media_type;
#[cfg(feature = "url")]
mod message_body;
mod method;
#[cfg(any(feature = "blocking", feature = "async"))]
mod mock_transport;
#[cfg(feature = "url")]
mod options;
#[cfg(any(feature = "blocking", feature = "async"))]
mod payload;
#[cfg(feature = "url")]
mod query_params;
#[cfg(feature = "url")]
mod request;
#[cfg(feature = "url")]
mod request_head;
#[cfg(feature = "url")]
mod response;
mod response_head;
mod retry_after;
mod sanitize;
#[cfg(feature = "serde")]
mod serde;
mod status;
#[cfg(any(feature = "blocking", feature = "async"))]
mod streamed;
#[cfg(feature = "url")]
mod timeouts;
#[cfg(feature = "url")]
mod url;
mod version;

#[cfg(feature = "url")]
pub use basic_auth::basic_auth;
#[cfg(feature = "json")]
pub use content::Json;
#[cfg(feature = "url")]
pub use content::{Content, Form, Html, Text};
#[cfg(feature = "url")]
pub use counts::ConnectionCounts;
pub use date::parse_date;
#[cfg(feature = "url")]
pub use encoded::Encoded;
pub use error::{Error, ErrorKind, RequestSent, Result, Timeout};
#[cfg(feature = "url")]
pub use extensions::Extensions;
pub use headers::{FieldLine, HeaderIter, HeaderValue, Headers, InvalidHeader, StaticHeader, ToHeaderValue};
pub use link::Link;
#[cfg(feature = "url")]
pub use media_type::{InvalidMediaType, MediaType};
#[cfg(feature = "url")]
pub use message_body::{Length, MessageBody};
pub use method::{InvalidMethod, Method};
#[cfg(feature = "url")]
pub use options::Options;
#[cfg(feature = "url")]
pub use query_params::{ParamValue, QueryParams};
#[cfg(feature = "url")]
pub use request::Request;
#[cfg(feature = "url")]
pub use request_head::RequestHead;
#[cfg(feature = "url")]
pub use response::Response;
pub use response_head::ResponseHead;
pub use status::{InvalidStatusCode, StatusCode};
#[cfg(feature = "url")]
pub use timeouts::Timeouts;
#[cfg(feature = "url")]
pub use url::{IntoUrl, Url};
pub use version::Version;
