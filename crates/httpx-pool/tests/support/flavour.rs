//! The differences between the two flavours of the pool: how to make a pool, and how to wait.
//!
//! Each flavour implements [`Flavour`] and has a module in `both_flavours!`; the tests are written once.

use std::fmt::Debug;
use std::io::{self, Read};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{ConnectionCounts, Encoded, MessageBody, Request, Response, ResponseHead, Result, Timeouts};
use httpx_pool::PoolStats;
use httpx_pool::memory::MemoryBackend;
use httpx_pool::{
    ConnectError, ConnectOptions, ConnectStep, ConnectionBuilder, ConnectionInfo, DnsCacheOptions, Endpoint,
    PoolBuilder, Scheme,
};

use super::resolver::StubResolver;
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
    /// How often a [`Throttle`] counts one wait that ends by a timeout: an async stream is polled at its begin and at its
    /// end.
    const COUNTS_OF_A_WAIT: usize;

    fn make(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self;
    fn backend(setup: Setup<Self>, backend: impl Backend + 'static) -> Setup<Self>;
    fn resolver(setup: Setup<Self>, resolver: StubResolver) -> Setup<Self>;
    /// A `TcpBackend` with this resolver and this cache.
    fn dns_cache(setup: Setup<Self>, resolver: StubResolver, options: DnsCacheOptions) -> Setup<Self>;
    fn connections(&self) -> Vec<ConnectionInfo>;
    fn stats(&self) -> PoolStats;
    fn connect(&self, url: &str) -> Result<()>;

    /// A single connection.
    fn open(
        set: impl FnOnce(ConnectionBuilder<Self::Backend>) -> ConnectionBuilder<Self::Backend>,
        url: &str,
    ) -> Result<Self::Connection>;
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

    /// The same. In the async flavour each read but the first needs this many further polls.
    fn late_reader_with_polls(reader: impl Read + Send + 'static, polls: usize) -> Self::Body;

    /// A body without end.
    fn endless() -> Self::Body {
        Self::reader(io::repeat(b'x'))
    }
}

pub fn request<B: MessageBody>(method: &str, url: &str) -> Request<B> {
    Request::new(method, url).unwrap()
}

/// A request with these connect options.
pub fn request_with<B: MessageBody>(url: &str, options: ConnectOptions) -> Request<B> {
    let mut request = request("GET", url);
    request.head_mut().extensions_mut().insert(options);
    request
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

/// A backend that connects to one address, with none of the options.
#[derive(Debug)]
pub struct Elsewhere(pub SocketAddr);

impl Elsewhere {
    fn endpoint(&self) -> Endpoint {
        Endpoint::new(Scheme::Http, &self.0.ip().to_string(), self.0.port())
    }
}

/// A backend that connects a limited number of times, over TCP or in memory.
#[derive(Debug)]
pub struct Connects {
    left: AtomicUsize,
    then: Then,
    throttle: Option<Arc<Throttle>>,
    memory: Option<MemoryBackend>,
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
        Connects { left: times.into(), then, throttle: None, memory: None }
    }

    /// A backend that connects any number of times, and throttles its connections.
    pub fn throttled(throttle: &Arc<Throttle>) -> Self {
        let throttle = Some(Arc::clone(throttle));
        Connects { left: usize::MAX.into(), then: Then::Refused, throttle, memory: None }
    }

    /// Connects through this network instead of TCP.
    pub fn over(self, memory: MemoryBackend) -> Self {
        Connects { memory: Some(memory), ..self }
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
    ConnectError::TimedOut {
        step: ConnectStep::Connecting,
        host: endpoint.host().into(),
        attempts: Vec::new(),
    }
}

#[cfg(feature = "blocking")]
pub use blocking::Blocking;

#[cfg(feature = "blocking")]
mod blocking;

#[cfg(feature = "async")]
pub use ahttpx::{Async, On};

#[cfg(feature = "async")]
mod ahttpx;
