//! A server that plays scripts: each connection does what it is told, and what the client sent is kept byte for byte.
#![allow(dead_code, unused_imports, unused_macros, unreachable_pub, missing_debug_implementations)] // each test uses some of it
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[cfg(any(feature = "blocking", feature = "async"))]
pub mod flavour;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod flood;
#[cfg(feature = "async")]
pub mod giving_up;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod network;
#[cfg(feature = "tls")]
pub mod tls;
#[cfg(any(feature = "blocking", feature = "async"))]
pub mod wire;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

#[cfg(feature = "async")]
pub use flavour::Async;
#[cfg(feature = "blocking")]
pub use flavour::Blocking;
#[cfg(any(feature = "blocking", feature = "async"))]
pub use flavour::{
    Connects, Flavour, HALF, MS, OK, Sender, Setup, Streamed, Then, bytes, idle, patient, request,
};
#[cfg(all(target_os = "linux", any(feature = "blocking", feature = "async")))]
pub use network::Silent;
#[cfg(any(feature = "blocking", feature = "async"))]
pub use wire::Wire;

/// What anything here is waited for at most: far longer than it takes.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What a connection does next.
#[derive(Clone)]
pub enum Act {
    /// Takes one request, with its body.
    Take,
    /// Takes the head of a request.
    TakeHead,
    /// Takes so many bytes.
    TakeBytes(usize),
    /// Sends this.
    Send(Vec<u8>),
    /// Sends this past TLS.
    Bare(Vec<u8>),
    /// Does nothing for so long.
    Pause(Duration),
    /// Sends one byte of this after the other, with a pause after each, until the client is gone.
    Drip(Vec<u8>, Duration),
    /// Sends so many bytes `x`, or until the client is gone.
    Flood(u64),
    /// The same, in chunks.
    FloodChunks(u64),
    /// Takes a request and sends this, until the client is gone.
    Serve(Vec<u8>),
    /// Ends its direction: under TLS with close_notify.
    Finish,
    /// Resets the connection.
    Reset,
    /// Goes on when the gate is open.
    Wait(Gate),
    /// Opens a gate.
    Open(Gate),
    /// Reads until the client closes.
    Eof,
    /// Reads a request that ends in a last chunk, keeps nothing of it, and closes.
    Sink,
}

/// What a connection does; at the end it closes.
pub type Script = Vec<Act>;

pub fn send(text: impl AsRef<[u8]>) -> Act {
    Act::Send(text.as_ref().to_vec())
}

/// Answers every request like this, until the client is gone.
pub fn serve(text: impl AsRef<[u8]>) -> Script {
    vec![Act::Serve(text.as_ref().to_vec())]
}

/// Answers one request like this.
pub fn answer(text: impl AsRef<[u8]>) -> Script {
    vec![Act::Take, send(text)]
}

/// Something that one thread waits for and another one opens.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    pub fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap()
    }

    pub fn wait(&self) {
        let guard = self.0.0.lock().unwrap();
        let (_guard, late) = self.0.1.wait_timeout_while(guard, PATIENCE, |open| !*open).unwrap();
        assert!(!late.timed_out(), "nobody opened the gate");
    }
}

/// What one connection has seen.
#[derive(Clone, Default, Debug)]
pub struct Record {
    pub received: Vec<u8>,
    pub end: Option<End>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its script ended first.
    Played,
    /// The client closed it: under TLS with close_notify.
    Closed,
    /// The client was gone without a goodbye, or nobody was there to send to.
    Gone,
}

#[derive(Default)]
struct Shared {
    records: Mutex<Vec<Record>>,
    changed: Condvar,
}

/// A server on the loopback, on a port of its own.
pub struct Server {
    addr: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
}

/// Wraps an accepted socket: what TLS does.
pub type Wrap = Arc<dyn Fn(TcpStream) -> Box<dyn Stream> + Send + Sync>;

pub trait Stream: Read + Write + Send {
    fn finish(&mut self);
    fn socket(&self) -> &TcpStream;
}

