//! Switches of protocols: upgrades by 101, over TCP and TLS, with good and with bad servers.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "tls"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

mod bad_servers;
mod informational;
mod single_connection;
mod stream_timeouts;
mod streams;
mod through_proxies;
mod tunnels;

#[path = "../support/mod.rs"]
mod support;

use std::io;
use std::time::Duration;

use httpx::network::{PoolStats, UpgradedStream};
use httpx::{Bytes, Response};
use support::{Flavour, flavour::Ask};

const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

/// The stream of each flavour, read and written by a thread.
trait Upgrades: Flavour {
    type Stream: UpgradedStream + std::fmt::Debug;
    type Connection;

    fn read(stream: &mut Self::Stream, n: usize) -> io::Result<Vec<u8>>;
    fn read_to_end(stream: &mut Self::Stream) -> io::Result<Vec<u8>>;
    fn write(stream: &mut Self::Stream, bytes: &[u8]) -> io::Result<()>;
    /// One read of at most this number of bytes. It fails with `TimedOut` after this time.
    fn read_within(stream: &mut Self::Stream, most: usize, timeout: Duration) -> io::Result<Vec<u8>>;
    /// One write. It fails with `TimedOut` after this time.
    fn write_within(stream: &mut Self::Stream, bytes: &[u8], timeout: Duration) -> io::Result<usize>;
    fn shutdown(stream: &mut Self::Stream) -> io::Result<()>;
    /// The bytes that came with the response, and the rest of the stream.
    fn into_parts(stream: Self::Stream) -> (Bytes, Vec<u8>);
    /// The addresses of the peer and of this end.
    fn addresses(stream: &Self::Stream) -> [Option<std::net::SocketAddr>; 2];
    fn streamed_into_upgraded(streamed: Self::Streamed) -> httpx::Result<Self::Stream>;

    fn stats(&self) -> PoolStats;
    fn tunnel(&self, proxy: &str, target: &str) -> Ask<Self>;
    /// By a single connection.
    fn tunnel_over_connection(proxy: &str, target: &str) -> httpx::Result<Self::Stream>;

    /// The status, the stream if there is one, and the connection.
    fn upgrade_over_connection(
        url: &str,
        protocol: &str,
    ) -> httpx::Result<(u16, Option<Self::Stream>, Self::Connection)>;
    fn is_ready(connection: &Self::Connection) -> bool;
    fn get_over(connection: &Self::Connection, url: &str) -> httpx::Result<Response<Bytes>>;

    fn upgraded(response: Response<Bytes>) -> Self::Stream {
        response.into_upgraded().unwrap()
    }
}

#[cfg(feature = "blocking")]
mod blocking {
    use std::io::{self, Read, Write};
    use std::time::Duration;

    use httpx::network::{Connection, NetworkStream, Upgraded, open_connection};
    use httpx::{Body, Bytes, Request, Response, Transport};

    use super::Upgrades;
    use super::support::{Blocking, flavour::Ask};

    impl Upgrades for Blocking {
        type Stream = Upgraded;
        type Connection = Connection;

        fn read(stream: &mut Upgraded, n: usize) -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; n];
            stream.read_exact(&mut bytes).map(|()| bytes)
        }

        fn read_to_end(stream: &mut Upgraded) -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            stream.read_to_end(&mut bytes).map(|_| bytes)
        }

        fn write(stream: &mut Upgraded, bytes: &[u8]) -> io::Result<()> {
            stream.write_all(bytes).and_then(|()| stream.flush())
        }

        fn read_within(stream: &mut Upgraded, most: usize, timeout: Duration) -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; most];
            stream.set_read_timeout(Some(timeout));
            let read = stream.read(&mut bytes);
            stream.set_read_timeout(None);
            bytes.truncate(read?);
            Ok(bytes)
        }

        fn write_within(stream: &mut Upgraded, bytes: &[u8], timeout: Duration) -> io::Result<usize> {
            stream.set_write_timeout(Some(timeout));
            let written = stream.write(bytes);
            stream.set_write_timeout(None);
            written
        }

        fn shutdown(stream: &mut Upgraded) -> io::Result<()> {
            stream.shutdown()
        }

        fn into_parts(stream: Upgraded) -> (Bytes, Vec<u8>) {
            let (mut stream, unread) = stream.into_parts();
            let (mut rest, mut buf) = (Vec::new(), [0; 64]);
            loop {
                match stream.read(&mut buf, None).unwrap() {
                    0 => return (unread, rest),
                    n => rest.extend_from_slice(&buf[..n]),
                }
            }
        }

        fn addresses(stream: &Upgraded) -> [Option<std::net::SocketAddr>; 2] {
            [stream.peer_addr(), stream.local_addr()]
        }

        fn tunnel(&self, proxy: &str, target: &str) -> Ask<Self> {
            self.0.tunnel(proxy, target)
        }

        fn tunnel_over_connection(proxy: &str, target: &str) -> httpx::Result<Upgraded> {
            open_connection(proxy)?.tunnel(target)?.into_upgraded()
        }

        fn stats(&self) -> httpx::network::PoolStats {
            self.0.stats()
        }

        fn upgrade_over_connection(
            url: &str,
            protocol: &str,
        ) -> httpx::Result<(u16, Option<Upgraded>, Connection)> {
            let connection = open_connection(url)?;
            let response = connection.send(Request::new("GET", url)?.with_header("Upgrade", protocol)?)?;
            let status = response.status().as_u16();
            if status == 101 {
                return Ok((status, Some(response.into_upgraded()?), connection));
            }
            response.read_body()?;
            Ok((status, None, connection))
        }

        fn is_ready(connection: &Connection) -> bool {
            connection.is_ready()
        }

        fn get_over(connection: &Connection, url: &str) -> httpx::Result<Response<Bytes>> {
            connection.send(Request::new("GET", url)?)?.read_body()
        }

        fn streamed_into_upgraded(streamed: Response<Body>) -> httpx::Result<Upgraded> {
            streamed.into_upgraded()
        }
    }
}

