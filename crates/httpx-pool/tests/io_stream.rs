//! Any reader and writer as a network stream, in both flavours: requests over Unix sockets, and over TCP where the system
//! has no other sockets.
#![cfg(any(unix, windows))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests are tests

use std::io::{Read, Write};
use std::sync::Mutex;
use std::thread;

#[cfg(unix)]
use std::os::unix::net::UnixStream as Socket;
#[cfg(unix)]
#[cfg(feature = "async")]
use tokio::net::UnixStream as AsyncSocket;

#[cfg(not(unix))]
use std::net::TcpStream as Socket;
#[cfg(not(unix))]
#[cfg(feature = "async")]
use tokio::net::TcpStream as AsyncSocket;

const OK: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

#[cfg(unix)]
fn pair() -> (Socket, Socket) {
    Socket::pair().unwrap()
}

#[cfg(not(unix))]
fn pair() -> (Socket, Socket) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let client = Socket::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

/// The client's ends of sockets, one for each connection.
#[derive(Debug)]
struct Sockets(Mutex<Vec<Socket>>);

impl Sockets {
    /// Sockets with servers behind them, each of which answers this many requests of one byte of body and ends.
    fn serve(requests: &[usize]) -> Self {
        let socket = |requests: &usize| {
            let (client, mut server) = pair();
            let requests = *requests;
            thread::spawn(move || {
                for _ in 0..requests {
                    let mut request = Vec::new();
                    while !request.ends_with(b"\r\n\r\nx") {
                        let mut byte = [0];
                        assert_eq!(server.read(&mut byte).unwrap(), 1);
                        request.push(byte[0]);
                    }
                    server.write_all(OK).unwrap();
                }
            });
            client
        };
        Sockets(Mutex::new(requests.iter().rev().map(socket).collect()))
    }

    fn next(&self) -> Socket {
        self.0.lock().unwrap().pop().unwrap()
    }
}

#[cfg(feature = "blocking")]
mod blocking {
    use std::time::Duration;

    use httpx_core::blocking::{Body, Transport};
    use httpx_core::{ErrorKind, Request, Timeout, Timeouts};
    use httpx_pool::{ConnectError, ConnectionPool, Destination, IoStream, NetworkBackend, NetworkStream};

    use super::*;

    impl NetworkBackend for Sockets {
        fn connect(&self, _: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
            Ok(Box::new(IoStream::new(self.next())))
        }
    }

    fn put(pool: &ConnectionPool) -> httpx_core::Result<String> {
        let request = Request::new("PUT", "http://h/")?.with_body(Body::from("x"));
        Ok(pool.send(request)?.read_body()?.text().into_owned())
    }

    #[test]
    fn a_connection_is_kept_and_an_idempotent_request_is_sent_again() {
        let pool = ConnectionPool::builder().backend(Sockets::serve(&[2, 1])).build();
        for uses in [1, 2, 1] {
            assert_eq!(put(&pool).unwrap(), "ok");
            assert_eq!(pool.connections()[0].uses, uses);
        }
    }

    #[test]
    fn a_timeout_of_the_inner_stream_is_a_timeout() {
        let (client, _server) = pair();
        client.set_read_timeout(Some(Duration::from_millis(10))).unwrap();
        let timeouts = Timeouts::new().head(Duration::from_millis(10));
        let pool =
            ConnectionPool::builder().timeouts(timeouts).backend(Sockets(Mutex::new(vec![client]))).build();
        assert_eq!(put(&pool).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Head));
    }
}

#[cfg(feature = "async")]
mod ahttpx {
    use httpx_core::Request;
    use httpx_core::ahttpx::{Body, Transport};
    use httpx_pool::ahttpx::{Connecting, ConnectionPool, IoStream, NetworkBackend, NetworkStream};
    use httpx_pool::{Destination, Liveness};
    use tokio::io::AsyncWriteExt;

    use super::*;

    impl NetworkBackend for Sockets {
        fn connect<'a>(&'a self, _: &'a Destination<'a>) -> Connecting<'a> {
            Box::pin(async {
                let socket = self.next();
                socket.set_nonblocking(true)?;
                let socket = AsyncSocket::from_std(socket)?;
                Ok(Box::new(IoStream::new(socket)) as Box<dyn NetworkStream>)
            })
        }
    }

    #[tokio::test]
    async fn a_connection_is_kept_and_an_idempotent_request_is_sent_again() {
        let pool = ConnectionPool::builder().backend(Sockets::serve(&[2, 1])).build();
        for uses in [1, 2, 1] {
            let request = Request::new("PUT", "http://h/").unwrap().with_body(Body::from("x"));
            assert_eq!(pool.send(request).await.unwrap().read_body().await.unwrap().text(), "ok");
            assert_eq!(pool.connections()[0].uses, uses);
        }
    }

    #[tokio::test]
    async fn a_look_loses_no_byte() {
        let (client, mut server) = tokio::io::duplex(64);
        let mut client = IoStream::new(client);
        assert_eq!(client.look(), Liveness::Alive);
        server.write_all(b"hello").await.unwrap();
        assert_eq!((client.look(), client.look()), (Liveness::Dead, Liveness::Dead));
        let (mut seen, mut buf) = (Vec::new(), [0; 8]);
        while let Ok(n) = client.read_now(&mut buf) {
            seen.extend_from_slice(&buf[..n]);
        }
        assert_eq!(seen, b"hello");
        assert_eq!(client.look(), Liveness::Alive);
        drop(server);
        assert_eq!(client.look(), Liveness::Dead);
    }
}
