//! The head of a request. It also fixes the start and the total deadline of a call.

use std::fmt;
use std::sync::Arc;
use std::time::Instant;

use crate::clock::HAS_CLOCK;
use crate::{Extensions, Headers, Method, Options, Timeouts, Url, basic_auth};

/// The head of a request: method, URL, headers, settings, and extensions.
///
/// Its parts are shared and copied on write: a clone costs a counter.
///
/// Beside its value it carries the state of the call that it is sent in: when the call began, its total deadline,
/// and whether a redirect has led it to another origin. That state is not compared by `==`, and the head of a
/// response's [`request`](crate::ResponseHead::request) has none, so that it can be sent again.
#[derive(Clone)]
pub struct RequestHead {
    parts: Arc<Parts>,
    /// Whether the state of the call in `parts` is that of an earlier call.
    is_sent: bool,
}

#[derive(Clone)]
struct Parts {
    method: Method,
    url: Url,
    headers: Headers,
    options: Options,
    extensions: Extensions,
    call: CallState,
}

/// The state of the call that a head is sent in.
#[derive(Clone, Copy, Default, PartialEq)]
pub(crate) struct CallState {
    started: Option<Instant>,
    deadline: Option<Instant>,
    /// Whether all timeouts are set but the total one, which may stay unset.
    is_resolved: bool,
    crossed_origin: bool,
    /// The number of this attempt; 0 if no layer retries the call.
    attempt: u32,
    /// The client that has added its settings last; 0 for none.
    client: u64,
}

impl RequestHead {
    /// Creates a head without headers. User information in the URL becomes `Authorization: Basic`, and is cut from the
    /// URL.
    pub fn new(method: Method, url: Url) -> Self {
        RequestHead::from_parts(method, url, Headers::new(), Options::default())
    }

    /// Creates a head of these parts. User information in the URL becomes `Authorization: Basic`, unless there is an
    /// `Authorization` already, and is cut from the URL.
    #[inline]
    pub fn from_parts(method: Method, url: Url, headers: Headers, options: Options) -> Self {
        let has_user_info = url.has_user_info();
        let (extensions, call) = (Extensions::new(), CallState::default());
        let parts = Arc::new(Parts { method, url, headers, options, extensions, call });
        let mut head = RequestHead { parts, is_sent: false };
        if has_user_info {
            head.parts_mut().take_user_info();
        }
        head
    }

    /// Returns the method.
    pub fn method(&self) -> &Method {
        &self.parts.method
    }

    /// Returns the URL, without user information.
    pub fn url(&self) -> &Url {
        &self.parts.url
    }

    /// Returns the headers that were set; `Host` and the framing of the body are added when the head is written.
    pub fn headers(&self) -> &Headers {
        &self.parts.headers
    }

    /// Returns the settings.
    pub fn options(&self) -> &Options {
        &self.parts.options
    }

    /// Returns the values that the request carries for flows, layers and backends.
    #[inline]
    pub fn extensions(&self) -> &Extensions {
        &self.parts.extensions
    }

    /// Returns whether the request may be sent twice without harm: by its option
    /// [`idempotent`](Options::idempotent) if that is set, else by its method (RFC 9110 §9.2.2), or because it has an
    /// `Idempotency-Key` header, by which the server tells the second one from a new request.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
    /// use httpx::flow::RequestHead;
    /// use httpx::{Method, Url};
    ///
    /// let mut head = RequestHead::new(Method::POST, Url::parse("https://example.com/jobs")?);
    /// assert!(!head.is_idempotent());
    /// head.headers_mut().set("Idempotency-Key", "\"8e03978e\"")?;
    /// assert!(head.is_idempotent());
    /// head.options_mut().idempotent = Some(false);
    /// assert!(!head.is_idempotent());
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn is_idempotent(&self) -> bool {
        let by_itself = || self.method().is_idempotent() || self.headers().contains("idempotency-key");
        self.options().idempotent.unwrap_or_else(by_itself)
    }

    /// Sets the method.
    pub fn set_method(&mut self, method: Method) {
        self.parts_mut().method = method;
    }

