//! Everything that differs between systems, and nothing else.
//!
//! Four calls on a socket that never wait longer than they are told to, whatever mode the socket is in:
//! [`peek_now`], [`recv_now`], [`send_now`] fail with `WouldBlock` where they would have to wait, and [`poll`] waits.

pub(crate) use imp::is_out_of_descriptors;
#[cfg(feature = "async")]
pub(crate) use imp::send_vectored_now;
#[cfg(any(feature = "blocking", feature = "async"))]
pub(crate) use imp::{peek_now, recv_now};
#[cfg(feature = "blocking")]
pub(crate) use imp::{poll, send_now, send_vectored};

// What only the blocking flavour calls lies idle without it.
#[cfg(unix)]
#[cfg_attr(not(feature = "blocking"), allow(dead_code))]
mod imp {
    use std::io::{self, IoSlice};
    use std::net::TcpStream;
    use std::os::fd::AsFd;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec};
    use rustix::io::Errno;
    use rustix::net::{RecvFlags, SendAncillaryBuffer, SendFlags};

    use crate::stream::{Interest, Readiness};

    // Elsewhere a send on a closed connection raises SIGPIPE unless told not to; there std has set SO_NOSIGPIPE.
    #[cfg(not(target_vendor = "apple"))]
    const SEND: SendFlags = SendFlags::NOSIGNAL;
    #[cfg(target_vendor = "apple")]
    const SEND: SendFlags = SendFlags::empty();
    const SEND_NOW: SendFlags = SEND.union(SendFlags::DONTWAIT);

    /// Whether the process or the system has no file descriptor left.
    pub(crate) fn is_out_of_descriptors(error: &io::Error) -> bool {
        matches!(Errno::from_io_error(error), Some(Errno::MFILE | Errno::NFILE))
    }

    pub(crate) fn peek_now(socket: &impl AsFd, buf: &mut [u8]) -> io::Result<usize> {
        let (n, _) = rustix::net::recv(socket, buf, RecvFlags::PEEK | RecvFlags::DONTWAIT)?;
        Ok(n)
    }

    pub(crate) fn recv_now(socket: &impl AsFd, buf: &mut [u8]) -> io::Result<usize> {
        let (n, _) = rustix::net::recv(socket, buf, RecvFlags::DONTWAIT)?;
        Ok(n)
    }

    pub(crate) fn send_now(socket: &TcpStream, buf: &[u8]) -> io::Result<usize> {
        Ok(rustix::net::send(socket, buf, SEND_NOW)?)
    }

    /// Waits as long as the socket does. Unlike `writev` it raises no SIGPIPE.
    pub(crate) fn send_vectored(socket: &TcpStream, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(rustix::net::sendmsg(socket, bufs, &mut SendAncillaryBuffer::default(), SEND)?)
    }

    #[cfg(feature = "async")]
    pub(crate) fn send_vectored_now(socket: &impl AsFd, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        Ok(rustix::net::sendmsg(socket, bufs, &mut SendAncillaryBuffer::default(), SEND_NOW)?)
    }

    pub(crate) fn poll(
        socket: &TcpStream,
        interest: Interest,
        timeout: Option<Duration>,
    ) -> io::Result<Readiness> {
        let mut wanted = PollFlags::empty();
        wanted.set(PollFlags::IN, interest.wants_read());
        wanted.set(PollFlags::OUT, interest.wants_write());
        // A time too long for the system's clock is for ever.
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        let mut sockets = [PollFd::new(socket, wanted)];
        rustix::event::poll(&mut sockets, timeout.as_ref())?;
        let [found] = &sockets;
        let found = found.revents();
        let broken = found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
        Ok(Readiness {
            readable: interest.wants_read() && (broken || found.contains(PollFlags::IN)),
            writable: interest.wants_write() && (broken || found.contains(PollFlags::OUT)),
        })
    }
}

