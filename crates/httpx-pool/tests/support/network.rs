//! The differences between the two flavours of backends and streams.
//!
//! All methods block the calling thread, for the given time at most: the blocking stream by itself, the async stream by
//! tokio's clock.

use std::fmt::Debug;
use std::io::{self, ErrorKind, IoSlice};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use httpx_pool::memory::{MemoryBackend, MemoryStream};
use httpx_pool::{ConnectError, ConnectOptions, Destination, Endpoint, Liveness};
#[cfg(feature = "tls")]
use httpx_pool::{HandshakeError, TlsConfig, TlsDetails};

use super::throttle::{Throttle, Throttled};
use super::{PATIENCE, until};

#[cfg(target_os = "linux")]
pub use httpx_testing::sockets::Silent;
pub use httpx_testing::sockets::{closed_port, sockets};

/// A flavour: the same types as those of its [`Flavour`](super::Flavour).
pub trait Network: 'static {
    type Stream: Line + 'static;
    #[cfg(feature = "tls")]
    type Tls: TlsLine;

    fn connect(via: Via<'_>, endpoint: &Endpoint, by: Option<Instant>) -> Result<Self::Stream, ConnectError>;
    /// Over a Unix socket.
    #[cfg(unix)]
    fn over_unix(path: &std::path::Path) -> Self::Stream {
        let endpoint = Endpoint::new(httpx_pool::Scheme::Http, "h", 80);
        Self::connect(Via::Unix(path), &endpoint, None).unwrap()
    }

    fn over_tcp(socket: TcpStream) -> Self::Stream;
    fn over_memory(end: MemoryStream) -> Self::Stream;
    fn throttled(stream: Self::Stream, throttle: &Arc<Throttle>) -> Self::Stream;
    #[cfg(feature = "tls")]
    fn handshake(inner: Self::Stream, config: &TlsConfig, host: &str) -> Result<Self::Tls, HandshakeError>;
}

/// A backend.
pub enum Via<'a> {
    Tcp,
    Memory(&'a MemoryBackend),
    Unix(&'a std::path::Path),
}

/// A stream. When its time is up, a wait fails with [`ErrorKind::TimedOut`].
pub trait Line: Debug + Send {
    fn read(&mut self, buf: &mut [u8], time: Duration) -> io::Result<usize>;
    fn write(&mut self, buf: &[u8], time: Duration) -> io::Result<usize>;
    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], time: Duration) -> io::Result<usize>;
    fn look(&mut self) -> Liveness;
    fn is_drained(&mut self) -> bool;
    fn shutdown(&mut self) -> io::Result<()>;
    fn peer_addr(&self) -> Option<SocketAddr>;
    fn local_addr(&self) -> Option<SocketAddr>;

    fn read_to_end(&mut self) -> io::Result<Vec<u8>> {
        let (mut all, mut buf) = (Vec::new(), vec![0; 5000]);
        loop {
            match self.read(&mut buf, PATIENCE)? {
                0 => return Ok(all),
                n => all.extend_from_slice(&buf[..n]),
            }
        }
    }

    fn write_all(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let n = self.write(bytes, PATIENCE)?;
            bytes = &bytes[n..];
        }
        Ok(())
    }
}

/// A stream that speaks TLS.
#[cfg(feature = "tls")]
pub trait TlsLine: Line {
    fn details(&self) -> TlsDetails;
}

/// No time at all. Only in memory is it known at once that there is room to write.
pub const NOW: Duration = Duration::ZERO;

/// Looks at the stream until it is dead. Panics if it stays alive.
pub fn seen(stream: &mut impl Line) -> Liveness {
    let mut seen = stream.look();
    until(|| {
        seen = if seen.is_alive() { stream.look() } else { seen };
        !seen.is_alive()
    });
    seen
}

/// The kind of a failure.
pub fn kind<T: Debug>(result: io::Result<T>) -> ErrorKind {
    result.unwrap_err().kind()
}

#[cfg(feature = "blocking")]
mod on_threads {
    use httpx_pool::{NetworkBackend, NetworkStream, TcpBackend};

    use super::*;
    use crate::support::Blocking;

    impl Network for Blocking {
        type Stream = Box<dyn NetworkStream>;
        #[cfg(feature = "tls")]
        type Tls = httpx_pool::TlsStream<Self::Stream>;

        fn connect(
            via: Via<'_>,
            endpoint: &Endpoint,
            by: Option<Instant>,
        ) -> Result<Self::Stream, ConnectError> {
            let to = Destination::new(endpoint).with_deadline(by);
            match via {
                Via::Tcp => TcpBackend::new().connect(&to),
                Via::Unix(path) => {
                    let options = ConnectOptions::new().unix_socket(path);
                    TcpBackend::new().connect(&to.with_options(&options))
                }
                Via::Memory(backend) => backend.connect(&to),
            }
        }

        fn over_tcp(socket: TcpStream) -> Self::Stream {
            Box::new(httpx_pool::TcpStream::new(socket).unwrap())
        }

        fn over_memory(end: MemoryStream) -> Self::Stream {
            Box::new(end)
        }

        fn throttled(stream: Self::Stream, throttle: &Arc<Throttle>) -> Self::Stream {
            Box::new(Throttled::new(stream, throttle))
        }

        #[cfg(feature = "tls")]
        fn handshake(
            inner: Self::Stream,
            config: &TlsConfig,
            host: &str,
        ) -> Result<Self::Tls, HandshakeError> {
            httpx_pool::TlsStream::handshake(inner, config, host, Instant::now().checked_add(PATIENCE))
        }
    }

    impl<S: NetworkStream> Line for S {
        fn read(&mut self, buf: &mut [u8], time: Duration) -> io::Result<usize> {
            NetworkStream::read(self, buf, Some(time))
        }

