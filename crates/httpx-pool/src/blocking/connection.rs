//! A single [`Connection`], for direct use.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{ConnectionCounts, IntoUrl, Request, RequestHead, Response, Result, Timeouts};

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::Blocking;
use super::resolver::Resolver;
use crate::call::{Call, head_to};
use crate::connection_builder::ConnectionBuilder;
use crate::endpoint::Endpoint;
use crate::single_connection::SingleConnection;
use crate::tunnel_target::connect_request;

/// Opens a connection to the origin of a URL with the default settings. See [`Connection::builder`] for others.
///
/// # Errors
///
/// If the URL does not parse, or no connection can be made within the connect timeout.
///
/// ```no_run
/// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod network { pub use httpx_pool::*; } }
/// use httpx::{Request, Transport};
///
/// let connection = httpx::network::open_connection("https://www.example.com")?;
/// let response = connection.send(Request::new("GET", "https://www.example.com/")?)?.read_body()?;
/// println!("{response:?} over {connection:?}");
/// # Ok::<(), httpx_core::Error>(())
/// ```
pub fn open_connection(url: impl IntoUrl) -> Result<Connection> {
    Connection::builder().open(url)
}

/// One connection to one origin: a [`Transport`] that carries one request at a time, without a pool and without a
/// second attempt.
pub struct Connection(SingleConnection<Blocking>);

impl Connection {
    /// Returns a builder with the default settings.
    ///
    /// ```no_run
    /// # mod httpx { pub use httpx_core::*; pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    /// use httpx::Timeouts;
    /// use httpx::network::Connection;
    ///
    /// let timeouts = Timeouts::new().connect(Duration::from_secs(2));
    /// let connection = Connection::builder().timeouts(timeouts).open("https://www.example.com")?;
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn builder() -> ConnectionBuilder<Arc<dyn NetworkBackend>> {
        ConnectionBuilder::over(Arc::new(TcpBackend::new()))
    }

    /// Returns the origin that the connection leads to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.0.endpoint
    }

    /// Returns whether it can carry a request now: it is not busy, and a check of the socket finds it alive.
    ///
    /// During the check the connection is busy: a request that another thread sends at that moment fails.
    pub fn is_ready(&self) -> bool {
        self.0.is_ready()
    }

    /// Asks the proxy at the other end of this connection for a tunnel to `host:port`, by CONNECT (RFC 9110 §9.3.6). If
    /// the status is 2xx, [`into_upgraded`](Response::into_upgraded) returns the tunnel. Any other response is the
    /// proxy's refusal.
    ///
    /// For a request with headers, such as `Proxy-Authorization`, send one with a
    /// [`TunnelTarget`](crate::TunnelTarget).
    ///
    /// ```no_run
    /// # mod httpx { pub use httpx_core::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{Upgraded, open_connection};
    ///
    /// let connection = open_connection("http://proxy.example:3128")?;
    /// let tunnel: Upgraded = connection.tunnel("example.com:22")?.into_upgraded()?;
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the target is not `host:port`, or there is no response.
    #[doc(alias = "connect")]
    pub fn tunnel(&self, target: &str) -> Result<Response<Body>> {
        self.send(connect_request(self.0.endpoint.to_string(), target)?)
    }

    fn exchange(&self, head: &RequestHead, body: Body) -> Result<Response<Body>> {
        let call = Call::begin(head, &self.0.config)?;
        let mut connection = self.0.take(&call)?;
        match connection.send(&call, body) {
            Ok(head) => Ok(connection.into_response(head)),
            Err(error) => Err(SingleConnection::give_up(&call, connection, error)),
        }
    }
}

impl ConnectionBuilder<Arc<dyn NetworkBackend>> {
    /// Sets the backend that makes the connection. Defaults to [`TcpBackend`].
    pub fn backend(mut self, backend: impl NetworkBackend + 'static) -> Self {
        self.backend = Arc::new(backend);
        self
    }

    /// Looks up names with this resolver, in a new [`TcpBackend`]. Defaults to the system's resolver.
    ///
    /// ```
    /// # mod httpx { pub use httpx_pool::*; pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::{Connection, SystemResolver};
    ///
    /// let builder = Connection::builder().resolver(SystemResolver::new());
    /// ```
    #[doc(alias = "dns_resolver")]
    pub fn resolver(self, resolver: impl Resolver + 'static) -> Self {
        self.backend(TcpBackend::new().resolver(resolver))
    }

    /// Opens a connection to the origin of a URL.
    ///
    /// # Errors
    ///
    /// If the URL does not parse, or no connection can be made within the connect timeout.
    pub fn open(self, url: impl IntoUrl) -> Result<Connection> {
        let head = head_to(url, &self.config)?;
        let config = self.config.clone();
        let call = Call::preconnect(&head, &config)?;
        let opened = dial(&self.config, &*self.backend, &call)?;
        SingleConnection::new(&call, self.config, opened).map(Connection)
    }
}

/// Carries one request at a time. A request before the end of the last response fails with kind
/// [`InvalidRequest`](httpx_core::ErrorKind::InvalidRequest). A request after either side has closed the connection
/// fails with kind [`Closed`](httpx_core::ErrorKind::Closed).
impl Transport for Connection {
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        request.head_mut().begin(Instant::now, &self.0.config.timeouts);
        let (head, body) = request.into_parts();
        self.exchange(&head, body).map_err(|error| head.error(error))
    }

    fn close(&self) {
        self.0.plan.close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        Some(self.0.plan.counts())
    }

    fn timeouts(&self) -> Timeouts {
        self.0.config.timeouts
    }
}

/// `<Connection "https://www.example.com" [0 active, 1 idle]>`.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Connection \"{}\" {}>", self.0.endpoint, self.0.plan.counts())
    }
}
