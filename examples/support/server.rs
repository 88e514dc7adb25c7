use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;

use httpx::rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::certificate::Certificate;

/// A server with a thread for each connection. It knows as much HTTP/1.1 as the examples speak, and trusts
/// its clients: not for the world outside.
pub struct Server {
    scheme: &'static str,
    addr: SocketAddr,
    root: String,
}

/// A request, as far as it matters here.
pub struct Asked {
    pub method: String,
    pub target: String,
    headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// An answer.
pub struct Reply {
    pub status: &'static str,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

type Answer = fn(&Asked) -> Reply;

impl Server {
    pub fn start(answer: Answer, certificate: Option<Certificate>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let addr = listener.local_addr().expect("an address");
        let (tls, root) = match certificate {
            Some(certificate) => (Some(certificate.server), certificate.root),
            None => (None, String::new()),
        };
        let scheme = if tls.is_some() { "https" } else { "http" };
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let tls = tls.clone();
                // A client that goes away is no news.
                thread::spawn(move || drop(serve(stream, tls, answer)));
            }
        });
        Server { scheme, addr, root }
    }

    /// Its base URL: `http://127.0.0.1:40321/`.
    pub fn url(&self) -> String {
        format!("{}://{}/", self.scheme, self.addr)
    }

    /// The certificate that a client must trust, in PEM.
    pub fn root(&self) -> &str {
        &self.root
    }
}

impl Asked {
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn read(reader: &mut impl BufRead) -> io::Result<Option<Self>> {
        let first = line(reader)?;
        let [method, target, _] = first.split(' ').collect::<Vec<_>>()[..] else { return Ok(None) };
        let mut asked =
            Asked { method: method.into(), target: target.into(), headers: Vec::new(), body: Vec::new() };
        while let Some((name, value)) = line(reader)?.split_once(':') {
            asked.headers.push((name.into(), value.trim().into()));
        }
        if let Some(length) = asked.header("Content-Length").and_then(|length| length.parse().ok()) {
            reader.take(length).read_to_end(&mut asked.body)?;
        } else if asked.header("Transfer-Encoding").is_some() {
            while let Ok(size @ 1..) = u64::from_str_radix(&line(reader)?, 16) {
                reader.take(size).read_to_end(&mut asked.body)?;
                line(reader)?;
            }
            line(reader)?;
        }
        Ok(Some(asked))
    }
}

impl Reply {
    pub fn new(status: &'static str, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Reply { status, headers: vec![("Content-Type", content_type.into())], body: body.into() }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = format!("HTTP/1.1 {}\r\nContent-Length: {}\r\n", self.status, self.body.len());
        for (name, value) in &self.headers {
            bytes += &format!("{name}: {value}\r\n");
        }
        [bytes.as_bytes(), b"\r\n", &self.body].concat()
    }
}

fn serve(stream: TcpStream, tls: Option<Arc<ServerConfig>>, answer: Answer) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match tls {
        None => converse(stream, answer),
        Some(config) => {
            let connection = ServerConnection::new(config).map_err(io::Error::other)?;
            converse(StreamOwned::new(connection, stream), answer)
        }
    }
}

/// One request after the other, until the client has enough.
fn converse(stream: impl Read + Write, answer: Answer) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    while let Some(asked) = Asked::read(&mut reader)? {
        reader.get_mut().write_all(&answer(&asked).to_bytes())?;
        reader.get_mut().flush()?;
    }
    Ok(())
}

fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    reader.read_line(&mut line)?;
    Ok(line.trim_end().into())
}
