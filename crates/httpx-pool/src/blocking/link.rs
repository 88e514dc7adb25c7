//! [`Link`]: one stream and one exchange. The body of a response is its link, which puts itself away at the end.

use std::io::Read;
use std::net::SocketAddr;
use std::time::Instant;

use httpx_core::blocking::{Body, BodySource};
use httpx_core::{Headers, MessageBody, RequestHead, Response, ResponseHead, Result, Timeouts};

use super::home::Home;
use super::stream::NetworkStream;
use crate::config::Config;
use crate::exchange::{Exchange, Reached, Step};

/// A connection that is gone from early is drained only if no more than this is left: beyond it, a new one is
/// cheaper than what would have to be read.
const DRAINED: u64 = 64 << 10;

/// From this size on a reader is given what the socket has, past our buffer.
const LARGE: usize = 8 << 10;

/// A connection: the stream, and what is being said over it.
pub(crate) struct Link {
    stream: Box<dyn NetworkStream>,
    exchange: Exchange,
    /// The request's body, while it is being read.
    upload: Option<Body>,
    remote_addr: Option<SocketAddr>,
    /// Set when the response has ended.
    trailers: Option<Headers>,
    /// Where it goes when the response has ended; none while it lies idle there. Declared last, so that the socket
    /// is closed before the home hears that it is gone.
    pub(super) home: Option<Home>,
}

impl Link {
    pub(super) fn new(stream: Box<dyn NetworkStream>, config: &Config) -> Box<Self> {
        let remote_addr = stream.peer_addr();
        let exchange = Exchange::new(config.codec, config.unclean_ends);
        Box::new(Link { stream, exchange, upload: None, remote_addr, trailers: None, home: None })
    }

    /// Whether it may carry another request: a look at the socket itself.
    pub(super) fn is_alive(&mut self) -> bool {
        self.stream.look().is_alive()
    }

    /// Sends a request, and waits for the head of its response.
    pub(super) fn send(
        &mut self,
        head: &RequestHead,
        body: Body,
        timeouts: Timeouts,
    ) -> Result<ResponseHead> {
        self.trailers = None;
        self.exchange.start(head, &body, timeouts)?;
        self.upload = body.as_bytes().is_none().then_some(body);
        loop {
            if let Reached::Head(mut response) = self.run()? {
                response.set_request(head.clone());
                if let Some(addr) = self.remote_addr {
                    response.set_remote_addr(addr);
                }
                if let Some(started) = head.started() {
                    response.set_elapsed(started.elapsed());
                }
                return Ok(response);
            }
        }
    }

    /// The response with its body, which is the link itself; if there is no body, the link is put away at once.
    pub(super) fn into_response(mut self: Box<Self>, mut head: ResponseHead) -> Result<Response<Body>> {
        if let Some(trailers) = self.exchange.ends_at_once() {
            head.set_trailers(trailers);
            self.put_away();
            return Ok(Response::from_parts(head, Body::empty()));
        }
        let options = head.request().map(|request| request.options().clone()).unwrap_or_default();
        let body = Body::from_source(self, head.headers_mut(), &options)?;
        Ok(Response::from_parts(head, body))
    }

    /// Goes on until there is something to hand on.
    fn run(&mut self) -> Result<Reached> {
        loop {
            match self.exchange.step()? {
                Step::Reached(reached) => return Ok(reached),
                Step::Write => {
                    let left = self.exchange.left(Instant::now());
                    let written = match self.exchange.outgoing() {
                        [own, []] => self.stream.write(own, left),
                        [own, lent] => {
                            self.stream.write_vectored(&[own, lent].map(std::io::IoSlice::new), left)
                        }
                    };
                    self.exchange.wrote(written, Instant::now)?;
                }
                Step::Read => {
                    let left = self.exchange.left(Instant::now());
                    let read = self.stream.read(self.exchange.spare(), left);
                    self.exchange.received(read, Instant::now)?;
                }
                Step::Body => {
                    let room = self.exchange.room()?;
                    let given = self.upload.as_mut().map_or(Ok(0), |body| body.read(room));
                    self.exchange.gave(given)?;
                }
            }
        }
    }

    /// Back where it came from, if it can carry another request; closed otherwise.
    fn put_away(mut self: Box<Self>) {
        self.upload = None;
        if let Some(home) = self.home.take() {
            let reuse = self.exchange.renew().is_ok() && self.stream.is_drained();
            home.take_back(self, reuse);
        }
    }

    pub(super) fn exchange(&self) -> &Exchange {
        &self.exchange
    }

    /// Says goodbye: under TLS, a close_notify.
    fn shut(&mut self) {
        // The other side may be gone already: there is nobody left to tell.
        let _ = self.stream.shutdown();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.shut();
    }
}

impl BodySource for Link {
    fn fill(&mut self) -> Result<&[u8]> {
        if self.trailers.is_none() && self.exchange.data().is_empty() {
            match self.run()? {
                Reached::End(trailers) => self.trailers = Some(trailers),
                Reached::Head(_) | Reached::Data => {}
            }
        }
        Ok(self.exchange.data())
    }

    fn consume(&mut self, n: usize) {
        self.exchange.consume(n);
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        match self.exchange.direct() {
            Some(most) if buf.len() >= LARGE && self.trailers.is_none() => {
                let most = most.min(buf.len());
                let left = self.exchange.left(Instant::now());
                let read = self.stream.read(&mut buf[..most], left);
                let n = *read.as_ref().unwrap_or(&0);
                self.exchange.passed(read, Instant::now)?;
                if n > 0 {
                    return Ok(n);
                }
            }
            _ => {}
        }
        let data = self.fill()?;
        let n = data.len().min(buf.len());
        buf[..n].copy_from_slice(&data[..n]);
        self.consume(n);
        Ok(n)
    }

    fn finish(mut self: Box<Self>) -> Headers {
        let trailers = self.trailers.take().unwrap_or_default();
        self.put_away();
        trailers
    }

    fn discard(mut self: Box<Self>) {
        if self.exchange.remaining().is_some_and(|left| left <= DRAINED) {
            self.exchange.hurry();
            while let Ok(n) = self.fill().map(<[u8]>::len) {
                if n == 0 {
                    return self.put_away();
                }
                self.consume(n);
            }
        }
    }

    fn remaining(&self) -> Option<u64> {
        if self.trailers.is_some() { Some(0) } else { self.exchange.remaining() }
    }
}
