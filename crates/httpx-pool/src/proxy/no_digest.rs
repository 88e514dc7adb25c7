//! [`NoDigest`]: stands for the digest authentication of proxies in a build without it.

use httpx_core::ResponseHead;

/// No credentials.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum NoDigest {}

/// No attempts.
#[derive(Debug, Default)]
pub(crate) struct NoAttempts {
    _none: (),
}

impl NoDigest {
    pub(crate) fn authorization(&self, _: &str, _: &str) -> Option<Vec<u8>> {
        match *self {}
    }

    pub(crate) fn challenged(&self, _: &mut NoAttempts, _: &ResponseHead) -> bool {
        match *self {}
    }
}
