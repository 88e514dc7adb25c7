//! The transports of this module in the blocking flavour.

use std::thread;
use std::time::Instant;

use bytes::Bytes;
use httpx_core::blocking::{Body, BodySource, Transport};
use httpx_core::{ConnectionCounts, Request, RequestHead, Response, Result, Timeouts};

use super::cassette::{Player, Recorder, RecorderStep};
use super::delivery::{Delivery, ReplyBody};
use super::mock::Mock;

impl Transport for Mock {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = read(request)?;
        deliver(Delivery::new(head.clone(), self.answer(head, body), Instant::now))
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::DEFAULT
    }
}

impl Transport for Player {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = read(request)?;
        let reply = self.answer(&head, &body);
        deliver(Delivery::new(head, reply, Instant::now))
    }

    fn timeouts(&self) -> Timeouts {
        Timeouts::DEFAULT
    }
}

impl<T: Transport> Transport for Recorder<T> {
    fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
        let (head, body) = read(request)?;
        match self.step(&head, &body) {
            RecorderStep::Play(reply) => deliver(Delivery::new(head, reply, Instant::now)),
            RecorderStep::Record => {
                let request = Request::from_parts(head.clone(), Body::from(body.clone()));
                let response = self.transport().send(request)?.read_body()?;
                self.record(&head, &body, &response);
                Ok(response.into())
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

fn read(request: Request<Body>) -> Result<(RequestHead, Bytes)> {
    let (head, body) = request.into_parts();
    match body.into_bytes() {
        Ok(body) => Ok((head, body)),
        Err(error) => Err(head.error(error)),
    }
}

fn deliver(delivery: Delivery) -> Result<Response<Body>> {
    if !delivery.wait().is_zero() {
        thread::sleep(delivery.wait());
    }
    delivery.finish(|source, headers, options| Body::from_source(Box::new(source), headers, options))
}

impl BodySource for ReplyBody {
    fn fill(&mut self) -> Result<&[u8]> {
        self.ready()
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        self.read_ready(buf)
    }
}
