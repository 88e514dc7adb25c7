//! What an exchange asks of its driver.

use httpx_core::ResponseHead;

/// What to do next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Write from [`Wire::outgoing`](crate::wire::Wire::outgoing), and report to [`wrote`](super::Exchange::wrote).
    Write,
    /// The same. Where there is no room to write, wait for something to read as well: the server may have answered, and
    /// read no further.
    WriteOrRead,
    /// Read without waiting, and report to [`received`](super::Exchange::received), or to
    /// [`nothing_to_read`](super::Exchange::nothing_to_read).
    TryRead,
    /// Read into [`Wire::spare`](crate::wire::Wire::spare), and report to [`received`](super::Exchange::received).
    Read,
    /// Read from the request's body into [`upload_buffer`](super::Exchange::upload_buffer), and report to
    /// [`upload_read`](super::Exchange::upload_read), or to [`no_upload_yet`](super::Exchange::no_upload_yet).
    ReadUpload,
    /// Take the next chunk of the request's body, and report to [`upload_chunk`](super::Exchange::upload_chunk), or to
    /// [`no_upload_yet`](super::Exchange::no_upload_yet).
    TakeUpload,
    /// Hand this to the caller.
    Output(Output),
}

/// What a driver hands to its caller.
#[derive(Debug)]
pub(crate) enum Output {
    /// The head of an interim response. The wait for the final one goes on.
    Informational(ResponseHead),
    /// The head of the final response.
    Head(ResponseHead),
    /// The head of a 417, which refuses the `Expect` that was added to the request.
    ExpectationFailed(ResponseHead),
    /// Bytes of its body are in [`Wire::data`](crate::wire::Wire::data).
    Data,
    /// Its end.
    End,
}
