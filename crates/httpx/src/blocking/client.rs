use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::blocking::{Body, Transport};
use httpx_core::{ConnectionCounts, Error, IntoUrl, Method, Request, Response, Result};
#[cfg(feature = "cookies")]
use httpx_middleware::CookieJar;
use httpx_pool::ConnectionPool;

use crate::inner::{Inner, with_transports};
use crate::request_builder::RequestSender;
use crate::settings::Settings;
use crate::{ClientBuilder, RequestBuilder};

/// An HTTP client: sends requests over connections that it keeps, follows redirects, keeps cookies.
///
/// It is a handle: a clone is the same client, and it may be used from any number of threads. Have one for the whole
/// program, or pass one around:
///
/// ```
/// use std::sync::LazyLock;
///
/// static CLIENT: LazyLock<httpx::Client> = LazyLock::new(httpx::Client::new);
///
/// assert_eq!(format!("{:?}", *CLIENT), "<Client [0 active]>");
/// ```
///
/// Its representation says how many connections it holds. They are closed by [`close`](Client::close), or when the
/// last clone is dropped.
///
/// ```
/// # use httpx::{Client, ConnectionPool, NetworkStream};
/// # let (network, servers) = httpx::memory::network();
/// # std::thread::spawn(move || {
/// #     let mut open = Vec::new();
/// #     while let Some((_, mut stream)) = servers.accept() {
/// #         stream.read(&mut [0; 4096], None).unwrap();
/// #         stream.write(b"HTTP/1.1 204 No Content\r\n\r\n", None).unwrap();
/// #         open.push(stream);
/// #     }
/// # });
/// # let client = Client::builder().transport(ConnectionPool::builder().backend(network).build()).build()?;
/// client.get("http://www.example.com").send()?;
/// client.get("http://www.wikipedia.com").send()?;
/// client.get("http://www.theguardian.com/uk").send()?;
/// assert_eq!(format!("{client:?}"), "<Client [0 active, 3 idle]>");
/// client.close();
/// assert_eq!(format!("{client:?}"), "<Client [0 active]>");
/// # Ok::<(), httpx::Error>(())
/// ```
#[derive(Clone)]
pub struct Client(Arc<Inner<ConnectionPool, Box<dyn Transport>>>);

impl Client {
    /// A client with the default settings.
    pub fn new() -> Self {
        Client::of(ClientBuilder::new())
    }

    /// A client with settings of its own.
    ///
    /// ```
    /// use httpx::{Client, ConnectionPool};
    ///
    /// let client = Client::builder()
    ///     .url("https://www.example.com")
    ///     .transport(ConnectionPool::builder().max_connections(10).build())
    ///     .build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder<Box<dyn Transport>> {
        ClientBuilder::new()
    }

    /// Starts a `GET` request.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.get("https://www.example.com/items").params([("page", 2)]).send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn get(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::GET, url)
    }

    /// Starts a `POST` request.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.post("https://www.example.com/items").form([("name", "pen")]).send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn post(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::POST, url)
    }

    /// Starts a `PUT` request.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.put("https://www.example.com/items/1").body("a pen").send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn put(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::PUT, url)
    }

    /// Starts a `PATCH` request.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.patch("https://www.example.com/items/1").form([("name", "pencil")]).send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn patch(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::PATCH, url)
    }

    /// Starts a `DELETE` request.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.delete("https://www.example.com/items/1").send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn delete(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::DELETE, url)
    }

    /// Starts a `HEAD` request: its response has the head that `GET` would have, and no body.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.head("https://www.example.com/items").send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn head(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::HEAD, url)
    }

    /// Starts an `OPTIONS` request.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.options("https://www.example.com/items").send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn options(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::OPTIONS, url)
    }

    /// Starts a request with any method.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.request("PROPFIND", "https://www.example.com/files").send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn request<M>(&self, method: M, url: impl IntoUrl) -> RequestBuilder<Client>
    where
        M: TryInto<Method>,
        Error: From<M::Error>,
    {
        RequestBuilder::new(self.clone(), method, url)
    }

    /// The jar that its cookies are kept in; one that stays empty if it keeps none.
    #[cfg(feature = "cookies")]
    pub fn cookies(&self) -> &CookieJar {
        &self.0.jar
    }

    /// Closes the idle connections now, and those in use when their response has been read. Later requests, of all
    /// clones, fail with kind [`Closed`](httpx_core::ErrorKind::Closed).
    pub fn close(&self) {
        self.0.close();
        with_transports!(self.0.transports, transport => transport.close());
    }

    /// A client with the default settings that keeps no cookies.
    pub(super) fn without_cookies() -> Self {
        let builder = ClientBuilder::new();
        #[cfg(feature = "cookies")]
        let builder = builder.no_cookies();
        Client::of(builder)
    }

    fn of(builder: ClientBuilder<Box<dyn Transport>>) -> Self {
        Client(Arc::new(Inner::new(builder, ConnectionPool::new, |pool| Box::new(pool))))
    }

    /// Sends a request that has all that the client adds.
    fn dispatch(&self, request: Request<Body>) -> Result<Response<Body>> {
        self.0.check_open(request.head())?;
        with_transports!(self.0.transports, transport => transport.send(request))
    }
}

