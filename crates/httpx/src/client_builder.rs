//! Builds a client of either flavour.

#[cfg(feature = "cache")]
mod cache;
mod headers;
mod layers;
mod options;
mod pool;
mod proxy;
mod transports;

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use httpx_core::{Error, IntoUrl, QueryParams, ResponseHead, Result};
#[cfg(feature = "cookies")]
use httpx_middleware::CookieJar;
use httpx_middleware::RedirectPolicy;
use httpx_middleware::retry::Retry;
use httpx_pool::{OnInformational, PoolBuilder};

use crate::request_sender::{Layer, RequestSender};
use crate::settings::{CredentialScope, Settings};

/// Builds a client: [`Client`](crate::Client), or `ahttpx::Client` from `ahttpx::Client::builder()`.
///
/// The first invalid setting (a URL that does not parse, a header with a line break) is remembered and returned by
/// `build`.
///
/// ```
/// use std::time::Duration;
///
/// let client = httpx::Client::builder()
///     .url("https://api.example.com/v1/")
///     .bearer_auth("token")
///     .timeout(Duration::from_secs(60))
///     .max_connections(20)
///     .build()?;
/// # Ok::<(), httpx::Error>(())
/// ```
#[must_use = "a builder does nothing until build() is called"]
pub struct ClientBuilder<
    #[cfg(feature = "blocking")] C: RequestSender = crate::Client,
    #[cfg(not(feature = "blocking"))] C: RequestSender,
> {
    pub(crate) settings: Settings,
    /// The transport that replaces the client's own pool.
    pub(crate) transport: Option<BaseTransport<C::Pool, C::Transport>>,
    /// The settings of the client's own pool, and the name of the method that set one first.
    pub(crate) pool: Option<(&'static str, PoolBuilder<C::Backend>)>,
    /// Above redirects and cookies, the outermost first.
    pub(crate) layers: Vec<Layer<C::Transport>>,
    /// Below redirects and cookies, the outermost first.
    pub(crate) network_layers: Vec<Layer<C::Transport>>,
    /// `None` is no retries.
    pub(crate) retry: Option<Retry>,
    pub(crate) redirect_policy: RedirectPolicy,
    /// `None` is an empty jar for this client alone.
    #[cfg(feature = "cookies")]
    pub(crate) jar: Option<CookieJar>,
    #[cfg(feature = "cookies")]
    pub(crate) keeps_cookies: bool,
    /// The first error.
    error: Option<Arc<Error>>,
}

/// The transport below the client's middleware.
#[derive(Clone)]
pub(crate) enum BaseTransport<P, T> {
    /// A connection pool.
    Pool(P),
    /// Any other transport.
    Custom(T),
}

impl<P: Clone + 'static, T> BaseTransport<P, T> {
    /// Tells a pool, which keeps its type so that calls of it are direct, from other transports.
    pub(crate) fn new<A: Any>(transport: A, erase: impl FnOnce(A) -> T) -> Self {
        match (&transport as &dyn Any).downcast_ref::<P>() {
            Some(pool) => BaseTransport::Pool(pool.clone()),
            None => BaseTransport::Custom(erase(transport)),
        }
    }
}

impl<C: RequestSender> ClientBuilder<C> {
    /// Builds the client of the functions `get`, `post`, …: with the default settings, but without cookies.
    pub(crate) fn of_functions() -> Self {
        let builder = ClientBuilder::new();
        #[cfg(feature = "cookies")]
        let builder = builder.no_cookies();
        builder
    }

    pub(crate) fn new() -> Self {
        ClientBuilder {
            settings: Settings::new(),
            transport: None,
            pool: None,
            layers: Vec::new(),
            network_layers: Vec::new(),
            retry: None,
            redirect_policy: RedirectPolicy::default(),
            #[cfg(feature = "cookies")]
            jar: None,
            #[cfg(feature = "cookies")]
            keeps_cookies: true,
            error: None,
        }
    }

