//! [`TunnelTarget`]: the destination of a CONNECT request, which `tunnel()` makes.

use std::sync::Arc;

use httpx_core::{IntoUrl, MessageBody, Method, Request, RequestHead, Result};

/// The destination of a CONNECT request, `host:port` (RFC 9110 §9.3.6): an extension of the request, which is sent to the
/// proxy in its URL.
///
/// Without it, a CONNECT request is invalid. On other methods it has no effect. It is checked when the request is sent.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod network { pub use httpx_pool::*; } }
/// use httpx::Request;
/// use httpx::network::TunnelTarget;
///
/// let mut request: Request = Request::new("CONNECT", "http://proxy.example:3128")?;
/// request.extensions_mut().insert(TunnelTarget::new("example.com:443"));
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TunnelTarget(Arc<str>);

impl TunnelTarget {
    /// Creates the target. It needs a port. An IPv6 address is in brackets.
    pub fn new(target: &str) -> Self {
        TunnelTarget(target.into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Creates a CONNECT request to a proxy.
pub(crate) fn connect_request<B: MessageBody>(proxy: impl IntoUrl, target: &str) -> Result<Request<B>> {
    let mut request = Request::new(Method::CONNECT, proxy)?;
    request.extensions_mut().insert(TunnelTarget::new(target));
    Ok(request)
}

/// Returns the target of the request line with this head, and the value of `Host`.
pub(crate) fn target(head: &RequestHead) -> (&str, &str) {
    match head.extensions().get() {
        // RFC 9112 §3.2.3.
        Some(target) if *head.method() == Method::CONNECT => {
            let target: &TunnelTarget = target;
            (target.as_str(), target.as_str())
        }
        _ => (head.url().target(), head.url().authority()),
    }
}
