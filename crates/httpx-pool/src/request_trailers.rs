//! [`RequestTrailers`]: the trailers of a request, which are known when its body has been sent.

use std::fmt;
use std::sync::Arc;

use httpx_core::{Error, Headers, RequestHead, RequestSent, Result};
use httpx_proto::LocalError;

use crate::into_error;

/// A function that returns the trailers of a request (RFC 9110 §6.5) when its body has been sent: an extension of the
/// request. `RequestBuilder::trailers` and `trailers_with` set it.
///
/// The body is sent in chunks then. A request without a body sends no trailers.
#[derive(Clone)]
pub struct RequestTrailers(Arc<dyn Fn() -> Result<Headers> + Send + Sync>);

impl RequestTrailers {
    /// Creates the extension. The function is called again if the request is sent again.
    pub fn new<H>(function: impl Fn() -> H + Send + Sync + 'static) -> Self
    where
        H: TryInto<Headers>,
        Error: From<H::Error>,
    {
        RequestTrailers(Arc::new(move || Ok(function().try_into()?)))
    }

    /// Returns the trailers.
    ///
    /// # Errors
    ///
    /// If one of them is not valid.
    pub(crate) fn get(&self) -> Result<Headers> {
        (self.0)()
    }
}

impl fmt::Debug for RequestTrailers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RequestTrailers")
    }
}

/// Returns whether the request with this head has trailers.
///
/// # Errors
///
/// If it has, and a `Content-Length` too, which rules out chunks.
pub(crate) fn has_trailers(head: &RequestHead) -> Result<bool> {
    let has_trailers = head.extensions().get::<RequestTrailers>().is_some();
    if has_trailers && head.headers().contains("content-length") {
        return Err(into_error::local(LocalError::Trailers, RequestSent::Nothing));
    }
    Ok(has_trailers)
}
