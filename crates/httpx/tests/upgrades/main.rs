//! Switches of protocols: upgrades by 101, over TCP and TLS, with good and with bad servers.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "tls"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::type_complexity)] // helpers of tests are tests, and rows long

mod bad_servers;
mod informational;
mod streams;
mod tunnels;

#[path = "../support/mod.rs"]
mod support;

use std::io;

use httpx::network::{PoolStats, UpgradedStream};
use httpx::{Bytes, Response};
use support::{Flavour, flavour::Ask};

const SWITCH: &str = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n";

/// The stream of each flavour, read and written by a thread.
trait Upgrades: Flavour {
    type Stream: UpgradedStream + std::fmt::Debug;

    fn read(stream: &mut Self::Stream, n: usize) -> io::Result<Vec<u8>>;
    fn read_to_end(stream: &mut Self::Stream) -> io::Result<Vec<u8>>;
    fn write(stream: &mut Self::Stream, bytes: &[u8]) -> io::Result<()>;
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

    fn upgraded(response: Response<Bytes>) -> Self::Stream {
        response.into_upgraded().unwrap()
    }
}

#[cfg(feature = "blocking")]
mod blocking {
    use std::io::{self, Read, Write};

    use httpx::network::{NetworkStream, Upgraded};
    use httpx::{Body, Bytes, Response};

    use super::Upgrades;
    use super::support::{Blocking, flavour::Ask};

    impl Upgrades for Blocking {
        type Stream = Upgraded;

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
            httpx::network::open_connection(proxy)?.tunnel(target)?.into_upgraded()
        }

        fn stats(&self) -> httpx::network::PoolStats {
            self.0.stats()
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

    use httpx::Bytes;
    use httpx::ahttpx::network::{NetworkStream, Upgraded};
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::Upgrades;
    use super::support::flavour::{Ask, RUNTIME};
    use super::support::{Async, Flavour};

    impl Upgrades for Async {
        type Stream = Upgraded;

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
                let connection = httpx::ahttpx::network::open_connection(proxy).await?;
                connection.tunnel(target).await?.into_upgraded()
            })
        }

        fn stats(&self) -> httpx::network::PoolStats {
            self.0.stats()
        }

        fn streamed_into_upgraded(mut streamed: <Async as Flavour>::Streamed) -> httpx::Result<Upgraded> {
            RUNTIME.block_on(async { streamed.0.take().unwrap().into_upgraded() })
        }
    }
}
