//! [`ExpectContinue`]: which requests send `Expect: 100-continue`, and how long their bodies wait for `100 Continue`.

use std::time::Duration;

use httpx_core::{Length, RequestHead};

/// The default time for which a body waits for `100 Continue`, as in curl.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The settings of `Expect: 100-continue` (RFC 9110 §10.1.1): which requests send it, and how long their bodies wait. An
/// extension of the request, set by `RequestBuilder::expect_continue`, `expect_continue_above`, `no_expect_continue` and
/// `continue_timeout`.
///
/// The server reads the head of the request and can refuse it before the body is sent. The body waits for the first of these
/// events:
///
/// - `100 Continue`: the body is sent.
/// - A final response: it is returned. The body is not sent, and the connection is closed.
/// - 417 (RFC 9110 §15.5.18): the request is sent once more, over a new connection and without `Expect`.
/// - The timeout: the body is sent, because some servers do not know `Expect`.
///
/// After the timeout, a 417 leads to a second request only if the body can be sent twice. Otherwise the 417 is returned. A
/// [`Connection`] without a pool returns every 417.
///
/// The header is not added to a request without a body, to CONNECT, or to a request that has `Upgrade` or `Expect`. It is not
/// added either if the last response on the same connection was HTTP/1.0. If the user has set `Expect: 100-continue` as a
/// header, the body waits too, and a 417 is returned.
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

/// The bodies that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bodies {
    None,
    /// Bodies with more bytes than this, or of unknown length.
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

    /// Sends the header with each body that has more bytes than this, or whose length is unknown. curl does so above
    /// 1 MiB.
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

    /// Sets the most time that a body waits before it is sent without a `100 Continue`. Defaults to 1 s. With
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

    /// Returns these settings, completed by those of `defaults`.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_wait_is_a_second() {
        let (second, two) = (Duration::from_secs(1), Duration::from_secs(2));
        assert_eq!(ExpectContinue::new().wait(), second);
        assert_eq!(ExpectContinue::new().always().wait(), second);
        assert_eq!(ExpectContinue::new().or(&ExpectContinue::new().timeout(two)).wait(), two);
    }
}
