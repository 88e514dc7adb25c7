//! Data types of an HTTP client: requests, responses, headers, URLs, bodies, errors. No sockets, no TLS, no wire format.
//!
//! The crate `httpx` re-exports these types. Use this crate alone to write a transport, a middleware or a mock that does
//! not depend on a client.
//!
//! # The nouns
//!
//! - A [`Request`] is a value: a [`RequestHead`] (method, [`Url`], [`Headers`], [`Options`], [`Extensions`]) and a body.
//! - A [`Response`] is a value: a [`ResponseHead`] (status, headers, and facts about the call) and a body. The type of
//!   the body is its state: `Response<Body>` is streaming; `Response<Bytes>` has been read, and has
//!   [`text`](Response::text) and [`json`](Response::json).
//! - A [`Content`] can become a body: [`Json`], [`Form`], [`Text`], [`Html`], [`File`], bytes. [`Encoded`] is its encoded form.
//! - A [`Transport`](blocking::Transport) sends a request and returns its response: a connection pool, a mock, or a
//!   middleware around another transport.
//! - An [`Error`] is the one error type of all crates, with its [`kind`](Error::kind).
//!
//! Names and values are checked when they are put into a model, so that nothing can break out of its line on the wire.
//! Secrets are not shown by `Debug` or by errors.
//!
//! # Example
//!
//! ```
//! # #[cfg(all(feature = "blocking", feature = "json"))] {
//! use httpx_core::blocking::{Body, Transport};
//! use httpx_core::{Json, Request, Response, Result};
//!
//! /// Returns the body of the request.
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
//! # Two flavours
//!
//! A body is the only model that waits, so there are two: [`blocking::Body`] and `ahttpx::Body`. Everything else is one
//! type for both flavours. The async twin of `blocking::X` is `ahttpx::X`.
//!
//! # Features
//!
//! `blocking`, `url`, `gzip`, `charset` and `json` are on by default. A codec that needs only headers, methods and status
//! codes needs none of them.
//!
//! - `url`: `Url` and the types that hold one: requests, responses, contents.
//! - `blocking`: the blocking flavour of bodies and transports.
//! - `async`: the async flavour of bodies and transports, on tokio.
//! - `gzip`: the content codings gzip and deflate.
//! - `br` and `zstd`: the content codings br (Brotli) and zstd (Zstandard). `zstd` needs a C compiler.
//! - `charset`: `text()` knows every charset of the Encoding Standard; without it UTF-8, UTF-16 and windows-1252.
//! - `json`: `Json`, `JsonLines`, `Response::json`, `Response::json_lines` and `QueryParams::from_serialize`.
//! - `mime-guess`: a `File` takes its media type from its name.
//! - `digest`: digest authentication (RFC 7616) in [`auth`].
//! - `serde`: `Serialize` and `Deserialize` for `Url`, `StatusCode`, `Method` and `Headers`.
//! - `http`: `From` and `TryFrom` between these types and those of the crate `http`; with `async` also `http_body::Body` for
//!   `ahttpx::Body`, and `ahttpx::Body::from_http_body`.
//!
//! # Where things are
//!
//! | subject | files |
//! | --- | --- |
//! | request and response | `request`, `curl`, `request_head`, `response`, `response_head`, `options`, `timeouts` |
//! | names and values | `url`, `query_params`, `headers`, `method`, `status`, `media_type`, `link`, `set_cookie` |
//! | contents that become bodies | `content`, `encoded`, `file`, `json_lines`, `multipart` |
//! | a body that is sent | `payload`, `message_body`, `chunk_source`, `chunk_transform`, `compress` |
//! | a body that is read | `streamed`, `body_decoder`, `decode`, `collect`, `charset` |
//! | a body that is read in pieces | `body_items`, `event_decoder`, `body_parts`, `multipart_decoder` |
//! | challenges and digests | `auth` |
//! | a body that is saved | `saving` |
//! | the reads and waits of each flavour | `blocking`, `ahttpx` |
//! | types of the crates `http` and `http-body` | `http`, `ahttpx/body/http_body` |
//!
//! Items that are hidden from these docs are for the other crates of this library, and may change at any time.

#[cfg(feature = "async")]
pub mod ahttpx;
pub mod auth;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "url")]
pub mod decode;
#[doc(hidden)]
pub mod grammar;
#[doc(hidden)]
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod saving;

