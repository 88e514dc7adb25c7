//! [`CredentialOrigin`]: the origin that the credentials of a client are meant for.

use std::fmt;

use httpx_core::{RequestHead, Url};

/// The origin that the credentials of a flow are meant for, as an extension of a request. A client with a base URL sets it
/// for its own flows.
#[doc(hidden)]
#[derive(Clone, PartialEq, Eq)]
pub struct CredentialOrigin(Box<str>);

impl CredentialOrigin {
    /// Creates the origin of a URL.
    pub fn of(url: &Url) -> Self {
        CredentialOrigin(url.origin().into())
    }

    /// Returns whether it is the origin of this URL.
    pub fn is_of(&self, url: &Url) -> bool {
        *self.0 == *url.origin()
    }
}

impl fmt::Debug for CredentialOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Returns whether credentials may go where this request goes: to the given origin, else to that of the client's base
/// URL, else to the origin of the first request of the call.
pub(super) fn allows(origin: Option<&CredentialOrigin>, request: &RequestHead) -> bool {
    match origin.or_else(|| request.extensions().get()) {
        Some(origin) => origin.is_of(request.url()),
        None => !request.has_crossed_origin(),
    }
}

/// Returns whether a request has a digest of its own, which other flows leave to it.
#[cfg(feature = "digest")]
pub(super) fn has_own_digest(request: &RequestHead) -> bool {
    request.extensions().get::<super::RequestDigest>().is_some()
}

/// Returns whether a request has a digest of its own: never, without the feature.
#[cfg(not(feature = "digest"))]
pub(super) fn has_own_digest(_: &RequestHead) -> bool {
    false
}
