//! Names the types of a client for the builders of both flavours.

use std::sync::Arc;

use httpx_core::MessageBody;
#[cfg(feature = "cookies")]
use httpx_middleware::CookieMiddleware;
use httpx_middleware::{Flow, RedirectMiddleware};
use httpx_pool::PoolBuilder;

use crate::settings::Settings;

/// The two clients: [`Client`](crate::Client) and `ahttpx::Client`. A [`RequestBuilder`](crate::RequestBuilder) sends
/// with one, a [`ClientBuilder`](crate::ClientBuilder) makes one. Other crates cannot implement it.
///
/// It names the flavour in functions for both:
///
/// ```
/// use httpx::{ClientBuilder, RequestSender};
///
/// fn configured<C: RequestSender>(builder: ClientBuilder<C>) -> ClientBuilder<C> {
///     builder.url("https://api.example.com/v1/").user_agent("my-tool/1.0")
/// }
/// ```
pub trait RequestSender: sealed::Sealed + Clone + 'static {
    /// The body of its flavour.
    type Body: MessageBody;

    /// The pool of its flavour.
    #[doc(hidden)]
    type Pool: Clone + Send + Sync + 'static;

    /// The network backend of its flavour.
    #[doc(hidden)]
    type Backend: Clone;

    /// A pointer to any transport of its flavour.
    #[doc(hidden)]
    type Transport: Clone + Send + Sync + 'static;

    /// Returns the settings that the client adds to each request.
    #[doc(hidden)]
    fn settings(&self) -> &Settings;

    /// Returns a builder with the default settings.
    #[doc(hidden)]
    fn pool_builder() -> PoolBuilder<Self::Backend>;

    /// Makes the pool.
    #[doc(hidden)]
    fn pool(builder: PoolBuilder<Self::Backend>) -> Self::Pool;

    /// Makes a layer of a flow.
    #[doc(hidden)]
    fn over(flow: impl Flow + 'static) -> Layer<Self::Transport>;

    /// Hides the type of a pool.
    #[doc(hidden)]
    fn pool_transport(pool: Self::Pool) -> Self::Transport;

    /// Hides the type of a pool with the client's middleware.
    #[doc(hidden)]
    fn erase_pool(layers: Layers<Self::Pool>) -> Self::Transport;

    /// Hides the type of a custom transport with the client's middleware.
    #[doc(hidden)]
    fn erase_custom(layers: Layers<Self::Transport>) -> Self::Transport;
}

/// The middleware of each client over its base transport.
#[cfg(feature = "cookies")]
pub(crate) type Layers<T> = RedirectMiddleware<CookieMiddleware<T>>;
/// The middleware of each client over its base transport.
#[cfg(not(feature = "cookies"))]
pub(crate) type Layers<T> = RedirectMiddleware<T>;

/// Puts a flow over a transport.
pub(crate) type Layer<T> = Arc<dyn Fn(T) -> T + Send + Sync>;

pub(crate) mod sealed {
    pub trait Sealed {}
}
