//! [`TcpStream`]: a stream over a TCP socket.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::time::Duration;

use super::deadline::Deadline;
use super::stream::NetworkStream;
use crate::socket_timeout::{Precision, Setting, SocketTimeout, adjust};
use crate::stream::{Interest, Liveness, Readiness};
use crate::sys;

/// A [`NetworkStream`] over a TCP socket.
///
/// A read or a write is one system call. Its timeout is that of the socket, which is set again only when the remaining
/// time differs by more than a sixty-fourth.
#[derive(Debug)]
pub struct TcpStream {
    socket: std::net::TcpStream,
    /// The timeouts that the socket has now.
    read_timeout: SocketTimeout,
    write_timeout: SocketTimeout,
    /// The address of the server, if it was connected here.
    peer: Option<SocketAddr>,
}

impl TcpStream {
    /// Wraps a connected socket and turns off Nagle's algorithm: a request is written in one piece, and must not wait
    /// until the last packet is acknowledged.
    ///
    /// # Errors
    ///
    /// The error of the system when the options of the socket are read or set.
    pub fn new(socket: std::net::TcpStream) -> io::Result<Self> {
        socket.set_nonblocking(false)?;
        socket.set_nodelay(true)?;
        let (read_timeout, write_timeout) = (socket.read_timeout()?, socket.write_timeout()?);
        Ok(Self { socket, read_timeout, write_timeout, peer: None })
    }

    /// Wraps a socket that was just connected to this address: it has no timeouts, and Nagle's algorithm is off.
    pub(super) fn fresh(socket: std::net::TcpStream, peer: SocketAddr) -> Self {
        Self { socket, read_timeout: None, write_timeout: None, peer: Some(peer) }
    }

    /// Wraps a Unix socket that was just connected.
    pub(super) fn over_unix(socket: std::net::TcpStream) -> Self {
        Self { socket, read_timeout: None, write_timeout: None, peer: None }
    }

    fn prepare_read(&mut self, remaining: Option<Duration>, precision: Precision) -> io::Result<()> {
        if let Setting::Set(timeout) = adjust(self.read_timeout, remaining, precision) {
            self.socket.set_read_timeout(timeout)?;
            self.read_timeout = timeout;
        }
        Ok(())
    }

    fn prepare_write(&mut self, remaining: Option<Duration>, precision: Precision) -> io::Result<()> {
        if let Setting::Set(timeout) = adjust(self.write_timeout, remaining, precision) {
            self.socket.set_write_timeout(timeout)?;
            self.write_timeout = timeout;
        }
        Ok(())
    }
}

impl NetworkStream for TcpStream {
    fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
        wait(timeout, |remaining, precision| match remaining {
            Some(Duration::ZERO) => sys::recv_now(&self.socket, buf),
            remaining => {
                self.prepare_read(remaining, precision)?;
                self.socket.read(buf)
            }
        })
    }

    fn write(&mut self, buf: &[u8], timeout: Option<Duration>) -> io::Result<usize> {
        wait(timeout, |remaining, precision| match remaining {
            Some(Duration::ZERO) => sys::send_now(&self.socket, buf),
            remaining => {
                self.prepare_write(remaining, precision)?;
                self.socket.write(buf)
            }
        })
    }

    fn write_vectored(&mut self, bufs: &[IoSlice<'_>], timeout: Option<Duration>) -> io::Result<usize> {
        wait(timeout, |remaining, precision| match remaining {
            Some(Duration::ZERO) => {
                let first = bufs.iter().find(|buf| !buf.is_empty()).map_or(&[][..], |buf| buf);
                sys::send_now(&self.socket, first)
            }
            remaining => {
                self.prepare_write(remaining, precision)?;
                sys::send_vectored(&self.socket, bufs)
            }
        })
    }

    fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
        let result = wait(timeout, |remaining, _| sys::poll(&self.socket, interest, remaining));
        match result {
            Err(e) if e.kind() == ErrorKind::TimedOut => Ok(Readiness::default()),
            result => result,
        }
    }

    fn look(&mut self) -> Liveness {
        Liveness::of_peek(&wait(Some(Duration::ZERO), |_, _| sys::peek_now(&self.socket, &mut [0])))
    }

    fn shutdown(&mut self) -> io::Result<()> {
        self.socket.shutdown(Shutdown::Write)
    }

    /// Does nothing: the system tells the peer when the socket is closed.
    fn announce_close(&mut self) {}

    fn peer_addr(&self) -> Option<SocketAddr> {
        self.peer.or_else(|| self.socket.peer_addr().ok())
    }

    fn local_addr(&self) -> Option<SocketAddr> {
        self.socket.local_addr().ok()
    }
}

