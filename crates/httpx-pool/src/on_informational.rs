//! [`OnInformational`]: a function that is called for each interim response.

use std::fmt;
use std::sync::Arc;

use httpx_core::ResponseHead;

/// A function that is called for each informational response (RFC 9110 §15.2) before the final one: an extension of the
/// request. `RequestBuilder::on_informational` sets it.
#[derive(Clone)]
pub struct OnInformational(Arc<dyn Fn(&ResponseHead) + Send + Sync>);

impl OnInformational {
    /// Creates the extension.
    pub fn new(function: impl Fn(&ResponseHead) + Send + Sync + 'static) -> Self {
        OnInformational(Arc::new(function))
    }

    pub(crate) fn call(&self, response: &ResponseHead) {
        (self.0)(response);
    }
}

impl fmt::Debug for OnInformational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnInformational")
    }
}