/// By what std has: three system calls for one, and only half a `poll`.
#[cfg(not(unix))]
#[cfg_attr(not(feature = "blocking"), allow(dead_code))]
mod imp {
    use std::io::{self, IoSlice, Read, Write};
    use std::net::TcpStream;
    use std::time::Duration;

    use crate::stream::{Interest, Readiness};

    /// Not known here.
    pub(crate) fn is_out_of_descriptors(_: &io::Error) -> bool {
        false
    }

    pub(crate) fn peek_now(socket: &impl Socket, buf: &mut [u8]) -> io::Result<usize> {
        socket.peek_now(buf)
    }

    pub(crate) fn recv_now(socket: &impl Socket, buf: &mut [u8]) -> io::Result<usize> {
        socket.recv_now(buf)
    }

    /// What both flavours' sockets can be asked for without waiting.
    pub(crate) trait Socket {
        fn peek_now(&self, buf: &mut [u8]) -> io::Result<usize>;
        fn recv_now(&self, buf: &mut [u8]) -> io::Result<usize>;
    }

    impl Socket for TcpStream {
        fn peek_now(&self, buf: &mut [u8]) -> io::Result<usize> {
            now(self, || self.peek(buf))
        }

        fn recv_now(&self, buf: &mut [u8]) -> io::Result<usize> {
            let mut socket = self;
            now(self, || socket.read(buf))
        }
    }

    /// By the readiness that tokio remembers: an end that it has not heard of yet is missed.
    #[cfg(feature = "async")]
    impl Socket for tokio::net::TcpStream {
        fn peek_now(&self, buf: &mut [u8]) -> io::Result<usize> {
            let mut buf = tokio::io::ReadBuf::new(buf);
            match self.poll_peek(&mut std::task::Context::from_waker(std::task::Waker::noop()), &mut buf) {
                std::task::Poll::Ready(peeked) => peeked,
                std::task::Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
            }
        }

        fn recv_now(&self, buf: &mut [u8]) -> io::Result<usize> {
            self.try_read(buf)
        }
    }

    pub(crate) fn send_vectored(mut socket: &TcpStream, bufs: &[IoSlice<'_>]) -> io::Result<usize> {
        socket.write_vectored(bufs)
    }

    #[cfg(feature = "async")]
    pub(crate) fn send_vectored_now(
        socket: &tokio::net::TcpStream,
        bufs: &[IoSlice<'_>],
    ) -> io::Result<usize> {
        socket.try_write_vectored(bufs)
    }

    pub(crate) fn send_now(mut socket: &TcpStream, buf: &[u8]) -> io::Result<usize> {
        now(socket, || socket.write(buf))
    }

    /// Readability is waited for by a peek. Room to write cannot be waited for without `poll`, so it is taken for
    /// granted: the write that follows has a timeout of its own, and an early answer is seen between two writes.
    pub(crate) fn poll(
        socket: &TcpStream,
        interest: Interest,
        timeout: Option<Duration>,
    ) -> io::Result<Readiness> {
        let mut byte = [0];
        if interest.wants_write() {
            let readable = interest.wants_read() && !is_wait(&peek_now(socket, &mut byte));
            return Ok(Readiness { readable, writable: true });
        }
        let found = match timeout {
            Some(Duration::ZERO) => peek_now(socket, &mut byte),
            timeout => {
                let before = socket.read_timeout()?;
                socket.set_read_timeout(timeout)?;
                let found = socket.peek(&mut byte);
                socket.set_read_timeout(before)?;
                found
            }
        };
        Ok(Readiness { readable: !is_wait(&found), writable: false })
    }

    fn is_wait(found: &io::Result<usize>) -> bool {
        matches!(found, Err(e) if matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut))
    }

    fn now<T>(socket: &TcpStream, mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
        socket.set_nonblocking(true)?;
        let result = call();
        socket.set_nonblocking(false)?;
        result
    }
}