#[cfg(feature = "async")]
mod ahttpx {
    use std::future::poll_fn;
    use std::io;
    use std::time::Duration;

    use httpx::ahttpx::network::{Connection, NetworkStream, Upgraded, open_connection};
    use httpx::ahttpx::{Request, Transport};
    use httpx::{Bytes, Response};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::time::timeout;

    use super::Upgrades;
    use super::support::flavour::{Ask, RUNTIME};
    use super::support::{Async, Flavour};

    impl Upgrades for Async {
        type Stream = Upgraded;
        type Connection = Connection;

        fn read(stream: &mut Upgraded, n: usize) -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; n];
            RUNTIME.block_on(stream.read_exact(&mut bytes)).map(|_| bytes)
        }

        fn read_to_end(stream: &mut Upgraded) -> io::Result<Vec<u8>> {
            let mut bytes = Vec::new();
            RUNTIME.block_on(stream.read_to_end(&mut bytes)).map(|_| bytes)
        }

        fn write(stream: &mut Upgraded, bytes: &[u8]) -> io::Result<()> {
            RUNTIME.block_on(async {
                stream.write_all(bytes).await?;
                stream.flush().await
            })
        }

        fn read_within(stream: &mut Upgraded, most: usize, limit: Duration) -> io::Result<Vec<u8>> {
            let mut bytes = vec![0; most];
            let read = RUNTIME.block_on(async { timeout(limit, stream.read(&mut bytes)).await });
            bytes.truncate(read??);
            Ok(bytes)
        }

        fn write_within(stream: &mut Upgraded, bytes: &[u8], limit: Duration) -> io::Result<usize> {
            RUNTIME.block_on(async { timeout(limit, stream.write(bytes)).await })?
        }

        fn shutdown(stream: &mut Upgraded) -> io::Result<()> {
            RUNTIME.block_on(stream.shutdown())
        }

        fn into_parts(stream: Upgraded) -> (Bytes, Vec<u8>) {
            let (mut stream, unread) = stream.into_parts();
            let (mut rest, mut buf) = (Vec::new(), [0; 64]);
            loop {
                match RUNTIME.block_on(poll_fn(|cx| stream.poll_read(cx, &mut buf))).unwrap() {
                    0 => return (unread, rest),
                    n => rest.extend_from_slice(&buf[..n]),
                }
            }
        }

        fn addresses(stream: &Upgraded) -> [Option<std::net::SocketAddr>; 2] {
            [stream.peer_addr(), stream.local_addr()]
        }

        fn tunnel(&self, proxy: &str, target: &str) -> Ask<Self> {
            self.0.tunnel(proxy, target)
        }

        fn tunnel_over_connection(proxy: &str, target: &str) -> httpx::Result<Upgraded> {
            RUNTIME.block_on(async {
                let connection = open_connection(proxy).await?;
                connection.tunnel(target).await?.into_upgraded()
            })
        }

        fn stats(&self) -> httpx::network::PoolStats {
            self.0.stats()
        }

        fn upgrade_over_connection(
            url: &str,
            protocol: &str,
        ) -> httpx::Result<(u16, Option<Upgraded>, Connection)> {
            RUNTIME.block_on(async {
                let connection = open_connection(url).await?;
                let request = Request::new("GET", url)?.with_header("Upgrade", protocol)?;
                let response = connection.send(request).await?;
                let status = response.status().as_u16();
                if status == 101 {
                    return Ok((status, Some(response.into_upgraded()?), connection));
                }
                response.read_body().await?;
                Ok((status, None, connection))
            })
        }

        fn is_ready(connection: &Connection) -> bool {
            connection.is_ready()
        }

        fn get_over(connection: &Connection, url: &str) -> httpx::Result<Response<Bytes>> {
            RUNTIME.block_on(async { connection.send(Request::new("GET", url)?).await?.read_body().await })
        }

        fn streamed_into_upgraded(mut streamed: <Async as Flavour>::Streamed) -> httpx::Result<Upgraded> {
            RUNTIME.block_on(async { streamed.0.take().unwrap().into_upgraded() })
        }
    }
}
