//! The waits of an [`Http1Connection`], in the thread of the caller.

use std::io::{self, ErrorKind, IoSlice, Read};
use std::time::{Duration, Instant};

use httpx_core::blocking::{Body, BodySource, ThreadWaker};
use httpx_core::{Headers, Options, ResponseHead, Result};

use super::stream::NetworkStream;
use super::upgraded::Upgraded;
use crate::call::Call;
use crate::exchange::{Output, Step};
use crate::http1::Http1Flavour;
use crate::stream::{Interest, Liveness};

const NOW: Option<Duration> = Some(Duration::ZERO);

/// An HTTP/1.1 connection of this flavour.
pub(crate) type Http1Connection = crate::http1::Http1Connection<Blocking>;

/// This flavour.
pub(crate) struct Blocking;

impl Http1Flavour for Blocking {
    type Stream = dyn NetworkStream;
    type Timer = ();
    type Body = Body;
    type Waker = ThreadWaker;
    type Upgraded = Upgraded;

    fn look(stream: &mut Self::Stream) -> Liveness {
        stream.look()
    }

    fn is_drained(stream: &mut Self::Stream) -> bool {
        stream.is_drained()
    }

    fn read_now(stream: &mut Self::Stream, buf: &mut [u8]) -> io::Result<usize> {
        stream.read(buf, NOW)
    }

    fn body(source: Box<Http1Connection>, headers: &mut Headers, options: &Options) -> Body {
        Body::from_source(source, headers, options)
    }
}

impl Http1Connection {
    /// Sends a request, and waits for the head of its response.
    pub(super) fn send(&mut self, call: &Call<'_>, mut body: Body) -> Result<ResponseHead> {
        body.open()?;
        self.state.start(call, body)?;
        loop {
            let output = self.run()?;
            if let Some(response) = self.state.response(call, output)? {
                return Ok(response);
            }
        }
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
                    let (body, buffer) = self.state.upload();
                    let read = body.map_or(Ok(0), |body| body.read(buffer));
                    self.state.upload_read(read, Instant::now)?;
                }
                Step::TakeUpload => {
                    let chunk = self.state.upload_body().map_or(Ok(None), Body::next_chunk);
                    self.state.upload_chunk(chunk, Instant::now)?;
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
            [bytes, []] | [[], bytes] => self.stream.write(bytes, timeout),
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

impl BodySource for Http1Connection {
    fn fill(&mut self) -> Result<&[u8]> {
        if self.state.needs_data() {
            self.run()?;
        }
        Ok(self.state.data())
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
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use httpx_core::{ErrorKind as Kind, Method, RequestHead, RequestSent, Timeout, Url};

    use super::*;
    use crate::dialing::Opened;
    use crate::memory;
    use crate::pool_config::PoolConfig;
    use crate::stream::Readiness;

    fn opened(stream: Box<dyn NetworkStream>) -> Opened<Box<dyn NetworkStream>> {
        Opened { stream, details: Arc::default() }
    }

    fn head(method: Method) -> RequestHead {
        RequestHead::new(method, Url::parse("http://h/").unwrap())
    }

    /// What follows a switch of protocols belongs to the next protocol, whether it came with the head or later.
    #[test]
    fn a_connection_is_taken_apart_after_a_switch() {
        let (client, mut server) = memory::pair();
        server.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nfirst", None).unwrap();
        let mut connection =
            Http1Connection::new(opened(Box::new(client)), (), &PoolConfig::default()).stream;
        let mut head = head(Method::GET);
        head.headers_mut().append("Upgrade", "x").unwrap();
        let response = connection.send(&Call::by_default(&head), Body::empty()).unwrap();
        assert_eq!(response.status(), 101);
        let upgraded: Upgraded = connection.into_response(response).into_upgraded().unwrap();
        let (mut stream, unread) = upgraded.into_parts();
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
        let mut connection = Http1Connection::new(opened(stream), (), &PoolConfig::default()).stream;
        let mut head = head(Method::POST);
        head.options_mut().timeouts.write = Some(Duration::from_millis(50));
        let sent = connection.send(&Call::by_default(&head), vec![b'x'; 100_000].into());
        assert_eq!(sent.unwrap_err().kind(), Kind::Timeout(Timeout::Write));
        assert_eq!(writes.load(Ordering::Relaxed), 2, "one that does not wait, and one that does");
    }

    /// A stream whose server has answered and takes nothing. It counts the waits.
    #[derive(Debug)]
    struct Answered {
        response: &'static [u8],
        waits: Arc<AtomicUsize>,
    }

    impl Answered {
        fn wait(&self, timeout: Option<Duration>) {
            if timeout != NOW {
                self.waits.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    impl NetworkStream for Answered {
        fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
            if self.response.is_empty() {
                self.wait(timeout);
                return Err(ErrorKind::TimedOut.into());
            }
            self.response.read(buf)
        }

        fn write(&mut self, _: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
            self.wait(timeout);
            Err(ErrorKind::TimedOut.into())
        }

        fn ready(&mut self, _: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
            let readable = !self.response.is_empty();
            if !readable {
                self.wait(timeout);
            }
            Ok(Readiness { readable, writable: false })
        }

        fn look(&mut self) -> Liveness {
            Liveness::Alive
        }

        fn shutdown(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// After a whole response the upload waits for room once, and the response reports that it was not sent whole.
    #[test]
    fn after_a_whole_response_there_is_one_wait_for_room() {
        let waits = Arc::new(AtomicUsize::new(0));
        let response = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        let stream = Box::new(Answered { response, waits: waits.clone() });
        let mut connection = Http1Connection::new(opened(stream), (), &PoolConfig::default()).stream;
        let head = head(Method::POST);
        let call = Call::by_default(&head);
        let head = connection.send(&call, vec![b'x'; 100_000].into()).unwrap();
        let response = connection.into_response(head).read_body().unwrap();
        assert_eq!(response.text(), "ok");
        assert_ne!(response.request_sent(), Some(RequestSent::Complete));
        assert_eq!(waits.load(Ordering::Relaxed), 1);
    }
}
