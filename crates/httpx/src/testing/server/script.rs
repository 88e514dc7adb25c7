//! [`Script`]: the bytes that a test server sends on one connection.

use std::time::Duration;

/// What a [`TestServer`](super::TestServer) does on one connection, step by step: for servers that no HTTP server is like.
///
/// After the last step the connection is closed cleanly.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::testing::{Script, TestServer};
///
/// // Two responses on one connection, and then another connection.
/// let twice = Script::new()
///     .read_request()
///     .send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1")
///     .read_request()
///     .send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n2");
/// let last = Script::new().read_request().send("HTTP/1.0 200 OK\r\n\r\nlast");
/// let server = TestServer::scripts([twice, last])?;
/// let client = httpx::Client::new();
/// for text in ["1", "2", "last"] {
///     assert_eq!(client.get(server.url("/")).send()?.text(), text);
/// }
/// assert_eq!(server.connections(), 2);
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[must_use]
pub struct Script {
    pub(super) steps: Vec<ScriptStep>,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ScriptStep {
    ReadRequest,
    Send(Vec<u8>),
    Drip(Vec<u8>, Duration),
    Pause(Duration),
    Hang,
    Cut,
    Reset,
}

impl Script {
    /// A script without steps: it closes the connection.
    pub fn new() -> Self {
        Script::default()
    }

    /// Reads a whole request, with its body, and records it. The connection ends if the client leaves, or if the request is
    /// not valid.
    pub fn read_request(self) -> Self {
        self.with(ScriptStep::ReadRequest)
    }

    /// Sends these bytes as they are.
    pub fn send(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.with(ScriptStep::Send(bytes.into()))
    }

    /// Sends these bytes one by one, with this pause after each.
    ///
    /// ```
    /// use std::time::Duration;
    /// use httpx::testing::Script;
    ///
    /// let slow = Script::new().read_request().drip("HTTP/1.1 200 OK\r\n\r\n", Duration::from_millis(100));
    /// ```
    pub fn drip(self, bytes: impl Into<Vec<u8>>, pause: Duration) -> Self {
        self.with(ScriptStep::Drip(bytes.into(), pause))
    }

    /// Waits for this time.
    pub fn pause(self, time: Duration) -> Self {
        self.with(ScriptStep::Pause(time))
    }

    /// Sends nothing more, and keeps the connection open until the client leaves.
    pub fn hang(self) -> Self {
        self.with(ScriptStep::Hang)
    }

    /// Ends the connection without the close_notify of TLS: as cut by somebody else. Over plain TCP it is a clean end.
    pub fn cut(self) -> Self {
        self.with(ScriptStep::Cut)
    }

    /// Resets the connection.
    pub fn reset(self) -> Self {
        self.with(ScriptStep::Reset)
    }

    fn with(mut self, step: ScriptStep) -> Self {
        self.steps.push(step);
        self
    }
}
