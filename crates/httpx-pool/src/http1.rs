//! [`Http1Connection`]: a stream and its [`Http1State`]; after a 101 or a CONNECT it hands its stream to the response.
//!
//! The body of a response owns its connection, and gives it back at its end.

use std::io;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::{
    Headers, MessageBody, Options, RequestSent, Response, ResponseHead, Result, SourceState, UpgradedStream,
};

use crate::dialing::Opened;
use crate::event::BodyOutcome;
use crate::http1_state::{Http1Driver, Http1State, recycle};
use crate::lease::Wake;
use crate::pool_config::PoolConfig;
use crate::raw_stream::{ClosableStream, RawStream};
use crate::stream::Liveness;

/// One flavour: the type of its streams, and the operations of a connection on them that never wait.
pub(crate) trait Http1Flavour: Sized {
    type Stream: ClosableStream + Send + ?Sized;
    /// Bounds the waits for the stream; `()` if the stream does that itself.
    type Timer: Send;
    type Body: MessageBody;
    type Waker: Wake + Send;
    /// The stream after a switch of protocols.
    type Upgraded: UpgradedStream + From<RawStream<Self::Stream>>;

    /// As `NetworkStream::look`.
    fn look(stream: &mut Self::Stream) -> Liveness;

    /// As `NetworkStream::is_drained`.
    fn is_drained(stream: &mut Self::Stream) -> bool;

    /// Reads without waiting. Fails if no bytes have arrived.
    fn read_now(stream: &mut Self::Stream, buf: &mut [u8]) -> io::Result<usize>;

    /// Ends the current wait, if there is one.
    fn reset(_timer: &mut Self::Timer) {}

    /// Makes a body that is read from the connection.
    fn body(source: Box<Http1Connection<Self>>, headers: &mut Headers, options: &Options) -> Self::Body;
}

/// An HTTP/1.1 connection. The code that waits is in its flavour.
pub(crate) struct Http1Connection<F: Http1Flavour> {
    pub(crate) stream: Box<F::Stream>,
    pub(crate) timer: F::Timer,
    /// Declared last: see [`Http1State`].
    pub(crate) state: Http1State<Self>,
}

impl<F: Http1Flavour> Http1Connection<F> {
    /// Makes a connection of a stream that has been opened.
    pub(crate) fn new(
        opened: Opened<Box<F::Stream>>,
        timer: F::Timer,
        config: &PoolConfig,
    ) -> Opened<Box<Self>> {
        let Opened { stream, details } = opened;
        let state = Http1State::new(config, Arc::clone(&details));
        Opened { stream: Box::new(Http1Connection { stream, timer, state }), details }
    }

    /// Returns whether it may carry another request. Checks the socket itself.
    pub(crate) fn is_alive(&mut self) -> bool {
        F::look(&mut self.stream).is_alive()
    }

    /// Returns the response with its body, which owns this connection. If there is no body, the connection goes back at
    /// once. After a switch of protocols the response holds the stream.
    pub(crate) fn into_response(mut self: Box<Self>, mut head: ResponseHead) -> Response<F::Body> {
        if self.state.has_switched() {
            return self.take_upgraded(head);
        }
        let Some(request) = self.state.start_body(&mut head) else {
            recycle(self);
            return Response::from_parts(head, F::Body::default());
        };
        let body = F::body(self, head.headers_mut(), request.options());
        Response::from_parts(head, body)
    }

    /// Takes the stream out, and returns it in the response that has switched protocols. The connection leaves the pool.
    fn take_upgraded(&mut self, mut head: ResponseHead) -> Response<F::Body> {
        self.state.leave();
        let stream = std::mem::replace(&mut self.stream, F::Stream::unconnected());
        head.set_upgraded(F::Upgraded::from(RawStream::new(stream, self.state.take_unread())));
        Response::from_parts(head, F::Body::default())
    }
}

impl<F: Http1Flavour> Http1Driver for Http1Connection<F> {
    type Waker = F::Waker;
    type Body = F::Body;

    fn state(&self) -> &Http1State<Self> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut Http1State<Self> {
        &mut self.state
    }

    fn is_drained(&mut self) -> bool {
        F::is_drained(&mut self.stream)
    }
}

impl<F: Http1Flavour> Drop for Http1Connection<F> {
    fn drop(&mut self) {
        self.stream.close();
        self.state.closed();
    }
}

impl<F: Http1Flavour> SourceState for Http1Connection<F> {
    fn consume(&mut self, n: usize) {
        self.state.consume(n);
    }

    fn check_deadline(&mut self) -> Result<()> {
        self.state.check_deadline(Instant::now)
    }

    fn set_drain_deadline(&mut self, by: Instant) {
        // A read that was given up may have set a later time.
        F::reset(&mut self.timer);
        self.state.set_drain_deadline(by);
    }

    fn is_reusable(&self) -> bool {
        self.state.is_reusable()
    }

    fn request_sent(&self) -> Option<RequestSent> {
        self.state.sent_since_head()
    }

    fn has_received_body(&self) -> bool {
        self.state.has_received_since_head()
    }

    fn finish(mut self: Box<Self>) -> Headers {
        let trailers = self.state.take_trailers();
        recycle(self);
        trailers
    }

    fn discard(mut self: Box<Self>) {
        self.state.body_ended(BodyOutcome::Dropped);
        let Self { stream, state, .. } = &mut *self;
        if state.drain(|buf| F::read_now(stream, buf), Instant::now) {
            recycle(self);
        }
    }

    fn remaining(&self) -> Option<u64> {
        self.state.remaining()
    }
}
