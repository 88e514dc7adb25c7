//! httpx-core
#[cfg(feature = "url")]
mod basic_auth;
#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "url")]
mod body;
#[cfg(feature = "url")]
mod charset;
#[cfg(feature = "url")]
mod content;
#[cfg(feature = "url")]
mod counts;
#[cfg(feature = "url")]
pub mod decode;
#[cfg(feature = "blocking")]
mod decoding;
mod error;
mod grammar;
mod headers;
#[cfg(feature = "url")]
mod media_type;
mod method;
#[cfg(feature = "url")]
mod options;
#[cfg(feature = "url")]
mod query_params;
#[cfg(feature = "url")]
mod request;
#[cfg(feature = "url")]
mod response;
mod response_head;
mod status;
#[cfg(feature = "url")]
mod url;
mod version;

#[cfg(feature = "url")]
pub use basic_auth::basic_auth;
#[cfg(feature = "url")]
pub use body::{Encoded, Length, MessageBody};
#[cfg(feature = "json")]
pub use content::Json;
#[cfg(feature = "url")]
pub use content::{Content, Form, Html, Text};
#[cfg(feature = "url")]
pub use counts::Counts;
pub use error::{Error, ErrorKind, RequestSent, Result, Timeout};
pub use headers::{FieldLine, HeaderValue, Headers, InvalidHeader, Iter};
#[cfg(feature = "url")]
pub use media_type::MediaType;
pub use method::{InvalidMethod, Method};
#[cfg(feature = "url")]
pub use options::{Options, Timeouts};
#[cfg(feature = "url")]
pub use query_params::QueryParams;
#[cfg(feature = "url")]
pub use request::{Request, RequestHead};
#[cfg(feature = "url")]
pub use response::Response;
pub use response_head::ResponseHead;
pub use status::{InvalidStatusCode, StatusCode};
#[cfg(feature = "url")]
pub use url::{IntoUrl, Url};
pub use version::Version;
