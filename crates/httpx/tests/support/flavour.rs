//! The differences between the two flavours of the client: how to make a client, and how to wait.
//!
//! Each flavour implements [`Flavour`] and has a module in `both_flavours!`; the tests are written once.

use std::fmt::Debug;
use std::io::Read;

use httpx::flow::ResponseHead;
use httpx::network::PoolBuilder;
use httpx::{Bytes, ClientBuilder, RequestBuilder, RequestSender, Response, Result};
use httpx_core::Request;
use httpx_middleware::Flow;

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

    /// A client over a pool of its own.
    fn make(
        pool: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>,
        client: impl FnOnce(Setup<Self>) -> Setup<Self>,
    ) -> Result<Self>;

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
    /// tasks. Each caller asks for its URL when it begins. All responses are expected to say "good".
    fn run_callers(&self, callers: usize, calls: usize, url: impl Fn() -> String + Send + Sync + 'static);

    fn request(&self, method: &str, url: &str) -> Ask<Self>;
    /// Each method's function, of a client and without one.
    fn shortcuts() -> [Shortcut<Self>; 8];
    /// Through the client as a transport.
    fn by_hand(&self, request: Request<BodyOf<Self>>) -> Result<Response<Bytes>>;
    fn close(&self);
    /// Its representation.
    fn shown(&self) -> String;

    fn send(ask: Ask<Self>) -> Result<Response<Bytes>>;
    fn stream(ask: Ask<Self>) -> Result<Self::Streamed>;

    fn head(streamed: &Self::Streamed) -> &ResponseHead;
    /// One read of at most this number of bytes. Empty at the end.
    fn read_some(streamed: &mut Self::Streamed, most: usize) -> Result<Vec<u8>>;
    fn chunk(streamed: &mut Self::Streamed) -> Result<Option<Bytes>>;
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
mod on_threads {
    use std::io::Read;
    use std::thread;

    use httpx::flow::ResponseHead;
    use httpx::{Bytes, Response, Result};

    use super::{Ask, Backend, Blocking, BodyOf, Flavour, Flow, Mock, PoolSetup, Setup, Shortcut};

    impl Flavour for Blocking {
        type Client = httpx::Client;
        type Backend = std::sync::Arc<dyn httpx::network::NetworkBackend>;
        type Streamed = Response<httpx::Body>;
        const NAME: &'static str = "blocking";

        fn make(
            pool: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>,
            client: impl FnOnce(Setup<Self>) -> Setup<Self>,
        ) -> Result<Self> {
            let pool = pool(httpx::ConnectionPool::builder()).build();
            client(httpx::Client::builder().transport(pool)).build().map(Blocking)
        }

        fn answered(
            answer: impl Fn(&httpx::Request) -> Result<Response<Bytes>> + Send + Sync + 'static,
            client: impl FnOnce(Setup<Self>) -> Setup<Self>,
        ) -> Result<Self> {
            client(httpx::Client::builder().transport(Mock(answer))).build().map(Blocking)
        }

        fn by_hand(&self, request: httpx::Request) -> Result<Response<Bytes>> {
            httpx::Transport::send(&self.0, request)?.read_body()
        }

        shortcuts!(httpx);

        fn in_memory(network: httpx::memory::MemoryBackend) -> Self {
            Self::pooled(|pool| pool.backend(network))
        }

        fn answer(mut stream: httpx::memory::MemoryStream, answer: &[u8]) -> String {
            let mut buf = vec![0; 4096];
            let n = httpx::network::NetworkStream::read(&mut stream, &mut buf, None).unwrap();
            httpx::network::NetworkStream::write(&mut stream, answer, None).unwrap();
            String::from_utf8_lossy(&buf[..n]).into_owned()
        }

        fn with_flow(pool: PoolSetup<Self>, flow: impl Flow + 'static) -> Self {
            let layered = httpx::flow::Middleware::with(flow, pool.build());
            Blocking(httpx::Client::builder().transport(layered).build().unwrap())
        }

        fn pool() -> PoolSetup<Self> {
            httpx::ConnectionPool::builder()
        }

        fn backend(pool: PoolSetup<Self>, backend: impl Backend + 'static) -> PoolSetup<Self> {
            pool.backend(backend)
        }

        fn run_callers(
            &self,
            callers: usize,
            calls: usize,
            url: impl Fn() -> String + Send + Sync + 'static,
        ) {
            let run = || {
                let url = url();
                for _ in 0..calls {
                    assert_eq!(self.0.get(&*url).send().unwrap().text(), "good");
                }
            };
            thread::scope(|scope| (0..callers).for_each(|_| drop(scope.spawn(run))));
        }

        fn request(&self, method: &str, url: &str) -> Ask<Self> {
            self.0.request(method, url)
        }

        fn close(&self) {
            self.0.close();
        }

        fn shown(&self) -> String {
            format!("{:?}", self.0)
        }

        fn send(ask: Ask<Self>) -> Result<Response<Bytes>> {
            ask.send()
        }

        fn stream(ask: Ask<Self>) -> Result<Self::Streamed> {
            ask.stream()
        }

        fn head(streamed: &Self::Streamed) -> &ResponseHead {
            streamed.head()
        }

        fn read_some(streamed: &mut Self::Streamed, most: usize) -> Result<Vec<u8>> {
            let mut some = vec![0; most];
            let n = streamed.read(&mut some).map_err(|error| httpx::Error::from_io(error, "reading"))?;
            some.truncate(n);
            Ok(some)
        }

        fn chunk(streamed: &mut Self::Streamed) -> Result<Option<Bytes>> {
            streamed.chunk()
        }

        fn read_body(streamed: Self::Streamed) -> Result<Response<Bytes>> {
            streamed.read_body()
        }

        fn reader(reader: impl Read + Send + 'static) -> BodyOf<Self> {
            httpx::Body::from_reader(reader)
        }

        fn sized_reader(reader: impl Read + Send + 'static, length: u64) -> BodyOf<Self> {
            httpx::Body::from_sized_reader(reader, length)
        }
    }

    impl<A> httpx::Transport for Mock<A>
    where
        A: Fn(&httpx::Request) -> Result<Response<Bytes>> + Send + Sync,
    {
        fn send(&self, request: httpx::Request) -> Result<Response<httpx::Body>> {
            self.0(&request).map(Response::from)
        }
    }
}

/// `httpx::ahttpx::Client`, on a runtime that all tests share.
#[cfg(feature = "async")]
#[derive(Clone)]
pub struct Async(pub httpx::ahttpx::Client);

#[cfg(feature = "async")]
pub use on_tokio::RUNTIME;

#[cfg(feature = "async")]
mod on_tokio {
    use std::future::poll_fn;
    use std::io::Read;
    use std::sync::{Arc, LazyLock};

    use httpx::flow::ResponseHead;
    use httpx::{Bytes, Response, Result, ahttpx};
    use httpx_testing::ReadyReader;
    use tokio::io::AsyncReadExt;
    use tokio::runtime::{Builder, Runtime};

    use super::{Ask, Async, Backend, BodyOf, Flavour, Flow, Mock, PoolSetup, Setup, Shortcut};

    /// The runtime of all async tests that are not an `async fn`.
    pub static RUNTIME: LazyLock<Runtime> =
        LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap());

    impl Flavour for Async {
        type Client = ahttpx::Client;
        type Backend = Arc<dyn ahttpx::network::NetworkBackend>;
        type Streamed = Dropped;
        const NAME: &'static str = "ahttpx";

        fn make(
            pool: impl FnOnce(PoolSetup<Self>) -> PoolSetup<Self>,
            client: impl FnOnce(Setup<Self>) -> Setup<Self>,
        ) -> Result<Self> {
            let pool = pool(ahttpx::ConnectionPool::builder()).build();
            client(ahttpx::Client::builder().transport(pool)).build().map(Async)
        }

        fn answered(
            answer: impl Fn(&ahttpx::Request) -> Result<Response<Bytes>> + Send + Sync + 'static,
            client: impl FnOnce(Setup<Self>) -> Setup<Self>,
        ) -> Result<Self> {
            client(ahttpx::Client::builder().transport(Mock(answer))).build().map(Async)
        }

        fn by_hand(&self, request: ahttpx::Request) -> Result<Response<Bytes>> {
            RUNTIME.block_on(async { ahttpx::Transport::send(&self.0, request).await?.read_body().await })
        }

        shortcuts!(httpx::ahttpx);

        fn in_memory(network: httpx::memory::MemoryBackend) -> Self {
            Self::pooled(|pool| pool.backend(network))
        }

        fn answer(mut stream: httpx::memory::MemoryStream, answer: &[u8]) -> String {
            use ahttpx::network::NetworkStream;
            let mut buf = vec![0; 4096];
            let n = RUNTIME.block_on(poll_fn(|cx| stream.poll_read(cx, &mut buf))).unwrap();
            RUNTIME.block_on(poll_fn(|cx| stream.poll_write(cx, answer))).unwrap();
            String::from_utf8_lossy(&buf[..n]).into_owned()
        }

        fn with_flow(pool: PoolSetup<Self>, flow: impl Flow + 'static) -> Self {
            let layered = ahttpx::flow::Middleware::with(flow, pool.build());
            Async(ahttpx::Client::builder().transport(layered).build().unwrap())
        }

        fn pool() -> PoolSetup<Self> {
            ahttpx::ConnectionPool::builder()
        }

        fn backend(pool: PoolSetup<Self>, backend: impl Backend + 'static) -> PoolSetup<Self> {
            pool.backend(backend)
        }

        fn run_callers(
            &self,
            callers: usize,
            calls: usize,
            url: impl Fn() -> String + Send + Sync + 'static,
        ) {
            let url = Arc::new(url);
            let run = || {
                let (client, url) = (self.0.clone(), Arc::clone(&url));
                RUNTIME.spawn(async move {
                    let url = url();
                    for _ in 0..calls {
                        assert_eq!(client.get(&*url).send().await.unwrap().text(), "good");
                    }
                })
            };
            let tasks: Vec<_> = (0..callers).map(|_| run()).collect();
            tasks.into_iter().for_each(|task| RUNTIME.block_on(task).unwrap());
        }

        fn request(&self, method: &str, url: &str) -> Ask<Self> {
            self.0.request(method, url)
        }

        fn close(&self) {
            RUNTIME.block_on(self.0.close());
        }

        fn shown(&self) -> String {
            format!("{:?}", self.0)
        }

        fn send(ask: Ask<Self>) -> Result<Response<Bytes>> {
            RUNTIME.block_on(ask.send())
        }

        fn stream(ask: Ask<Self>) -> Result<Self::Streamed> {
            RUNTIME.block_on(ask.stream()).map(|response| Dropped(Some(response)))
        }

        fn head(streamed: &Self::Streamed) -> &ResponseHead {
            streamed.0.as_ref().unwrap().head()
        }

        fn read_some(streamed: &mut Self::Streamed, most: usize) -> Result<Vec<u8>> {
            let mut some = vec![0; most];
            let streamed = streamed.0.as_mut().unwrap();
            let read = RUNTIME.block_on(streamed.read(&mut some));
            let n = read.map_err(|error| httpx::Error::from_io(error, "reading"))?;
            some.truncate(n);
            Ok(some)
        }

        fn chunk(streamed: &mut Self::Streamed) -> Result<Option<Bytes>> {
            RUNTIME.block_on(streamed.0.as_mut().unwrap().chunk())
        }

        fn read_body(mut streamed: Self::Streamed) -> Result<Response<Bytes>> {
            RUNTIME.block_on(streamed.0.take().unwrap().read_body())
        }

        fn reader(reader: impl Read + Send + 'static) -> BodyOf<Self> {
            ahttpx::Body::from_reader(ReadyReader(reader))
        }

        fn sized_reader(reader: impl Read + Send + 'static, length: u64) -> BodyOf<Self> {
            ahttpx::Body::from_sized_reader(ReadyReader(reader), length)
        }
    }

    impl<A> ahttpx::Transport for Mock<A>
    where
        A: Fn(&ahttpx::Request) -> Result<Response<Bytes>> + Send + Sync,
    {
        async fn send(&self, request: ahttpx::Request) -> Result<Response<ahttpx::Body>> {
            self.0(&request).map(Response::from)
        }
    }

    /// Drops its response on the runtime; elsewhere it is dropped by `dropped_outside_its_runtime`.
    pub struct Dropped(pub Option<Response<ahttpx::Body>>);

    impl Drop for Dropped {
        fn drop(&mut self) {
            let _on_it = RUNTIME.enter();
            self.0 = None;
        }
    }
}
