//! A server on loopback that records each request byte by byte and answers it by a function.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;

use rustls::ServerConfig;

use crate::PATIENCE;
use crate::wire::{self, Wire};

/// The response to one request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// These bytes; then the connection waits for the next request.
    Keep(Vec<u8>),
    /// These bytes, and a clean end.
    Close(Vec<u8>),
    /// These bytes, and an end without the close_notify of TLS.
    Cut(Vec<u8>),
    /// These bytes, and then nothing until the client goes.
    Hang(Vec<u8>),
    /// The first bytes, and the others again and again until the client goes.
    Endless(Vec<u8>, Vec<u8>),
}

impl Reply {
    /// `200 OK` with this body.
    pub fn ok(body: &str) -> Self {
        Reply::full("200 OK", "", body)
    }

    /// A response with header lines (each ended by CRLF) and a body of known length.
    pub fn full(status: &str, lines: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let head = format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {}\r\n\r\n", body.len());
        Reply::Keep([head.as_bytes(), body].concat())
    }

    /// A redirect without a body.
    pub fn redirect(status: &str, location: &str) -> Self {
        Reply::full(status, &format!("Location: {location}\r\n"), "")
    }
}

/// One request as received.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The number of its connection, counted from 0.
    pub connection: usize,
    /// Its head and its body.
    pub bytes: Vec<u8>,
}

impl Seen {
    /// The bytes as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// `/path?query`, as it stands on the request line.
    pub fn target(&self) -> String {
        self.text().split(' ').nth(1).unwrap_or_default().to_owned()
    }

    /// The method, as it stands on the request line.
    pub fn method(&self) -> String {
        self.text().split(' ').next().unwrap_or_default().to_owned()
    }

    /// The first value of this header.
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.bytes, name)
    }

    /// The body without its chunks' sizes, if it was sent in chunks.
    pub fn content(&self) -> Vec<u8> {
        match self.header("Transfer-Encoding") {
            Some(_) => unchunked(self.body()),
            None => self.body().to_vec(),
        }
    }

    /// The body as it was sent, with the sizes of its chunks.
    pub fn body(&self) -> &[u8] {
        &self.bytes[end_of_head(&self.bytes).unwrap()..]
    }
}

/// Answers every request on each of its connections.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    log: Arc<Log>,
}

#[derive(Debug, Default)]
struct Log {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    requests: Vec<Seen>,
    opened: usize,
    closed: usize,
}

type Answer = dyn Fn(&Seen) -> Reply + Send + Sync;

impl Server {
    /// Answers each request with the script's reply.
    pub fn new(script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Server::listen(None, Arc::new(script))
    }

    /// The same over TLS.
    pub fn tls(config: Arc<ServerConfig>, script: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Server::listen(Some(config), Arc::new(script))
    }

    /// Answers `200 OK` with an empty body to everything.
    pub fn fine() -> Self {
        Server::new(|_| Reply::ok(""))
    }

