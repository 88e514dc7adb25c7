//! Streams of a custom backend that do nothing, or fail, below the handshake with a proxy.

use std::io::{self, Read, Write};
use std::pin::Pin;
use std::task::{Context, Poll};

use httpx::ErrorKind;
use httpx::network::{Destination, Proxy};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::support::{Flavour, both_flavours};
use crate::{check_error, check_no_secrets, check_nothing_left, logged};

both_flavours!(streams_that_fail);

/// What a stream does.
#[derive(Debug, Clone, Copy)]
enum Bad {
    /// Writes no byte, and reports no error.
    WritesNothing,
    FailsToWrite,
    /// Takes all bytes, and then reports this error.
    FailsToRead(io::ErrorKind),
    Ends,
}

impl Bad {
    fn write(self, len: usize) -> io::Result<usize> {
        match self {
            Bad::WritesNothing => Ok(0),
            Bad::FailsToWrite => Err(io::ErrorKind::BrokenPipe.into()),
            Bad::FailsToRead(_) | Bad::Ends => Ok(len),
        }
    }

    fn read(self) -> io::Result<usize> {
        match self {
            Bad::FailsToRead(kind) => Err(kind.into()),
            Bad::WritesNothing | Bad::FailsToWrite | Bad::Ends => Ok(0),
        }
    }
}

impl Read for Bad {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        (*self).read()
    }
}

impl Write for Bad {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        (*self).write(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl AsyncRead for Bad {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Ready((*self).read().map(drop))
    }
}

impl AsyncWrite for Bad {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Poll::Ready((*self).write(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// Makes these streams.
#[derive(Debug)]
struct Backend(Bad);

#[cfg(feature = "blocking")]
impl httpx::network::NetworkBackend for Backend {
    fn connect(
        &self,
        _: &Destination<'_>,
    ) -> Result<Box<dyn httpx::network::NetworkStream>, httpx::network::ConnectError> {
        Ok(Box::new(httpx::network::IoStream::new(self.0)))
    }
}

#[cfg(feature = "async")]
impl httpx::ahttpx::network::NetworkBackend for Backend {
    fn connect<'a>(&'a self, _: &'a Destination<'a>) -> httpx::ahttpx::network::Connecting<'a> {
        use httpx::ahttpx::network::{IoStream, NetworkStream};
        Box::pin(async { Ok(Box::new(IoStream::new(self.0)) as Box<dyn NetworkStream>) })
    }
}

fn streams_that_fail<F: Flavour>() {
    let rows =
        [Bad::WritesNothing, Bad::FailsToWrite, Bad::FailsToRead(io::ErrorKind::ConnectionReset), Bad::Ends];
    for bad in rows {
        for scheme in ["http", "https", "socks4a", "socks5h"] {
            let proxy = Proxy::all(&format!("{scheme}://{}@proxy.test", crate::URL_CREDENTIALS)).unwrap();
            let (client, log) = logged::<F>(|pool| F::backend(pool, Backend(bad)).proxy(proxy.tunnel_http()));
            let error = F::send(client.get("http://origin.test/")).err().unwrap_or_else(|| panic!("{bad:?}"));
            check_error(&error, ErrorKind::Connect, &format!("the proxy {scheme}://proxy.test:"), &[]);
            check_nothing_left(&client);
            check_no_secrets(&log.text());
        }
    }
}
