//! [`RawStream`]: the stream of a connection that has switched protocols, the same for both flavours.
//!
//! It holds the bytes that came with the response, too.

use std::fmt;
use std::net::SocketAddr;

use bytes::{Buf, Bytes};

/// `dyn NetworkStream` of one flavour.
pub(crate) trait ClosableStream {
    /// Returns an unconnected stream, as a placeholder for one that is taken out.
    fn unconnected() -> Box<Self>;

    /// Closes the writing side; under TLS with a close_notify. If it fails, there is no peer left to tell.
    fn close(&mut self);
}

/// A stream whose first bytes have been received already. It is closed when it is dropped.
pub(crate) struct RawStream<S: ClosableStream + ?Sized> {
    pub(crate) stream: Box<S>,
    unread: Bytes,
}

impl<S: ClosableStream + ?Sized> RawStream<S> {
    pub(crate) fn new(stream: Box<S>, unread: Bytes) -> Self {
        RawStream { stream, unread }
    }

    /// Moves bytes that came with the response to `buf`. Returns how many; `None` if the stream must be read.
    pub(crate) fn read_unread(&mut self, buf: &mut [u8]) -> Option<usize> {
        let n = self.unread.len().min(buf.len());
        if n == 0 && !buf.is_empty() {
            return None;
        }
        if let Some(buf) = buf.get_mut(..n) {
            self.unread.copy_to_slice(buf);
        }
        Some(n)
    }

    /// Returns the stream, and the bytes that came with the response and have not been read.
    pub(crate) fn into_parts(mut self) -> (Box<S>, Bytes) {
        let stream = std::mem::replace(&mut self.stream, S::unconnected());
        (stream, std::mem::take(&mut self.unread))
    }

    /// Shows the stream: `<Upgraded [127.0.0.1:8080]>`.
    pub(crate) fn describe(&self, peer: Option<SocketAddr>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match peer {
            Some(peer) => write!(f, "<Upgraded [{peer}]>"),
            None => f.write_str("<Upgraded>"),
        }
    }
}

impl<S: ClosableStream + ?Sized> Drop for RawStream<S> {
    fn drop(&mut self) {
        self.stream.close();
    }
}
