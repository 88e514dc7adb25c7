//! The blocking driver of [`Middleware`].

use std::thread;
use std::time::Instant;

use httpx_core::blocking::{Body, BodySource, Transport, wait_for};
use httpx_core::{ConnectionCounts, Headers, Options, Request, Response, Result, Timeouts};

use crate::call::{CallState, DRAIN, NextStep};
use crate::flow::BlockingWork;
use crate::relay::{Collecting, FlowBody, Relay};
use crate::{Flow, Middleware};

impl<F: Flow, T: Transport> Transport for Middleware<F, T> {
    fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let mut call = CallState::start(self.flow(), self.clock(), &mut request, || self.timeouts())?;
        let mut step = call.before_send();
        loop {
            step = match step {
                NextStep::Send(purpose) => {
                    let outcome = self.transport().send(call.request());
                    call.sent(purpose, outcome)
                }
                NextStep::Collect(purpose, body) => call.collected(purpose, collect(body)),
                NextStep::Drain(body, then) => {
                    body.drain(DRAIN);
                    call.drained(then)
                }
                NextStep::Wait(pause) => {
                    thread::sleep(pause);
                    call.before_send()
                }
                NextStep::WaitFor(mut listener, limit) => {
                    wait_for(&mut listener, limit.and_then(|limit| Instant::now().checked_add(limit)));
                    call.before_send()
                }
                NextStep::Run(work, then) => {
                    work.run();
                    call.ran(*then)
                }
                NextStep::Done(outcome) => return outcome,
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

fn collect(mut body: Box<Collecting<Body>>) -> Box<Collecting<Body>> {
    loop {
        let chunk = body.response.chunk();
        if !body.push(chunk) {
            return body;
        }
    }
}

impl FlowBody for Body {
    fn from_relay(relay: Relay<Body>, options: &Options) -> Body {
        // No headers: the relay's bytes are decoded already.
        Body::from_source(Box::new(relay), &mut Headers::new(), options)
    }

    fn run_detached(work: BlockingWork) {
        work.run();
    }
}

impl BodySource for Relay<Body> {
    fn fill(&mut self) -> Result<&[u8]> {
        if self.ready().is_empty() {
            let chunk = self.response.chunk();
            self.push(chunk)?.into_iter().for_each(BlockingWork::run);
        }
        Ok(self.ready())
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        self.fill()?;
        Ok(self.copy_to(buf))
    }
}
