//! Builds the transports of a client: its layers and its middleware over a pool or another transport.

#[cfg(feature = "cookies")]
use httpx_middleware::Cookies;
use httpx_middleware::{Middleware, Redirect};

use super::{BaseTransport, ClientBuilder};
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
        let base = base.with_layers::<C>(&self.network_layers);
        let mut transports = match base {
            BaseTransport::Pool(pool) => Transports::Pool(middleware.over(pool)),
            BaseTransport::Custom(custom) => Transports::Custom(middleware.over(custom)),
        };
        for layer in self.layers.iter().rev() {
            transports = Transports::Layered(layer(transports.erase::<C>()));
        }
        Inner::new(
            transports,
            self.settings,
            pool,
            #[cfg(feature = "cookies")]
            jar,
        )
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
    fn over<B>(self, base: B) -> Layers<B> {
        #[cfg(feature = "cookies")]
        let base = Middleware::with(self.cookies, base);
        Middleware::with(self.redirect, base)
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
