//! [`TestServerBuilder`]: the settings of a test server.

use std::fmt;

use bytes::Bytes;
use httpx_core::{Request, RequestHead, Result};

use super::shared::{AnswerFunction, Behaviour};
use super::{Script, ServerIdentity, TestServer};
use crate::testing::mock::Mock;
use crate::testing::reply::Reply;

/// Builds a [`TestServer`] with other settings than the default ones.
///
/// ```
/// # #[cfg(feature = "tls")] {
/// use httpx::testing::{Reply, TestServer};
///
/// let server = TestServer::builder().tls().max_body_bytes(1 << 10).serve(|_| Reply::text("secret"))?;
/// assert!(server.url("/").starts_with("https://127.0.0.1:"));
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[must_use]
pub struct TestServerBuilder {
    identity: Option<Result<ServerIdentity>>,
    max_body_bytes: usize,
}

impl TestServerBuilder {
    pub(super) fn new() -> Self {
        TestServerBuilder { identity: None, max_body_bytes: 16 << 20 }
    }

    /// Speaks TLS, with a certificate of a new authority: see [`TestServer::tls_config`]. Defaults to plain HTTP.
    #[cfg(feature = "tls")]
    pub fn tls(mut self) -> Self {
        self.identity = Some(ServerIdentity::new());
        self
    }

    /// Sets the longest body of a request in bytes. A longer one is answered 413. Defaults to 16 MiB.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Starts a server that answers each request with this function: see [`TestServer::new`].
    ///
    /// # Errors
    ///
    /// If no port can be opened, or no certificate can be made.
    pub fn serve<R: Into<Reply>>(
        self,
        answer: impl Fn(&Request<Bytes>) -> R + Send + Sync + 'static,
    ) -> Result<TestServer> {
        let answer = move |head: RequestHead, body| Ok(answer(&Request::from_parts(head, body)).into());
        self.start(Behaviour::Answers(Box::new(answer) as Box<AnswerFunction>))
    }

    /// Starts a server that answers with the routes of this mock: see [`TestServer::mock`].
    ///
    /// # Errors
    ///
    /// If no port can be opened, or no certificate can be made.
    pub fn mock(self, mock: &Mock) -> Result<TestServer> {
        let mock = mock.clone();
        let answer = move |head: RequestHead, body| {
            mock.answer(head, body).or_else(|error| Ok(Reply::text(error.message().into_owned()).status(404)))
        };
        self.start(Behaviour::Answers(Box::new(answer)))
    }

    /// Starts a server that plays a script on each connection: see [`TestServer::scripts`].
    ///
    /// # Errors
    ///
    /// If no port can be opened, or no certificate can be made.
    pub fn scripts(self, scripts: impl IntoIterator<Item = Script>) -> Result<TestServer> {
        self.start(Behaviour::Scripts(scripts.into_iter().collect()))
    }

    fn start(self, behaviour: Behaviour) -> Result<TestServer> {
        TestServer::start(behaviour, self.max_body_bytes, self.identity.transpose()?)
    }
}

impl fmt::Debug for TestServerBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("TestServerBuilder");
        shown.field("is_tls", &self.identity.is_some()).field("max_body_bytes", &self.max_body_bytes).finish()
    }
}
