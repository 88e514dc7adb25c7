//! Switching to another protocol.

use super::RequestBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> RequestBuilder<C> {
    /// Asks the server to switch to another protocol after this request (RFC 9110 §7.8): sets `Upgrade`, and
    /// `Connection: upgrade`. Several protocols are given as a list: `"h2c, websocket"`.
    ///
    /// If the server switches, the response is a 101, and [`into_upgraded`](httpx_core::Response::into_upgraded) returns
    /// the connection. If it does not, the response is a normal one, and `into_upgraded` returns an error with it. A 101
    /// that names a protocol which was not offered is an error of `send`.
    ///
    /// The timeouts of the request, the total one too, end with the 101. The connection leaves the pool.
    ///
    /// ```no_run
    /// use std::io::{Read, Write};
    /// use httpx::network::Upgraded;
    ///
    /// let request = httpx::get("http://localhost:8080/echo").upgrade("echo");
    /// let mut stream: Upgraded = request.send()?.into_upgraded()?;
    /// stream.write_all(b"hello")?;
    /// let mut echo = [0; 5];
    /// stream.read_exact(&mut echo)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[doc(alias = "websocket")]
    pub fn upgrade(self, protocol: &str) -> Self {
        self.header("Connection", "upgrade").header("Upgrade", protocol)
    }
}
