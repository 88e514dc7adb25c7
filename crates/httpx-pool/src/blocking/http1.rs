//! [`Http1Connection`]: one stream and one exchange. The body of a response is its link, which puts itself away at the end.

use std::io::{self, IoSlice, Read};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use httpx_core::blocking::{Body, BodySource};
use httpx_core::{Headers, RequestHead, RequestSent, Response, ResponseHead, Result};

use super::stream::NetworkStream;
use super::thread_waker::ThreadWaker;
use crate::call::Call;
use crate::exchange::{Exchange, Output, Step};
use crate::lease::{Lease, Pooled};
use crate::pool_config::PoolConfig;
use crate::stream::Interest;

const NOW: Option<Duration> = Some(Duration::ZERO);

/// A connection: the stream, and what is being said over it.
pub(crate) struct Http1Connection {
    stream: Box<dyn NetworkStream>,
    exchange: Exchange,
    /// The request's body, while it is being read.
    upload: Option<Body>,
    /// What is answered, while the body of the answer is being read.
    request: Option<RequestHead>,
    remote_addr: Option<SocketAddr>,
    /// Set when the response has ended.
    trailers: Option<Headers>,
    /// Where it goes when the response has ended; none while it lies idle there. Declared last, so that the socket
    /// is closed before the home hears that it is gone.
    lease: Option<Lease<Http1Connection>>,
}

impl Http1Connection {
    pub(super) fn new(stream: Box<dyn NetworkStream>, config: &PoolConfig) -> Box<Self> {
        let remote_addr = stream.peer_addr();
        let exchange = Exchange::new(config.codec, config.unclean_ends);
        Box::new(Http1Connection {
            stream,
            exchange,
            upload: None,
            request: None,
            remote_addr,
            trailers: None,
            lease: None,
        })
    }

    /// Whether it may carry another request: a look at the socket itself.
    pub(super) fn is_alive(&mut self) -> bool {
        self.stream.look().is_alive()
    }

    /// Sends a request, and waits for the head of its response.
    pub(super) fn send(&mut self, call: &Call<'_>, body: Body) -> Result<ResponseHead> {
        self.trailers = None;
        self.exchange.start(call, &body)?;
        self.upload = self.exchange.reads_upload().then_some(body);
        loop {
            if let Output::Head(mut response) = self.run()? {
                call.describe(&mut response, self.remote_addr);
                return Ok(response);
            }
        }
    }

    /// The response with its body, which is the link itself; if there is no body, the link is put away at once.
    pub(super) fn into_response(mut self: Box<Self>, mut head: ResponseHead) -> Result<Response<Body>> {
        if let Some(trailers) = self.exchange.ends_at_once() {
            head.set_trailers(trailers);
            self.recycle();
            return Ok(Response::from_parts(head, Body::empty()));
        }
        let options = head.request().map(|request| request.options().clone()).unwrap_or_default();
        self.request = head.request().cloned();
        let body = Body::from_source(self, head.headers_mut(), &options)?;
        Ok(Response::from_parts(head, body))
    }

    /// Goes on until there is something to hand on. What has failed stays so.
    fn run(&mut self) -> Result<Output> {
        let result = self.run_on();
        if !self.exchange.reads_upload() {
            self.upload = None; // what it holds is of no more use
        }
        self.exchange.record(result, self.request.as_ref())
    }

    fn run_on(&mut self) -> Result<Output> {
        loop {
            match self.exchange.step()? {
                Step::Output(output) => return Ok(output),
                Step::Write => {
                    let left = self.exchange.left(Instant::now())?;
                    let written = self.write(left);
                    self.exchange.wrote(written, Instant::now)?;
                }
                Step::WriteOrRead => self.write_or_read()?,
                Step::TryRead => self.try_read()?,
                Step::Read => {
                    let left = self.exchange.left(Instant::now())?;
                    let read = self.stream.read(self.exchange.spare(), left);
                    self.exchange.received(read, Instant::now)?;
                }
                Step::Body => {
                    let room = self.exchange.upload_buffer()?;
                    let given = self.upload.as_mut().map_or(Ok(0), |body| body.read(room));
                    self.exchange.upload_read(given)?;
                }
            }
        }
    }

