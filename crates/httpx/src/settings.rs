//! A client adds its settings here, and withholds credentials from other origins.

use std::sync::atomic::{AtomicU64, Ordering};

use httpx_core::{
    Extensions, HeaderValue, Headers, IntoUrl, Options, QueryParams, RequestHead, Result, Url, headers,
};

use httpx_middleware::auth::CredentialOrigin;

use crate::url_cache::UrlCache;

/// The settings that a client adds to its requests, the same in both flavours.
#[derive(Debug, Clone)]
pub struct Settings {
    pub(crate) base: Option<Url>,
    pub(crate) headers: Headers,
    pub(crate) params: QueryParams,
    pub(crate) options: Options,
    pub(crate) extensions: Extensions,
    pub(crate) credential_scope: CredentialScope,
    /// Whether a flow of the client has credentials.
    pub(crate) authenticates: bool,
    /// Whether one of the headers is a credential.
    has_credentials: bool,
    /// Whether one of the options is set.
    has_options: bool,
    /// The number of the client, from 1.
    id: u64,
    urls: UrlCache,
}

/// The hosts that get the client's own credentials and query parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CredentialScope {
    /// The origin of the base URL; any, if there is no base URL.
    BaseOrigin,
    /// Any.
    AnyOrigin,
}

/// The default headers, in the order in which they are sent.
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
    pub(crate) fn new() -> Self {
        Settings {
            base: None,
            headers: default_headers(),
            params: QueryParams::new(),
            options: Options::default(),
            extensions: Extensions::new(),
            credential_scope: CredentialScope::BaseOrigin,
            authenticates: false,
            has_credentials: false,
            has_options: false,
            id: 0,
            urls: UrlCache::default(),
        }
    }

    /// Makes the settings ready for a client.
    pub(crate) fn finish(&mut self) {
        static LAST_ID: AtomicU64 = AtomicU64::new(0);
        self.id = LAST_ID.fetch_add(1, Ordering::Relaxed) + 1;
        self.take_user_info();
        self.bind_credentials();
        self.has_options = self.options != Options::default();
        self.has_credentials = self.headers.iter().any(|(name, value)| is_credential(name, value));
    }

    /// Binds the credentials of the client's flows to the origin of its base URL.
    fn bind_credentials(&mut self) {
        if let (Some(base), CredentialScope::BaseOrigin, true) =
            (&self.base, self.credential_scope, self.authenticates)
        {
            self.extensions.insert(CredentialOrigin::of(base));
        }
    }

    /// Turns the user information of the base URL into a header.
    fn take_user_info(&mut self) {
        let Some(base) = self.base.take_if(|base| base.has_user_info()) else { return };
        let head = RequestHead::from_parts(
            httpx_core::Method::GET,
            base,
            std::mem::take(&mut self.headers),
            Options::default(),
        );
        self.base = Some(head.url().clone());
        self.headers = head.headers().clone();
    }

    /// Returns the URL of a request, joined to the base.
    pub(crate) fn url(&self, url: impl IntoUrl) -> Result<Url> {
        match (&self.base, url.as_text()) {
            (None, Some(text)) => self.urls.parse(text),
            (base, _) => url.into_url(base.as_ref()),
        }
    }

    /// Adds the client's settings to a request that was not built by this client. The request's own win.
    pub(crate) fn prepare(&self, head: &mut RequestHead) {
        if head.client() != self.id {
            self.add_to(head, &[]);
        }
    }

    /// Adds the client's settings, but for the headers of these names. The request's own win: header by header, option
    /// by option.
    pub(crate) fn add_to(&self, head: &mut RequestHead, left_out: &[String]) {
        let headers = self.headers_for(head, left_out);
        head.set_client(self.id, headers);
        if self.has_options {
            let options = head.options().or(&self.options);
            *head.options_mut() = options;
        }
        if !self.params.is_empty() && self.trusts(head) {
            self.add_params(head);
        }
        if !self.extensions.is_empty() {
            head.extensions_mut().add_missing(&self.extensions);
        }
    }

    fn headers_for(&self, head: &RequestHead, left_out: &[String]) -> Headers {
        let own = head.headers();
        let mut headers = self.headers.clone();
        if self.has_credentials && !self.trusts(head) {
            headers.retain(|name, value| !is_credential(name, value));
        }
        for name in left_out {
            headers.remove(name);
        }
        if own.is_empty() {
            return headers;
        }
        // A part of an encoded body cannot be decoded.
        if own.contains("range") && headers.contains("accept-encoding") {
            let _ = headers.set("Accept-Encoding", "identity");
        }
        if head.client() == 0 {
            headers.update(own);
        } else {
            headers.update(&without_defaults(own, &self.headers));
        }
        headers
    }

    fn add_params(&self, head: &mut RequestHead) {
        let own = head.url().params();
        let new: QueryParams = self.params.iter().filter(|(name, _)| !own.contains(name)).collect();
        if !new.is_empty() {
            head.set_url(head.url().append_params(&new));
        }
    }

    /// Returns whether the client's own credentials may go where this request goes.
    fn trusts(&self, head: &RequestHead) -> bool {
        if head.has_crossed_origin() {
            return false;
        }
        match (&self.base, self.credential_scope) {
            (Some(base), CredentialScope::BaseOrigin) => is_same_origin(base, head.url()),
            (None, CredentialScope::BaseOrigin) | (_, CredentialScope::AnyOrigin) => true,
        }
    }
}

/// The headers of a request without the default ones that a client above has added, where this client has others.
fn without_defaults(own: &Headers, client: &Headers) -> Headers {
    let (mut own, defaults) = (own.clone(), default_headers());
    own.retain(|name, value| defaults.get(name) != Some(value) || !client.contains(name));
    own
}

/// Returns whether a header must stay at the origin that it was meant for.
fn is_credential(name: &str, value: HeaderValue<'_>) -> bool {
    value.is_sensitive()
        || ["authorization", "proxy-authorization", "cookie"]
            .iter()
            .any(|other| name.eq_ignore_ascii_case(other))
}

/// RFC 6454 §5.
fn is_same_origin(one: &Url, other: &Url) -> bool {
    one.scheme() == other.scheme()
        && one.host() == other.host()
        && one.port_or_default() == other.port_or_default()
}
