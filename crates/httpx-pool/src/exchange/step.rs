//! What an exchange asks of its driver.

use httpx_core::{Headers, ResponseHead};

/// What to do next.
#[derive(Debug)]
pub(crate) enum Step {
    /// Write from [`Exchange::outgoing`](super::Exchange::outgoing), and tell
    /// [`wrote`](super::Exchange::wrote).
    Write,
    /// The same; but where there is no room to write, wait for something to read as well: the server may have
    /// answered, and read no further.
    WriteOrRead,
    /// Read what is there already, without waiting, and tell [`received`](super::Exchange::received), or
    /// [`nothing_to_read`](super::Exchange::nothing_to_read).
    TryRead,
    /// Read into [`Exchange::spare`](super::Exchange::spare), and tell [`received`](super::Exchange::received).
    Read,
    /// Read from the request's body into [`Exchange::upload_buffer`](super::Exchange::upload_buffer), and tell
    /// [`upload_read`](super::Exchange::upload_read).
    Body,
    /// Something to hand on.
    Output(Output),
}

/// What a driver hands on.
#[derive(Debug)]
pub(crate) enum Output {
    /// The final response's head.
    Head(ResponseHead),
    /// Bytes of its body lie in [`Exchange::data`](super::Exchange::data).
    Data,
    /// Its end.
    End(Headers),
}