    fn write(&mut self, left: Option<Duration>) -> io::Result<usize> {
        match self.exchange.outgoing() {
            [own, []] => self.stream.write(own, left),
            [own, lent] => self.stream.write_vectored(&[own, lent].map(IoSlice::new), left),
        }
    }

    /// Writes; where there is no room, waits for room or for something to read.
    fn write_or_read(&mut self) -> Result<()> {
        let left = self.exchange.left(Instant::now())?;
        let late = match self.write(NOW) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => error,
            written => return self.exchange.wrote(written, Instant::now),
        };
        let ready = match self.stream.ready(Interest::Both, left) {
            Ok(ready) if ready.is_none() => return self.exchange.wrote(Err(late), Instant::now),
            Ok(ready) => ready,
            Err(error) => return self.exchange.wrote(Err(error), Instant::now),
        };
        if ready.readable { self.try_read() } else { Ok(()) }
    }

    /// Reads what is there already.
    fn try_read(&mut self) -> Result<()> {
        match self.stream.read(self.exchange.spare(), NOW) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                self.exchange.nothing_to_read();
                Ok(())
            }
            read => self.exchange.received(read, Instant::now),
        }
    }

    /// Back where it came from, if it can carry another request; closed otherwise.
    fn recycle(mut self: Box<Self>) {
        (self.upload, self.request) = (None, None);
        if let Some(lease) = self.lease.take() {
            let reuse = self.exchange.start_next().is_ok() && self.stream.is_drained();
            lease.give_back(self, reuse);
        }
    }

    /// Reads bytes of the body straight from the stream.
    fn read_direct(&mut self, buf: &mut [u8]) -> Result<usize> {
        let left = self.exchange.left(Instant::now())?;
        let read = self.stream.read(buf, left);
        let n = *read.as_ref().unwrap_or(&0);
        self.exchange.read_directly(read, Instant::now)?;
        Ok(n)
    }
}

impl Pooled for Http1Connection {
    type Waker = ThreadWaker;

    fn lease(&mut self) -> &mut Option<Lease<Self>> {
        &mut self.lease
    }

    fn server_keep_alive(&self) -> Option<Duration> {
        self.exchange.keep()
    }

    fn died_before_response(&self) -> bool {
        self.exchange.died_before_response()
    }

    fn request_sent(&self) -> RequestSent {
        self.exchange.sent()
    }
}

impl Drop for Http1Connection {
    fn drop(&mut self) {
        // A goodbye; under TLS, a close_notify. If the other side is gone, there is nobody left to tell.
        let _ = self.stream.shutdown();
    }
}

impl BodySource for Http1Connection {
    fn fill(&mut self) -> Result<&[u8]> {
        if self.trailers.is_none() && self.exchange.data().is_empty() {
            match self.run()? {
                Output::End(trailers) => self.trailers = Some(trailers),
                Output::Head(_) | Output::Data => {}
            }
        }
        Ok(self.exchange.data())
    }

    fn consume(&mut self, n: usize) {
        self.exchange.consume(n);
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        if let Some(most) = self.exchange.direct_len(buf.len()) {
            let direct = self.read_direct(&mut buf[..most]);
            match self.exchange.record(direct, self.request.as_ref())? {
                0 => {} // the end of the stream: the codec knows what that means
                n => return Ok(n),
            }
        }
        let data = self.fill()?;
        let n = data.len().min(buf.len());
        buf[..n].copy_from_slice(&data[..n]);
        self.consume(n);
        Ok(n)
    }

    fn set_drain_deadline(&mut self, by: Instant) {
        self.exchange.set_drain_deadline(by);
    }

    fn finish(mut self: Box<Self>) -> Headers {
        let trailers = self.trailers.take().unwrap_or_default();
        self.recycle();
        trailers
    }

    fn discard(mut self: Box<Self>) {
        if !self.exchange.is_worth_draining() {
            return;
        }
        self.exchange.set_drain_deadline(Instant::now());
        while let Ok(n) = self.fill().map(<[u8]>::len) {
            if n == 0 {
                return self.recycle();
            }
            self.consume(n);
        }
    }

    fn remaining(&self) -> Option<u64> {
        if self.trailers.is_some() { Some(0) } else { self.exchange.remaining() }
    }
}
