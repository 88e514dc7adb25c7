//! Progress of a request and its response.

use httpx_core::{OnProgress, Progress};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> RequestBuilder<C> {
    /// Calls a function while the body of the request is sent, and while the body of the response is read. For each body it is
    /// called with 0 bytes first, and then after each part. The example `progress` draws bars.
    ///
    /// The bytes of a request are counted when they are handed to the connection, up to 64 KiB at a time. If the request is sent
    /// again, after a redirect for example, the count restarts at 0. For a request without a body the function is not called.
    ///
    /// The bytes of a response are counted before they are decoded, so that `Content-Length` is their total. The bodies of
    /// redirects are not counted. `resume_to` counts each response separately.
    ///
    /// The function runs on the thread or in the task that sends the request or reads the body: keep it short. If it panics, the
    /// connection is closed.
    ///
    /// ```
    /// # use httpx::{Client, Response, Text};
    /// # let mock = httpx::network::MockTransport::new(|_| Response::new(200, Text("Hello, world")));
    /// # let client = Client::builder().transport(mock).build()?;
    /// let response = client
    ///     .get("https://www.example.com/large")
    ///     .on_progress(|progress| println!("{} bytes of {:?}", progress.bytes, progress.total))
    ///     .send()?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn on_progress(self, function: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.extension(OnProgress::new(function))
    }
}
