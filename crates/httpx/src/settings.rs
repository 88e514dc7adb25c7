use httpx_core::{Headers, IntoUrl, Options, RequestHead, Result, Url, headers};

use crate::url_cache::UrlCache;

/// What a client adds to its requests, the same in both flavours.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) base: Option<Url>,
    pub(crate) headers: Headers,
    pub(crate) options: Options,
    recent: UrlCache,
}

/// The default headers, in the order in which they go out.
fn default_headers() -> Headers {
    headers![
        ("Accept", "*/*"),
        // A build that cannot decode gzip does not ask for it.
        ("Accept-Encoding", if cfg!(feature = "gzip") { "gzip" } else { "identity" }),
        ("Connection", "keep-alive"),
        ("User-Agent", concat!("rust-httpx/", env!("CARGO_PKG_VERSION"))),
    ]
}

impl Settings {
    /// The URL that a request is for, under the client's base.
    pub(crate) fn url(&self, url: impl IntoUrl) -> Result<Url> {
        match (&self.base, url.as_text()) {
            (None, Some(text)) => self.recent.parse(text),
            (base, _) => url.into_url(base.as_ref()),
        }
    }

    /// Adds the client's headers and options. The request's own win, header by header and option by option.
    pub(crate) fn prepare(&self, head: &mut RequestHead) {
        let headers = self.headers(head);
        *head.headers_mut() = headers;
        let options = head.options().or(&self.options);
        *head.options_mut() = options;
    }

    fn headers(&self, head: &RequestHead) -> Headers {
        let mut headers = self.headers.clone();
        headers.update(head.headers());
        headers
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            base: None,
            headers: default_headers(),
            options: Options::default(),
            recent: UrlCache::default(),
        }
    }
}
