//! A single [`Connection`], for direct use.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{ConnectionCounts, IntoUrl, Request, RequestHead, Response, Result, Timeouts};

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::Http1Connection;
use crate::call::{Call, head_to};
use crate::connection_builder::ConnectionBuilder;
use crate::endpoint::Endpoint;
use crate::into_error;
use crate::key::{KeyRef, Runtime};
use crate::lease::{Pooled, SharedPlan};
use crate::pool_config::PoolConfig;

/// Opens a connection to the origin of a URL with the default settings. See [`Connection::builder`] for others.
///
/// # Errors
///
/// If the URL does not parse, or no connection can be made within the connect timeout.
///
/// ```no_run
/// # mod httpx {
/// #     pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; pub mod network { pub use httpx_pool::ahttpx::*; } }
/// # }
/// use httpx::ahttpx::{Request, Transport};
///
/// # async fn run() -> httpx_core::Result<()> {
/// let connection = httpx::ahttpx::network::open_connection("https://www.example.com").await?;
/// let request = Request::new("GET", "https://www.example.com/")?;
/// let response = connection.send(request).await?.read_body().await?;
/// println!("{response:?} over {connection:?}");
/// # Ok(())
/// # }
/// ```
pub async fn open_connection(url: impl IntoUrl) -> Result<Connection> {
    Connection::builder().open(url).await
}

/// One connection to one origin: a [`Transport`] that carries one request at a time, without a pool and without a
/// second attempt.
pub struct Connection {
    endpoint: Endpoint,
    config: PoolConfig,
    plan: Arc<SharedPlan<Http1Connection>>,
}

impl Connection {
    /// Returns a builder with the default settings.
    ///
    /// ```no_run
    /// # mod httpx {
    /// #     pub mod ahttpx { pub use httpx_core::*; pub mod network { pub use httpx_pool::ahttpx::*; } }
    /// # }
    /// use std::time::Duration;
    /// use httpx::ahttpx::Timeouts;
    /// use httpx::ahttpx::network::Connection;
    ///
    /// # async fn run() -> httpx_core::Result<()> {
    /// let timeouts = Timeouts::new().connect(Duration::from_secs(2));
    /// let connection = Connection::builder().timeouts(timeouts).open("https://www.example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> ConnectionBuilder<Arc<dyn NetworkBackend>> {
        ConnectionBuilder { config: PoolConfig::default(), backend: Arc::new(TcpBackend::new()) }
    }

    /// Returns the origin that the connection leads to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Returns whether it can carry a request now: it is not busy, and a look at the socket finds it alive.
    ///
    /// The look takes the connection for a moment: a request that another thread sends in that moment finds it busy.
    pub fn is_ready(&self) -> bool {
        self.plan.is_single_ready(KeyRef::of_endpoint(&self.endpoint), Http1Connection::is_alive)
    }

    async fn exchange(&self, head: &RequestHead, body: Body) -> Result<Response<Body>> {
        let call = Call::new(head)?;
        call.check_leads_to(&self.endpoint)?;
        let mut connection = self.plan.take_single(call.key(Runtime::Any))?;
        // Bytes that no request asked for would be taken for the response.
        if !connection.is_alive() {
            return Err(into_error::connection_closed());
        }
        match connection.send(&call, body).await {
            Ok(head) => Ok(connection.into_response(head)),
            Err(error) => {
                connection.give_up();
                Err(error)
            }
        }
    }
}

impl ConnectionBuilder<Arc<dyn NetworkBackend>> {
    /// Sets the backend that makes the connection. Defaults to [`TcpBackend`].
    pub fn backend(mut self, backend: impl NetworkBackend + 'static) -> Self {
        self.backend = Arc::new(backend);
        self
    }

    /// Opens a connection to the origin of a URL.
    ///
    /// # Errors
    ///
    /// If the URL does not parse, or no connection can be made within the connect timeout.
    pub async fn open(self, url: impl IntoUrl) -> Result<Connection> {
        let head = head_to(url, &self.config)?;
        let call = Call::new(&head)?;
        let opened = dial(&self.config, &*self.backend, &call).await?;
        let plan = SharedPlan::single(call.key(Runtime::Any), opened.stream);
        Ok(Connection { endpoint: call.endpoint()?, config: self.config, plan })
    }
}

/// Carries one request at a time. A request before the end of the last response fails with kind
/// [`InvalidRequest`](httpx_core::ErrorKind::InvalidRequest). A request after either side has closed the connection
/// fails with kind [`Closed`](httpx_core::ErrorKind::Closed).
impl Transport for Connection {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        request.head_mut().begin(Instant::now, &self.config.timeouts);
        let (head, body) = request.into_parts();
        self.exchange(&head, body).await.map_err(|error| head.error(error))
    }

    async fn close(&self) {
        self.plan.close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        Some(self.plan.counts())
    }

    fn timeouts(&self) -> Timeouts {
        self.config.timeouts
    }
}

/// `<Connection "https://www.example.com" [0 active, 1 idle]>`.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Connection \"{}\" {}>", self.endpoint, self.plan.counts())
    }
}
