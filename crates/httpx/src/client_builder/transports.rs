//! Builds the transports of a client: its layers and its middleware over a pool or another transport.

#[cfg(feature = "digest")]
use std::sync::LazyLock;

#[cfg(feature = "cookies")]
use httpx_middleware::Cookies;
#[cfg(feature = "digest")]
use httpx_middleware::auth::RequestDigests;
use httpx_middleware::{Middleware, Redirect};

use super::{BaseTransport, ClientBuilder};
#[cfg(feature = "digest")]
use crate::inner::LazyTransports;
use crate::inner::{Inner, Transports};
use crate::request_sender::{Layer, Layers, RequestSender};

impl<C: RequestSender> ClientBuilder<C> {
    /// Builds the state of the client.
    pub(crate) fn into_inner(mut self) -> Inner<C::Pool, C::Transport> {
        self.settings.finish();
        let base = self.transport.unwrap_or_else(|| {
            let pool = self.pool.map_or_else(C::pool_builder, |(_, pool)| pool);
            BaseTransport::Pool(C::pool(pool))
        });
        let pool = match &base {
            BaseTransport::Pool(pool) => Some(pool.clone()),
            BaseTransport::Custom(_) => None,
        };
        #[cfg(feature = "cookies")]
        let jar = self.jar.unwrap_or_default();
        let middleware = ClientMiddleware {
            redirect: Redirect::from(self.redirect_policy),
            #[cfg(feature = "cookies")]
            cookies: if self.keeps_cookies { Cookies::new(jar.clone()) } else { Cookies::disabled() },
        };
        let stack =
            ClientStack::<C> { base, network_layers: self.network_layers, middleware, layers: self.layers };
        let transports = stack.build();
        Inner::new(
            transports,
            self.settings,
            self.retry,
            pool,
            #[cfg(feature = "digest")]
            stack.with_request_digests(),
            #[cfg(feature = "cookies")]
            jar,
        )
    }
}

/// The parts of a client's transports.
struct ClientStack<C: RequestSender> {
    base: BaseTransport<C::Pool, C::Transport>,
    network_layers: Vec<Layer<C::Transport>>,
    middleware: ClientMiddleware,
    layers: Vec<Layer<C::Transport>>,
}

impl<C: RequestSender> ClientStack<C> {
    fn build(&self) -> Transports<C::Pool, C::Transport> {
        let base = self.base.clone().with_layers::<C>(&self.network_layers);
        let mut transports = match base {
            BaseTransport::Pool(pool) => Transports::Pool(self.middleware.over(pool)),
            BaseTransport::Custom(custom) => Transports::Custom(self.middleware.over(custom)),
        };
        for layer in self.layers.iter().rev() {
            transports = Transports::Layered(layer(transports.erase::<C>()));
        }
        transports
    }

    /// The same over the digests of single requests, made when the first of them is sent: other requests do not pass
    /// through one layer more.
    #[cfg(feature = "digest")]
    fn with_request_digests(mut self) -> LazyTransports<C::Pool, C::Transport> {
        LazyLock::new(Box::new(move || {
            self.network_layers.insert(0, C::over(RequestDigests::default()));
            self.build()
        }))
    }
}

impl<P, T> BaseTransport<P, T> {
    /// Puts layers over this transport, the outermost first.
    fn with_layers<C>(self, layers: &[Layer<T>]) -> Self
    where
        C: RequestSender<Pool = P, Transport = T>,
    {
        if layers.is_empty() {
            return self;
        }
        let transport = match self {
            BaseTransport::Pool(pool) => C::pool_transport(pool),
            BaseTransport::Custom(transport) => transport,
        };
        BaseTransport::Custom(layers.iter().rev().fold(transport, |inner, layer| layer(inner)))
    }
}

/// The flows of each client.
struct ClientMiddleware {
    redirect: Redirect,
    #[cfg(feature = "cookies")]
    cookies: Cookies,
}

impl ClientMiddleware {
    /// Cookies are below redirects: each step of a redirect gets the cookies of its URL.
    fn over<B>(&self, base: B) -> Layers<B> {
        #[cfg(feature = "cookies")]
        let base = Middleware::with(self.cookies.clone(), base);
        Middleware::with(self.redirect.clone(), base)
    }
}

impl<P, T> Transports<P, T> {
    fn erase<C: RequestSender<Pool = P, Transport = T>>(self) -> T {
        match self {
            Transports::Pool(transport) => C::erase_pool(transport),
            Transports::Custom(transport) => C::erase_custom(transport),
            Transports::Layered(transport) => transport,
        }
    }
}
