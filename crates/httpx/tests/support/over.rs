//! A client over a middleware over another client.

use httpx::flow::{Flow, Middleware};

use super::{Flavour, flavour::Setup};

/// Builds clients whose transport is a middleware over a client.
pub trait Over: Flavour {
    fn over(
        flow: impl Flow + 'static,
        client: Self,
        set: impl FnOnce(Setup<Self>) -> Setup<Self>,
    ) -> httpx::Result<Self>;

    /// A client with these layers, the outermost first.
    fn layered(layers: Vec<impl Flow + 'static>, client: Setup<Self>) -> Setup<Self>;

    /// A client with these layers below redirects and cookies, the outermost first.
    fn network_layered(layers: Vec<impl Flow + 'static>, client: Setup<Self>) -> Setup<Self>;

    /// Returns how many connections the client has.
    fn connections(&self) -> usize;
}

#[cfg(feature = "blocking")]
impl Over for super::Blocking {
    fn over(
        flow: impl Flow + 'static,
        client: Self,
        set: impl FnOnce(Setup<Self>) -> Setup<Self>,
    ) -> httpx::Result<Self> {
        let transport = Middleware::with(flow, client.0);
        set(httpx::Client::builder().transport(transport)).build().map(super::Blocking)
    }

    fn layered(layers: Vec<impl Flow + 'static>, client: Setup<Self>) -> Setup<Self> {
        layers.into_iter().fold(client, Setup::<Self>::layer)
    }

    fn network_layered(layers: Vec<impl Flow + 'static>, client: Setup<Self>) -> Setup<Self> {
        layers.into_iter().fold(client, Setup::<Self>::network_layer)
    }

    fn connections(&self) -> usize {
        self.0.connections().len()
    }
}

#[cfg(feature = "async")]
impl Over for super::Async {
    fn over(
        flow: impl Flow + 'static,
        client: Self,
        set: impl FnOnce(Setup<Self>) -> Setup<Self>,
    ) -> httpx::Result<Self> {
        let transport = Middleware::with(flow, client.0);
        set(httpx::ahttpx::Client::builder().transport(transport)).build().map(super::Async)
    }

    fn layered(layers: Vec<impl Flow + 'static>, client: Setup<Self>) -> Setup<Self> {
        layers.into_iter().fold(client, Setup::<Self>::layer)
    }

    fn network_layered(layers: Vec<impl Flow + 'static>, client: Setup<Self>) -> Setup<Self> {
        layers.into_iter().fold(client, Setup::<Self>::network_layer)
    }

    fn connections(&self) -> usize {
        self.0.connections().len()
    }
}
