//! Adds `send` and `stream` to the builder of an async request.

use std::future::{Future, IntoFuture};
use std::pin::Pin;

use bytes::Bytes;
use httpx_core::ahttpx::Body;
use httpx_core::{Response, Result};

use super::Client;
use crate::request_builder::RequestBuilder;

/// Async.
impl RequestBuilder<Client> {
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
        self.stream().await?.read_body().await
    }

    /// Async: sends the request and returns the response as soon as its head has been received. Its body is read from
    /// the response.
    ///
    /// Call [`error_for_status`](Response::error_for_status) before the body is saved: without it, the body of a 404
    /// page would be saved as the file.
    ///
    /// ```no_run
    /// # async fn run(client: httpx::ahttpx::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut response = client.get("https://www.example.com/large").stream().await?.error_for_status()?;
    /// let mut file = tokio::fs::File::create("large").await?;
    /// tokio::io::copy(&mut response, &mut file).await?;
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

/// Awaiting the builder sends the request as [`send`](RequestBuilder::send) does.
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