    /// Sets the URL. User information in it becomes `Authorization: Basic`, unless there is one.
    pub fn set_url(&mut self, url: Url) {
        let parts = self.parts_mut();
        parts.url = url;
        parts.take_user_info();
    }

    /// Returns the headers, to change them.
    pub fn headers_mut(&mut self) -> &mut Headers {
        &mut self.parts_mut().headers
    }

    /// Returns the settings, to change them.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.parts_mut().options
    }

    /// Returns the values that the request carries, to change them.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod flow { pub use httpx_core::*; } }
    /// use httpx::flow::RequestHead;
    /// use httpx::{Method, Url};
    ///
    /// #[derive(Clone, Debug, PartialEq)]
    /// struct Tenant(u32);
    ///
    /// let mut head = RequestHead::new(Method::GET, Url::parse("https://example.com/")?);
    /// head.extensions_mut().insert(Tenant(7));
    /// assert_eq!(head.extensions().get(), Some(&Tenant(7)));
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn extensions_mut(&mut self) -> &mut Extensions {
        &mut self.parts_mut().extensions
    }

    /// Returns when the call began that this head is sent in. In a browser there is no clock, so this is `None`.
    pub fn started(&self) -> Option<Instant> {
        self.call()?.started
    }

    /// Returns when the whole call must have ended: its beginning plus its total timeout. In a browser there is no clock, so
    /// this is `None`: a transport there limits the time itself, by the timeouts in [`options`](RequestHead::options).
    pub fn deadline(&self) -> Option<Instant> {
        self.call()?.deadline
    }

    fn parts_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.parts)
    }
}

/// For transports and layers; not for users.
#[doc(hidden)]
impl RequestHead {
    /// Begins the call, unless a layer above has begun it: records the start, and fixes the total deadline.
    ///
    /// Each layer fills the timeouts that are still unset from its `defaults`; a total timeout that is set first by a
    /// lower layer counts from the same start. Once all timeouts but the total one are set, later calls do nothing.
    #[inline]
    pub fn begin(&mut self, now: impl FnOnce() -> Instant, defaults: &Timeouts) {
        if !self.call().is_some_and(|call| call.is_resolved) {
            self.resolve(now, defaults);
        }
    }

    fn resolve(&mut self, now: impl FnOnce() -> Instant, defaults: &Timeouts) {
        let Parts { options, call, .. } = self.call_mut();
        call.started = call.started.or_else(|| HAS_CLOCK.then(now));
        options.timeouts.fill(defaults);
        let Timeouts { connect, pool, write, head, read, total } = options.timeouts;
        call.is_resolved = [connect, pool, write, head, read].iter().all(Option::is_some);
        if call.deadline.is_none() {
            call.deadline = call.started.zip(total).and_then(|(started, total)| started.checked_add(total));
        }
    }

    /// Records that a redirect has led this call to another origin.
    pub fn set_crossed_origin(&mut self) {
        self.call_mut().call.crossed_origin = true;
    }

    /// Returns whether a redirect has led this call to another origin. A layer that adds default headers then adds
    /// none that is sensitive.
    pub fn has_crossed_origin(&self) -> bool {
        self.call().is_some_and(|call| call.crossed_origin)
    }

    /// Records which attempt of its call this request is, from 1: for a layer that retries.
    pub fn set_attempt(&mut self, number: u32) {
        self.call_mut().call.attempt = number;
    }

    /// Returns which attempt of its call this request is; 0 if no layer above retries the call.
    pub fn attempt(&self) -> u32 {
        self.call().map_or(0, |call| call.attempt)
    }

    /// Sets the headers to those that a client makes of them, and records which client has added its settings.
    pub fn set_client(&mut self, id: u64, headers: Headers) {
        let parts = self.call_mut();
        (parts.call.client, parts.headers) = (id, headers);
    }

    /// Returns which client has added its headers and settings last; 0 if none has.
    pub fn client(&self) -> u64 {
        self.call().map_or(0, |call| call.client)
    }

    /// Returns the state of the call.
    #[cfg(feature = "http")]
    pub(crate) fn call_state(&self) -> CallState {
        self.call().copied().unwrap_or_default()
    }

    /// Sets the state of the call.
    #[cfg(feature = "http")]
    pub(crate) fn set_call_state(&mut self, call: CallState) {
        self.call_mut().call = call;
    }

