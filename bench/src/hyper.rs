//! `hyper` has no public codec, so its connection is measured, over a stream in memory that is always ready. It does
//! more than a codec: it passes requests and bodies between two tasks.

use std::fmt;
use std::future::Future;
use std::hint::black_box;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::Request;
use http_body_util::Empty;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{Connection, SendRequest, handshake};
use hyper::rt::{Read, ReadBufCursor, Write};

use crate::cases::{Case, REQUEST};
use crate::{Codec, Result};

/// A connection of hyper's.
pub struct Hyper {
    request: Request<Empty<Bytes>>,
    sender: SendRequest<Empty<Bytes>>,
    connection: Connection<Wire, Empty<Bytes>>,
}

impl fmt::Debug for Hyper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hyper").finish_non_exhaustive()
    }
}

impl Codec for Hyper {
    fn new(case: &Case) -> Result<Self> {
        let request = REQUEST
            .fields
            .iter()
            .fold(Request::get(REQUEST.target), |request, (name, value)| request.header(*name, *value));
        let request = request.header("Host", REQUEST.host).body(Empty::new())?;
        let wire = case.wire();
        let at = wire.len();
        let mut cx = Context::from_waker(Waker::noop());
        match Pin::new(&mut Box::pin(handshake(Wire { wire, at }))).poll(&mut cx) {
            Poll::Ready(made) => {
                let (sender, connection) = made?;
                Ok(Hyper { request, sender, connection })
            }
            Poll::Pending => Err("nothing is waited for".into()),
        }
    }

    fn cycle(&mut self) -> Result<u64> {
        let mut cx = Context::from_waker(Waker::noop());
        let mut response = std::pin::pin!(self.sender.send_request(self.request.clone()));
        let head = loop {
            match response.as_mut().poll(&mut cx) {
                Poll::Ready(head) => break head?,
                Poll::Pending => drive(&mut self.connection, &mut cx)?,
            }
        };
        let (head, mut body) = head.into_parts();
        black_box(head);
        let mut length = 0;
        loop {
            match Pin::new(&mut body).poll_frame(&mut cx) {
                Poll::Ready(Some(frame)) => length += data(frame?),
                Poll::Ready(None) => break,
                Poll::Pending => drive(&mut self.connection, &mut cx)?,
            }
        }
        // Until it is ready for the next.
        while self.sender.poll_ready(&mut cx)?.is_pending() {
            drive(&mut self.connection, &mut cx)?;
        }
        Ok(length)
    }
}

type Frame = hyper::body::Frame<<Incoming as Body>::Data>;

fn data(frame: Frame) -> u64 {
    frame.data_ref().map_or(0, |data| black_box(data).len() as u64)
}

fn drive(connection: &mut Connection<Wire, Empty<Bytes>>, cx: &mut Context<'_>) -> Result<()> {
    match Pin::new(connection).poll(cx) {
        Poll::Pending => Ok(()),
        Poll::Ready(result) => Err(result.err().map_or("the connection has ended".into(), Into::into)),
    }
}

/// Answers each write with the same bytes.
struct Wire {
    wire: Vec<u8>,
    /// How much of it has been read.
    at: usize,
}

impl Read for Wire {
    fn poll_read(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let rest = self.wire.get(self.at..).unwrap_or_default();
        let n = rest.len().min(into.remaining());
        if n == 0 {
            return Poll::Pending;
        }
        into.put_slice(rest.get(..n).unwrap_or_default());
        self.at += n;
        Poll::Ready(Ok(()))
    }
}

impl Write for Wire {
    fn poll_write(mut self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        black_box(bytes);
        self.at = 0;
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