impl RequestBuilder<Client> {
    /// Blocking: sends the request, and reads the response to completion.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let response = client.get("https://www.example.com").send()?;
    /// println!("{} {}", response.status(), response.text());
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the request could not be made or sent, or no whole response came. A response with an error status is no
    /// error: see [`error_for_status`](Response::error_for_status).
    pub fn send(self) -> Result<Response<Bytes>> {
        self.stream()?.read_body()
    }

    /// Blocking: sends the request, and gives the response as soon as its head is here; its body is read from it.
    /// [`error_for_status`](Response::error_for_status) works on it, too: without it a page that says 404 would be the
    /// file.
    ///
    /// ```
    /// # use httpx::{Body, Client, Request, Response, Result, Transport};
    /// # struct Large;
    /// # impl Transport for Large {
    /// #     fn send(&self, _: Request) -> Result<Response<Body>> {
    /// #         Ok(Response::new(200, vec![b'x'; 1_000_000])?.into())
    /// #     }
    /// # }
    /// # let client = Client::builder().transport(Large).build()?;
    /// # let mut file = Vec::new();
    /// let mut response = client.get("https://www.example.com/large").stream()?.error_for_status()?;
    /// assert_eq!(std::io::copy(&mut response, &mut file)?, 1_000_000);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the request could not be made or sent, or no whole head of a response came. A response with an error status
    /// is no error.
    pub fn stream(self) -> Result<Response<Body>> {
        let (client, request) = self.into_parts()?;
        client.dispatch(request)
    }
}

impl ClientBuilder<Box<dyn Transport>> {
    /// Blocking: what sends the requests: a [`ConnectionPool`] with settings of its own, a mock. Redirects and cookies are
    /// dealt with round it. Defaults to a pool with the default settings.
    pub fn transport(mut self, transport: impl Transport + 'static) -> Self {
        self.transport = Some(Box::new(transport));
        self
    }

    /// The client.
    ///
    /// # Errors
    ///
    /// The first of what could not be: a base URL that does not parse, a header with a line break.
    pub fn build(mut self) -> Result<Client> {
        self.check()?;
        Ok(Client::of(self))
    }
}

impl RequestSender for Client {
    type Body = Body;

    fn settings(&self) -> &Settings {
        &self.0.settings
    }
}

/// A client is a transport too: a [`Request`](crate::Request) that was made by hand is sent with all that the client adds.
impl Transport for Client {
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        self.0.settings.prepare(request.head_mut());
        self.dispatch(request)
    }

    fn close(&self) {
        Client::close(self);
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        with_transports!(self.0.transports, transport => transport.counts())
    }
}

impl Default for Client {
    fn default() -> Self {
        Client::new()
    }
}

/// `<Client [0 active, 3 idle]>`; `<Client>` over a transport that has no connections.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.counts() {
            Some(counts) => write!(f, "<Client {counts}>"),
            None => f.write_str("<Client>"),
        }
    }
}
