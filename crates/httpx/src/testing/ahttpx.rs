//! The transports of this module in the async flavour.

use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use httpx_core::ahttpx::{Body, BodySource, Transport, pause};
use httpx_core::{ConnectionCounts, Request, RequestHead, Response, Result, Timeouts};

use super::cassette::{Player, Recorder, RecorderStep};
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

impl Transport for Player {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = read(request).await?;
        let reply = self.answer(&head, &body);
        deliver(Delivery::new(head, reply, Instant::now)).await
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::DEFAULT
    }
}

impl<T: Transport> Transport for Recorder<T> {
    async fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = read(request).await?;
        match self.step(&head, &body) {
            RecorderStep::Play(reply) => deliver(Delivery::new(head, reply, Instant::now)).await,
            RecorderStep::Record => {
                let request = Request::from_parts(head.clone(), Body::from(body.clone()));
                let response = self.transport().send(request).await?.read_body().await?;
                self.record(&head, &body, &response);
                Ok(response.into())
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
