//! The differences between the two flavours of the client: how to make a client, and how to wait.
//!
//! Each flavour implements [`Flavour`] and has a module in `both_flavours!`; the tests are written once.

use std::fmt::Debug;
use std::io::Read;
use std::path::Path;

use httpx::flow::ResponseHead;
use httpx::models::{EventSource, ServerSentEvent};
use httpx::network::PoolStats;
use httpx::{Bytes, ClientBuilder, RequestBuilder, RequestSender, Response, Result};
use httpx_core::Request;
use httpx_middleware::Flow;
use httpx_pool::PoolBuilder;

pub type Setup<F> = ClientBuilder<<F as Flavour>::Client>;
pub type PoolSetup<F> = PoolBuilder<<F as Flavour>::Backend>;
pub type Ask<F> = RequestBuilder<<F as Flavour>::Client>;
pub type BodyOf<F> = <<F as Flavour>::Client as RequestSender>::Body;

/// A method, with the functions that make its requests.
pub type Shortcut<F> = (&'static str, fn(&F, &str) -> Ask<F>, fn(&str) -> Ask<F>);

/// The same names in both flavours.
macro_rules! shortcuts {
    ($($flavour:ident)::+) => {
        fn shortcuts() -> [Shortcut<Self>; 8] {
            use $($flavour)::+ as flavour;
            [
                ("GET", |it, url| it.0.get(url), |url| flavour::get(url)),
                ("POST", |it, url| it.0.post(url), |url| flavour::post(url)),
                ("PUT", |it, url| it.0.put(url), |url| flavour::put(url)),
                ("PATCH", |it, url| it.0.patch(url), |url| flavour::patch(url)),
                ("DELETE", |it, url| it.0.delete(url), |url| flavour::delete(url)),
                ("HEAD", |it, url| it.0.head(url), |url| flavour::head(url)),
                ("OPTIONS", |it, url| it.0.options(url), |url| flavour::options(url)),
                ("PROPFIND", |it, url| it.0.request("PROPFIND", url), |url| flavour::request("PROPFIND", url)),
            ]
        }
    };
}

/// A backend of each flavour.
#[cfg(not(feature = "async"))]
pub use httpx::network::NetworkBackend as Backend;

#[cfg(not(feature = "blocking"))]
pub use httpx::ahttpx::network::NetworkBackend as Backend;

#[cfg(all(feature = "blocking", feature = "async"))]
pub trait Backend: httpx::network::NetworkBackend + httpx::ahttpx::network::NetworkBackend {}
#[cfg(all(feature = "blocking", feature = "async"))]
impl<T: httpx::network::NetworkBackend + httpx::ahttpx::network::NetworkBackend> Backend for T {}

pub trait Flavour: Sized + Clone + Send + Sync + 'static {
    type Client: RequestSender<Body: Debug>;
    type Backend;
    /// A response whose body has not been read.
    type Streamed;
    /// For names that the flavours must not share, such as a file on a server.
    const NAME: &'static str;

    /// A client over a separate pool.
    fn make(
        pool: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>,
        client: impl FnOnce(Setup<Self>) -> Setup<Self>,
    ) -> Result<Self>;

    /// A client over its own pool.
    fn own(client: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self;

    /// A client over a transport that answers like this.
    fn answered(
        answer: impl Fn(&Request<BodyOf<Self>>) -> Result<Response<Bytes>> + Send + Sync + 'static,
        client: impl FnOnce(Setup<Self>) -> Setup<Self>,
    ) -> Result<Self>;

    /// A client over a network in memory.
    fn in_memory(network: httpx::memory::MemoryBackend) -> Self;
    /// Reads once from the other end of such a network and writes this answer. Returns the read text.
    fn answer(stream: httpx::memory::MemoryStream, answer: &[u8]) -> String;

    /// A client with this flow around its pool.
    fn with_flow(pool: PoolSetup<Self>, flow: impl Flow + 'static) -> Self;
    fn pool() -> PoolSetup<Self>;
    fn backend(pool: PoolSetup<Self>, backend: impl Backend + 'static) -> PoolSetup<Self>;

    /// Sends this many GETs one after the other for each of these callers, which run at the same time: in threads or in
    /// tasks. Each caller asks for its URL when it begins. All responses must be "good".
    fn run_callers(&self, callers: usize, calls: usize, url: impl Fn() -> String + Send + Sync + 'static);

    fn request(&self, method: &str, url: &str) -> Ask<Self>;
    /// Each method's function, of a client and without one.
    fn shortcuts() -> [Shortcut<Self>; 8];
    /// Through the client as a transport.
    fn by_hand(&self, request: Request<BodyOf<Self>>) -> Result<Response<Bytes>>;
    fn close(&self);
    fn pool_stats(&self) -> PoolStats;
    fn connect(&self, url: &str) -> Result<()>;
    /// Its representation.
    fn shown(&self) -> String;

    fn send(ask: Ask<Self>) -> Result<Response<Bytes>>;
    fn stream(ask: Ask<Self>) -> Result<Self::Streamed>;

    fn resume(ask: Ask<Self>, path: &Path) -> Result<u64>;

    fn head(streamed: &Self::Streamed) -> &ResponseHead;
    /// One read of at most this number of bytes. Empty at the end.
    fn read_some(streamed: &mut Self::Streamed, most: usize) -> Result<Vec<u8>>;
    fn chunk(streamed: &mut Self::Streamed) -> Result<Option<Bytes>>;
    fn next_event(source: &mut EventSource<Self::Client>) -> Option<Result<ServerSentEvent>>;
    fn body_chunk(body: &mut BodyOf<Self>) -> Result<Option<Bytes>>;
    fn read_body(streamed: Self::Streamed) -> Result<Response<Bytes>>;

    /// A body of unknown length.
    fn reader(reader: impl Read + Send + 'static) -> BodyOf<Self>;
    fn sized_reader(reader: impl Read + Send + 'static, length: u64) -> BodyOf<Self>;

    /// A body of bytes.
    fn bytes(bytes: impl Into<Bytes>) -> BodyOf<Self> {
        httpx::models::Encoded::from(bytes.into()).into()
    }

    fn new() -> Self {
        Self::with(|client| client)
    }

    fn with(client: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
        Self::make(|pool| pool, client).unwrap()
    }

    fn pooled(pool: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>) -> Self {
        Self::make(pool, |client| client).unwrap()
    }

    fn get(&self, url: &str) -> Ask<Self> {
        self.request("GET", url)
    }

    fn post(&self, url: &str) -> Ask<Self> {
        self.request("POST", url)
    }

    fn put(&self, url: &str) -> Ask<Self> {
        self.request("PUT", url)
    }

    /// Reads the rest, 16 KiB at a time. Returns the bytes and the error, if there was one.
    fn drain(streamed: &mut Self::Streamed) -> (Vec<u8>, Result<()>) {
        let mut all = Vec::new();
        loop {
            match Self::read_some(streamed, 16 << 10) {
                Ok(some) if some.is_empty() => return (all, Ok(())),
                Ok(some) => all.extend_from_slice(&some),
                Err(error) => return (all, Err(error)),
            }
        }
    }
}

/// A transport that answers by itself.
struct Mock<A>(A);

/// `httpx::Client`.
#[cfg(feature = "blocking")]
#[derive(Clone)]
pub struct Blocking(pub httpx::Client);

#[cfg(feature = "blocking")]
mod blocking;

/// `httpx::ahttpx::Client`, on a runtime that all tests share.
#[cfg(feature = "async")]
#[derive(Clone)]
pub struct Async(pub httpx::ahttpx::Client);

#[cfg(feature = "async")]
pub use ahttpx::RUNTIME;

#[cfg(feature = "async")]
mod ahttpx;
