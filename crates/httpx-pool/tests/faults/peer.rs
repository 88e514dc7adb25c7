//! A network whose streams are scripts: the peer reacts to the bytes that the client has written.
#![allow(dead_code, unreachable_pub)] // one flavour needs less

use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::task::Waker;

use httpx_pool::Liveness;
use httpx_testing::give_up::Halts;

/// The peer of one connection. Each step is done once its condition holds and all earlier steps are done.
#[derive(Clone, Debug, Default)]
pub struct Script {
    steps: Vec<(After, Does)>,
    /// After this many bytes each write fails.
    takes: Option<usize>,
}

/// The condition of a step.
#[derive(Clone, Copy, Debug)]
pub enum After {
    /// This many bytes of the client.
    Bytes(usize),
    /// This many complete requests of the client.
    Requests(usize),
}

#[derive(Clone, Debug)]
enum Does {
    Send(Vec<u8>),
    /// Ends the stream cleanly.
    End,
    /// Resets the connection.
    Reset,
}

impl Script {
    pub fn send(mut self, after: After, bytes: impl AsRef<[u8]>) -> Self {
        self.steps.push((after, Does::Send(bytes.as_ref().to_vec())));
        self
    }

    pub fn end(mut self, after: After) -> Self {
        self.steps.push((after, Does::End));
        self
    }

    pub fn reset(mut self, after: After) -> Self {
        self.steps.push((after, Does::Reset));
        self
    }

    /// After this many bytes each write fails.
    pub fn takes(mut self, bytes: usize) -> Self {
        self.takes = Some(bytes);
        self
    }
}

/// How fast a stream moves.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The most bytes of one read.
    pub read: usize,
    /// The most bytes of one write.
    pub write: usize,
    /// Every other poll is pending, although there is something to do. (Blocking calls have no pending state.)
    pub halting: bool,
}

/// At full speed, byte by byte, and mixtures.
pub const PACES: [Pace; 5] = [
    Pace { read: 8192, write: 8192, halting: false },
    Pace { read: 1, write: 8192, halting: false },
    Pace { read: 8192, write: 1, halting: true },
    Pace { read: 1, write: 1, halting: false },
    Pace { read: 3, write: 7, halting: true },
];

/// The nth connection plays the nth script; a further one is refused.
#[derive(Clone, Debug)]
pub struct Network(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    scripts: Vec<Script>,
    made: usize,
    pace: Pace,
}

impl Network {
    pub fn new(scripts: &[Script], pace: Pace) -> Self {
        Network(Arc::new(Mutex::new(State { scripts: scripts.to_vec(), made: 0, pace })))
    }

    /// Returns how many connections were made.
    pub fn connections(&self) -> usize {
        self.0.lock().unwrap().made
    }

    fn open(&self) -> Result<Stream, httpx_pool::ConnectError> {
        let mut state = self.0.lock().unwrap();
        let Some(script) = state.scripts.get(state.made).cloned() else {
            return Err(httpx_pool::ConnectError::Other(ErrorKind::ConnectionRefused.into()));
        };
        state.made += 1;
        let (written, requests) = (Vec::new(), RequestCount::default());
        let [reads, writes] = [Halts::default(), Halts::default()];
        Ok(Stream { script, pace: state.pace, written, requests, read: 0, reads, writes, waiting: None })
    }
}

/// The client's end.
#[derive(Debug)]
struct Stream {
    script: Script,
    pace: Pace,
    written: Vec<u8>,
    requests: RequestCount,
    /// How many bytes the client has read.
    read: usize,
    reads: Halts,
    writes: Halts,
    /// The task that waits for bytes.
    waiting: Option<Waker>,
}

impl Stream {
    /// The bytes that a read gives now, or the end, or the error; none if the client has to wait.
    fn readable(&self) -> Option<io::Result<&[u8]>> {
        let mut skip = self.read;
        for (after, does) in &self.script.steps {
            let holds = match *after {
                After::Bytes(n) => self.written.len() >= n,
                After::Requests(n) => self.requests.complete >= n,
            };
            match does {
                _ if !holds => return None,
                Does::Send(bytes) if skip < bytes.len() => return Some(Ok(&bytes[skip..])),
                Does::Send(bytes) => skip -= bytes.len(),
                Does::End => return Some(Ok(&[])),
                Does::Reset => return Some(Err(ErrorKind::ConnectionReset.into())),
            }
        }
        None
    }

    fn take(&mut self, buf: &mut [u8]) -> Option<io::Result<usize>> {
        let most = buf.len().min(self.pace.read);
        let taken = self.readable()?.map(|bytes| {
            let n = bytes.len().min(most);
            buf[..n].copy_from_slice(&bytes[..n]);
            n
        });
        self.read += *taken.as_ref().unwrap_or(&0);
        Some(taken)
    }

