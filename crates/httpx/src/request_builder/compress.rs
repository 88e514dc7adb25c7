//! Compresses the body of one request.

use httpx_core::decode::Coding;
use httpx_core::{Length, MessageBody, RequestHead, Result, compress};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

/// The coding of the body. Among the extensions, so that requests without it cost nothing.
#[derive(Clone, Copy)]
struct BodyCoding(Coding);

impl<C: RequestSender> RequestBuilder<C> {
    /// Compresses the body with this content coding, and adds the coding to `Content-Encoding`. The coding is [`Coding::Gzip`],
    /// or [`Coding::Zstd`] with the feature `zstd`; others are an error of `send`. Defaults to no coding. An empty body is not
    /// changed.
    ///
    /// A body of at most 128 KiB of bytes is compressed at once, so it has a `Content-Length`. Other bodies are compressed while
    /// they are sent, and are sent in chunks. The compressor collects data, so bytes are sent later than they are read. A body
    /// that can be sent again after a redirect still can.
    ///
    /// Use this only for servers that accept it. Others answer with an error, often 415 (Unsupported Media Type), and list the
    /// codings that they accept in `Accept-Encoding` (RFC 9110 §15.5.16).
    ///
    /// ```
    /// use httpx::models::Coding;
    ///
    /// let text = "a line of a long text\n".repeat(1000);
    /// # #[cfg(feature = "gzip")] {
    /// let request = httpx::put("https://www.example.com/log").body(text).compress(Coding::Gzip).build()?;
    /// assert_eq!(request.headers().get("Content-Encoding").unwrap(), "gzip");
    /// # }
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn compress(self, coding: Coding) -> Self {
        self.extension(BodyCoding(coding))
    }
}

/// Returns whether the body will be compressed.
pub(super) fn has_coding(head: &RequestHead) -> bool {
    head.extensions().get::<BodyCoding>().is_some()
}

/// Compresses the body if the request has a [`BodyCoding`].
#[cold]
pub(super) fn compress_body<B: MessageBody>(head: &mut RequestHead, body: B) -> Result<B> {
    let Some(&BodyCoding(coding)) = head.extensions().get() else { return Ok(body) };
    let is_empty = body.length() == Length::None;
    let body = compress(body, coding)?;
    if !is_empty {
        let headers = head.headers_mut();
        headers.remove("Content-Length");
        headers.append("Content-Encoding", coding.as_str())?;
    }
    Ok(body)
}
