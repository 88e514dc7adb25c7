use httpx_core::{Headers, IntoUrl, Options, Request, RequestHead, Result, Url};

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
const HEADERS: [(&str, &str); 4] = [
    ("Accept", "*/*"),
    // No more than what every build of this library can undo, so that a feature changes nothing on the wire.
    ("Accept-Encoding", if cfg!(feature = "gzip") { "gzip" } else { "identity" }),
    ("Connection", "keep-alive"),
    ("User-Agent", concat!("rust-httpx/", env!("CARGO_PKG_VERSION"))),
];

impl Settings {
    /// The URL that a request is for, under the client's base.
    pub(crate) fn url(&self, url: impl IntoUrl) -> Result<Url> {
        match (&self.base, url.as_text()) {
            (None, Some(text)) => self.recent.parse(text),
            (base, _) => url.into_url(base.as_ref()),
        }
    }

    /// The head of a request with what the client adds: the request's own headers win, header by header, and its
    /// own settings, one by one.
    pub(crate) fn head(&self, head: &RequestHead) -> RequestHead {
        let headers = self.merged(head.headers());
        let options = head.options().or(&self.options);
        RequestHead::from_parts(head.method().clone(), head.url().clone(), headers, options)
    }

    /// The client's headers, overridden by these.
    pub(crate) fn merged(&self, own: &Headers) -> Headers {
        let mut headers = self.headers.clone();
        headers.update(own);
        headers
    }

    /// A request that was made by hand, with what the client adds.
    pub(crate) fn request<B>(&self, request: Request<B>) -> Request<B> {
        let (head, body) = request.into_parts();
        Request::from_parts(self.head(&head), body)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            base: None,
            headers: Headers::from_static(&HEADERS),
            options: Options::default(),
            recent: UrlCache::default(),
        }
    }
}