    /// Sets the base URL. The URL of each request is joined to it by the rules of the URL standard.
    ///
    /// **A base with a path should end in a slash, and the URLs of its requests should not begin with one**: without the
    /// final slash, the last segment of the base is replaced.
    ///
    /// | base | request | result |
    /// | --- | --- | --- |
    /// | `https://h/v1/` | `items` | `https://h/v1/items` |
    /// | `https://h/v1/` | `/items` | `https://h/items` |
    /// | `https://h/v1` | `items` | `https://h/items` |
    /// | any | `https://other/` | `https://other/` |
    ///
    /// A query in the base is dropped: set [`params`](ClientBuilder::params) instead. For parts of a path that come from
    /// outside, use [`segments`](crate::RequestBuilder::segments): `client.get("items").segments([id])`. A path whose first
    /// segment holds a colon needs `./` in front of it: `./item:7`.
    ///
    /// With a base URL, the client's own credentials and query parameters go to the origin of the base alone: see
    /// [`send_credentials_to_any_origin`](ClientBuilder::send_credentials_to_any_origin). User information in the base
    /// URL becomes `Authorization: Basic`, unless the client has an `Authorization` header.
    ///
    /// Defaults to none: requests need absolute URLs.
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com/v1/").build()?;
    /// let request = client.get("items").build()?;
    /// assert_eq!(request.url(), "https://api.example.com/v1/items");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "base_url")]
    pub fn url(mut self, url: impl IntoUrl) -> Self {
        match url.into_url(None).and_then(|url| url.check_http().map(|()| url)) {
            Ok(url) => self.settings.base = Some(url),
            Err(error) => self.fail(error),
        }
        self
    }

