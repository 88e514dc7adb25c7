//! [`EndlessResponse`]: the bytes of a response whose body has no end.

use std::io::{self, Read};

const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\n\r\n";

/// The bytes of a response whose body has no end. A read is never short.
#[derive(Debug, Default)]
pub struct EndlessResponse {
    /// The number of bytes of the head read so far.
    read: usize,
}

impl Read for EndlessResponse {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let head = &HEAD[self.read..];
        let n = head.len().min(buf.len());
        buf[..n].copy_from_slice(&head[..n]);
        buf[n..].fill(b'x');
        self.read += n;
        Ok(buf.len())
    }
}
