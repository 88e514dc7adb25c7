//! The async client.

use std::fmt;
use std::sync::Arc;

use httpx_core::ahttpx::{Body, DynTransport, Transport};
use httpx_core::{ConnectionCounts, IntoUrl, Request, Response, Result, Timeouts, Url};
#[cfg(feature = "cookies")]
use httpx_middleware::CookieJar;
use httpx_middleware::{Flow, Middleware};
use httpx_pool::ConnectionInfo;
use httpx_pool::ahttpx::{ConnectionPool, NetworkBackend};
use httpx_pool::{PoolBuilder, PoolStats};

use crate::inner::{Inner, with_transports};
use crate::request_sender::{Layer, Layers, RequestSender, sealed};
use crate::settings::Settings;

/// An HTTP client: it keeps connections and cookies, follows redirects and decodes responses.
///
/// A client is a handle: a clone is the same client, and any number of tasks, on any runtime, may use it.
/// Make one for the whole program, or pass one around:
///
/// ```
/// use std::sync::LazyLock;
///
/// static CLIENT: LazyLock<httpx::ahttpx::Client> = LazyLock::new(httpx::ahttpx::Client::new);
///
/// assert_eq!(format!("{:?}", *CLIENT), "<Client [0 active]>");
/// ```
///
/// **All requests of a client share its cookies.** A service that acts for several users would send one user's session
/// with the requests of another: build its client with [`no_cookies`](crate::ClientBuilder::no_cookies), or give each
/// request the [`cookie_jar`](crate::RequestBuilder::cookie_jar) of its user.
///
/// `Debug` shows how many connections the client holds. [`close`](Client::close), or dropping the last clone, closes them.
///
/// ```
/// # use httpx::ahttpx::ConnectionPool;
/// # use httpx::ahttpx::Client;
/// # use httpx::network::NetworkStream;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx::Result<()> {
/// # let (network, servers) = httpx::network::memory::network();
/// # std::thread::spawn(move || {
/// #     let mut open = Vec::new();
/// #     while let Some((_, mut stream)) = servers.accept() {
/// #         stream.read(&mut [0; 4096], None).unwrap();
/// #         stream.write(b"HTTP/1.1 204 No Content\r\n\r\n", None).unwrap();
/// #         open.push(stream);
/// #     }
/// # });
/// # let client = Client::builder().backend(network).build()?;
/// client.get("http://www.example.com").send().await?;
/// client.get("http://www.wikipedia.com").send().await?;
/// client.get("http://www.theguardian.com/uk").send().await?;
/// assert_eq!(format!("{client:?}"), "<Client [0 active, 3 idle]>");
/// client.close().await;
/// assert_eq!(format!("{client:?}"), "<Client [0 active]>");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(pub(super) Arc<Inner<ConnectionPool, Arc<dyn DynTransport>>>);