    fn give(&mut self, buf: &[u8]) -> io::Result<usize> {
        let room = self.script.takes.map_or(usize::MAX, |takes| takes - self.written.len());
        if room == 0 {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let n = buf.len().min(self.pace.write).min(room);
        self.written.extend_from_slice(&buf[..n]);
        self.requests.count(&self.written);
        self.waiting.take().into_iter().for_each(Waker::wake);
        Ok(n)
    }
}

/// Counts complete requests: heads, with bodies of known length or in chunks.
#[derive(Debug, Default)]
struct RequestCount {
    complete: usize,
    /// Where the next request begins.
    at: usize,
    /// Before this position there is no mark that ends a head or a chunked body.
    searched: usize,
}

impl RequestCount {
    fn count(&mut self, written: &[u8]) {
        const LAST_CHUNK: &[u8] = b"\r\n0\r\n\r\n";

        while let Some(body) = find(written, self.at, b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&written[self.at..body]).to_ascii_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
            let end = match length {
                Some(length) => body + length.parse::<usize>().unwrap(),
                None if head.contains("transfer-encoding") => {
                    let from = body.max(self.searched.saturating_sub(LAST_CHUNK.len())) - 2;
                    self.searched = written.len();
                    match find(written, from, LAST_CHUNK) {
                        Some(end) => end,
                        None => return,
                    }
                }
                None => body,
            };
            if written.len() < end {
                return;
            }
            (self.complete, self.at) = (self.complete + 1, end);
        }
    }
}

/// Where the first of these marks ends.
fn find(bytes: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
    let at = bytes[from..].windows(mark.len()).position(|window| window == mark)?;
    Some(from + at + mark.len())
}

/// The methods that are the same in both flavours.
macro_rules! rest_of_a_stream {
    () => {
        fn look(&mut self) -> Liveness {
            if self.readable().is_some() { Liveness::Dead } else { Liveness::Alive }
        }

        fn shutdown(&mut self) -> io::Result<()> {
            Ok(())
        }

        fn peer_addr(&self) -> Option<SocketAddr> {
            None
        }

        fn local_addr(&self) -> Option<SocketAddr> {
            None
        }
    };
}

#[cfg(feature = "blocking")]
mod on_threads {
    use std::time::Duration;

    use httpx_pool::{ConnectError, Destination, Interest, NetworkBackend, NetworkStream, Readiness};

    use super::*;

    impl NetworkBackend for Network {
        fn connect(&self, _: &Destination<'_>) -> Result<Box<dyn NetworkStream>, ConnectError> {
            Ok(Box::new(self.open()?))
        }
    }

    impl NetworkStream for Stream {
        fn read(&mut self, buf: &mut [u8], timeout: Option<Duration>) -> io::Result<usize> {
            match self.take(buf) {
                Some(taken) => taken,
                None if timeout == Some(Duration::ZERO) => Err(ErrorKind::TimedOut.into()),
                None => panic!("a read that waits for a peer that waits: {self:?}"),
            }
        }

        fn write(&mut self, buf: &[u8], _: Option<Duration>) -> io::Result<usize> {
            self.give(buf)
        }

        fn ready(&mut self, interest: Interest, timeout: Option<Duration>) -> io::Result<Readiness> {
            let readable = interest.wants_read() && self.readable().is_some();
            let ready = Readiness { readable, writable: interest.wants_write() };
            assert!(!ready.is_none() || timeout == Some(Duration::ZERO), "nothing will be ready: {self:?}");
            Ok(ready)
        }

        rest_of_a_stream!();
    }
}

#[cfg(feature = "async")]
mod on_tokio {
    use std::task::{Context, Poll};

    use httpx_pool::Destination;
    use httpx_pool::ahttpx::{Connecting, NetworkBackend, NetworkStream};

    use super::*;

    impl NetworkBackend for Network {
        fn connect<'a>(&'a self, _: &'a Destination<'a>) -> Connecting<'a> {
            Box::pin(async { Ok(Box::new(self.open()?) as Box<dyn NetworkStream>) })
        }
    }

    impl NetworkStream for Stream {
        fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<io::Result<usize>> {
            if self.pace.halting && self.reads.now(cx) {
                return Poll::Pending;
            }
            let taken = self.take(buf);
            if taken.is_none() {
                self.waiting = Some(cx.waker().clone());
            }
            taken.map_or(Poll::Pending, Poll::Ready)
        }

        fn poll_write(&mut self, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
            if self.pace.halting && self.writes.now(cx) {
                return Poll::Pending;
            }
            Poll::Ready(self.give(buf))
        }

        fn read_now(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.take(buf).unwrap_or_else(|| Err(ErrorKind::WouldBlock.into()))
        }

        rest_of_a_stream!();
    }
}