    /// Sets query parameters that each request gets, after those of its URL. A request that has a parameter of the same
    /// name keeps its value.
    ///
    /// With a base URL, requests to other origins do not get them: such parameters are often keys.
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com").params([("api_key", "5f1c")]).build()?;
    /// let request = client.get("/items?page=2").build()?;
    /// assert_eq!(request.url(), "https://api.example.com/items?page=2&api_key=5f1c");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn params(mut self, params: impl Into<QueryParams>) -> Self {
        self.settings.params = params.into();
        self
    }

    /// Sets a value of any type that each request carries in its
    /// [`extensions`](httpx_core::RequestHead::extensions), for layers and network backends. A request's own value of
    /// the same type wins.
    ///
    /// ```
    /// #[derive(Clone)]
    /// struct Tenant(u32);
    ///
    /// let client = httpx::Client::builder().extension(Tenant(7)).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn extension<T: Clone + Send + Sync + 'static>(mut self, value: T) -> Self {
        self.settings.extensions.insert(value);
        self
    }

    /// Calls a function for each informational response to a request of this client: see
    /// [`RequestBuilder::on_informational`](crate::RequestBuilder::on_informational).
    ///
    /// ```
    /// let client = httpx::Client::builder().on_informational(|head| println!("{}", head.status())).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn on_informational(self, function: impl Fn(&ResponseHead) + Send + Sync + 'static) -> Self {
        self.extension(OnInformational::new(function))
    }

    /// Sets the rules for redirects. Defaults to following each redirect within the limits
    /// ([`max_redirects`](ClientBuilder::max_redirects),
    /// [`allow_https_to_http`](ClientBuilder::allow_https_to_http)).
    ///
    /// ```
    /// use httpx::redirect::{RedirectAction, RedirectPolicy};
    ///
    /// let same_origin = RedirectPolicy::new(|attempt| {
    ///     if attempt.is_cross_origin() { RedirectAction::Stop } else { RedirectAction::Follow }
    /// });
    /// let client = httpx::Client::builder().redirect_policy(same_origin).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "redirect")]
    pub fn redirect_policy(mut self, policy: RedirectPolicy) -> Self {
        self.redirect_policy = policy;
        self
    }

    /// Sets the jar for cookies, for example one that was loaded from a file or that several clients share. Defaults to
    /// an empty jar for this client alone. The jar is given by value or by reference: a clone is the same jar.
    ///
    /// ```
    /// use httpx::cookies::CookieJar;
    ///
    /// let jar = CookieJar::new();
    /// let client = httpx::Client::builder().cookie_jar(&jar).build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[cfg(feature = "cookies")]
    #[doc(alias = "cookie_store")]
    #[doc(alias = "cookie_provider")]
    pub fn cookie_jar(mut self, jar: impl Into<CookieJar>) -> Self {
        self.jar = Some(jar.into());
        self
    }

    /// Neither stores nor sends cookies. A client that acts for several users needs this: one user's cookies would go
    /// out with the requests of another.
    ///
    /// ```
    /// let client = httpx::Client::builder().no_cookies().build()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[cfg(feature = "cookies")]
    pub fn no_cookies(mut self) -> Self {
        self.keeps_cookies = false;
        self
    }

    /// Sends the client's credentials to each host that a request names, also outside the origin of the base URL.
    ///
    /// Credentials are the client's `Authorization`, `Proxy-Authorization` and `Cookie` headers and its
    /// [secret headers](ClientBuilder::secret_header). By default, if the client has a base URL, they go to the origin
    /// (scheme, host, port) of the base alone: a path such as `//other.example/` or an absolute URL that a user
    /// supplies cannot take them to another host. The same holds for the client's [`params`](ClientBuilder::params).
    /// **A client without a base URL sends them to each host that a request names.**
    ///
    /// Credentials that a single request sets itself are always sent. A redirect to another origin always drops both.
    ///
    /// ```
    /// let client = httpx::Client::builder().url("https://api.example.com").bearer_auth("token").build()?;
    /// assert!(client.get("/items").build()?.headers().contains("Authorization"));
    /// assert!(!client.get("https://other.example/").build()?.headers().contains("Authorization"));
    ///
    /// let client = httpx::Client::builder()
    ///     .url("https://api.example.com")
    ///     .bearer_auth("token")
    ///     .send_credentials_to_any_origin()
    ///     .build()?;
    /// assert!(client.get("https://other.example/").build()?.headers().contains("Authorization"));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn send_credentials_to_any_origin(mut self) -> Self {
        self.settings.credential_scope = CredentialScope::AnyOrigin;
        self
    }

    /// Returns the first error.
    pub(crate) fn check(&mut self) -> Result<()> {
        if let Some(error) = self.error.take() {
            return Err(owned(error));
        }
        if let (Some((setter, _)), Some(_)) = (&self.pool, &self.transport) {
            return Err(conflict(setter));
        }
        Ok(())
    }

    fn fail(&mut self, error: Error) {
        self.error.get_or_insert_with(|| Arc::new(error));
    }
}

/// The error, or a copy if a clone of the builder holds it too.
fn owned(error: Arc<Error>) -> Error {
    Arc::try_unwrap(error).unwrap_or_else(|error| Error::new(error.kind(), error.to_string()))
}

fn conflict(setter: &str) -> Error {
    let message = format!(
        "{setter}() sets up the client's own pool, which transport() replaces; call {setter}() on the builder of the \
         pool that is given to transport()"
    );
    Error::new(httpx_core::ErrorKind::Config, message)
}

impl<C: RequestSender> Clone for ClientBuilder<C> {
    fn clone(&self) -> Self {
        ClientBuilder {
            settings: self.settings.clone(),
            transport: self.transport.clone(),
            pool: self.pool.clone(),
            layers: self.layers.clone(),
            network_layers: self.network_layers.clone(),
            retry: self.retry.clone(),
            redirect_policy: self.redirect_policy.clone(),
            #[cfg(feature = "cookies")]
            jar: self.jar.clone(),
            #[cfg(feature = "cookies")]
            keeps_cookies: self.keeps_cookies,
            error: self.error.clone(),
        }
    }
}

impl<C: RequestSender> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder").field("settings", &self.settings).finish_non_exhaustive()
    }
}
