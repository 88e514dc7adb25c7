//! Reads the body of the request for the flow.

use std::mem;

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, Options, Response, ResponseHead, Result, StatusCode};

use super::{CallState, NextStep, Purpose};
use crate::Flow;
use crate::relay::{Collected, Collecting, FlowBody, body_of};

impl<F: Flow, B: FlowBody> CallState<'_, F, B> {
    #[inline(never)]
    pub(super) fn read_request_body(&mut self, max_bytes: u64) -> Result<NextStep<B>> {
        if mem::replace(&mut self.has_read_body, true) {
            let message = "the middleware reads the body of the request twice before it is sent";
            return Err(self.error(Error::new(ErrorKind::Other, message)));
        }
        if let Some(bytes) = self.request.body().as_bytes() {
            let bytes = bytes.clone();
            return self.hand_over(Some(&bytes));
        }
        // A file is read from a copy, so that it can be sent as it is if it is too long.
        let body = match self.request.body().try_clone() {
            Some(copy) => copy,
            None => mem::take(self.request.body_mut()),
        };
        let response = Response::from_parts(ResponseHead::new(StatusCode::OK), body);
        Ok(NextStep::Collect(Purpose::RequestBody, Box::new(Collecting::new(response, max_bytes))))
    }

    #[inline(never)]
    pub(super) fn request_body_collected(&mut self, body: Collecting<B>) -> Result<NextStep<B>> {
        match body.finish() {
            Ok(Collected::Complete(_, bytes)) => {
                *self.request.body_mut() = body_of(bytes.clone());
                self.hand_over(Some(&bytes))
            }
            Ok(Collected::TooLong(relay)) => {
                // Bytes are empty if they were taken to be read.
                if self.request.body().as_bytes().is_some() {
                    let mut unlimited = Options::default();
                    unlimited.max_body_bytes = Some(u64::MAX);
                    *self.request.body_mut() = B::from_relay(relay, &unlimited);
                }
                self.hand_over(None)
            }
            Err(error) => Err(self.error(error)),
        }
    }

    fn hand_over(&mut self, bytes: Option<&Bytes>) -> Result<NextStep<B>> {
        let CallState { flow, clock, call, request, .. } = self;
        let taken = flow.on_request_body(call, request.head_mut(), bytes, *clock);
        taken.map_err(|error| self.error(error))?;
        Ok(self.before_send())
    }
}
