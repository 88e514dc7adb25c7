//! The blocking driver of [`Middleware`].

use std::thread;

use httpx_core::blocking::{Body, Transport};
use httpx_core::{Counts, Request, Response, Result};

use crate::run::{DRAIN, Run, Step};
use crate::{Flow, Middleware};

impl<F: Flow, T: Transport> Transport for Middleware<F, T> {
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let mut run = Run::start(self.flow(), self.clock(), &mut request)?;
        loop {
            match run.next(self.transport().send(request))? {
                Step::Done(response) => return Ok(response),
                Step::Again(again) => {
                    again.unread.drain(DRAIN);
                    if let Some(pause) = again.after {
                        thread::sleep(pause);
                    }
                    request = again.request;
                }
            }
        }
    }

    fn close(&self) {
        self.transport().close();
    }

    fn counts(&self) -> Option<Counts> {
        self.transport().counts()
    }
}
