//! Downloads a file in the blocking flavour, and goes on where an earlier download has stopped.

use std::path::Path;

use httpx_core::Result;
use httpx_core::saving::{DRAINED_BYTES, PartFile, Resume, ResumeAnswer, SaveTarget};

use super::Client;
use crate::request_builder::RequestBuilder;

/// Downloads.
impl RequestBuilder<Client> {
    /// Blocking: downloads the response to a file, and goes on where an earlier call with the same URL and path has stopped.
    /// Returns the length of the file.
    ///
    /// The bytes are kept in `PATH.part`, and their entity tag or date in `PATH.part.meta`. When the file is complete, it
    /// replaces the target, as in [`save_to`](httpx_core::Response::save_to), and both are removed. After an error they stay
    /// for the next call. It asks for the missing range if the server has sent a strong `ETag`, or a `Last-Modified` that
    /// identifies the bytes (RFC 9110 §13.1.5). It starts over if the file on the server has changed, or if the server knows
    /// no ranges. It asks again while the server sends only parts of the range, up to 100 times. A file that is already complete
    /// is downloaded again.
    ///
    /// A range counts the bytes as they are sent: `Accept-Encoding` is `identity`, and nothing is decoded. Requests with
    /// another method than GET, or with a body, cannot be resumed. Only one download writes to a partial file at a time,
    /// where the file system has locks. A `Range` header of the request is not sent.
    ///
    /// ```no_run
    /// # let client = httpx::Client::new();
    /// let length = client.get("https://www.example.com/large.iso").resume_to("large.iso")?;
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`stream`](RequestBuilder::stream) and [`save_to`](httpx_core::Response::save_to), kind
    /// [`Status`](httpx_core::ErrorKind::Status) included. [`is_transient`](httpx_core::Error::is_transient) tells whether another call
    /// may go on. If an earlier call is still running, kind [`Io`](httpx_core::ErrorKind::Io).
    #[doc(alias = "download")]
    pub fn resume_to(self, path: impl AsRef<Path>) -> Result<u64> {
        let (client, request) = self.into_parts()?;
        let head = Resume::check(request)?;
        let (mut part, have, record) = PartFile::reopen(SaveTarget::find(path.as_ref())?)?;
        let mut resume = Resume::new(head, have, &record);
        loop {
            let mut response = client.dispatch(resume.request()?)?;
            match resume.answered(response.head())? {
                ResumeAnswer::Complete => break,
                ResumeAnswer::SendAgain => {
                    response.into_body().drain(DRAINED_BYTES);
                    continue;
                }
                ResumeAnswer::Replace => part.start_over(resume.record().as_deref())?,
                ResumeAnswer::Append => {}
            }
            response.append_to(&mut part, |n| resume.received(n))?;
            if resume.ended()? {
                break;
            }
        }
        part.commit()?;
        Ok(resume.len())
    }
}
