//! [`Http1Connection`]: a stream and its [`Http1State`]. The body of a response owns its connection, and gives it back at
//! its end.

use std::io::{self, ErrorKind, IoSlice, Read};
use std::time::{Duration, Instant};

use bytes::Bytes;
use httpx_core::blocking::{Body, BodySource};
use httpx_core::{Headers, RequestSent, Response, ResponseHead, Result};

use super::stream::NetworkStream;
use super::thread_waker::ThreadWaker;
use crate::call::Call;
use crate::exchange::{Output, Step};
use crate::http1_state::{Http1Driver, Http1State, recycle};
use crate::memory;
use crate::pool_config::PoolConfig;
use crate::stream::Interest;

const NOW: Option<Duration> = Some(Duration::ZERO);

/// An HTTP/1.1 connection.
pub(crate) struct Http1Connection {
    stream: Box<dyn NetworkStream>,
    /// Declared last: see [`Http1State`].
    state: Http1State<Self>,
}

impl Http1Connection {
    pub(super) fn new(stream: Box<dyn NetworkStream>, config: &PoolConfig) -> Box<Self> {
        let state = Http1State::new(config, stream.peer_addr());
        Box::new(Http1Connection { stream, state })
    }

    /// Whether it may carry another request: looks at the socket itself.
    pub(super) fn is_alive(&mut self) -> bool {
        self.stream.look().is_alive()
    }

    /// Sends a request, and waits for the head of its response.
    pub(super) fn send(&mut self, call: &Call<'_>, body: Body) -> Result<ResponseHead> {
        self.state.start(call, body)?;
        loop {
            if let Output::Head(mut response) = self.run()? {
                self.state.describe(call, &mut response);
                return Ok(response);
            }
        }
    }

    /// Returns the response with its body, which owns this connection. If there is no body, the connection goes back at
    /// once.
    pub(super) fn into_response(mut self: Box<Self>, mut head: ResponseHead) -> Response<Body> {
        let Some(request) = self.state.start_body(&mut head) else {
            recycle(self);
            return Response::from_parts(head, Body::empty());
        };
        let body = Body::from_source(self, head.headers_mut(), request.options());
        Response::from_parts(head, body)
    }

    /// Takes the connection apart: its stream, and the bytes that were received and not used. For protocols that follow
    /// after HTTP: upgrades and tunnels.
    #[cfg_attr(not(test), expect(dead_code, reason = "upgrades and tunnels are built on this"))]
    pub(super) fn into_parts(mut self: Box<Self>) -> (Box<dyn NetworkStream>, Bytes) {
        let (unused, _) = memory::pair();
        let stream = std::mem::replace(&mut self.stream, Box::new(unused));
        (stream, self.state.take_unread())
    }

    /// Goes on until there is something to hand out.
    fn run(&mut self) -> Result<Output> {
        let result = self.run_steps();
        self.state.record(result)
    }

    fn run_steps(&mut self) -> Result<Output> {
        loop {
            match self.state.step(Instant::now)? {
                Step::Output(output) => return Ok(output),
                Step::Write => self.write(Interest::Write)?,
                Step::WriteOrRead => self.write(Interest::Both)?,
                Step::TryRead => self.try_read()?,
                Step::Read => {
                    let left = self.state.left(Instant::now())?;
                    let read = self.stream.read(self.state.spare(), left);
                    self.state.received(read, Instant::now)?;
                }
                Step::ReadUpload => {
                    let (body, buffer) = self.state.upload()?;
                    let read = body.map_or(Ok(0), |body| body.read(buffer));
                    self.state.upload_read(read, Instant::now)?;
                }
            }
        }
    }

    /// Writes. Where there is no room, waits for room, and for something to read if that is of interest.
    ///
    /// The wait is not left to the write: that of a system ends only when all has been written.
    fn write(&mut self, interest: Interest) -> Result<()> {
        self.state.check_in_time(Instant::now)?;
        let mut written = self.write_within(NOW);
        if matches!(&written, Err(error) if error.kind() == ErrorKind::TimedOut) {
            let left = self.state.left(Instant::now())?;
            match self.stream.ready(interest, left) {
                Ok(ready) if ready.readable => return self.try_read(),
                // A stream that cannot wait for room says so at once, and waits here.
                Ok(ready) if ready.writable => {
                    let left = self.state.left(Instant::now())?;
                    written = self.write_within(left);
                }
                Ok(_) => {}
                Err(error) => written = Err(error),
            }
        }
        self.state.wrote(written, Instant::now)
    }

    fn write_within(&mut self, timeout: Option<Duration>) -> io::Result<usize> {
        match self.state.outgoing() {
            [own, []] => self.stream.write(own, timeout),
            [own, lent] => self.stream.write_vectored(&[own, lent].map(IoSlice::new), timeout),
        }
    }

    /// Reads without waiting.
    fn try_read(&mut self) -> Result<()> {
        match self.stream.read(self.state.spare(), NOW) {
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                self.state.nothing_to_read();
                Ok(())
            }
            read => self.state.received(read, Instant::now),
        }
    }

    /// Reads bytes of the body directly into `buf`.
    fn read_direct(&mut self, buf: &mut [u8]) -> Result<usize> {
        let left = self.state.left(Instant::now())?;
        let read = self.stream.read(buf, left);
        let n = *read.as_ref().unwrap_or(&0);
        self.state.read_directly(read, Instant::now)?;
        Ok(n)
    }
}

