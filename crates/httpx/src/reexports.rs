//! What both flavours have in common: the very same types, under the same names.

pub use bytes::Bytes;
#[cfg(feature = "json")]
pub use httpx_core::Json;
pub use httpx_core::{
    ConnectionCounts, Content, Encoded, Error, ErrorKind, Form, HeaderValue, Headers, Html, IntoUrl,
    InvalidHeader, InvalidMethod, InvalidStatusCode, Length, MediaType, MessageBody, Method, Options,
    QueryParams, RequestHead, RequestSent, Response, ResponseHead, Result, StatusCode, Text, Timeout,
    Timeouts, ToHeaderValue, Url, Version, basic_auth, headers,
};
pub use httpx_middleware::{
    BodyReuse, Clock, Flow, FlowNext, FlowOutcome, Middleware, Redirect, RedirectAction, RedirectAttempt,
    RedirectMiddleware, RedirectPolicy, SystemClock,
};
#[cfg(feature = "cookies")]
pub use httpx_middleware::{
    Cookie, CookieError, CookieJar, CookieMiddleware, Cookies, RequestCookies, SameSite, SessionCookies,
};
#[cfg(any(feature = "blocking", feature = "async"))]
pub use httpx_pool::memory;
pub use httpx_pool::{
    ConnectError, ConnectStep, Endpoint, Interest, Liveness, PoolBuilder, Readiness, Scheme,
};
#[cfg(feature = "tls")]
pub use httpx_pool::{TlsConfig, TlsConfigBuilder, TlsConfigError, TlsErrorKind, TlsVersion, rustls};
/// What a pool accepts of a server, for [`PoolBuilder::limits`] and [`PoolBuilder::unclean_ends`].
pub use httpx_proto::{Limits, UncleanEnds};

pub use crate::client_builder::ClientBuilder;
pub use crate::request_builder::{RequestBuilder, RequestSender};
