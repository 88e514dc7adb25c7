//! The async flavour.

use std::fmt::{self, Debug};
use std::future::Future;
use std::io::Read;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::ahttpx::{Body, Transport};
use httpx_core::{ConnectionCounts, Error, Request, Response, ResponseHead, Result};
use httpx_pool::PoolStats;
use httpx_pool::ahttpx::{Connecting, Connection, ConnectionPool, NetworkBackend, NetworkStream, TcpBackend};
use httpx_pool::{ConnectionBuilder, ConnectionInfo, Destination, DnsCacheOptions};
use httpx_testing::ReadyReader;
use httpx_testing::runtime::{current_thread, piped, piped_with_polls, wait};
use tokio::io::AsyncReadExt;
use tokio::runtime::Runtime;

use super::{Backend, Connects, Elsewhere, Flavour, Sender, Setup, Streamed, Then};
use crate::support::flood::Flood;
use crate::support::resolver::StubResolver;
use crate::support::throttle::Throttled;

pub type Async = On<ConnectionPool>;

/// A value on a separate runtime, which learns of events only while it is polled. So a pool must check a connection
/// itself before it reuses it.
pub struct On<T> {
    it: Option<T>,
    runtime: Arc<Runtime>,
}

impl<T> On<T> {
    /// Makes a value on a separate runtime.
    pub fn alone<E>(make: impl Future<Output = Result<T, E>>) -> Result<Self, E> {
        let runtime = Arc::new(current_thread());
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
    const COUNTS_OF_A_WAIT: usize = 2;

    fn make(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
        On::new(&Arc::new(current_thread()), set(ConnectionPool::builder().no_proxy()).build())
    }

    fn backend(setup: Setup<Self>, backend: impl Backend + 'static) -> Setup<Self> {
        setup.backend(backend)
    }

    fn resolver(setup: Setup<Self>, resolver: StubResolver) -> Setup<Self> {
        setup.resolver(resolver)
    }

    fn dns_cache(setup: Setup<Self>, resolver: StubResolver, options: DnsCacheOptions) -> Setup<Self> {
        setup.backend(TcpBackend::new().resolver(resolver).dns_cache(options))
    }

    fn connections(&self) -> Vec<ConnectionInfo> {
        self.it().connections()
    }

    fn open(
        set: impl FnOnce(ConnectionBuilder<Self::Backend>) -> ConnectionBuilder<Self::Backend>,
        url: &str,
    ) -> Result<On<Connection>> {
        On::alone(set(Connection::builder()).open(url))
    }

    fn stats(&self) -> PoolStats {
        self.it().stats()
    }

    fn connect(&self, url: &str) -> Result<()> {
        wait(&self.runtime, self.it().connect(url))
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
        Body::from_reader(piped(reader))
    }

    fn late_reader_with_polls(reader: impl Read + Send + 'static, polls: usize) -> Body {
        Body::from_reader(piped_with_polls(reader, polls))
    }
}

impl NetworkBackend for Connects {
    fn connect<'a>(&'a self, to: &'a Destination<'a>) -> Connecting<'a> {
        Box::pin(async move {
            match self.instead() {
                None => {
                    let stream = match &self.memory {
                        Some(memory) => NetworkBackend::connect(memory, to).await?,
                        None => TcpBackend::new().connect(to).await?,
                    };
                    Ok(match &self.throttle {
                        Some(throttle) => Box::new(Throttled::new(stream, throttle)),
                        None => stream,
                    })
                }
                Some(Then::Flood) => Ok(Box::new(Flood::default()) as Box<dyn NetworkStream>),
                Some(Then::Refused) => Err(super::refused()),
                Some(Then::Late) => {
                    tokio::time::sleep_until(to.deadline().unwrap().into()).await;
                    Err(super::late(to.endpoint()))
                }
            }
        })
    }
}

impl NetworkBackend for Elsewhere {
    fn connect<'a>(&'a self, _: &'a Destination<'a>) -> Connecting<'a> {
        Box::pin(async move { TcpBackend::new().connect(&Destination::new(&self.endpoint())).await })
    }
}
