//! The request's body, while it is sent.

use std::io;
use std::time::Instant;

use bytes::Bytes;
use httpx_core::{MessageBody, Result};

use super::{Http1Driver, Http1State};

impl<D: Http1Driver> Http1State<D> {
    /// Keeps the body of the request, and a copy if the server may answer with a 417.
    pub(super) fn keep_upload(&mut self, body: D::Body) {
        self.upload_copy = if self.exchange.may_be_refused() { body.try_clone() } else { None };
        self.upload = Some(body);
    }

    /// Returns the request's body and the buffer to read it into.
    pub(crate) fn upload(&mut self) -> (Option<&mut D::Body>, &mut [u8]) {
        (self.upload.as_mut(), self.exchange.upload_buffer(&mut self.wire))
    }

    /// As [`Exchange::upload_read`](crate::exchange::Exchange::upload_read).
    pub(crate) fn upload_read(
        &mut self,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        self.exchange.upload_read(&mut self.wire, result, now)
    }

    /// Returns the request's body, to read its next chunk.
    pub(crate) fn upload_body(&mut self) -> Option<&mut D::Body> {
        self.upload.as_mut()
    }

    /// As [`Exchange::upload_chunk`](crate::exchange::Exchange::upload_chunk).
    pub(crate) fn upload_chunk(
        &mut self,
        result: io::Result<Option<Bytes>>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        self.exchange.upload_chunk(&mut self.wire, result, now)
    }

    /// As [`Exchange::no_upload_yet`](crate::exchange::Exchange::no_upload_yet).
    #[cfg(feature = "async")]
    pub(crate) fn no_upload_yet(&self) -> bool {
        self.exchange.no_upload_yet()
    }
}
