//! Starts the requests of a blocking client, and adds `send` and `stream` to their builder.

use bytes::Bytes;
use httpx_core::blocking::Body;
use httpx_core::{Error, IntoUrl, Method, Response, Result};

use super::Client;
use crate::request_builder::RequestBuilder;

/// Starting a request.
impl Client {
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

    /// Starts a request for a tunnel through a proxy to `host:port`, by CONNECT (RFC 9110 §9.3.6). The URL is that of the proxy;
    /// a user and a password in it are sent as `Proxy-Authorization`. If the status of the response is 2xx,
    /// [`into_upgraded`](Response::into_upgraded) returns the tunnel. Any other response is the proxy's refusal.
    ///
    /// The client's own `Authorization` and its cookies are not sent, and redirects are not followed. If a proxy of the
    /// client applies to this URL, the connection to this URL goes through a tunnel of that proxy. Use
    /// [`no_proxy`](RequestBuilder::no_proxy) to connect directly.
    ///
    /// ```no_run
    /// use httpx::network::Upgraded;
    ///
    /// # let client = httpx::Client::new();
    /// let request = client.tunnel("http://ann:secret@proxy.example:3128", "example.com:22");
    /// let tunnel: Upgraded = request.send()?.into_upgraded()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "connect")]
    pub fn tunnel(&self, proxy: impl IntoUrl, target: &str) -> RequestBuilder<Client> {
        self.request(Method::CONNECT, proxy).tunnel_to(target)
    }
}

/// Blocking.
impl RequestBuilder<Client> {
    /// Blocking: sets a body of newline-delimited JSON with a line for each value of an iterator, and its `Content-Type` unless
    /// the request has one: short for `.content(JsonLines(values))`. See [`JsonLines`](httpx_core::JsonLines).
    ///
    /// ```
    /// let request = httpx::post("https://www.example.com/readings").json_lines([[0, 20], [1, 21]]).build()?;
    /// assert_eq!(request.headers().get("Content-Type").unwrap(), "application/x-ndjson");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[cfg(feature = "json")]
    #[doc(alias = "ndjson")]
    pub fn json_lines<I>(self, values: I) -> Self
    where
        I: IntoIterator<Item: serde::Serialize, IntoIter: Send + 'static>,
    {
        self.content(httpx_core::JsonLines(values))
    }

    /// Blocking: sends the request and reads the whole response.
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
    /// If a setting was invalid, the request could not be sent, or no whole response was received. A response with an
    /// error status is no error: see [`error_for_status`](Response::error_for_status).
    pub fn send(self) -> Result<Response<Bytes>> {
        // As `stream`, without moving the response out of it.
        let (client, request) = self.into_parts()?;
        client.dispatch(request)?.read_body()
    }

    /// Blocking: sends the request and returns the response as soon as its head has been received. Its body is read from
    /// the response.
    ///
    /// Call [`error_for_status`](Response::error_for_status) before the body is used: without it, the body of a 404
    /// page would be taken for the content. [`save_to`](Response::save_to) does it itself.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let mut response = client.get("https://www.example.com/large").stream()?.error_for_status()?;
    /// response.copy_to(&mut std::io::stdout())?;
    ///
    /// client.get("https://www.example.com/large").stream()?.save_to("large")?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a setting was invalid, the request could not be sent, or no whole head of a response was received. A response
    /// with an error status is no error.
    pub fn stream(self) -> Result<Response<Body>> {
        let (client, request) = self.into_parts()?;
        client.dispatch(request)
    }
}
