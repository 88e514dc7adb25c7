//! The blocking flavour.

use std::io::Read;
use std::path::Path;
use std::thread;

use httpx::flow::ResponseHead;
use httpx::models::{EventSource, ServerSentEvent};
use httpx::network::PoolStats;
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
        let pool = pool(httpx::ConnectionPool::builder().no_proxy()).build();
        client(httpx::Client::builder().transport(pool)).build().map(Blocking)
    }

    fn own(client: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
        Blocking(client(httpx::Client::builder().no_proxy()).build().unwrap())
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
        httpx::ConnectionPool::builder().no_proxy()
    }

    fn backend(pool: PoolSetup<Self>, backend: impl Backend + 'static) -> PoolSetup<Self> {
        pool.backend(backend)
    }

    fn run_callers(&self, callers: usize, calls: usize, url: impl Fn() -> String + Send + Sync + 'static) {
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

    fn pool_stats(&self) -> PoolStats {
        self.0.stats()
    }

    fn connect(&self, url: &str) -> Result<()> {
        self.0.connect(url)
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

    fn resume(ask: Ask<Self>, path: &Path) -> Result<u64> {
        ask.resume_to(path)
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

    fn next_event(source: &mut EventSource<Self::Client>) -> Option<Result<ServerSentEvent>> {
        source.next()
    }

    fn body_chunk(body: &mut BodyOf<Self>) -> Result<Option<Bytes>> {
        body.chunk()
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
