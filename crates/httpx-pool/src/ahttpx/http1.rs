//! [`Http1Connection`]: one stream and one exchange. The body of a response is its link, which puts itself away at the end.

use std::future::poll_fn;
use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::{Duration, Instant};

use httpx_core::ahttpx::{Body, BodySource};
use httpx_core::{Headers, RequestHead, RequestSent, Response, ResponseHead, Result};
use tokio::io::{AsyncRead, ReadBuf};

use super::stream::NetworkStream;
use super::timer::Timer;
use crate::call::Call;
use crate::exchange::{Exchange, Output, Step};
use crate::lease::{Lease, Pooled};
use crate::pool_config::PoolConfig;

/// A connection: the stream, and what is being said over it.
pub(crate) struct Http1Connection {
    stream: Box<dyn NetworkStream>,
    exchange: Exchange,
    timer: Timer,
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
    pub(super) fn new(stream: Box<dyn NetworkStream>, timer: Timer, config: &PoolConfig) -> Box<Self> {
        let remote_addr = stream.peer_addr();
        let exchange = Exchange::new(config.codec, config.unclean_ends);
        Box::new(Http1Connection {
            stream,
            exchange,
            timer,
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
    pub(super) async fn send(&mut self, call: &Call<'_>, body: Body) -> Result<ResponseHead> {
        self.trailers = None;
        // A read of the last body may have been given up.
        self.timer.reset();
        self.exchange.start(call, &body)?;
        self.upload = self.exchange.reads_upload().then_some(body);
        loop {
            if let Output::Head(mut response) = poll_fn(|cx| self.poll_run(cx)).await? {
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
    fn poll_run(&mut self, cx: &mut Context<'_>) -> Poll<Result<Output>> {
        let result = ready!(self.poll_run_on(cx));
        if !self.exchange.reads_upload() {
            self.upload = None; // what it holds is of no more use
        }
        Poll::Ready(self.exchange.record(result, self.request.as_ref()))
    }

    fn poll_run_on(&mut self, cx: &mut Context<'_>) -> Poll<Result<Output>> {
        loop {
            match self.exchange.step()? {
                Step::Output(output) => return Poll::Ready(Ok(output)),
                Step::Write => {
                    let written = self.poll_write(cx);
                    let written = ready!(self.poll_in_time(cx, written))?;
                    self.exchange.wrote(written, Instant::now)?;
                }
                Step::WriteOrRead => ready!(self.poll_write_or_read(cx))?,
                Step::TryRead => match self.stream.poll_read(cx, self.exchange.spare()) {
                    Poll::Ready(read) => self.exchange.received(read, Instant::now)?,
                    Poll::Pending => self.exchange.nothing_to_read(),
                },
                Step::Read => {
                    let read = self.stream.poll_read(cx, self.exchange.spare());
                    let read = ready!(self.poll_in_time(cx, read))?;
                    self.exchange.received(read, Instant::now)?;
                }
                Step::Body => ready!(self.poll_upload(cx))?,
            }
            // Whatever was waited for, something has come: the next wait has a time of its own.
            self.timer.reset();
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match self.exchange.outgoing() {
            [own, []] => self.stream.poll_write(cx, own),
            [own, lent] => self.stream.poll_write_vectored(cx, &[own, lent].map(IoSlice::new)),
        }
    }

    /// Writes; where there is no room, waits for room or for something to read.
    fn poll_write_or_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let written = self.poll_write(cx);
        if written.is_pending()
            && let Poll::Ready(read) = self.stream.poll_read(cx, self.exchange.spare())
        {
            return Poll::Ready(self.exchange.received(read, Instant::now));
        }
        let written = ready!(self.poll_in_time(cx, written))?;
        Poll::Ready(self.exchange.wrote(written, Instant::now))
    }

    /// Reads from the request's body; where there is nothing yet, waits for it or for an answer.
    fn poll_upload(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let mut room = ReadBuf::new(self.exchange.upload_buffer()?);
        let given = match &mut self.upload {
            Some(body) => Pin::new(body).poll_read(cx, &mut room),
            None => Poll::Ready(Ok(())),
        };
        if let Poll::Ready(given) = given {
            let given = given.map(|()| room.filled().len());
            return Poll::Ready(self.exchange.upload_read(given));
        }
        // The room is given back until there is something to put into it.
        self.exchange.upload_read(Err(io::ErrorKind::Interrupted.into()))?;
        let read = self.stream.poll_read(cx, self.exchange.spare());
        let Self { timer, exchange, .. } = self;
        match ready!(timer.poll_bound(cx, read, |now| Ok(exchange.left_in_all(now))))? {
            Some(read) => Poll::Ready(exchange.received(read, Instant::now)),
            None => Poll::Ready(Err(exchange.timeout_error(Instant::now()))),
        }
    }

    /// What came of a wait, if it has ended: what is late has failed as a blocking stream does. Where there is always
    /// something to do, nothing is waited for, and the whole call may be late all the same.
    fn poll_in_time<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<Result<io::Result<T>>> {
        let Self { timer, exchange, .. } = self;
        if outcome.is_ready() {
            exchange.in_time(Instant::now)?;
        }
        timer
            .poll_bound(cx, outcome, |now| exchange.left(now))
            .map_ok(|outcome| outcome.unwrap_or_else(|| Err(io::ErrorKind::TimedOut.into())))
    }

    /// Takes the rest of the response, if all of it has come: past what tokio has heard of the socket, and with no
    /// task to wake.
    fn drain_without_waiting(&mut self) -> bool {
        while self.trailers.is_none() {
            match self.exchange.step() {
                Ok(Step::Read) => {
                    let read = self.stream.read_now(self.exchange.spare());
                    if read.is_err() || self.exchange.received(read, Instant::now).is_err() {
                        return false;
                    }
                }
                Ok(Step::Output(Output::Data)) => self.exchange.consume(self.exchange.data().len()),
                Ok(Step::Output(Output::End(trailers))) => self.trailers = Some(trailers),
                Ok(Step::Output(Output::Head(_)))
                | Ok(Step::Write | Step::WriteOrRead | Step::TryRead | Step::Body)
                | Err(_) => return false,
            }
        }
        true
    }

    /// Reads bytes of the body straight from the stream.
    fn poll_read_direct(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        let read = self.stream.poll_read(cx, buf);
        let read = ready!(self.poll_in_time(cx, read))?;
        let n = *read.as_ref().unwrap_or(&0);
        self.exchange.read_directly(read, Instant::now)?;
        Poll::Ready(Ok(n))
    }

    /// Back where it came from, if it can carry another request; closed otherwise.
    fn recycle(mut self: Box<Self>) {
        (self.upload, self.request) = (None, None);
        if let Some(lease) = self.lease.take() {
            let reuse = self.exchange.start_next().is_ok() && self.stream.is_drained();
            lease.give_back(self, reuse);
        }
    }
}

impl Pooled for Http1Connection {
    type Waker = Waker;

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
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        if self.trailers.is_none() && self.exchange.data().is_empty() {
            match ready!(self.poll_run(cx))? {
                Output::End(trailers) => self.trailers = Some(trailers),
                Output::Head(_) | Output::Data => {}
            }
        }
        Poll::Ready(Ok(self.exchange.data()))
    }

    fn consume(&mut self, n: usize) {
        self.exchange.consume(n);
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        if let Some(most) = self.exchange.direct_len(buf.len()) {
            let direct = ready!(self.poll_read_direct(cx, &mut buf[..most]));
            match self.exchange.record(direct, self.request.as_ref())? {
                0 => {} // the end of the stream: the codec knows what that means
                n => return Poll::Ready(Ok(n)),
            }
        }
        let data = ready!(self.poll_fill(cx))?;
        let n = data.len().min(buf.len());
        buf[..n].copy_from_slice(&data[..n]);
        self.consume(n);
        Poll::Ready(Ok(n))
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
        if self.exchange.is_worth_draining() && self.drain_without_waiting() {
            self.recycle();
        }
    }

    fn remaining(&self) -> Option<u64> {
        if self.trailers.is_some() { Some(0) } else { self.exchange.remaining() }
    }
}
