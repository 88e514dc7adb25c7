use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use httpx_core::ahttpx::{Body, DynTransport, Transport};
use httpx_core::{Counts, Error, IntoUrl, Method, Request, Response, Result};
use httpx_middleware::RedirectMiddleware;
#[cfg(feature = "cookies")]
use httpx_middleware::{CookieJar, CookieMiddleware};
use httpx_pool::ahttpx::ConnectionPool;

use crate::request_builder::RequestSender;
use crate::settings::Settings;
use crate::{ClientBuilder, RequestBuilder};

/// An HTTP client: sends requests over connections that it keeps, follows redirects, keeps cookies.
///
/// It is a handle: a clone is the same client, and it may be used from any number of tasks, on any runtime. Have one
/// for the whole program, or pass one around:
///
/// ```
/// use std::sync::LazyLock;
/// use httpx::ahttpx;
///
/// static CLIENT: LazyLock<ahttpx::Client> = LazyLock::new(ahttpx::Client::new);
///
/// assert_eq!(format!("{:?}", *CLIENT), "<Client [0 active]>");
/// ```
///
/// Its representation says how many connections it holds. They are closed by [`close`](Client::close), or when the
/// last clone is dropped.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    stack: Stack,
    settings: Settings,
    closed: AtomicBool,
    #[cfg(feature = "cookies")]
    jar: CookieJar,
}

/// The transports one on the other. The usual ones are known to the compiler, all others stand behind a pointer.
enum Stack {
    Usual(Layers<ConnectionPool>),
    Own(Box<dyn DynTransport>),
}

#[cfg(feature = "cookies")]
type Layers<T> = RedirectMiddleware<CookieMiddleware<T>>;
#[cfg(not(feature = "cookies"))]
type Layers<T> = RedirectMiddleware<T>;
