//! The async driver of [`Middleware`].

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, ready};

use httpx_core::ahttpx::{
    Body, BodySource, Transport, current_runtime, pause as wait, run_in_background, wait_for,
};
use httpx_core::{ConnectionCounts, Headers, Options, Request, Response, Result, Timeouts};

use crate::call::{CallState, DRAIN, NextStep};
use crate::flow::BlockingWork;
use crate::relay::{Collecting, FlowBody, Relay};
use crate::{Flow, Middleware};

impl<F: Flow, T: Transport> Transport for Middleware<F, T> {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>> {
        let mut call = CallState::start(self.flow(), self.clock(), &mut request, || self.timeouts())?;
        let mut step = call.before_send();
        loop {
            step = match step {
                NextStep::Send(purpose) => {
                    let outcome = self.transport().send(call.request()).await;
                    call.sent(purpose, outcome)
                }
                NextStep::Collect(purpose, body) => call.collected(purpose, collect(body).await),
                NextStep::Drain(body, then) => {
                    body.drain(DRAIN).await;
                    call.drained(then)
                }
                NextStep::Wait(pause) => {
                    wait(pause).await.map_err(|error| call.error(error))?;
                    call.before_send()
                }
                NextStep::WaitFor(listener, limit) => {
                    wait_for(listener, limit).await.map_err(|error| call.error(error))?;
                    call.before_send()
                }
                NextStep::Run(work, then) => {
                    run(work).await;
                    call.ran(*then)
                }
                NextStep::Done(outcome) => return outcome,
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

async fn run(work: BlockingWork) {
    // A flow sees by itself that its function did not run.
    let _ = run_in_background(|| work.run()).await;
}

async fn collect(mut body: Box<Collecting<Body>>) -> Box<Collecting<Body>> {
    loop {
        let chunk = body.response.chunk().await;
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
        match current_runtime() {
            Ok(runtime) => drop(runtime.spawn_blocking(|| work.run())),
            Err(_) => work.run(), // no task of a runtime waits
        }
    }
}

impl BodySource for Relay<Body> {
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        if self.ready().is_empty() && self.work.is_none() {
            // Dropping the future of `chunk` loses nothing.
            let chunk = ready!(pin!(self.response.chunk()).poll(cx));
            self.work = self.push(chunk)?.map(|work| Box::pin(run(work)) as _);
        }
        if let Some(work) = &mut self.work {
            ready!(work.as_mut().poll(cx));
            self.work = None;
        }
        Poll::Ready(Ok(self.ready()))
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        ready!(self.poll_fill(cx))?;
        Poll::Ready(Ok(self.copy_to(buf)))
    }
}