impl Client {
    /// Sends a request that was made by hand, with everything that the client adds. Returns the response as soon as its
    /// head has been received; [`read_body`](Response::read_body) reads the rest.
    ///
    /// ```no_run
    /// use httpx::ahttpx::Request;
    ///
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let request = Request::new("GET", "https://www.example.com")?;
    /// let response = client.send(request).await?.read_body().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`RequestBuilder::stream`](crate::RequestBuilder::stream).
    #[doc(alias = "execute")]
    pub async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        self.0.settings.prepare(request.head_mut());
        self.dispatch(request).await
    }

    /// Returns the base URL, without user information, if the client has one.
    ///
    /// ```
    /// let client = httpx::ahttpx::Client::builder().url("https://api.example.com/v1/").build()?;
    /// assert_eq!(client.url().unwrap().path(), "/v1/");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "base_url")]
    pub fn url(&self) -> Option<&Url> {
        self.0.settings.base.as_ref()
    }

    /// Returns the jar with the cookies of the client. It stays empty if the client keeps none.
    ///
    /// ```
    /// let client = httpx::ahttpx::Client::new();
    /// assert!(client.cookies().is_empty());
    /// ```
    #[cfg(feature = "cookies")]
    pub fn cookies(&self) -> &CookieJar {
        &self.0.jar
    }

    /// Returns the connections of the client's pool: where each one leads, whether it is idle, how often it was used. The
    /// list is empty if the client sends through another transport than a
    /// [`ConnectionPool`](httpx_pool::ahttpx::ConnectionPool).
    ///
    /// ```
    /// let client = httpx::ahttpx::Client::new();
    /// assert!(client.connections().is_empty());
    /// ```
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        self.0.pool.as_ref().map(ConnectionPool::connections).unwrap_or_default()
    }

    /// Returns the statistics of the client's pool: connections in use and idle, and totals since the client was
    /// created, such as the number of connections opened, reused and closed. All are zero if the client sends through
    /// another transport than a [`ConnectionPool`].
    ///
    /// ```
    /// let client = httpx::ahttpx::Client::new();
    /// let stats = client.stats();
    /// assert_eq!((stats.active, stats.idle, stats.opened), (0, 0, 0));
    /// ```
    pub fn stats(&self) -> PoolStats {
        self.0.pool.as_ref().map(ConnectionPool::stats).unwrap_or_default()
    }

    /// Opens a connection to the origin of a URL in advance, and leaves it idle in the client's pool, so that the first
    /// request needs no lookup and no handshake. Does nothing if the origin has an idle connection already. Sends no
    /// request. The limits and the timeouts of the client apply.
    ///
    /// ```no_run
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx::Result<()> {
    /// let client = httpx::ahttpx::Client::new();
    /// client.connect("https://www.example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the URL does not parse, no connection can be made within the connect timeout, or the client is closed. Kind
    /// [`Config`](httpx_core::ErrorKind::Config) if the client sends through another transport than a
    /// [`ConnectionPool`].
    #[doc(alias = "preconnect")]
    #[doc(alias = "warm_up")]
    pub async fn connect(&self, url: impl IntoUrl) -> Result<()> {
        let (pool, head) = self.0.start_connect(url)?;
        pool.connect_for(head).await
    }

    /// Closes the idle connections now, and those in use once their response has been read. Later requests of all clones
    /// fail with kind [`Closed`](httpx_core::ErrorKind::Closed).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let client = httpx::ahttpx::Client::new();
    /// client.close().await;
    /// assert!(client.get("https://www.example.com").send().await.is_err());
    /// # }
    /// ```
    pub async fn close(&self) {
        self.0.close();
        with_transports!(self.0.transports, transport => transport.close().await);
    }

    /// Sends a request that has everything that the client adds.
    pub(super) async fn dispatch(&self, request: Request<Body>) -> Result<Response<Body>> {
        self.0.check_open(request.head())?;
        if self.0.is_extended(&request) {
            return Box::pin(self.dispatch_extended(request)).await;
        }
        with_transports!(self.0.transports, transport => transport.send(request).await)
    }

    /// Sends a request that has retries, a progress function or a digest. Not inlined, so that other requests do not pay
    /// for it.
    #[cold]
    async fn dispatch_extended(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (transports, retry) =
            (self.0.transports_for(request.head()), self.0.retry_for(request.head()).cloned());
        let mut response = with_transports!(*transports, transport => match retry {
            Some(retry) => Middleware::with(retry, transport).send(request).await,
            None => transport.send(request).await,
        })?;
        response.report_progress();
        Ok(response)
    }
}

impl sealed::Sealed for Client {}

impl RequestSender for Client {
    type Body = Body;
    type Pool = ConnectionPool;
    type Backend = Arc<dyn NetworkBackend>;
    type Transport = Arc<dyn DynTransport>;

    fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn pool_builder() -> PoolBuilder<Self::Backend> {
        ConnectionPool::builder()
    }

    fn pool(builder: PoolBuilder<Self::Backend>) -> ConnectionPool {
        builder.build()
    }

    fn over(flow: impl Flow + 'static) -> Layer<Self::Transport> {
        let flow = Arc::new(flow);
        Arc::new(move |inner| Arc::new(Middleware::with(Arc::clone(&flow), inner)))
    }

    fn pool_transport(pool: ConnectionPool) -> Self::Transport {
        Arc::new(pool)
    }

    fn erase_pool(layers: Layers<ConnectionPool>) -> Self::Transport {
        Arc::new(layers)
    }

    fn erase_custom(layers: Layers<Self::Transport>) -> Self::Transport {
        Arc::new(layers)
    }
}

/// A client is a transport too. It adds its own settings to each request, also to those that another client has built.
impl Transport for Client {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        Client::send(self, request).await
    }

    async fn close(&self) {
        Client::close(self).await;
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        with_transports!(self.0.transports, transport => transport.counts())
    }

    fn timeouts(&self) -> Timeouts {
        let beneath = with_transports!(self.0.transports, transport => transport.timeouts());
        self.0.settings.options.timeouts.or(&beneath)
    }
}

/// `<Client [0 active, 3 idle]>`; `<Client>` over a transport without connections.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.counts() {
            Some(counts) => write!(f, "<Client {counts}>"),
            None => f.write_str("<Client>"),
        }
    }
}
