//! The blocking flavour.

use std::fmt::Debug;
use std::io::Read;
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;
use httpx_core::blocking::{Body, Transport};
use httpx_core::{ConnectionCounts, Error, Request, Response, ResponseHead, Result};
use httpx_pool::{
    ConnectError, Connection, ConnectionBuilder, ConnectionInfo, ConnectionPool, Destination,
    DnsCacheOptions, NetworkBackend, NetworkStream, TcpBackend,
};

use super::{Backend, Connects, Elsewhere, Flavour, Sender, Setup, Streamed, Then};
use crate::support::flood::Flood;
use crate::support::resolver::StubResolver;
use crate::support::throttle::Throttled;
use httpx_pool::PoolStats;
use httpx_testing::let_time_pass;

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
    const COUNTS_OF_A_WAIT: usize = 1;

    fn make(set: impl FnOnce(Setup<Self>) -> Setup<Self>) -> Self {
        set(ConnectionPool::builder().no_proxy()).build()
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
        ConnectionPool::connections(self)
    }

    fn open(
        set: impl FnOnce(ConnectionBuilder<Self::Backend>) -> ConnectionBuilder<Self::Backend>,
        url: &str,
    ) -> Result<Connection> {
        set(Connection::builder()).open(url)
    }

    fn stats(&self) -> PoolStats {
        ConnectionPool::stats(self)
    }

    fn connect(&self, url: &str) -> Result<()> {
        ConnectionPool::connect(self, url)
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

    fn late_reader_with_polls(reader: impl Read + Send + 'static, _: usize) -> Body {
        Body::from_reader(reader)
    }
}

impl NetworkBackend for Connects {
    fn connect(&self, to: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        match self.instead() {
            None => {
                let stream = match &self.memory {
                    Some(memory) => NetworkBackend::connect(memory, to)?,
                    None => TcpBackend::new().connect(to)?,
                };
                Ok(match &self.throttle {
                    Some(throttle) => Box::new(Throttled::new(stream, throttle)),
                    None => stream,
                })
            }
            Some(Then::Flood) => Ok(Box::new(Flood::default())),
            Some(Then::Refused) => Err(super::refused()),
            Some(Then::Late) => {
                // The pool compares the deadlines with the clock of the system.
                let_time_pass(to.deadline().unwrap().saturating_duration_since(Instant::now()));
                Err(super::late(to.endpoint()))
            }
        }
    }
}

impl NetworkBackend for Elsewhere {
    fn connect(&self, _: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
        TcpBackend::new().connect(&Destination::new(&self.endpoint()))
    }
}