impl Stream for TcpStream {
    fn finish(&mut self) {
        let _ = self.shutdown(Shutdown::Write);
    }

    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Server {
    /// The nth connection plays the nth script; a further one is not accepted.
    pub fn new(scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>) -> Self {
        Self::start("http", Arc::new(|socket| Box::new(socket)), scripts)
    }

    /// All connections play the same.
    pub fn repeat(script: Script) -> Self {
        Self::new(std::iter::repeat(script))
    }

    pub fn start(
        scheme: &'static str,
        wrap: Wrap,
        scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let (all, scripts) = (Arc::clone(&shared), scripts.into_iter());
        thread::spawn(move || {
            for (n, script) in scripts.enumerate() {
                let Ok((socket, _)) = listener.accept() else { return };
                // What a script sends arrives before it goes on.
                socket.set_nodelay(true).unwrap();
                all.change(|records| records.push(Record::default()));
                let (shared, wrap) = (Arc::clone(&all), Arc::clone(&wrap));
                thread::spawn(move || {
                    let mut player = Player { n, stream: wrap(socket), shared, unread: Vec::new() };
                    let end = player.play(script);
                    let Player { stream, shared, .. } = player;
                    drop(stream);
                    shared.change(|records| records[n].end = Some(end));
                });
            }
        });
        Server { addr, scheme, shared }
    }

    pub fn url(&self) -> String {
        format!("{}://{}/", self.scheme, self.addr)
    }

    /// How many connections have been made.
    pub fn connections(&self) -> usize {
        self.shared.records.lock().unwrap().len()
    }

    /// What has been seen, when it is like this.
    pub fn when(&self, like: impl Fn(&[Record]) -> bool) -> Vec<Record> {
        let guard = self.shared.records.lock().unwrap();
        let (guard, late) =
            self.shared.changed.wait_timeout_while(guard, PATIENCE, |records| !like(records)).unwrap();
        assert!(!late.timed_out(), "it never came: {:?}", *guard);
        guard.clone()
    }

    /// What has been seen when all connections have ended.
    pub fn ended(&self) -> Vec<Record> {
        self.when(|records| records.iter().all(|record| record.end.is_some()))
    }

    /// How the nth connection has ended, once it has.
    pub fn end_of(&self, n: usize) -> End {
        let records = self.when(|records| records.get(n).is_some_and(|record| record.end.is_some()));
        records[n].end.unwrap()
    }
}

impl Shared {
    fn change(&self, change: impl FnOnce(&mut Vec<Record>)) {
        change(&mut self.records.lock().unwrap());
        self.changed.notify_all();
    }
}

struct Player {
    n: usize,
    stream: Box<dyn Stream>,
    shared: Arc<Shared>,
    /// Received, and not yet taken.
    unread: Vec<u8>,
}

impl Player {
    /// Reads to the last chunk, and no further: what follows is the next request.
    fn sink(&mut self) -> Result<(), End> {
        const LAST: &[u8] = b"\r\n0\r\n\r\n";

        let mut buf = vec![0; 64 << 10];
        loop {
            if let Some(at) = self.unread.windows(LAST.len()).position(|window| window == LAST) {
                self.unread.drain(..at + LAST.len());
                return Ok(());
            }
            self.unread.drain(..self.unread.len().saturating_sub(LAST.len()));
            match self.stream.read(&mut buf).map_err(|_| End::Gone)? {
                0 => return Err(End::Closed),
                n => self.unread.extend_from_slice(&buf[..n]),
            }
        }
    }

    fn play(&mut self, script: Script) -> End {
        for act in script {
            if let Err(end) = self.act(act) {
                return end;
            }
        }
        End::Played
    }

