//! Adds `send` and `stream` to the builder of a blocking request.

use bytes::Bytes;
use httpx_core::blocking::Body;
use httpx_core::{Response, Result};

use super::Client;
use crate::request_builder::RequestBuilder;

/// Blocking.
impl RequestBuilder<Client> {
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
        self.stream()?.read_body()
    }

    /// Blocking: sends the request and returns the response as soon as its head has been received. Its body is read from
    /// the response.
    ///
    /// Call [`error_for_status`](Response::error_for_status) before the body is saved: without it, the body of a 404
    /// page would be saved as the file.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let mut response = client.get("https://www.example.com/large").stream()?.error_for_status()?;
    /// let mut file = std::fs::File::create("large")?;
    /// std::io::copy(&mut response, &mut file)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
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