/// Repeats the call while a signal ends it, and once if the timeout of the socket ends it before the time is up. A call
/// with no time left is made once.
fn wait<T>(
    timeout: Option<Duration>,
    mut call: impl FnMut(Option<Duration>, Precision) -> io::Result<T>,
) -> io::Result<T> {
    let countdown = Deadline::after(timeout);
    let mut remaining = timeout;
    let mut precision = Precision::FIRST;
    loop {
        match call(remaining, precision) {
            Err(e) if e.kind() == ErrorKind::Interrupted => remaining = countdown.remaining(),
            // On Unix, SO_RCVTIMEO and SO_SNDTIMEO end a call with EAGAIN.
            Err(e) if e.kind() == ErrorKind::WouldBlock => {
                if precision == Precision::Exact
                    || countdown.remaining().is_none_or(|remaining| remaining.is_zero())
                {
                    return Err(ErrorKind::TimedOut.into());
                }
                (remaining, precision) = (countdown.remaining(), Precision::Exact);
            }
            result => return result,
        }
    }
}

/// Timeouts of the socket and signals exist only in this flavour. `tests/network/` tests the rest in both.
#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    const LONG: Option<Duration> = Some(Duration::from_secs(30));
    const SHORT: Duration = Duration::from_millis(50);
    const NOW: Option<Duration> = Some(Duration::ZERO);

    #[test]
    fn the_timeout_is_set_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut client, (mut server, _)) = (TcpStream::new(client).unwrap(), listener.accept().unwrap());
        for _ in 0..3 {
            server.write_all(b"x").unwrap();
            client.read(&mut [0; 8], LONG).unwrap();
            client.write(b"x", LONG).unwrap();
            // These changes stay, because the stream does not set its timeouts again.
            client.socket.set_read_timeout(Some(Duration::from_secs(7))).unwrap();
            client.socket.set_write_timeout(Some(Duration::from_secs(8))).unwrap();
        }
        assert_eq!(client.socket.read_timeout().unwrap(), Some(Duration::from_secs(7)));
        assert_eq!(client.socket.write_timeout().unwrap(), Some(Duration::from_secs(8)));
        // A different time is set, and so is none.
        let shorter = Some(Duration::from_secs(5));
        for (timeout, set) in [(shorter, shorter), (NOW, shorter), (None, None)] {
            server.write_all(b"x").unwrap();
            assert!(client.ready(Interest::Read, LONG).unwrap().readable);
            client.read(&mut [0; 8], timeout).unwrap();
            assert_eq!(client.socket.read_timeout().unwrap(), set);
        }
    }

    /// The timeout that is set is shorter than the wait. The system says so by an early end of the call.
    #[cfg(unix)]
    #[test]
    fn a_call_that_ends_too_early_is_repeated_once() {
        let mut precisions = Vec::new();
        let result = wait(LONG, |_, precision| {
            precisions.push(precision);
            if precision == Precision::Exact { Ok(7) } else { Err(ErrorKind::WouldBlock.into()) }
        });
        assert_eq!((result.unwrap(), precisions), (7, vec![Precision::Repeatable, Precision::Exact]));

        let mut calls = 0;
        let result: io::Result<()> = wait(LONG, |_, _| {
            calls += 1;
            Err(ErrorKind::WouldBlock.into())
        });
        assert_eq!((result.unwrap_err().kind(), calls), (ErrorKind::TimedOut, 2));
    }

    #[test]
    fn a_wait_may_begin_with_a_shorter_timeout() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut client, (_server, _)) = (TcpStream::new(client).unwrap(), listener.accept().unwrap());
        let began = std::time::Instant::now();
        client.read(&mut [0], Some(SHORT / 2)).unwrap_err();
        assert_eq!(client.read(&mut [0], Some(SHORT)).unwrap_err().kind(), ErrorKind::TimedOut);
        assert!(began.elapsed() >= SHORT + SHORT / 2, "{:?}", began.elapsed());
    }

    #[test]
    fn a_call_that_signals_interrupt_ends_in_time() {
        let mut calls = 0;
        let result: io::Result<()> = wait(Some(SHORT), |remaining, _| {
            calls += 1;
            match remaining {
                Some(Duration::ZERO) => Err(ErrorKind::WouldBlock.into()),
                _ => Err(ErrorKind::Interrupted.into()),
            }
        });
        assert_eq!(result.unwrap_err().kind(), ErrorKind::TimedOut);
        assert!(calls > 1);
    }
}
