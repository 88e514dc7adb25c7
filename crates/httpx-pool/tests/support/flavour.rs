//! The differences between the two flavours of the pool: how to make a pool, and how to wait.
//!
//! Each flavour implements [`Flavour`] and has a module in `both_flavours!`; the tests are written once.

use std::fmt::Debug;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{ConnectionCounts, Encoded, MessageBody, Request, Response, ResponseHead, Result, Timeouts};
use httpx_pool::ConnectionInfo;
use httpx_pool::{ConnectError, ConnectStep, Endpoint, PoolBuilder};

use super::throttle::Throttle;

pub const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
pub const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe";
pub const MS: Duration = Duration::from_millis(1);

pub type Setup<F> = PoolBuilder<<F as Flavour>::Backend>;

/// A pool or a single connection. All its methods block the calling thread.
pub trait Sender: Debug + Send + Sync + Sized {
    type Body: MessageBody;
    type Streamed: Streamed;

    fn send(&self, request: Request<Self::Body>) -> Result<Self::Streamed>;
    fn close(&self);
    fn counts(&self) -> Option<ConnectionCounts>;

    fn stream(&self, url: &str) -> Result<Self::Streamed> {
        self.send(request("GET", url))
    }

    /// To the end of the body.
    fn exchange(&self, request: Request<Self::Body>) -> Result<Response<Bytes>> {
        self.send(request)?.read_body()
    }

    fn get(&self, url: &str) -> Result<Response<Bytes>> {
        self.exchange(request("GET", url))
    }

    fn get_ok(&self, url: &str) {
        assert_eq!(self.get(url).unwrap().bytes(), "hello");
    }
}

/// A response whose body has not been read.
pub trait Streamed: Debug + Send + Sized {
    fn head(&self) -> &ResponseHead;
    /// One read.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize>;
    fn read_body(self) -> Result<Response<Bytes>>;
    /// Drains at most this number of bytes.
    fn drain(self, most: u64);

    /// Reads exactly this number of bytes.
    fn read_exactly(&mut self, n: usize) {
        let (mut buf, mut read) = (vec![0; n], 0);
        while read < n {
            match self.read(&mut buf[read..]).unwrap() {
                0 => panic!("the body ends after {read} of {n} bytes"),
                more => read += more,
            }
        }
    }

    /// Reads the rest, at most `step` bytes at a time.
    fn read_all(&mut self, step: usize) -> Result<Vec<u8>> {
        let (mut all, mut buf) = (Vec::new(), vec![0; step]);
        loop {
            match self.read(&mut buf)? {
                0 => return Ok(all),
                n => all.extend_from_slice(&buf[..n]),
            }
        }
    }

    /// Reads the rest and returns its length. Keeps nothing of it, because a body may have no end.
    fn skip(&mut self) -> Result<u64> {
        let (mut skipped, mut buf) = (0, vec![0; 64 << 10]);
        loop {
            match self.read(&mut buf)? {
                0 => return Ok(skipped),
                n => skipped += n as u64,
            }
        }
    }
}

/// A backend of each flavour.
#[cfg(not(feature = "async"))]
pub use httpx_pool::NetworkBackend as Backend;

#[cfg(not(feature = "blocking"))]
pub use httpx_pool::ahttpx::NetworkBackend as Backend;

#[cfg(all(feature = "blocking", feature = "async"))]
pub trait Backend: httpx_pool::NetworkBackend + httpx_pool::ahttpx::NetworkBackend {}
#[cfg(all(feature = "blocking", feature = "async"))]
impl<T: httpx_pool::NetworkBackend + httpx_pool::ahttpx::NetworkBackend> Backend for T {}

