//! Starts the requests of an async client, and adds `send` and `stream` to their builder.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use bytes::Bytes;
#[cfg(feature = "json")]
use futures_core::Stream;
use httpx_core::ahttpx::Body;
use httpx_core::{Error, IntoUrl, Method, Response, Result};

use super::Client;
use crate::request_builder::RequestBuilder;

/// Starting a request.
impl Client {
    /// Starts a `GET` request.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.get("https://www.example.com/items").params([("page", 2)]).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::GET, url)
    }

    /// Starts a `POST` request.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.post("https://www.example.com/items").form([("name", "pen")]).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn post(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::POST, url)
    }

    /// Starts a `PUT` request.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.put("https://www.example.com/items/1").body("a pen").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn put(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::PUT, url)
    }

    /// Starts a `PATCH` request.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.patch("https://www.example.com/items/1").form([("name", "pencil")]).send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn patch(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::PATCH, url)
    }

    /// Starts a `DELETE` request.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.delete("https://www.example.com/items/1").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::DELETE, url)
    }

    /// Starts a `HEAD` request: its response has the head that `GET` would have, and no body.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.head("https://www.example.com/items").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn head(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::HEAD, url)
    }

    /// Starts an `OPTIONS` request.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.options("https://www.example.com/items").send().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn options(&self, url: impl IntoUrl) -> RequestBuilder<Client> {
        self.request(Method::OPTIONS, url)
    }

    /// Starts a request with any method.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.request("PROPFIND", "https://www.example.com/files").send().await?;
    /// # Ok(())
    /// # }
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
    /// use httpx::ahttpx::network::Upgraded;
    ///
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let request = client.tunnel("http://ann:secret@proxy.example:3128", "example.com:22");
    /// let tunnel: Upgraded = request.send().await?.into_upgraded()?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "connect")]
    pub fn tunnel(&self, proxy: impl IntoUrl, target: &str) -> RequestBuilder<Client> {
        self.request(Method::CONNECT, proxy).tunnel_to(target)
    }
}

/// Async.
impl RequestBuilder<Client> {
    /// Async: sets a body of newline-delimited JSON with a line for each value of a stream, and its `Content-Type` unless the
    /// request has one (`application/x-ndjson`). See [`Body::from_json_lines`]. For iterators use
    /// `.content(JsonLines(values))`.
    ///
    /// ```
    /// use futures_util::stream;
    ///
    /// let readings = stream::iter([[0, 20], [1, 21]]);
    /// let request = httpx::ahttpx::post("https://www.example.com/readings").json_lines(readings).build()?;
    /// assert_eq!(request.headers().get("Content-Type").unwrap(), "application/x-ndjson");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[cfg(feature = "json")]
    #[doc(alias = "ndjson")]
    pub fn json_lines(self, values: impl Stream<Item: serde::Serialize> + Send + 'static) -> Self {
        self.body(Body::from_json_lines(values)).media_type("application/x-ndjson")
    }

    /// Async: sends the request and reads the whole response.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let response = client.get("https://www.example.com").send().await?;
    /// println!("{} {}", response.status(), response.text());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If a setting was invalid, the request could not be sent, or no whole response was received. A response with an
    /// error status is no error: see [`error_for_status`](Response::error_for_status).
    pub async fn send(self) -> Result<Response<Bytes>> {
        // As `stream`, without a future around it, into which the request would be moved.
        let (client, request) = self.into_parts()?;
        client.dispatch(request).await?.read_body().await
    }

    /// Async: sends the request and returns the response as soon as its head has been received. Its body is read from
    /// the response.
    ///
    /// Call [`error_for_status`](Response::error_for_status) before the body is used: without it, the body of a 404
    /// page would be taken for the content. [`save_to`](Response::save_to) does it itself.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> httpx::Result<()> {
    /// let mut response = client.get("https://www.example.com/large").stream().await?.error_for_status()?;
    /// let mut copy = Vec::new();
    /// response.copy_to(&mut copy).await?;
    ///
    /// client.get("https://www.example.com/large").stream().await?.save_to("large").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If a setting was invalid, the request could not be sent, or no whole head of a response was received. A response
    /// with an error status is no error.
    pub async fn stream(self) -> Result<Response<Body>> {
        let (client, request) = self.into_parts()?;
        client.dispatch(request).await
    }
}

/// Awaiting the builder sends the request as [`send`](RequestBuilder::send) does. The builder is not itself a future: give
/// `builder.send()` to `tokio::spawn`.
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::get("https://www.example.com").await?;
/// # Ok(())
/// # }
/// ```
impl IntoFuture for RequestBuilder<Client> {
    type Output = Result<Response<Bytes>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}
