//! The transports of this module in the async flavour.

use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use httpx_core::ahttpx::{Body, BodySource, Transport, pause};
use httpx_core::{Request, RequestHead, Response, Result, Timeouts};

use super::delivery::{Delivery, ReplyBody};
use super::mock::Mock;

impl Transport for Mock {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = read(request).await?;
        deliver(Delivery::new(head.clone(), self.answer(head, body), Instant::now)).await
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::DEFAULT
    }
}

async fn read(request: Request<Body>) -> Result<(RequestHead, Bytes)> {
    let (head, body) = request.into_parts();
    match body.into_bytes().await {
        Ok(body) => Ok((head, body)),
        Err(error) => Err(head.error(error)),
    }
}

async fn deliver(delivery: Delivery) -> Result<Response<Body>> {
    if !delivery.wait().is_zero() {
        pause(delivery.wait()).await?;
    }
    delivery.finish(|source, headers, options| Body::from_source(Box::new(source), headers, options))
}

impl BodySource for ReplyBody {
    fn poll_fill(&mut self, _: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        Poll::Ready(self.ready())
    }

    fn poll_read(&mut self, _: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        Poll::Ready(self.read_ready(buf))
    }
}