/// A pool.
pub trait Flavour: Sender + Clone + 'static {
    type Backend;
    type Connection: Sender<Body = Self::Body, Streamed = Self::Streamed>;

    fn make(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self;
    fn backend(setup: Setup<Self>, backend: impl Backend + 'static) -> Setup<Self>;
    fn connections(&self) -> Vec<ConnectionInfo>;

    fn open_connection(url: &str) -> Result<Self::Connection>;
    fn is_ready(connection: &Self::Connection) -> bool;

    /// A body of unknown length.
    fn reader(reader: impl Read + Send + 'static) -> Self::Body;
    fn sized_reader(reader: impl Read + Send + 'static, length: u64) -> Self::Body;

    fn new() -> Self {
        Self::make(|pool| pool)
    }

    /// Of one connection.
    fn one() -> Self {
        Self::make(|pool| pool.max_connections(1))
    }

    /// A body of unknown length whose reader waits. The async flavour polls it.
    fn late_reader(reader: impl Read + Send + 'static) -> Self::Body;

    /// A body without end.
    fn endless() -> Self::Body {
        Self::reader(io::repeat(b'x'))
    }
}

pub fn request<B: MessageBody>(method: &str, url: &str) -> Request<B> {
    Request::new(method, url).unwrap()
}

/// With one timeout set, or more.
pub fn patient<B: MessageBody>(method: &str, url: &str, set: impl FnOnce(&mut Timeouts)) -> Request<B> {
    let mut request = request(method, url);
    set(&mut request.head_mut().options_mut().timeouts);
    request
}

/// A body of bytes.
pub fn bytes(bytes: impl Into<Bytes>) -> Encoded {
    Encoded::from(bytes.into())
}

pub fn idle(n: usize) -> Option<ConnectionCounts> {
    Some(ConnectionCounts::new(0, n))
}

/// A backend that connects over TCP a limited number of times.
#[derive(Debug)]
pub struct Connects {
    left: AtomicUsize,
    then: Then,
    throttle: Option<Arc<Throttle>>,
}

/// The result of a further connection attempt.
#[derive(Debug, Clone, Copy)]
pub enum Then {
    Refused,
    /// Nothing, until the time is up.
    Late,
    /// No connection, but a [`Flood`](super::flood::Flood).
    Flood,
}

impl Connects {
    pub fn new(times: usize, then: Then) -> Self {
        Connects { left: times.into(), then, throttle: None }
    }

    /// A backend that connects any number of times, and throttles its connections.
    pub fn throttled(throttle: &Arc<Throttle>) -> Self {
        let throttle = Some(Arc::clone(throttle));
        Connects { left: usize::MAX.into(), then: Then::Refused, throttle }
    }

    /// The result in place of a connection, if there is no attempt left.
    fn instead(&self) -> Option<Then> {
        let less = |left: usize| left.checked_sub(1);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_err().then_some(self.then)
    }
}

fn refused() -> ConnectError {
    ConnectError::Other(io::ErrorKind::AddrNotAvailable.into())
}

fn late(endpoint: &Endpoint) -> ConnectError {
    ConnectError::TimedOut { step: ConnectStep::Connecting, host: endpoint.host().into() }
}

#[cfg(feature = "blocking")]
pub use on_threads::Blocking;

#[cfg(feature = "blocking")]
mod on_threads {
    use std::fmt::Debug;
    use std::io::Read;
    use std::sync::{Arc, mpsc};
    use std::time::Instant;

    use bytes::Bytes;
    use httpx_core::blocking::{Body, Transport};
    use httpx_core::{ConnectionCounts, Error, Request, Response, ResponseHead, Result};
    use httpx_pool::ConnectionInfo;
    use httpx_pool::{
        ConnectError, Connection, ConnectionPool, Endpoint, NetworkBackend, NetworkStream, TcpBackend,
    };

    use super::{Backend, Connects, Flavour, Sender, Setup, Streamed, Then};
    use crate::support::flood::Flood;

    pub type Blocking = ConnectionPool;

    impl<T: Transport + Debug> Sender for T {
        type Body = Body;
        type Streamed = Response<Body>;

        fn send(&self, request: Request<Body>) -> Result<Response<Body>> {
            Transport::send(self, request)
        }

        fn close(&self) {
            Transport::close(self);
        }

        fn counts(&self) -> Option<ConnectionCounts> {
            Transport::counts(self)
        }
    }

    impl Streamed for Response<Body> {
        fn head(&self) -> &ResponseHead {
            Response::head(self)
        }

        fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
            Read::read(self, buf).map_err(|error| Error::from_io(error, "reading"))
        }

        fn read_body(self) -> Result<Response<Bytes>> {
            Response::read_body(self)
        }

        fn drain(self, most: u64) {
            self.into_body().drain(most);
        }
    }

    impl Flavour for ConnectionPool {
        type Backend = Arc<dyn NetworkBackend>;
        type Connection = Connection;

        fn make(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
            set(ConnectionPool::builder()).build()
        }

        fn backend(setup: Setup<Self>, backend: impl Backend + 'static) -> Setup<Self> {
            setup.backend(backend)
        }

        fn connections(&self) -> Vec<ConnectionInfo> {
            ConnectionPool::connections(self)
        }

        fn open_connection(url: &str) -> Result<Connection> {
            httpx_pool::open_connection(url)
        }

        fn is_ready(connection: &Connection) -> bool {
            connection.is_ready()
        }

        fn reader(reader: impl Read + Send + 'static) -> Body {
            Body::from_reader(reader)
        }

        fn sized_reader(reader: impl Read + Send + 'static, length: u64) -> Body {
            Body::from_sized_reader(reader, length)
        }

        fn late_reader(reader: impl Read + Send + 'static) -> Body {
            Body::from_reader(reader)
        }
    }

    impl NetworkBackend for Connects {
        fn connect(
            &self,
            endpoint: &Endpoint,
            by: Option<Instant>,
        ) -> Result<Box<dyn NetworkStream>, ConnectError> {
            match self.instead() {
                None => {
                    let stream = TcpBackend::new().connect(endpoint, by)?;
                    Ok(match &self.throttle {
                        Some(throttle) => throttle.over(stream),
                        None => stream,
                    })
                }
                Some(Then::Flood) => Ok(Box::new(Flood::default())),
                Some(Then::Refused) => Err(super::refused()),
                Some(Then::Late) => {
                    // An answer that never comes.
                    let (_asked, answers) = mpsc::channel::<()>();
                    let _ = answers.recv_timeout(by.unwrap().saturating_duration_since(Instant::now()));
                    Err(super::late(endpoint))
                }
            }
        }
    }
}

#[cfg(feature = "async")]
pub use on_tokio::{Async, On};

#[cfg(feature = "async")]
mod on_tokio {
    use std::fmt::{self, Debug};
    use std::future::Future;
    use std::io::Read;
    use std::sync::Arc;
    use std::thread;
    use std::time::Instant;

    use bytes::Bytes;
    use httpx_core::ahttpx::{Body, Transport};
    use httpx_core::{ConnectionCounts, Error, Request, Response, ResponseHead, Result};
    use httpx_pool::ConnectionInfo;
    use httpx_pool::Endpoint;
    use httpx_pool::ahttpx::{
        Connecting, Connection, ConnectionPool, NetworkBackend, NetworkStream, TcpBackend,
    };
    use httpx_testing::ReadyReader;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};
    use tokio::runtime::{Builder, Runtime};

    use super::{Backend, Connects, Flavour, Sender, Setup, Streamed, Then};
    use crate::support::PATIENCE;
    use crate::support::flood::Flood;

    pub type Async = On<ConnectionPool>;

    /// Something on a runtime of its own, which hears of nothing unless something is waited for: so a pool must look
    /// for itself before it uses a connection again.
    pub struct On<T> {
        it: Option<T>,
        runtime: Arc<Runtime>,
    }

    impl<T> On<T> {
        /// Makes a value on a runtime of its own.
        pub fn alone<E>(make: impl Future<Output = Result<T, E>>) -> Result<Self, E> {
            let runtime = runtime();
            Ok(On::new(&runtime, wait(&runtime, make)?))
        }

        fn new(runtime: &Arc<Runtime>, it: T) -> Self {
            On { it: Some(it), runtime: Arc::clone(runtime) }
        }

        pub fn it(&self) -> &T {
            self.it.as_ref().unwrap()
        }

        pub fn it_mut(&mut self) -> &mut T {
            self.it.as_mut().unwrap()
        }

        pub fn runtime(&self) -> Arc<Runtime> {
            Arc::clone(&self.runtime)
        }

        /// Runs a future with the value, on the same runtime.
        pub fn then<U, E, F: Future<Output = Result<U, E>>>(
            mut self,
            make: impl FnOnce(T) -> F,
        ) -> Result<On<U>, E> {
            let it = self.it.take().unwrap();
            Ok(On::new(&self.runtime, wait(&self.runtime, make(it))?))
        }
    }

    impl<T: Clone> Clone for On<T> {
        fn clone(&self) -> Self {
            On { it: self.it.clone(), runtime: Arc::clone(&self.runtime) }
        }
    }

    impl<T: Debug> Debug for On<T> {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            self.it().fmt(f)
        }
    }

    /// Drops on the runtime. `ahttpx_runtimes.rs` tests drops elsewhere.
    impl<T> Drop for On<T> {
        fn drop(&mut self) {
            let _on_it = self.runtime.enter();
            self.it = None;
        }
    }

    fn runtime() -> Arc<Runtime> {
        Arc::new(Builder::new_current_thread().enable_all().build().unwrap())
    }

    fn wait<T>(runtime: &Runtime, call: impl Future<Output = T>) -> T {
        let bounded = async { tokio::time::timeout(PATIENCE, call).await };
        runtime.block_on(bounded).unwrap_or_else(|_| panic!("it does not end"))
    }

    impl<T: Transport + Debug> Sender for On<T> {
        type Body = Body;
        type Streamed = On<Response<Body>>;

        fn send(&self, request: Request<Body>) -> Result<On<Response<Body>>> {
            let response = wait(&self.runtime, self.it().send(request))?;
            Ok(On::new(&self.runtime, response))
        }

        fn close(&self) {
            wait(&self.runtime, self.it().close());
        }

        fn counts(&self) -> Option<ConnectionCounts> {
            self.it().counts()
        }
    }

    impl Streamed for On<Response<Body>> {
        fn head(&self) -> &ResponseHead {
            self.it().head()
        }

        fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
            let read = wait(&self.runtime(), self.it_mut().read(buf));
            read.map_err(|error| Error::from_io(error, "reading"))
        }

        fn read_body(mut self) -> Result<Response<Bytes>> {
            let response = self.it.take().unwrap();
            wait(&self.runtime, response.read_body())
        }

        fn drain(mut self, most: u64) {
            let response = self.it.take().unwrap();
            wait(&self.runtime, response.into_body().drain(most));
        }
    }

    impl Flavour for On<ConnectionPool> {
        type Backend = Arc<dyn NetworkBackend>;
        type Connection = On<Connection>;

        fn make(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
            On::new(&runtime(), set(ConnectionPool::builder()).build())
        }

        fn backend(setup: Setup<Self>, backend: impl Backend + 'static) -> Setup<Self> {
            setup.backend(backend)
        }

        fn connections(&self) -> Vec<ConnectionInfo> {
            self.it().connections()
        }

        fn open_connection(url: &str) -> Result<On<Connection>> {
            On::alone(httpx_pool::ahttpx::open_connection(url))
        }

        fn is_ready(connection: &On<Connection>) -> bool {
            connection.it().is_ready()
        }

        fn reader(reader: impl Read + Send + 'static) -> Body {
            Body::from_reader(ReadyReader(reader))
        }

        fn sized_reader(reader: impl Read + Send + 'static, length: u64) -> Body {
            Body::from_sized_reader(ReadyReader(reader), length)
        }

        fn late_reader(reader: impl Read + Send + 'static) -> Body {
            let (pipe, end) = tokio::io::duplex(64 << 10);
            thread::spawn(move || pour(reader, pipe));
            Body::from_reader(end)
        }
    }

    impl NetworkBackend for Connects {
        fn connect<'a>(&'a self, endpoint: &'a Endpoint, by: Option<Instant>) -> Connecting<'a> {
            Box::pin(async move {
                match self.instead() {
                    None => {
                        let stream = TcpBackend::new().connect(endpoint, by).await?;
                        Ok(match &self.throttle {
                            Some(throttle) => throttle.over_polled(stream),
                            None => stream,
                        })
                    }
                    Some(Then::Flood) => Ok(Box::new(Flood::default()) as Box<dyn NetworkStream>),
                    Some(Then::Refused) => Err(super::refused()),
                    Some(Then::Late) => {
                        tokio::time::sleep_until(by.unwrap().into()).await;
                        Err(super::late(endpoint))
                    }
                }
            })
        }
    }

    /// Reads in its own thread, until the end or until the other side is dropped.
    fn pour(mut reader: impl Read, mut pipe: DuplexStream) {
        let runtime = Builder::new_current_thread().build().unwrap();
        let mut buf = vec![0; 16 << 10];
        while let Ok(n @ 1..) = reader.read(&mut buf) {
            if runtime.block_on(pipe.write_all(&buf[..n])).is_err() {
                return;
            }
        }
    }
}
