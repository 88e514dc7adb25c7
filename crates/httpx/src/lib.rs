//! httpx
#[cfg(feature = "blocking")]
mod blocking;
mod client_builder;
mod recent_url;
mod request_builder;
mod setters;
mod settings;

#[cfg(feature = "blocking")]
pub use blocking::{Client, delete, get, head, options, patch, post, put, request};
pub use client_builder::ClientBuilder;
pub use request_builder::{RequestBuilder, RequestSender};

pub use bytes::Bytes;
#[cfg(feature = "json")]
pub use httpx_core::Json;
#[cfg(feature = "blocking")]
pub use httpx_core::blocking::{Body, BodySource, Transport};
pub use httpx_core::{
    Content, Counts, Encoded, Error, ErrorKind, Form, HeaderValue, Headers, Html, IntoUrl, InvalidHeader,
    InvalidMethod, InvalidStatusCode, Length, MediaType, MessageBody, Method, Options, QueryParams,
    RequestHead, RequestSent, Response, ResponseHead, Result, StatusCode, Text, Timeout, Timeouts, Url,
    Version, basic_auth,
};
pub use httpx_middleware::{
    Action, Attempt, Clock, Flow, Middleware, Next, Outcome, Redirect, RedirectMiddleware, Resend,
    SystemClock,
};
#[cfg(feature = "cookies")]
pub use httpx_middleware::{
    Cookie, CookieJar, CookieMiddleware, Cookies, Rejected, SameSite, SessionCookies,
};
pub use httpx_pool::{
    ConnectError, ConnectStep, DeadReason, Interest, Liveness, PoolBuilder, Readiness, Scheme, Target,
};
#[cfg(feature = "blocking")]
pub use httpx_pool::{
    Connection, ConnectionPool, NetworkBackend, NetworkStream, TcpBackend, TcpStream, memory, open_connection,
};
#[cfg(feature = "tls")]
pub use httpx_pool::{TlsConfig, TlsConfigBuilder, TlsError, TlsFailure, TlsVersion, rustls};

/// A request whose body reads block.
#[cfg(feature = "blocking")]
pub type Request = httpx_core::Request<Body>;

/// What a closed client says.
fn closed() -> Error {
    Error::new(ErrorKind::Closed, "the client is closed; make a new one").with_request_sent(RequestSent::No)
}
