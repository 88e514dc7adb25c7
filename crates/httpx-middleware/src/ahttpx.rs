//! The async driver of [`Middleware`].

use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{Counts, Request, Response, Result};

use crate::run::{DRAIN, Run, Step};
use crate::{Flow, Middleware};

impl<F: Flow, T: Transport> Transport for Middleware<F, T> {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let mut run = Run::start(self.flow(), self.clock(), &mut request)?;
        loop {
            match run.next(self.transport().send(request).await)? {
                Step::Done(response) => return Ok(response),
                Step::Again(again) => {
                    again.unread.drain(DRAIN).await;
                    if let Some(pause) = again.after {
                        tokio::time::sleep(pause).await;
                    }
                    request = again.request;
                }
            }
        }
    }

    async fn close(&self) {
        self.transport().close().await;
    }

    fn counts(&self) -> Option<Counts> {
        self.transport().counts()
    }
}
