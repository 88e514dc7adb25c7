//! A request whose `Expect: 100-continue` the server has refused by a 417 (RFC 9110 §15.5.18).

use httpx_core::{ResponseHead, Result};

use super::{Http1Driver, Http1State};
use crate::exchange::BodyTaken;
use crate::into_error;

impl<D: Http1Driver> Http1State<D> {
    /// Takes a 417. Returns it if the request cannot be sent again without its expectation.
    ///
    /// # Errors
    ///
    /// If it can be: [`take_refused`](Self::take_refused) returns its body then.
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

    /// Takes the body of a request whose expectation the server has refused: it is sent again without it.
    pub(crate) fn take_refused(&mut self) -> Option<D::Body> {
        self.exchange.refused()?;
        self.upload.take()
    }

    /// Notes that there is no second connection for a request whose expectation the server refuses.
    pub(crate) fn set_single(&mut self) {
        self.is_single = true;
    }

    /// Sends no `Expect` over this connection but those that requests have themselves.
    pub(crate) fn refuse_expect(&mut self) {
        self.wire.refuse_expect();
    }
}
