//! Makes an async client: `Client::builder`, and `build` of its builder.

use std::sync::Arc;

use httpx_core::Result;
use httpx_core::ahttpx::Transport;
use httpx_pool::ahttpx::{NetworkBackend, Resolver};

use super::Client;
use crate::client_builder::{BaseTransport, ClientBuilder};

/// Making a client.
impl Client {
    /// Makes a client with the default settings.
    ///
    /// ```
    /// let client = httpx::ahttpx::Client::new();
    /// ```
    pub fn new() -> Self {
        Client::from_builder(ClientBuilder::new())
    }

    /// Returns a builder for a client with other settings.
    ///
    /// ```
    /// let client = httpx::ahttpx::Client::builder().url("https://www.example.com").max_connections(10).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder<Client> {
        ClientBuilder::new()
    }

    pub(super) fn from_builder(builder: ClientBuilder<Client>) -> Self {
        Client(Arc::new(builder.into_inner()))
    }
}

impl Default for Client {
    fn default() -> Self {
        Client::new()
    }
}

/// Async.
impl ClientBuilder<Client> {
    /// Sends requests through this transport, for example a mock, in place of the client's own connection pool. The
    /// client follows redirects and keeps cookies above it, so it also follows a redirect that a policy inside the
    /// transport has stopped: set the rules by [`redirect_policy`](ClientBuilder::redirect_policy).
    ///
    /// ```
    /// use httpx::ahttpx::{Body, Client, Request, Response, Transport};
    ///
    /// struct Mock;
    ///
    /// impl Transport for Mock {
    ///     async fn send(&self, _request: Request) -> httpx::Result<Response<Body>> {
    ///         Ok(Response::new(204, ())?.into())
    ///     }
    /// }
    ///
    /// let client = Client::builder().transport(Mock).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(BaseTransport::new(transport, |transport| Arc::new(transport) as _));
        self
    }

    /// Looks up names with this resolver. Defaults to the system's resolver.
    ///
    /// ```
    /// use std::net::Ipv4Addr;
    /// use httpx::ahttpx::network::{Resolved, Resolver, Resolving};
    ///
    /// /// All names lead to this machine.
    /// #[derive(Debug)]
    /// struct Local;
    ///
    /// impl Resolver for Local {
    ///     fn resolve<'a>(&'a self, _: &'a str) -> Resolving<'a> {
    ///         Box::pin(async { Ok(Resolved::new([Ipv4Addr::LOCALHOST])) })
    ///     }
    /// }
    ///
    /// let client = httpx::ahttpx::Client::builder().resolver(Local).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "dns_resolver")]
    pub fn resolver(self, resolver: impl Resolver + 'static) -> Self {
        self.with_pool("resolver", |pool| pool.resolver(resolver))
    }

    /// Opens connections with this backend in place of TCP: a memory network for tests, a Unix socket, a recorder. It
    /// cannot be combined with [`transport`](ClientBuilder::transport).
    ///
    /// ```
    /// let (network, servers) = httpx::network::memory::network();
    /// let client = httpx::ahttpx::Client::builder().backend(network).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn backend(self, backend: impl NetworkBackend + 'static) -> Self {
        self.with_pool("backend", |pool| pool.backend(backend))
    }

    /// Makes the client.
    ///
    /// ```
    /// let client = httpx::ahttpx::Client::builder().build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first invalid setting: a base URL that does not parse, a header with a line break. Kind
    /// [`Config`](httpx_core::ErrorKind::Config) if a setting of the client's own pool is combined with
    /// [`transport`](ClientBuilder::transport).
    pub fn build(mut self) -> Result<Client> {
        self.check()?;
        Ok(Client::from_builder(self))
    }
}