        fn write(&mut self, buf: &[u8], time: Duration) -> io::Result<usize> {
            NetworkStream::write(self, buf, Some(time))
        }

        fn write_vectored(&mut self, bufs: &[IoSlice<'_>], time: Duration) -> io::Result<usize> {
            NetworkStream::write_vectored(self, bufs, Some(time))
        }

        fn look(&mut self) -> Liveness {
            NetworkStream::look(self)
        }

        fn is_drained(&mut self) -> bool {
            NetworkStream::is_drained(self)
        }

        fn shutdown(&mut self) -> io::Result<()> {
            NetworkStream::shutdown(self)
        }

        fn peer_addr(&self) -> Option<SocketAddr> {
            NetworkStream::peer_addr(self)
        }

        fn local_addr(&self) -> Option<SocketAddr> {
            NetworkStream::local_addr(self)
        }
    }

    #[cfg(feature = "tls")]
    impl<S: NetworkStream> TlsLine for httpx_pool::TlsStream<S> {
        fn details(&self) -> TlsDetails {
            self.details()
        }
    }
}

#[cfg(feature = "async")]
mod on_tokio {
    use std::convert::Infallible;
    use std::future::poll_fn;
    use std::task::{Context, Poll};

    use httpx_pool::ahttpx::{NetworkBackend, NetworkStream, TcpBackend};

    use super::*;
    use crate::support::Async;
    use crate::support::flavour::On;

    impl Network for Async {
        type Stream = On<Box<dyn NetworkStream>>;
        #[cfg(feature = "tls")]
        type Tls = On<httpx_pool::ahttpx::TlsStream<Box<dyn NetworkStream>>>;

        fn connect(
            via: Via<'_>,
            endpoint: &Endpoint,
            by: Option<Instant>,
        ) -> Result<Self::Stream, ConnectError> {
            let to = Destination::new(endpoint).with_deadline(by);
            match via {
                Via::Tcp => On::alone(TcpBackend::new().connect(&to)),
                Via::Unix(path) => {
                    let options = ConnectOptions::new().unix_socket(path);
                    On::alone(TcpBackend::new().connect(&to.with_options(&options)))
                }
                Via::Memory(backend) => On::alone(backend.connect(&to)),
            }
        }

        fn over_tcp(socket: TcpStream) -> Self::Stream {
            alone(|| {
                socket.set_nonblocking(true).unwrap();
                let socket = tokio::net::TcpStream::from_std(socket).unwrap();
                Box::new(httpx_pool::ahttpx::TcpStream::new(socket).unwrap())
            })
        }

        fn over_memory(end: MemoryStream) -> Self::Stream {
            alone(|| Box::new(end))
        }

        fn throttled(stream: Self::Stream, throttle: &Arc<Throttle>) -> Self::Stream {
            let throttled = |stream| Box::new(Throttled::new(stream, throttle)) as Box<dyn NetworkStream>;
            let Ok(stream) = stream.then(async |stream| Ok::<_, Infallible>(throttled(stream)));
            stream
        }

        #[cfg(feature = "tls")]
        fn handshake(
            inner: Self::Stream,
            config: &TlsConfig,
            host: &str,
        ) -> Result<Self::Tls, HandshakeError> {
            inner.then(|inner| httpx_pool::ahttpx::TlsStream::handshake(inner, config, host))
        }
    }

    fn alone(make: impl FnOnce() -> Box<dyn NetworkStream>) -> On<Box<dyn NetworkStream>> {
        let Ok(stream) = On::alone(async { Ok::<_, Infallible>(make()) });
        stream
    }

    /// Polls for this time at most.
    fn within<S, T>(
        stream: &mut On<S>,
        time: Duration,
        mut poll: impl FnMut(&mut S, &mut Context<'_>) -> Poll<io::Result<T>>,
    ) -> io::Result<T> {
        let (runtime, stream) = (stream.runtime(), stream.it_mut());
        let polling = async { tokio::time::timeout(time, poll_fn(|cx| poll(stream, cx))).await };
        runtime.block_on(polling).unwrap_or_else(|_| Err(ErrorKind::TimedOut.into()))
    }

    impl<S: NetworkStream> Line for On<S> {
        fn read(&mut self, buf: &mut [u8], time: Duration) -> io::Result<usize> {
            if time.is_zero() {
                let none = |error: io::Error| match error.kind() {
                    ErrorKind::WouldBlock => ErrorKind::TimedOut.into(),
                    _ => error,
                };
                return self.it_mut().read_now(buf).map_err(none);
            }
            within(self, time, |stream, cx| stream.poll_read(cx, buf))
        }

        fn write(&mut self, buf: &[u8], time: Duration) -> io::Result<usize> {
            within(self, time, |stream, cx| stream.poll_write(cx, buf))
        }

        fn write_vectored(&mut self, bufs: &[IoSlice<'_>], time: Duration) -> io::Result<usize> {
            within(self, time, |stream, cx| stream.poll_write_vectored(cx, bufs))
        }

        fn look(&mut self) -> Liveness {
            self.it_mut().look()
        }

        fn is_drained(&mut self) -> bool {
            self.it_mut().is_drained()
        }

        fn shutdown(&mut self) -> io::Result<()> {
            self.it_mut().shutdown()
        }

        fn peer_addr(&self) -> Option<SocketAddr> {
            self.it().peer_addr()
        }

        fn local_addr(&self) -> Option<SocketAddr> {
            self.it().local_addr()
        }
    }

    #[cfg(feature = "tls")]
    impl<S: NetworkStream> TlsLine for On<httpx_pool::ahttpx::TlsStream<S>> {
        fn details(&self) -> TlsDetails {
            self.it().details()
        }
    }
}
