//! [`ProxyDigest`] of a build without digest authentication: there is none.

use httpx_core::ResponseHead;

/// No credentials.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ProxyDigest {}

/// No attempts.
#[derive(Debug, Default)]
pub(crate) struct ProxyAttempts {
    _none: (),
}

impl ProxyDigest {
    pub(crate) fn authorization(&self, _: &str, _: &str) -> Option<Vec<u8>> {
        match *self {}
    }

    pub(crate) fn challenged(&self, _: &mut ProxyAttempts, _: &ResponseHead) -> bool {
        match *self {}
    }
}
