//! Remembers the last parsed URL, so that the next request to the same server parses less.

use std::fmt;
use std::sync::Mutex;

use httpx_core::{Result, Url};

/// The last URL that was parsed from a text. Most programs send one request after the other to the same server, and the
/// host is the expensive part of a URL: parsing an IPv4 address costs as much as the whole codec costs for a request.
#[derive(Default)]
pub(crate) struct UrlCache(Mutex<Option<Url>>);

impl UrlCache {
    pub(crate) fn parse(&self, text: &str) -> Result<Url> {
        // Parsing is faster than waiting for the lock.
        let Ok(mut last) = self.0.try_lock() else { return Url::parse(text) };
        if let Some(url) = last.as_ref().and_then(|last| Url::parse_with_hint(last, text)) {
            return Ok(url);
        }
        let url = Url::parse(text)?;
        if !url.has_user_info() {
            *last = Some(url.clone());
        }
        Ok(url)
    }
}

/// A clone begins empty.
impl Clone for UrlCache {
    fn clone(&self) -> Self {
        UrlCache::default()
    }
}

impl fmt::Debug for UrlCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UrlCache")
    }
}
