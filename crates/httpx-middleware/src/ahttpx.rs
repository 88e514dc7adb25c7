//! The async driver of [`Middleware`].

use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{ConnectionCounts, Request, Response, Result, Timeouts};

use crate::call::{CallState, DRAIN, NextStep};
use crate::{Flow, Middleware};

impl<F: Flow, T: Transport> Transport for Middleware<F, T> {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let mut call = CallState::start(self.flow(), self.clock(), &mut request, &self.timeouts())?;
        loop {
            match call.next(self.transport().send(request).await)? {
                NextStep::Done(response) => return Ok(response),
                NextStep::Resubmit(resubmit) => {
                    resubmit.unread.drain(DRAIN).await;
                    if let Some(pause) = resubmit.after {
                        tokio::time::sleep(pause).await;
                    }
                    request = resubmit.request;
                }
            }
        }
    }

    async fn close(&self) {
        self.transport().close().await;
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        self.transport().counts()
    }

    fn timeouts(&self) -> Timeouts {
        self.transport().timeouts()
    }
}
