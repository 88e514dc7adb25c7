use std::fmt;
use std::sync::Mutex;

use httpx_core::{Result, Url};

/// The last URL that was parsed from a text: most programs ask the same server again, and a host is the dear part of
/// a URL (an IPv4 address costs as much as all the codec does for a request).
#[derive(Default)]
pub(crate) struct UrlCache(Mutex<Option<Url>>);

impl UrlCache {
    pub(crate) fn parse(&self, text: &str) -> Result<Url> {
        // Whoever would have to wait for the lock parses meanwhile.
        let Ok(mut recent) = self.0.try_lock() else { return Url::parse(text) };
        if let Some(url) = recent.as_ref().and_then(|recent| Url::parse_with_hint(recent, text)) {
            return Ok(url);
        }
        let url = Url::parse(text)?;
        if !url.has_user_info() {
            *recent = Some(url.clone());
        }
        Ok(url)
    }
}

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