    /// Answers each path with its reply, and `200 OK` with the body "good" to all others.
    pub fn routes<const N: usize>(routes: [(&'static str, Reply); N]) -> Self {
        Server::new(route(routes))
    }

    /// Accepts connections, and neither reads nor writes.
    pub fn deaf() -> Self {
        let (listener, server) = Server::bind("http");
        let log = Arc::clone(&server.log);
        thread::spawn(move || {
            let mut held = Vec::new();
            while let Ok((socket, _)) = listener.accept() {
                held.push(socket);
                log.change(|state| state.opened += 1);
            }
        });
        server
    }

    /// Answers as soon as it has the head of a request, and then reads and ignores the rest.
    pub fn hasty(reply: &'static [u8]) -> Self {
        let (listener, server) = Server::bind("http");
        thread::spawn(move || {
            while let Ok((mut socket, _)) = listener.accept() {
                thread::spawn(move || {
                    let mut unread = Vec::new();
                    while end_of_head(&unread).is_none() {
                        more(&mut socket, &mut unread)?;
                    }
                    socket.write_all(reply).ok()?;
                    let mut block = [0; 16 << 10];
                    while matches!(socket.read(&mut block), Ok(1..)) {}
                    Some(())
                });
            }
        });
        server
    }

    fn bind(scheme: &'static str) -> (TcpListener, Server) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        (listener, Server { address, scheme, log: Arc::default() })
    }

    fn listen(tls: Option<Arc<ServerConfig>>, script: Arc<Answer>) -> Self {
        let (listener, server) = Server::bind(wire::scheme(tls.as_ref()));
        let log = Arc::clone(&server.log);
        thread::spawn(move || {
            while let Some(wire) = wire::accept(&listener, tls.as_ref()) {
                let connection = log.change(|state| {
                    state.opened += 1;
                    state.opened - 1
                });
                let (log, script) = (Arc::clone(&log), Arc::clone(&script));
                thread::spawn(move || {
                    serve(wire, connection, &log, &*script);
                    log.change(|state| state.closed += 1);
                });
            }
        });
        server
    }

    /// The URL of a path on this server.
    pub fn url(&self, path: &str) -> String {
        self.url_on(self.host(), path)
    }

    /// The URL of a path on this server, under another name for this machine, or with user information.
    pub fn url_on(&self, host: &str, path: &str) -> String {
        format!("{}://{host}:{}{path}", self.scheme, self.port())
    }

    /// Its host in URLs.
    pub fn host(&self) -> &'static str {
        // Certificates are made out to it.
        if self.scheme == "https" { "localhost" } else { "127.0.0.1" }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// As it stands in `Host`.
    pub fn authority(&self) -> String {
        format!("{}:{}", self.host(), self.port())
    }

    /// Takes the requests since the last call.
    pub fn take(&self) -> Vec<Seen> {
        self.log.change(|state| std::mem::take(&mut state.requests))
    }

    /// Takes the only request since the last call. Panics if there are more or none.
    pub fn take_one(&self) -> Seen {
        let mut requests = self.take();
        assert_eq!(requests.len(), 1, "{requests:?}");
        requests.remove(0)
    }

    /// Returns how many connections have been made.
    pub fn opened(&self) -> usize {
        self.log.change(|state| state.opened)
    }

    /// Waits until this number of connections has ended.
    pub fn wait_for_closed(&self, number: usize) {
        let state = self.log.lock();
        let (state, waited) =
            self.log.changed.wait_timeout_while(state, PATIENCE, |state| state.closed < number).unwrap();
        assert!(!waited.timed_out(), "{} of {number} connections have been closed", state.closed);
    }
}

/// Answers each path with its reply, and `200 OK` with the body "good" to all others.
pub fn route<const N: usize>(routes: [(&'static str, Reply); N]) -> impl Fn(&Seen) -> Reply + Send + Sync {
    move |seen| {
        let target = seen.target();
        let found = routes.iter().find(|(path, _)| *path == target);
        found.map_or_else(|| Reply::ok("good"), |(_, reply)| reply.clone())
    }
}

impl Log {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let result = change(&mut self.lock());
        self.changed.notify_all();
        result
    }
}

/// Serves one connection until either side ends it. Errors are ignored: the client has left.
fn serve(mut wire: Box<dyn Wire>, connection: usize, log: &Log, script: &Answer) {
    let mut unread = Vec::new();
    while let Some(bytes) = read_request(&mut *wire, &mut unread) {
        let seen = Seen { connection, bytes };
        let reply = script(&seen);
        log.change(|state| state.requests.push(seen));
        let (Reply::Keep(bytes)
        | Reply::Close(bytes)
        | Reply::Cut(bytes)
        | Reply::Hang(bytes)
        | Reply::Endless(bytes, _)) = &reply;
        if wire.write_all(bytes).and_then(|()| wire.flush()).is_err() {
            return;
        }
        match reply {
            Reply::Keep(_) => {}
            Reply::Close(_) => return wire.finish(),
            Reply::Cut(_) => return,
            Reply::Hang(_) => while matches!(wire.read(&mut [0; 1024]), Ok(1..)) {},
            Reply::Endless(_, again) => while wire.write_all(&again).is_ok() {},
        }
    }
}

/// A whole request, head and body; none when the client has gone.
fn read_request(wire: &mut dyn Wire, unread: &mut Vec<u8>) -> Option<Vec<u8>> {
    let head = loop {
        if let Some(end) = end_of_head(unread) {
            break end;
        }
        more(wire, unread)?;
    };
    let has = |name: &str, value: &str| header(&unread[..head], name).is_some_and(|it| it.contains(value));
    let chunked = has("Transfer-Encoding", "chunked");
    if has("Expect", "100-continue") {
        wire.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    let end = if chunked {
        loop {
            match end_of_chunks(unread, head) {
                Some(end) => break end,
                None => more(wire, unread)?,
            }
        }
    } else {
        let length: usize = header(&unread[..head], "Content-Length").map_or(0, |it| it.parse().unwrap());
        while unread.len() < head + length {
            more(wire, unread)?;
        }
        head + length
    };
    Some(unread.drain(..end).collect())
}

fn more(wire: &mut dyn Wire, unread: &mut Vec<u8>) -> Option<()> {
    let mut block = [0; 16 << 10];
    match wire.read(&mut block) {
        Ok(0) | Err(_) => None,
        Ok(n) => {
            unread.extend_from_slice(&block[..n]);
            Some(())
        }
    }
}

fn end_of_head(bytes: &[u8]) -> Option<usize> {
    bytes.windows(4).position(|four| four == b"\r\n\r\n").map(|start| start + 4)
}

/// Where the last chunk of a body without trailers ends.
fn end_of_chunks(bytes: &[u8], mut at: usize) -> Option<usize> {
    let line_at = |at: usize| bytes.get(at..)?.windows(2).position(|two| two == b"\r\n");
    loop {
        let line = line_at(at)?;
        let size = usize::from_str_radix(str::from_utf8(&bytes[at..at + line]).unwrap(), 16).unwrap();
        at += line + 2;
        if size == 0 {
            break;
        }
        at += size + 2;
    }
    // The trailers, and the empty line after them.
    loop {
        let line = line_at(at)?;
        at += line + 2;
        if line == 0 {
            return Some(at);
        }
    }
}

/// The data of chunks, without the trailers.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut data = Vec::new();
    loop {
        let line = body.windows(2).position(|two| two == b"\r\n").unwrap();
        let size = usize::from_str_radix(str::from_utf8(&body[..line]).unwrap(), 16).unwrap();
        data.extend_from_slice(&body[line + 2..line + 2 + size]);
        if size == 0 {
            return data;
        }
        body = &body[line + 2 + size + 2..];
    }
}

fn header(head: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(head);
    let lines = text.split("\r\n").take_while(|line| !line.is_empty());
    let mut fields = lines.filter_map(|line| line.split_once(": "));
    fields.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
}
