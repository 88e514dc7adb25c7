//! `Expect: 100-continue` of one request.

use std::time::Duration;

use httpx_pool::ExpectContinue;

use super::RequestBuilder;
use crate::request_sender::RequestSender;

/// Each setting overrides that of the client. Connection pools apply them; other transports ignore them. Redirects keep
/// them.
impl<C: RequestSender> RequestBuilder<C> {
    /// Sends `Expect: 100-continue`, and sends the body when the server agrees, or after 1 s (RFC 9110 §10.1.1). So the server
    /// can refuse a long upload before it begins. If the server refuses the expectation itself (417), the request is sent once
    /// more without it. [`ExpectContinue`](crate::network::ExpectContinue) has the details. Defaults to off.
    ///
    /// ```no_run
    /// use httpx::models::File;
    ///
    /// let video = File::new("video.mp4");
    /// let response = httpx::put("https://www.example.com/video.mp4").expect_continue().body(video).send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "100-continue")]
    pub fn expect_continue(self) -> Self {
        self.with_expectation(ExpectContinue::new().always())
    }

    /// Sends `Expect: 100-continue` if the body has more bytes than this, or an unknown length: see
    /// [`expect_continue`](Self::expect_continue).
    ///
    /// ```
    /// # let upload = "an upload";
    /// let request = httpx::put("https://www.example.com/upload").expect_continue_above(1 << 20).body(upload);
    /// ```
    pub fn expect_continue_above(self, bytes: u64) -> Self {
        self.with_expectation(ExpectContinue::new().above(bytes))
    }

    /// Sends no `Expect: 100-continue`, even if the client sends it with such bodies.
    ///
    /// ```
    /// let client = httpx::Client::builder().expect_continue_above(1 << 20).build()?;
    /// # let upload = "an upload";
    /// let request = client.put("https://www.example.com/upload").no_expect_continue().body(upload);
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn no_expect_continue(self) -> Self {
        self.with_expectation(ExpectContinue::new().never())
    }

    /// Sets the most time that a body with `Expect: 100-continue` waits before it is sent without a `100 Continue`. Defaults
    /// to 1 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # let upload = "an upload";
    /// let request = httpx::put("https://www.example.com/upload")
    ///     .expect_continue()
    ///     .continue_timeout(Duration::from_secs(5))
    ///     .body(upload);
    /// ```
    pub fn continue_timeout(self, timeout: Duration) -> Self {
        self.with_expectation(ExpectContinue::new().timeout(timeout))
    }

    fn with_expectation(self, settings: ExpectContinue) -> Self {
        self.with(|draft| {
            let extensions = draft.head.extensions_mut();
            let settings = match extensions.get() {
                Some(earlier) => settings.or(earlier),
                None => settings,
            };
            extensions.insert(settings);
            Ok(())
        })
    }
}
