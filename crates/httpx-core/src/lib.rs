//! httpx-core
mod error;
mod grammar;
mod headers;
mod method;
mod response_head;
mod status;
mod version;

pub use error::{Error, ErrorKind, RequestSent, Result, Timeout};
pub use headers::{HeaderValue, Headers, InvalidHeader, Iter};
pub use method::{InvalidMethod, Method};
pub use response_head::ResponseHead;
pub use status::{InvalidStatusCode, StatusCode};
pub use version::Version;
