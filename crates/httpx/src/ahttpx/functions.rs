//! Functions that send a request with a shared client.

use std::sync::LazyLock;

use httpx_core::{Error, IntoUrl, Method};

use super::Client;
use crate::client_builder::ClientBuilder;
use crate::request_builder::RequestBuilder;

/// The client of all functions. It keeps no cookies: a call should not tell the server about an earlier one.
static CLIENT: LazyLock<Client> = LazyLock::new(|| Client::from_builder(ClientBuilder::of_functions()));

/// Starts a `GET` request without a client of your own.
///
/// All such functions share one pool of connections and keep no cookies. For more than a few requests, make a
/// [`Client`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::get("https://www.example.com/items").params([("page", 2)]).send().await?;
/// # Ok(())
/// # }
/// ```
pub fn get(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::GET, url)
}

/// Starts a `POST` request without a client of your own.
///
/// All such functions share one pool of connections and keep no cookies. For more than a few requests, make a
/// [`Client`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::post("https://www.example.com/items").form([("name", "pen")]).send().await?;
/// # Ok(())
/// # }
/// ```
pub fn post(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::POST, url)
}

/// Starts a `PUT` request without a client of your own.
///
/// All such functions share one pool of connections and keep no cookies. For more than a few requests, make a
/// [`Client`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::put("https://www.example.com/items/1").body("a pen").send().await?;
/// # Ok(())
/// # }
/// ```
pub fn put(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::PUT, url)
}

/// Starts a `PATCH` request without a client of your own.
///
/// All such functions share one pool of connections and keep no cookies. For more than a few requests, make a
/// [`Client`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::patch("https://www.example.com/items/1").form([("name", "pencil")]).send().await?;
/// # Ok(())
/// # }
/// ```
pub fn patch(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::PATCH, url)
}

/// Starts a `DELETE` request without a client of your own.
///
/// All such functions share one pool of connections and keep no cookies. For more than a few requests, make a
/// [`Client`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::delete("https://www.example.com/items/1").send().await?;
/// # Ok(())
/// # }
/// ```
pub fn delete(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::DELETE, url)
}

/// Starts a `HEAD` request without a client of your own.
///
/// All such functions share one pool of connections and keep no cookies. For more than a few requests, make a
/// [`Client`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::head("https://www.example.com/items").send().await?;
/// # Ok(())
/// # }
/// ```
pub fn head(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::HEAD, url)
}

/// Starts an `OPTIONS` request without a client of your own.
///
/// All such functions share one pool of connections and keep no cookies. For more than a few requests, make a
/// [`Client`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::options("https://www.example.com/items").send().await?;
/// # Ok(())
/// # }
/// ```
pub fn options(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::OPTIONS, url)
}

/// Starts a request with any method without a client of your own. See [`get`].
///
/// ```no_run
/// # async fn run() -> httpx::Result<()> {
/// let response = httpx::ahttpx::request("PROPFIND", "https://www.example.com/files").send().await?;
/// # Ok(())
/// # }
/// ```
pub fn request<M>(method: M, url: impl IntoUrl) -> RequestBuilder<Client>
where
    M: TryInto<Method>,
    Error: From<M::Error>,
{
    CLIENT.request(method, url)
}
