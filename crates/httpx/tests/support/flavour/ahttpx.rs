//! The async flavour.

use std::future::poll_fn;
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use httpx::flow::ResponseHead;
use httpx::models::{EventSource, ServerSentEvent};
use httpx::network::PoolStats;
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
        let pool = pool(ahttpx::ConnectionPool::builder().no_proxy()).build();
        client(ahttpx::Client::builder().transport(pool)).build().map(Async)
    }

    fn own(client: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
        Async(client(ahttpx::Client::builder().no_proxy()).build().unwrap())
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
        ahttpx::ConnectionPool::builder().no_proxy()
    }

    fn backend(pool: PoolSetup<Self>, backend: impl Backend + 'static) -> PoolSetup<Self> {
        pool.backend(backend)
    }

    fn run_callers(&self, callers: usize, calls: usize, url: impl Fn() -> String + Send + Sync + 'static) {
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

    fn pool_stats(&self) -> PoolStats {
        self.0.stats()
    }

    fn connect(&self, url: &str) -> Result<()> {
        RUNTIME.block_on(self.0.connect(url))
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

    fn resume(ask: Ask<Self>, path: &Path) -> Result<u64> {
        RUNTIME.block_on(ask.resume_to(path))
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

    fn next_event(source: &mut EventSource<Self::Client>) -> Option<Result<ServerSentEvent>> {
        RUNTIME.block_on(source.next())
    }

    fn body_chunk(body: &mut BodyOf<Self>) -> Result<Option<Bytes>> {
        RUNTIME.block_on(body.chunk())
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