    /// Returns the head without the state of its call.
    pub(crate) fn without_call(self) -> Self {
        RequestHead { is_sent: true, ..self }
    }

    #[inline]
    fn call(&self) -> Option<&CallState> {
        if self.is_sent { None } else { Some(&self.parts.call) }
    }

    /// Returns the parts, to change the state of the call.
    fn call_mut(&mut self) -> &mut Parts {
        let is_sent = std::mem::take(&mut self.is_sent);
        let parts = self.parts_mut();
        if is_sent {
            parts.call = CallState::default();
        }
        parts
    }
}

/// Compares method, URL, headers and settings; not the extensions, and not the state of the call.
impl PartialEq for RequestHead {
    fn eq(&self, other: &Self) -> bool {
        fn parts(head: &RequestHead) -> (&Method, &Url, &Headers, &Options) {
            let Parts { method, url, headers, options, extensions: _, call: _ } = &*head.parts;
            (method, url, headers, options)
        }
        Arc::ptr_eq(&self.parts, &other.parts) || parts(self) == parts(other)
    }
}

impl Eq for RequestHead {}

impl Parts {
    fn take_user_info(&mut self) {
        if !self.url.has_user_info() {
            return;
        }
        if !self.headers.contains("authorization") {
            // The value is base64: always valid.
            let _ = self.headers.append("Authorization", basic_auth::of_url(&self.url));
            self.headers.mark_sensitive("authorization");
        }
        self.url = self.url.without_user_info();
    }
}

/// `<RequestHead [GET "https://example.com/"] {"Accept": "*/*"}>`.
impl fmt::Debug for RequestHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<RequestHead [{} {:?}] {:?}>", self.method(), self.url().redacted(), self.headers())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{ResponseHead, StatusCode};

    const SECOND: Duration = Duration::from_secs(1);

    fn head() -> RequestHead {
        RequestHead::new(Method::GET, Url::parse("http://h/").unwrap())
    }

    #[test]
    fn a_call_begins_once_and_its_timeouts_are_resolved_there() {
        let start = Instant::now();
        let of = |total: Option<u64>| Timeouts { total: total.map(|n| SECOND * n as u32), ..Timeouts::new() };
        // The request's own total, that of the layer above, that of the layer below: the deadline.
        for (own, above, below, deadline) in [
            (None, None, None, None),
            (Some(1), Some(2), Some(3), Some(1)),
            (None, Some(2), Some(3), Some(2)),
            (None, None, Some(3), Some(3)),
        ] {
            let mut request = head();
            request.options_mut().timeouts = of(own);
            request.begin(|| start, &of(above));
            request.begin(|| start + SECOND, &of(below).connect(SECOND));
            assert_eq!(request.started(), Some(start));
            assert_eq!(
                request.deadline(),
                deadline.map(|n| start + SECOND * n),
                "{own:?} {above:?} {below:?}"
            );
            assert_eq!(request.options().timeouts.connect, Some(SECOND));
        }
        let mut never = head();
        never.begin(|| start, &Timeouts::new().total(Timeouts::NEVER));
        assert_eq!(never.deadline(), None);
    }

    #[test]
    fn the_state_of_a_call_is_no_part_of_the_value() {
        let mut sent = head();
        sent.extensions_mut().insert(7_u32);
        let before = sent.clone();
        sent.begin(Instant::now, &Timeouts::new());
        sent.set_crossed_origin();
        assert_eq!(sent, before);
        assert_eq!(sent, head());

        let mut response = ResponseHead::new(StatusCode::OK);
        response.set_request(sent);
        let request = response.request().unwrap();
        assert_eq!(
            (request.started(), request.deadline(), request.has_crossed_origin()),
            (None, None, false)
        );
        assert_eq!(request.extensions().get(), Some(&7_u32));

        // A new call with this head has a separate state.
        let (mut again, start) = (request.clone(), Instant::now() + SECOND);
        again.begin(|| start, &Timeouts::new().total(SECOND));
        assert_eq!((again.started(), again.deadline()), (Some(start), Some(start + SECOND)));
        assert!(!again.has_crossed_origin() && request.started().is_none());
    }
}
