//! A server that plays scripts.

use std::io::{ErrorKind, Read, Write};
use std::mem;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use rustls::ServerConfig;

use crate::wait::next_readable;
use crate::wire::{self, Wire};
use crate::{Gate, PATIENCE, peer_leaves_within};

/// One step of a connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Takes one request, with its body.
    Take,
    /// Takes the head of a request.
    TakeHead,
    /// Takes this number of bytes.
    TakeBytes(usize),
    /// Sends this.
    Send(Vec<u8>),
    /// Sends this past TLS.
    Bare(Vec<u8>),
    /// Sends these bytes one by one, with a pause after each, until the client leaves.
    ///
    /// For timeouts that such bytes must not extend. If a script only waits for an event, use [`Act::Wait`].
    Drip(Vec<u8>, Duration),
    /// Sends this number of bytes `x`, or until the client leaves.
    Flood(u64),
    /// The same, in chunks.
    FloodChunks(u64),
    /// Takes each request and sends this, until the client leaves.
    Serve(Vec<u8>),
    /// Ends its direction: under TLS with close_notify.
    Finish,
    /// Resets the connection.
    Reset,
    /// Waits until the gate is open.
    Wait(Gate),
    /// Opens a gate.
    Open(Gate),
    /// Reads until the client closes.
    Eof,
    /// Reads a request that ends in a last chunk, keeps nothing of it, and closes.
    Sink,
    /// Connects to this address, and passes bytes on in both directions until one side ends.
    Relay(SocketAddr),
}

/// The steps of a connection. After the last one it closes.
pub type Script = Vec<Act>;

/// A step that sends this text.
pub fn send(text: impl AsRef<[u8]>) -> Act {
    Act::Send(text.as_ref().to_vec())
}

/// A script that answers each request with this, until the client leaves.
pub fn serve(text: impl AsRef<[u8]>) -> Script {
    vec![Act::Serve(text.as_ref().to_vec())]
}

/// A script that answers one request with this.
pub fn answer(text: impl AsRef<[u8]>) -> Script {
    vec![Act::Take, send(text)]
}

/// The record of one connection.
#[derive(Clone, Default, Debug)]
pub struct Record {
    /// The received bytes, after TLS.
    pub received: Vec<u8>,
    /// `None` while the connection is open.
    pub end: Option<End>,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Its script ended first.
    Played,
    /// The client closed it: under TLS with close_notify.
    Closed,
    /// The client left without a goodbye, or a write to it failed.
    Gone,
}

/// A port of loopback that the system chooses.
const ANY: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

#[derive(Debug, Default)]
struct Shared {
    records: Mutex<Vec<Record>>,
    changed: Condvar,
}

/// A server that plays one script on each connection. It listens on loopback, on a port that the system chooses.
#[derive(Debug)]
pub struct ScriptedServer {
    addr: SocketAddr,
    scheme: &'static str,
    shared: Arc<Shared>,
}

impl ScriptedServer {
    /// The nth connection plays the nth script; a further one is not accepted.
    pub fn new(scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>) -> Self {
        Self::start(ANY, None, scripts)
    }

    /// As [`ScriptedServer::repeat`], at this address.
    pub fn at(addr: SocketAddr, script: Script) -> Self {
        Self::start(addr, None, std::iter::repeat(script))
    }

    /// All connections play the same script.
    pub fn repeat(script: Script) -> Self {
        Self::new(std::iter::repeat(script))
    }

    /// As [`ScriptedServer::new`], over TLS.
    pub fn tls(
        config: Arc<ServerConfig>,
        scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>,
    ) -> Self {
        Self::start(ANY, Some(config), scripts)
    }

