//! Sends a request again whose `Expect: 100-continue` the server has refused with a 417 (RFC 9110 §15.5.18).

use httpx_core::{ResponseHead, Result};

use super::{Http1Driver, Http1State};
use crate::exchange::BodyTaken;
use crate::into_error;

impl<D: Http1Driver> Http1State<D> {
    /// Handles a 417. Returns it if the request cannot be sent again without its expectation.
    ///
    /// # Errors
    ///
    /// If the request can be sent again. [`take_refused`](Self::take_refused) then returns its body.
    #[cold]
    pub(super) fn refused(&mut self, response: ResponseHead) -> Result<ResponseHead> {
        let (body, copy) = (self.upload.take(), self.upload_copy.take());
        self.upload = match self.exchange.refused() {
            _ if self.is_single => None,
            Some(BodyTaken::Nothing) => body,
            Some(BodyTaken::Some) => copy,
            None => None,
        };
        if self.upload.is_some() {
            return self.record(Err(into_error::expectation_failed(self.sent())));
        }
        self.exchange.end_expectation();
        Ok(response)
    }

    /// Takes the body of a request whose expectation the server has refused, to send it again.
    pub(crate) fn take_refused(&mut self) -> Option<D::Body> {
        self.exchange.refused()?;
        self.upload.take()
    }

    /// Records that no second connection can be opened, so that every 417 is returned.
    pub(crate) fn set_single(&mut self) {
        self.is_single = true;
    }

    /// Adds no `Expect` to requests on this connection.
    pub(crate) fn refuse_expect(&mut self) {
        self.wire.refuse_expect();
    }
}
