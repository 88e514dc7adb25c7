//! Switching to another protocol, tunnels, and interim responses.

use httpx_core::ResponseHead;
use httpx_pool::{OnInformational, TunnelTarget};

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

    /// Calls a function for each informational response (RFC 9110 §15.2) that comes before the final one: a 103 (Early
    /// Hints, RFC 8297), a 102, a 100. A 101 is a final response here: see [`upgrade`](RequestBuilder::upgrade).
    ///
    /// The function is called by the thread or the task that waits for the response: keep it short. Redirects call it
    /// too, and the [`url`](ResponseHead::url) of the head shows for which request. There are at most 16 informational
    /// responses before a final one, by [`Limits`](httpx_proto::Limits).
    ///
    /// ```no_run
    /// let request = httpx::get("https://www.example.com").on_informational(|head| {
    ///     for link in head.links() {
    ///         println!("{} may be needed", link.target());
    ///     }
    /// });
    /// let response = request.send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    #[doc(alias = "early_hints")]
    pub fn on_informational(self, function: impl Fn(&ResponseHead) + Send + Sync + 'static) -> Self {
        self.extension(OnInformational::new(function))
    }

    /// Makes this a CONNECT request: the body of `tunnel` of both clients.
    pub(crate) fn tunnel_to(self, target: &str) -> Self {
        /// The client's own headers that mean nothing to a proxy, or are not meant for it.
        const LEFT_OUT: [&str; 5] = ["Accept", "Accept-Encoding", "Authorization", "Connection", "Cookie"];
        let builder = self.with(|draft| {
            draft.left_out.extend(LEFT_OUT.map(str::to_owned));
            let headers = draft.head.headers_mut();
            // The user and the password in the URL of a proxy are for the proxy.
            if let Some(credentials) = headers.get("Authorization").map(|value| value.as_bytes().to_vec()) {
                headers.remove("Authorization");
                headers.set("Proxy-Authorization", credentials)?;
                headers.mark_sensitive("Proxy-Authorization");
            }
            Ok(())
        });
        builder.max_redirects(0).extension(TunnelTarget::new(target))
    }
}
