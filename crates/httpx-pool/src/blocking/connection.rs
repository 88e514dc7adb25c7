//! A single [`Connection`], for direct use.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{ConnectionCounts, IntoUrl, Request, RequestHead, Response, Result, Timeouts};

use super::backend::{NetworkBackend, TcpBackend};
use super::dial::dial;
use super::http1::Http1Connection;
use crate::call::{Call, head_to};
use crate::endpoint::Endpoint;
use crate::into_error;
use crate::key::{KeyRef, Runtime};
use crate::lease::{Pooled, SharedPlan};
use crate::pool_config::PoolConfig;

/// Opens a connection to the origin of a URL, for direct use: no pool, no second try.
///
/// # Errors
///
/// If the URL does not parse, or no connection can be made within the default timeout.
///
/// ```no_run
/// use httpx_core::{Request, blocking::Transport};
///
/// let connection = httpx_pool::open_connection("https://www.example.com")?;
/// let response = connection.send(Request::new("GET", "https://www.example.com/")?)?.read_body()?;
/// println!("{response:?} over {connection:?}");
/// # Ok::<(), httpx_core::Error>(())
/// ```
pub fn open_connection(url: impl IntoUrl) -> Result<Connection> {
    Connection::open(PoolConfig::default(), &TcpBackend::new(), &head_to(url, &PoolConfig::default())?)
}

/// One connection to one origin: a [`Transport`] that carries one request at a time.
pub struct Connection {
    endpoint: Endpoint,
    config: PoolConfig,
    plan: Arc<SharedPlan<Http1Connection>>,
}

impl Connection {
    fn open(config: PoolConfig, backend: &dyn NetworkBackend, head: &RequestHead) -> Result<Self> {
        let call = Call::new(head)?;
        let opened = dial(&config, backend, &call)?;
        let endpoint = call.endpoint()?;
        let plan = SharedPlan::single(call.key(Runtime::Any), opened.stream);
        Ok(Connection { endpoint, config, plan })
    }

    /// The origin that it leads to.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Whether it can carry a request now: it is not busy, and a look at the socket finds it alive.
    ///
    /// The look takes the connection for a moment: a request that another thread sends in that moment finds it busy.
    pub fn is_ready(&self) -> bool {
        self.plan.is_single_ready(KeyRef::of_endpoint(&self.endpoint), Http1Connection::is_alive)
    }

    fn exchange(&self, head: &RequestHead, body: Body) -> Result<Response<Body>> {
        let call = Call::new(head)?;
        call.check_leads_to(&self.endpoint)?;
        let mut link = self.plan.take_single(call.key(Runtime::Any))?;
        // What has come unasked would be taken for the answer.
        if !link.is_alive() {
            return Err(into_error::connection_closed());
        }
        match link.send(&call, body) {
            Ok(head) => link.into_response(head),
            Err(error) => {
                link.give_up();
                Err(error)
            }
        }
    }
}

/// One request at a time: one that comes before the last response has been read is an error of kind
/// [`InvalidRequest`](httpx_core::ErrorKind::InvalidRequest), and one that comes after it was closed, by either
/// side, one of kind [`Closed`](httpx_core::ErrorKind::Closed).
impl Transport for Connection {
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        request.head_mut().begin(Instant::now, &self.config.timeouts());
        let (head, body) = request.into_parts();
        self.exchange(&head, body).map_err(|error| head.error(error))
    }

    fn close(&self) {
        self.plan.close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        Some(self.plan.counts())
    }

    fn timeouts(&self) -> Timeouts {
        self.config.timeouts()
    }
}

/// `<Connection "https://www.example.com" [0 active, 1 idle]>`.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<Connection \"{}\" {}>", self.endpoint, self.plan.counts())
    }
}