impl Http1Driver for Http1Connection {
    type Waker = ThreadWaker;
    type Body = Body;

    fn state(&self) -> &Http1State<Self> {
        &self.state
    }

    fn state_mut(&mut self) -> &mut Http1State<Self> {
        &mut self.state
    }

    fn is_drained(&mut self) -> bool {
        self.stream.is_drained()
    }
}

impl Drop for Http1Connection {
    fn drop(&mut self) {
        // Under TLS this is a close_notify. If it fails, there is no peer left to tell.
        let _ = self.stream.shutdown();
    }
}

impl BodySource for Http1Connection {
    fn fill(&mut self) -> Result<&[u8]> {
        if self.state.needs_data() {
            self.run()?;
        }
        Ok(self.state.data())
    }

    fn consume(&mut self, n: usize) {
        self.state.consume(n);
    }

    fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        if let Some(most) = self.state.direct_len(buf.len()) {
            let read = self.read_direct(&mut buf[..most]);
            match self.state.record(read)? {
                0 => {} // the end of the stream: the codec knows what it means
                n => return Ok(n),
            }
        }
        if self.state.needs_data() {
            self.run()?;
        }
        Ok(self.state.take_data(buf))
    }

    fn check_deadline(&mut self) -> Result<()> {
        self.state.check_deadline(Instant::now)
    }

    fn set_drain_deadline(&mut self, by: Instant) {
        self.state.set_drain_deadline(by);
    }

    fn is_reusable(&self) -> bool {
        self.state.is_reusable()
    }

    fn request_sent(&self) -> Option<RequestSent> {
        self.state.sent_since_head()
    }

    fn finish(mut self: Box<Self>) -> Headers {
        let trailers = self.state.take_trailers();
        recycle(self);
        trailers
    }

    fn discard(mut self: Box<Self>) {
        let Self { stream, state } = &mut *self;
        if state.drain(|buf| stream.read(buf, NOW), Instant::now) {
            recycle(self);
        }
    }

    fn remaining(&self) -> Option<u64> {
        self.state.remaining()
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use httpx_core::{ErrorKind as Kind, Method, RequestHead, Timeout, Url};

    use super::*;
    use crate::stream::{Liveness, Readiness};

    fn head(method: Method) -> RequestHead {
        RequestHead::new(method, Url::parse("http://h/").unwrap())
    }

    /// What follows a switch of protocols belongs to the next protocol, whether it came with the head or later.
    #[test]
    fn a_connection_is_taken_apart_after_a_switch() {
        let (client, mut server) = memory::pair();
        server.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nfirst", None).unwrap();
        let mut connection = Http1Connection::new(Box::new(client), &PoolConfig::default());
        let mut head = head(Method::GET);
        head.headers_mut().append("Upgrade", "x").unwrap();
        let response = connection.send(&Call::new(&head).unwrap(), Body::empty()).unwrap();
        assert_eq!(response.status(), 101);
        let (mut stream, unread) = connection.into_parts();
        assert_eq!(unread, "first");
        server.write(b"second", None).unwrap();
        let mut buf = [0; 16];
        let n = stream.read(&mut buf, NOW).unwrap();
        assert_eq!(&buf[..n], b"second");
    }

    /// A stream that has no room, and cannot wait for it but in a write. It counts the writes.
    #[derive(Debug)]
    struct NoRoom(Arc<AtomicUsize>);

    impl NetworkStream for NoRoom {
        fn read(&mut self, _: &mut [u8], _: Option<Duration>) -> io::Result<usize> {
            Err(ErrorKind::TimedOut.into())
        }

        fn write(&mut self, _: &[u8], _: Option<Duration>) -> io::Result<usize> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Err(ErrorKind::TimedOut.into())
        }

        fn ready(&mut self, _: Interest, _: Option<Duration>) -> io::Result<Readiness> {
            Ok(Readiness { readable: false, writable: true })
        }

        fn look(&mut self) -> Liveness {
            Liveness::Alive
        }

        fn shutdown(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn peer_addr(&self) -> Option<SocketAddr> {
            None
        }

        fn local_addr(&self) -> Option<SocketAddr> {
            None
        }
    }

    #[test]
    fn a_stream_that_cannot_wait_for_room_is_written_to_twice() {
        let writes = Arc::new(AtomicUsize::new(0));
        let stream = Box::new(NoRoom(writes.clone()));
        let mut connection = Http1Connection::new(stream, &PoolConfig::default());
        let mut head = head(Method::POST);
        head.options_mut().timeouts.write = Some(Duration::from_millis(50));
        let sent = connection.send(&Call::new(&head).unwrap(), vec![b'x'; 100_000].into());
        assert_eq!(sent.unwrap_err().kind(), Kind::Timeout(Timeout::Write));
        assert_eq!(writes.load(Ordering::Relaxed), 2, "one that does not wait, and one that does");
    }
}
