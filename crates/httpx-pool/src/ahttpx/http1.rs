//! The waits of an [`Http1Connection`], which are polled.

use std::future::poll_fn;
use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Instant;

use httpx_core::ahttpx::{Body, BodySource};
use httpx_core::{Headers, Options, ResponseHead, Result};
use tokio::io::{AsyncRead, ReadBuf};

use super::open_body::open_body;
use super::stream::NetworkStream;
use super::timer::Timer;
use super::upgraded::Upgraded;
use crate::call::Call;
use crate::exchange::{Output, Step};
use crate::http1::Http1Flavour;
use crate::stream::Liveness;

/// An HTTP/1.1 connection of this flavour.
pub(crate) type Http1Connection = crate::http1::Http1Connection<Async>;

/// This flavour.
pub(crate) struct Async;

impl Http1Flavour for Async {
    type Stream = dyn NetworkStream;
    type Timer = Timer;
    type Body = Body;
    type Waker = Waker;
    type Upgraded = Upgraded;

    fn look(stream: &mut Self::Stream) -> Liveness {
        stream.look()
    }

    fn is_drained(stream: &mut Self::Stream) -> bool {
        stream.is_drained()
    }

    fn read_now(stream: &mut Self::Stream, buf: &mut [u8]) -> io::Result<usize> {
        stream.read_now(buf)
    }

    fn reset(timer: &mut Timer) {
        timer.reset();
    }

    fn body(source: Box<Http1Connection>, headers: &mut Headers, options: &Options) -> Body {
        Body::from_source(source, headers, options)
    }
}

impl Http1Connection {
    /// Sends a request, and waits for the head of its response.
    pub(super) async fn send(&mut self, call: &Call<'_>, mut body: Body) -> Result<ResponseHead> {
        if body.is_unopened() {
            Box::pin(open_body(call.head, &mut body)).await?;
        }
        // A read of the last body may have been given up.
        self.timer.reset();
        self.state.start(call, body)?;
        loop {
            let output = poll_fn(|cx| self.poll_run(cx)).await?;
            if let Some(response) = self.state.response(call, output)? {
                return Ok(response);
            }
        }
    }

    /// Goes on until there is something to hand out.
    fn poll_run(&mut self, cx: &mut Context<'_>) -> Poll<Result<Output>> {
        let result = ready!(self.poll_steps(cx));
        Poll::Ready(self.state.record(result))
    }

