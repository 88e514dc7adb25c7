//! [`ExpectContinue`]: when a request announces its body by `Expect: 100-continue`, and how long it waits then.

use std::time::Duration;

use httpx_core::{Length, RequestHead};

/// How long a body is held back for a `100 Continue` that does not come. curl waits as long.
const TIMEOUT: Duration = Duration::from_secs(1);

/// When a request sends `Expect: 100-continue` (RFC 9110 §10.1.1), and how long its body is held back then: an extension
/// of the request. `RequestBuilder::expect_continue` and its neighbours set it.
///
/// A server can then refuse the request by its head, before the body is sent. The body waits for the first of these:
///
/// - `100 Continue`: the body is sent.
/// - A final response: it is delivered. The body is not sent, and the connection is closed.
/// - 417 (RFC 9110 §15.5.18): the request is sent once more, over a new connection and without `Expect`.
/// - The timeout: the body is sent. Some servers do not know `Expect`.
///
/// A 417 that comes after the timeout leads to the second request only if the body can be sent twice. Otherwise it is
/// delivered, as is every 417 that a [`Connection`] without a pool receives.
///
/// The header is not added to a request without a body, to CONNECT, and to a request that has `Upgrade` or `Expect`; nor
/// to one for a server whose last response on the same connection was of HTTP/1.0. If the request has its own
/// `Expect: 100-continue`, its body waits as well, and a 417 is delivered.
///
/// ```
/// # mod httpx { pub use httpx_core::Method; pub mod network { pub use httpx_pool::*; } pub mod flow { pub use httpx_core::*; } }
/// use std::time::Duration;
/// use httpx::Method;
/// use httpx::flow::RequestHead;
/// use httpx::network::ExpectContinue;
/// # use httpx_core::Url;
///
/// let mut head = RequestHead::new(Method::PUT, Url::parse("https://www.example.com/large")?);
/// head.extensions_mut().insert(ExpectContinue::new().above(1 << 20).timeout(Duration::from_secs(3)));
/// # Ok::<(), httpx_core::Error>(())
/// ```
///
/// [`Connection`]: crate::ConnectionBuilder
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ExpectContinue {
    bodies: Option<Bodies>,
    timeout: Option<Duration>,
}

/// The bodies that are held back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bodies {
    None,
    /// Those with more bytes than this, or of unknown length.
    Above(u64),
}

impl ExpectContinue {
    /// Creates a value with nothing set.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ExpectContinue;
    ///
    /// assert_eq!(ExpectContinue::new(), ExpectContinue::default());
    /// ```
    pub const fn new() -> Self {
        ExpectContinue { bodies: None, timeout: None }
    }

    /// Sends the header with each body.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let expect = httpx::network::ExpectContinue::new().always();
    /// ```
    pub const fn always(self) -> Self {
        self.above(0)
    }

    /// Sends the header with each body that has more bytes than this, or whose length is unknown. curl does so from 1
    /// MiB.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let expect = httpx::network::ExpectContinue::new().above(1 << 20);
    /// ```
    pub const fn above(self, bytes: u64) -> Self {
        ExpectContinue { bodies: Some(Bodies::Above(bytes)), ..self }
    }

    /// Never adds the header. This is the default.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// let expect = httpx::network::ExpectContinue::new().never();
    /// ```
    pub const fn never(self) -> Self {
        ExpectContinue { bodies: Some(Bodies::None), ..self }
    }

    /// Sets how long a body is held back before it is sent without a `100 Continue`. Defaults to 1 s. With
    /// [`Timeouts::NEVER`](httpx_core::Timeouts::NEVER) only the total timeout ends the wait.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use std::time::Duration;
    ///
    /// let expect = httpx::network::ExpectContinue::new().always().timeout(Duration::from_secs(5));
    /// ```
    pub const fn timeout(self, timeout: Duration) -> Self {
        ExpectContinue { timeout: Some(timeout), ..self }
    }

    /// Returns these settings, with `defaults` for those that are not set.
    ///
    /// ```
    /// # mod httpx { pub mod network { pub use httpx_pool::*; } }
    /// use httpx::network::ExpectContinue;
    ///
    /// let (client, request) = (ExpectContinue::new().above(1 << 20), ExpectContinue::new().never());
    /// assert_eq!(request.or(&client), request);
    /// ```
    #[must_use]
    pub fn or(&self, defaults: &ExpectContinue) -> ExpectContinue {
        ExpectContinue { bodies: self.bodies.or(defaults.bodies), timeout: self.timeout.or(defaults.timeout) }
    }

    /// Returns the settings of this request.
    pub(crate) fn of(head: &RequestHead, defaults: &ExpectContinue) -> ExpectContinue {
        head.extensions().get::<ExpectContinue>().map_or(*defaults, |own| own.or(defaults))
    }

    /// Returns whether a body of this length is held back.
    pub(crate) fn applies_to(&self, length: Length) -> bool {
        match (self.bodies, length) {
            (None | Some(Bodies::None), _) | (_, Length::None) => false,
            (Some(Bodies::Above(_)), Length::Unknown) => true,
            (Some(Bodies::Above(bytes)), Length::Known(length)) => length > bytes,
        }
    }

    /// Returns how long a body is held back.
    pub(crate) fn wait(&self) -> Duration {
        self.timeout.unwrap_or(TIMEOUT)
    }
}