    fn act(&mut self, act: Act) -> Result<(), End> {
        match act {
            Act::Take => self.take(),
            Act::TakeHead => self.take_through(b"\r\n\r\n").map(drop),
            Act::TakeBytes(n) => self.take_bytes(n),
            Act::Send(bytes) => self.send(&bytes),
            Act::Bare(bytes) => self.stream.socket().write_all(&bytes).map_err(|_| End::Played),
            Act::Pause(pause) => {
                thread::sleep(pause);
                Ok(())
            }
            Act::Drip(bytes, pause) => bytes.iter().try_for_each(|byte| {
                self.send(&[*byte])?;
                thread::sleep(pause);
                Ok(())
            }),
            Act::Flood(n) => self.flood(n, &vec![b'x'; 64 << 10]),
            Act::FloodChunks(n) => {
                let chunk = [b"4000\r\n".to_vec(), vec![b'x'; 0x4000], b"\r\n".to_vec()].concat();
                self.flood(n / 0x4000 * chunk.len() as u64, &chunk.repeat(4))?;
                self.send(b"0\r\n\r\n")
            }
            Act::Serve(bytes) => loop {
                self.take()?;
                self.send(&bytes)?;
            },
            Act::Finish => {
                self.stream.finish();
                Ok(())
            }
            Act::Reset => {
                rustix::net::sockopt::set_socket_linger(self.stream.socket(), Some(Duration::ZERO)).unwrap();
                Err(End::Played)
            }
            Act::Wait(gate) => {
                gate.wait();
                Ok(())
            }
            Act::Open(gate) => {
                gate.open();
                Ok(())
            }
            Act::Eof => loop {
                self.receive()?;
            },
            Act::Sink => self.sink(),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), End> {
        self.stream.write_all(bytes).and_then(|()| self.stream.flush()).map_err(|_| End::Gone)
    }

    fn flood(&mut self, mut left: u64, block: &[u8]) -> Result<(), End> {
        while left > 0 {
            let n = left.min(block.len() as u64);
            self.send(&block[..n as usize])?;
            left -= n;
        }
        Ok(())
    }

    /// Some more bytes.
    fn receive(&mut self) -> Result<(), End> {
        let mut buf = vec![0; 64 << 10];
        let n = loop {
            match self.stream.read(&mut buf) {
                Ok(0) => return Err(End::Closed),
                Ok(n) => break n,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return Err(End::Gone),
            }
        };
        self.unread.extend_from_slice(&buf[..n]);
        let n_connection = self.n;
        self.shared.change(|records| records[n_connection].received.extend_from_slice(&buf[..n]));
        Ok(())
    }

    fn take_bytes(&mut self, n: usize) -> Result<(), End> {
        while self.unread.len() < n {
            self.receive()?;
        }
        self.unread.drain(..n);
        Ok(())
    }

    fn take_through(&mut self, mark: &[u8]) -> Result<Vec<u8>, End> {
        loop {
            if let Some(at) = self.unread.windows(mark.len()).position(|window| window == mark) {
                return Ok(self.unread.drain(..at + mark.len()).collect());
            }
            self.receive()?;
        }
    }

    fn take(&mut self) -> Result<(), End> {
        let head = self.take_through(b"\r\n\r\n")?;
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let field = |name: &str| head.lines().find_map(|line| line.strip_prefix(name).map(str::trim));
        if field("transfer-encoding:").is_some() {
            self.take_through(b"0\r\n\r\n")?;
        } else if let Some(length) = field("content-length:") {
            self.take_bytes(length.parse().unwrap())?;
        }
        Ok(())
    }
}

/// Calls until it is so, without a wait longer than it must be.
pub fn until(mut so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !so() {
        assert!(start.elapsed() < PATIENCE, "it never came");
        thread::yield_now();
    }
}

/// Runs each of these functions, generic over a [`Flavour`] or a [`Network`](network::Network), as a test of every
/// flavour.
macro_rules! both_flavours {
    ($($(#[$attribute:meta])* $test:ident),* $(,)?) => {
        #[cfg(feature = "blocking")]
        mod blocking {
            $(
                $(#[$attribute])*
                #[test]
                fn $test() {
                    super::$test::<crate::support::Blocking>();
                }
            )*
        }

        #[cfg(feature = "async")]
        mod ahttpx {
            $(
                $(#[$attribute])*
                #[test]
                fn $test() {
                    super::$test::<crate::support::Async>();
                }
            )*
        }
    };
}
pub(crate) use both_flavours;
