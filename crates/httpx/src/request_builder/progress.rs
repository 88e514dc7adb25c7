//! Progress of a request and its response.

use httpx_core::{OnProgress, Progress};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

impl<C: RequestSender> RequestBuilder<C> {
    /// Calls a function while the body of the response arrives: with 0 bytes when the head has arrived, and then after each
    /// part that was read. The example `progress` draws bars.
    ///
    /// The bytes are counted before they are decoded, so that `Content-Length` is their total. The bodies of redirects are
    /// not counted. A body that is not read makes no progress. The function is called by the thread or the task that reads
    /// the body: keep it short. If it panics, the connection is closed. In `resume_to` each response is counted by itself.
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