#[doc(hidden)]
pub use self::error::REST_ADVICE;
#[doc(hidden)]
pub use self::sanitize::sanitized;
#[cfg(feature = "url")]
pub use self::timings::Timings;
#[cfg(feature = "url")]
pub use self::{
    basic_auth::basic_auth,
    body_items::{BodyItems, LineDecoder},
    connection_details::{ConnectionDetails, TlsDetails, TlsVersion},
    content::{Content, Form, Html, Text},
    counts::ConnectionCounts,
    encoded::Encoded,
    event_decoder::{EventDecoder, ServerSentEvent},
    extensions::Extensions,
    file::File,
    into_body::IntoBody,
    into_url::IntoUrl,
    item_decoder::ItemDecoder,
    length::Length,
    media_type::{InvalidMediaType, MediaType},
    message_body::MessageBody,
    multipart::{Multipart, Part},
    options::Options,
    progress::{Direction, OnProgress, Progress},
    query_params::{ParamValue, QueryParams},
    redaction::Redaction,
    request::Request,
    request_head::RequestHead,
    response::Response,
    source_state::SourceState,
    timeouts::Timeouts,
    upgraded::UpgradedStream,
    url::Url,
};
#[doc(hidden)]
#[cfg(feature = "url")]
pub use self::{
    basic_auth::{base64, user_info, user_without_password},
    chunk_transform::ChunkTransform,
    compress::compress,
    curl::curl_command,
    length::LENGTH_ADVICE,
    message_body::{copy_for_another_call, transformed},
    multipart::multipart_type,
    response_head::ExchangeMetadata,
    timings::Moments,
};
pub use attempts::{Attempt, Attempts, NotRetried};
#[cfg(feature = "json")]
pub use body_items::JsonLineDecoder;
#[cfg(any(feature = "blocking", feature = "async"))]
pub use body_parts::{BodyPart, BodyParts};
pub use cache_hit::{CacheHit, StaleReason};
#[cfg(feature = "json")]
pub use content::Json;
pub use date::parse_date;
pub use error::{Error, ErrorKind, RequestSent, Result, Timeout};
pub use headers::{FieldLine, HeaderIter, HeaderValue, Headers, InvalidHeader, StaticHeader, ToHeaderValue};
#[cfg(feature = "json")]
pub use json_lines::JsonLines;
pub use link::Link;
pub use method::{InvalidMethod, Method};
pub use response_head::ResponseHead;
pub use same_site::SameSite;
pub use set_cookie::{InvalidSetCookie, SetCookie};
pub use status::{InvalidStatusCode, StatusCode};
pub use version::Version;

mod attempts;
#[cfg(feature = "url")]
mod basic_auth;
#[cfg(any(feature = "blocking", feature = "async"))]
mod body_chain;
#[cfg(any(feature = "blocking", feature = "async"))]
mod body_decoder;
#[cfg(feature = "url")]
#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours read
mod body_items;
#[cfg(any(feature = "blocking", feature = "async"))]
mod body_parts;
mod cache_hit;
#[cfg(feature = "url")]
mod charset;
#[cfg(any(feature = "blocking", feature = "async"))]
mod chunk_buffer;
#[cfg(any(feature = "blocking", feature = "async"))]
mod chunk_source;
#[cfg(feature = "url")]
#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours read
mod chunk_transform;
#[cfg(feature = "url")]
mod clock;
#[cfg(any(feature = "blocking", feature = "async"))]
mod collect;
#[cfg(feature = "url")]
mod compress;
#[cfg(feature = "url")]
mod connection_details;
#[cfg(feature = "url")]
mod content;
#[cfg(any(feature = "blocking", feature = "async"))]
mod content_disposition;
#[cfg(any(feature = "blocking", feature = "async"))]
mod counted_source;
#[cfg(any(feature = "blocking", feature = "async"))]
mod counted_upload;
#[cfg(feature = "url")]
mod counts;
#[cfg(feature = "url")]
mod curl;
mod date;
#[cfg(any(feature = "blocking", feature = "async"))]
mod delimiter;
#[cfg(any(feature = "blocking", feature = "async"))]
mod drain_budget;
#[cfg(feature = "url")]
mod encoded;
mod error;
#[cfg(feature = "url")]
mod event_decoder;
#[cfg(feature = "url")]
#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours read
mod exclusive;
#[cfg(feature = "url")]
mod extensions;
#[cfg(feature = "url")]
#[cfg_attr(not(any(feature = "blocking", feature = "async")), allow(dead_code))] // the flavours read
mod file;
#[cfg(any(feature = "blocking", feature = "async"))]
mod filled;
mod headers;
#[cfg(feature = "http")]
mod http;
#[cfg(feature = "url")]
mod into_body;
#[cfg(feature = "url")]
mod into_url;
#[cfg(feature = "url")]
mod item_decoder;
#[cfg(feature = "json")]
mod json;
#[cfg(feature = "json")]
mod json_lines;
#[cfg(feature = "url")]
mod length;
#[cfg(feature = "url")]
mod line_splitter;
mod link;
#[cfg(feature = "url")]
mod media_type;
#[cfg(feature = "url")]
mod message_body;
mod method;
#[cfg(any(feature = "blocking", feature = "async"))]
mod mock_transport;
#[cfg(feature = "url")]
mod multipart;
#[cfg(any(feature = "blocking", feature = "async"))]
mod multipart_decoder;
#[cfg(feature = "url")]
mod options;
#[cfg(any(feature = "blocking", feature = "async"))]
mod part_head;
#[cfg(any(feature = "blocking", feature = "async"))]
mod payload;
#[cfg(feature = "url")]
mod progress;
#[cfg(feature = "url")]
mod query_params;
#[cfg(feature = "url")]
mod redaction;
#[cfg(feature = "url")]
mod request;
#[cfg(feature = "url")]
mod request_head;
#[cfg(feature = "url")]
mod response;
mod response_head;
mod retry_after;
mod same_site;
mod sanitize;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "json")]
mod serialized_params;
mod set_cookie;
#[cfg(feature = "url")]
mod source_state;
mod status;
#[cfg(any(feature = "blocking", feature = "async"))]
mod streamed;
#[cfg(feature = "url")]
mod timeouts;
#[cfg(feature = "url")]
mod timings;
#[cfg(feature = "url")]
mod upgraded;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "url")]
mod url_parsing;
mod version;
