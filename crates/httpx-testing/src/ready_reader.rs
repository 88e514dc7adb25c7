//! [`ReadyReader`]: a reader that never waits, for bodies of both flavours.

use std::io::{self, Read};

/// A reader that never waits, for bodies of both flavours.
#[derive(Debug)]
pub struct ReadyReader<R>(pub R);

impl<R: Read> Read for ReadyReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

#[cfg(feature = "async")]
mod on_tokio {
    use std::io::{self, Read};
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use tokio::io::{AsyncRead, ReadBuf};

    use super::ReadyReader;

    impl<R> Unpin for ReadyReader<R> {}

    impl<R: Read> AsyncRead for ReadyReader<R> {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            let read = self.0.read(buf.initialize_unfilled());
            Poll::Ready(read.map(|n| buf.advance(n)))
        }
    }
}
