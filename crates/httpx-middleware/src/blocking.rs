//! The blocking driver of [`Middleware`].

use std::thread;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{ConnectionCounts, Request, Response, Result, Timeouts};

use crate::call::{CallState, DRAIN, NextStep};
use crate::{Flow, Middleware};

impl<F: Flow, T: Transport> Transport for Middleware<F, T> {
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let mut call = CallState::start(self.flow(), self.clock(), &mut request, &self.timeouts())?;
        loop {
            match call.next(self.transport().send(request))? {
                NextStep::Done(response) => return Ok(response),
                NextStep::Resubmit(resubmit) => {
                    resubmit.unread.drain(DRAIN);
                    if let Some(pause) = resubmit.after {
                        thread::sleep(pause);
                    }
                    request = resubmit.request;
                }
            }
        }
    }

    fn close(&self) {
        self.transport().close();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        self.transport().counts()
    }

    fn timeouts(&self) -> Timeouts {
        self.transport().timeouts()
    }
}
