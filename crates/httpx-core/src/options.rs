//! The settings of a request: limits, redirects, decoding.

use crate::Timeouts;

/// The settings that a request carries to its transport. `None` means not set: the client's setting applies, then the
/// default.
///
/// ```
/// # mod httpx { pub mod models { pub use httpx_core::*; } }
/// use std::time::Duration;
/// use httpx::models::Options;
///
/// let mut client = Options::default();
/// client.max_body_bytes = Some(1 << 20);
/// client.timeouts.read = Some(Duration::from_secs(5));
/// let mut request = Options::default();
/// request.max_body_bytes = Some(1 << 30);
/// let both = request.or(&client); // the request's own win
/// assert_eq!((both.max_body_bytes, both.timeouts.read), (Some(1 << 30), Some(Duration::from_secs(5))));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// The timeouts.
    pub timeouts: Timeouts,
    /// The most bytes, after decoding, of a body that is read to completion. Defaults to 100 MiB. A streamed body has no
    /// limit.
    pub max_body_bytes: Option<u64>,
    /// The most redirects that are followed; with 0 the redirect itself is returned. Defaults to 20.
    pub max_redirects: Option<u32>,
    /// Whether a redirect from https to http is followed. Defaults to `false`: it is an error.
    pub allow_https_to_http: Option<bool>,
    /// Whether sending the request twice does no harm, so that it may be sent again after a connection broke. Defaults
    /// to yes for the methods of [`Method::is_idempotent`](crate::Method::is_idempotent), and for a request with an
    /// `Idempotency-Key` header.
    pub idempotent: Option<bool>,
    /// Whether the body of the response is decompressed. Defaults to `true`.
    pub decompress: Option<bool>,
}

impl Options {
    /// The default of [`max_body_bytes`](Options::max_body_bytes), 100 MiB: more than a response needs that is meant to
    /// fit in memory, and less than the memory of most machines.
    pub const MAX_BODY_BYTES: u64 = 100 << 20;

    /// The default of [`max_redirects`](Options::max_redirects), 20, as in browsers and Python's httpx; curl has 50.
    pub const MAX_REDIRECTS: u32 = 20;

    /// Returns these settings, with `defaults` for those that are not set.
    pub fn or(&self, defaults: &Options) -> Options {
        Options {
            timeouts: self.timeouts.or(&defaults.timeouts),
            max_body_bytes: self.max_body_bytes.or(defaults.max_body_bytes),
            max_redirects: self.max_redirects.or(defaults.max_redirects),
            allow_https_to_http: self.allow_https_to_http.or(defaults.allow_https_to_http),
            idempotent: self.idempotent.or(defaults.idempotent),
            decompress: self.decompress.or(defaults.decompress),
        }
    }
}