    fn poll_steps(&mut self, cx: &mut Context<'_>) -> Poll<Result<Output>> {
        loop {
            match self.state.step(Instant::now)? {
                Step::Output(output) => return Poll::Ready(Ok(output)),
                Step::Write => {
                    let written = self.poll_write(cx);
                    let written = ready!(self.poll_in_time(cx, written))?;
                    self.state.wrote(written, Instant::now)?;
                }
                Step::WriteOrRead => ready!(self.poll_write_or_read(cx))?,
                Step::TryRead => match self.stream.poll_read(cx, self.state.spare()) {
                    Poll::Ready(read) => self.state.received(read, Instant::now)?,
                    Poll::Pending => self.state.nothing_to_read(),
                },
                Step::Read => {
                    let read = self.stream.poll_read(cx, self.state.spare());
                    let read = ready!(self.poll_in_time(cx, read))?;
                    self.state.received(read, Instant::now)?;
                }
                Step::ReadUpload => match self.poll_read_upload(cx)? {
                    Poll::Ready(()) => {}
                    Poll::Pending => ready!(self.poll_without_upload(cx))?,
                },
                Step::TakeUpload => match self.poll_take_upload(cx)? {
                    Poll::Ready(()) => {}
                    Poll::Pending => ready!(self.poll_without_upload(cx))?,
                },
            }
            // The step is done, so the next wait is a new one.
            self.timer.reset();
        }
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<usize>> {
        match self.state.outgoing() {
            [bytes, []] | [[], bytes] => self.stream.poll_write(cx, bytes),
            [own, lent] => self.stream.poll_write_vectored(cx, &[own, lent].map(IoSlice::new)),
        }
    }

    /// Writes. Where there is no room, waits for room or for something to read.
    fn poll_write_or_read(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let written = self.poll_write(cx);
        if written.is_pending()
            && let Poll::Ready(read) = self.stream.poll_read(cx, self.state.spare())
        {
            return Poll::Ready(self.state.received(read, Instant::now));
        }
        let written = ready!(self.poll_in_time(cx, written))?;
        Poll::Ready(self.state.wrote(written, Instant::now))
    }

    /// Reads from the request's body.
    fn poll_read_upload(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let (body, buffer) = self.state.upload();
        let mut buffer = ReadBuf::new(buffer);
        let read = match body {
            Some(body) => ready!(Pin::new(body).poll_read(cx, &mut buffer)),
            None => Ok(()),
        };
        let read = read.map(|()| buffer.filled().len());
        Poll::Ready(self.state.upload_read(read, Instant::now))
    }

    /// Takes a chunk from the request's body.
    fn poll_take_upload(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let chunk = match self.state.upload_body() {
            Some(body) => ready!(body.poll_next_chunk(cx)),
            None => Ok(None),
        };
        Poll::Ready(self.state.upload_chunk(chunk, Instant::now))
    }

    /// Waits for the response while the request's body has nothing to give yet.
    fn poll_without_upload(&mut self, cx: &mut Context<'_>) -> Poll<Result<()>> {
        let read = match self.state.no_upload_yet() {
            true => self.stream.poll_read(cx, self.state.spare()),
            false => Poll::Pending,
        };
        let read = ready!(self.poll_in_time(cx, read))?;
        Poll::Ready(self.state.received(read, Instant::now))
    }

    /// Bounds a wait by the timeouts: one that is late has failed, as on a blocking stream. Where there is always
    /// something to do, nothing is waited for, and the whole call may be late all the same.
    fn poll_in_time<T>(
        &mut self,
        cx: &mut Context<'_>,
        outcome: Poll<io::Result<T>>,
    ) -> Poll<Result<io::Result<T>>> {
        let Self { timer, state, .. } = self;
        if outcome.is_ready() {
            state.check_in_time(Instant::now)?;
        }
        timer
            .poll_bound(cx, outcome, |now| state.left(now))
            .map_ok(|outcome| outcome.unwrap_or_else(|| Err(ErrorKind::TimedOut.into())))
    }

    /// Reads bytes of the body directly into `buf`.
    fn poll_read_direct(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        let read = self.stream.poll_read(cx, buf);
        let read = ready!(self.poll_in_time(cx, read))?;
        let n = *read.as_ref().unwrap_or(&0);
        self.state.read_directly(read, Instant::now)?;
        Poll::Ready(Ok(n))
    }
}

impl BodySource for Http1Connection {
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        if self.state.needs_data() {
            ready!(self.poll_run(cx))?;
        }
        Poll::Ready(Ok(self.state.data()))
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        if let Some(most) = self.state.direct_len(buf.len()) {
            let read = ready!(self.poll_read_direct(cx, &mut buf[..most]));
            match self.state.record(read)? {
                0 => {} // the end of the stream: the codec knows what it means
                n => return Poll::Ready(Ok(n)),
            }
        }
        if self.state.needs_data() {
            ready!(self.poll_run(cx))?;
        }
        Poll::Ready(Ok(self.state.take_data(buf)))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use httpx_core::{Method, RequestHead, Url};

    use super::*;
    use crate::dialing::Opened;
    use crate::memory;
    use crate::pool_config::PoolConfig;

    fn opened(stream: Box<dyn NetworkStream>) -> Opened<Box<dyn NetworkStream>> {
        Opened { stream, details: Arc::default() }
    }

    /// What follows a switch of protocols belongs to the next protocol, whether it came with the head or later.
    #[tokio::test]
    async fn a_connection_is_taken_apart_after_a_switch() {
        let (client, mut server) = memory::pair();
        let switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nfirst";
        poll_fn(|cx| server.poll_write(cx, switch)).await.unwrap();
        let timer = Timer::on_current_runtime().unwrap();
        let mut connection =
            Http1Connection::new(opened(Box::new(client)), timer, &PoolConfig::default()).stream;
        let mut head = RequestHead::new(Method::GET, Url::parse("http://h/").unwrap());
        head.headers_mut().append("Upgrade", "x").unwrap();
        let response = connection.send(&Call::by_default(&head), Body::empty()).await.unwrap();
        assert_eq!(response.status(), 101);
        let upgraded: Upgraded = connection.into_response(response).into_upgraded().unwrap();
        let (mut stream, unread) = upgraded.into_parts();
        assert_eq!(unread, "first");
        poll_fn(|cx| server.poll_write(cx, b"second")).await.unwrap();
        let mut buf = [0; 16];
        let n = poll_fn(|cx| stream.poll_read(cx, &mut buf)).await.unwrap();
        assert_eq!(&buf[..n], b"second");
    }
}
