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
/// let response = httpx::get("https://www.example.com/items").params([("page", 2)]).send()?;
/// # Ok::<(), httpx::Error>(())
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
/// let response = httpx::post("https://www.example.com/items").form([("name", "pen")]).send()?;
/// # Ok::<(), httpx::Error>(())
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
/// let response = httpx::put("https://www.example.com/items/1").body("a pen").send()?;
/// # Ok::<(), httpx::Error>(())
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
/// let response = httpx::patch("https://www.example.com/items/1").form([("name", "pencil")]).send()?;
/// # Ok::<(), httpx::Error>(())
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
/// let response = httpx::delete("https://www.example.com/items/1").send()?;
/// # Ok::<(), httpx::Error>(())
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
/// let response = httpx::head("https://www.example.com/items").send()?;
/// # Ok::<(), httpx::Error>(())
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
/// let response = httpx::options("https://www.example.com/items").send()?;
/// # Ok::<(), httpx::Error>(())
/// ```
pub fn options(url: impl IntoUrl) -> RequestBuilder<Client> {
    CLIENT.request(Method::OPTIONS, url)
}

/// Starts a request with any method without a client of your own. See [`get`].
///
/// ```no_run
/// let response = httpx::request("PROPFIND", "https://www.example.com/files").send()?;
/// # Ok::<(), httpx::Error>(())
/// ```
pub fn request<M>(method: M, url: impl IntoUrl) -> RequestBuilder<Client>
where
    M: TryInto<Method>,
    Error: From<M::Error>,
{
    CLIENT.request(method, url)
}