    fn start(
        addr: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
        scripts: impl IntoIterator<Item = Script, IntoIter: Send + 'static>,
    ) -> Self {
        let listener = TcpListener::bind(addr).unwrap();
        let addr = listener.local_addr().unwrap();
        let scheme = wire::scheme(tls.as_ref());
        let shared = Arc::new(Shared::default());
        let (all, scripts) = (Arc::clone(&shared), scripts.into_iter());
        thread::spawn(move || {
            for (n, script) in scripts.enumerate() {
                let Some(wire) = wire::accept(&listener, tls.as_ref()) else { return };
                all.change(|records| records.push(Record::default()));
                let shared = Arc::clone(&all);
                thread::spawn(move || {
                    let mut player = Player { n, wire, shared, unread: Vec::new() };
                    let end = player.play(script);
                    let Player { wire, shared, .. } = player;
                    drop(wire);
                    shared.change(|records| records[n].end = Some(end));
                });
            }
        });
        ScriptedServer { addr, scheme, shared }
    }

    /// The URL of its root.
    pub fn url(&self) -> String {
        format!("{}://{}/", self.scheme, self.addr)
    }

    /// Returns its address.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Returns how many connections have been made.
    pub fn connections(&self) -> usize {
        self.shared.records.lock().unwrap().len()
    }

    /// Waits until the records satisfy this condition, and returns them.
    pub fn when(&self, like: impl Fn(&[Record]) -> bool) -> Vec<Record> {
        let guard = self.shared.records.lock().unwrap();
        let (guard, late) =
            self.shared.changed.wait_timeout_while(guard, PATIENCE, |records| !like(records)).unwrap();
        assert!(!late.timed_out(), "it never came: {:?}", *guard);
        guard.clone()
    }

    /// Waits until all connections have ended, and returns their records.
    pub fn ended(&self) -> Vec<Record> {
        self.when(|records| records.iter().all(|record| record.end.is_some()))
    }

    /// Waits until the nth connection has ended, and returns how.
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
    wire: Box<dyn Wire>,
    shared: Arc<Shared>,
    /// Received, and not yet taken.
    unread: Vec<u8>,
}

impl Player {
    /// Reads to the last chunk and no further: the next request may follow.
    fn sink(&mut self) -> Result<(), End> {
        const LAST: &[u8] = b"\r\n0\r\n\r\n";

        let mut buf = vec![0; 64 << 10];
        loop {
            if let Some(at) = self.unread.windows(LAST.len()).position(|window| window == LAST) {
                self.unread.drain(..at + LAST.len());
                return Ok(());
            }
            self.unread.drain(..self.unread.len().saturating_sub(LAST.len()));
            match self.wire.read(&mut buf).map_err(|_| End::Gone)? {
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
            Act::Bare(bytes) => self.wire.socket().write_all(&bytes).map_err(|_| End::Played),
            Act::Drip(bytes, pause) => bytes.iter().try_for_each(|byte| {
                self.send(&[*byte])?;
                if peer_leaves_within(self.wire.socket(), pause) { Err(End::Gone) } else { Ok(()) }
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
                self.wire.finish();
                Ok(())
            }
            Act::Reset => {
                rustix::net::sockopt::set_socket_linger(self.wire.socket(), Some(Duration::ZERO)).unwrap();
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
            Act::Relay(to) => self.relay(to),
        }
    }

    fn send(&mut self, bytes: &[u8]) -> Result<(), End> {
        self.wire.write_all(bytes).and_then(|()| self.wire.flush()).map_err(|_| End::Gone)
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
            match self.wire.read(&mut buf) {
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

    /// The client is read until it leaves.
    fn relay(&mut self, to: SocketAddr) -> Result<(), End> {
        let mut origin = TcpStream::connect(to).map_err(|_| End::Played)?;
        origin.set_nodelay(true).unwrap();
        let mut buf = vec![0; 64 << 10];
        let mut place = 1;
        loop {
            // An origin that no longer reads may still have sent a response.
            let _ = origin.write_all(&mem::take(&mut self.unread));
            place = next_readable([self.wire.socket(), &origin], place);
            match place {
                0 => self.receive()?,
                _ => match origin.read(&mut buf) {
                    Ok(0) | Err(_) => break,
                    Ok(n) => self.send(&buf[..n])?,
                },
            }
        }
        self.wire.finish();
        loop {
            self.receive()?;
        }
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
