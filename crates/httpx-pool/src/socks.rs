//! [`SocksHandshake`]: how a client asks a SOCKS proxy for a connection, without I/O.
//!
//! A SOCKS proxy is asked once, at the beginning of a connection, for a host and a port. After its answer, the
//! connection is a tunnel to that host.
//!
//! ```text
//!              SOCKS5 (RFC 1928)                               SOCKS4, SOCKS4a
//!   client ──▶ methods                                         request
//!   proxy  ──▶ method                                          reply
//!   client ──▶ username and password (RFC 1929), if chosen
//!   proxy  ──▶ accepted
//!   client ──▶ request
//!   proxy  ──▶ reply
//! ```
//!
//! A driver writes [`outgoing`](SocksHandshake::outgoing) and reports it with [`wrote`](SocksHandshake::wrote). When
//! there is nothing to write, it reads at most [`wanted`](SocksHandshake::wanted) bytes and hands them to
//! [`received`](SocksHandshake::received), until [`is_done`](SocksHandshake::is_done). It never reads a byte of the
//! tunnel. If the proxy closes the connection before that, the error is [`SocksError::Closed`].
//!
//! ```
//! # mod httpx { pub mod network { pub use httpx_pool::socks; } }
//! use std::io::{Read, Write};
//! use httpx::network::socks::{SocksError, SocksHandshake, SocksTarget, SocksVersion};
//!
//! /// Asks the proxy at the other end of the stream for a connection to the target.
//! fn connect(mut stream: impl Read + Write, host: &str, port: u16) -> Result<(), Box<dyn std::error::Error>> {
//!     let mut handshake = SocksHandshake::new(SocksVersion::V5h, SocksTarget::Name(host), port, None)?;
//!     let mut buf = [0; SocksHandshake::MAX_WANTED];
//!     while !handshake.is_done() {
//!         if !handshake.outgoing().is_empty() {
//!             stream.write_all(handshake.outgoing())?;
//!             handshake.wrote(handshake.outgoing().len());
//!         } else {
//!             let n = stream.read(&mut buf[..handshake.wanted()])?;
//!             if n == 0 {
//!                 return Err(SocksError::Closed.into());
//!             }
//!             handshake.received(&buf[..n])?;
//!         }
//!     }
//!     Ok(())
//! }
//! # struct Proxy<'a>(&'a [u8], Vec<u8>);
//! # impl Read for Proxy<'_> {
//! #     fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> { self.0.read(buf) }
//! # }
//! # impl Write for Proxy<'_> {
//! #     fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> { self.1.write(buf) }
//! #     fn flush(&mut self) -> std::io::Result<()> { Ok(()) }
//! # }
//! # let mut proxy = Proxy(b"\x05\x00\x05\x00\x00\x01\0\0\0\0\0\0", Vec::new());
//! # connect(&mut proxy, "h", 80)?;
//! # assert_eq!(proxy.1, b"\x05\x01\x00\x05\x01\x00\x03\x01h\x00\x50");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod client_messages;
mod error;
mod reply;

use std::fmt;
use std::mem;
use std::net::IpAddr;

use client_messages::ClientMessages;
pub use error::SocksError;
use reply::{Reply, Verdict};

/// The version of SOCKS, and who looks up the name of the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SocksVersion {
    /// SOCKS4: the client looks the name up. IPv4 only; a username, but no password.
    V4,
    /// SOCKS4a: as SOCKS4, but the proxy looks the name up.
    V4a,
    /// SOCKS5 (RFC 1928): the client looks the name up. User and password (RFC 1929).
    V5,
    /// SOCKS5 (RFC 1928): the proxy looks the name up. Known as `socks5h`.
    V5h,
}

/// The host that a SOCKS proxy is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SocksTarget<'a> {
    /// A name, for the versions that look it up at the proxy. The text of an IP address, with or without the brackets
    /// of IPv6, is an address.
    Name(&'a str),
    /// An address.
    Address(IpAddr),
}

/// The handshake of a client with a SOCKS proxy (RFC 1928, RFC 1929; SOCKS4 and SOCKS4a), without I/O.
///
/// [The module](self) shows how to drive it. It holds at most 779 bytes to send, and never asks for more than
/// [`MAX_WANTED`](Self::MAX_WANTED) bytes. Its `Debug` text shows neither username nor password.
#[derive(Clone)]
pub struct SocksHandshake {
    version: SocksVersion,
    step: SocksStep,
    /// What is sent now, and how much of it is sent.
    outgoing: Vec<u8>,
    sent: usize,
    /// What is sent later: username and password if the proxy wants them, and the request.
    credentials: Option<Vec<u8>>,
    request: Vec<u8>,
    reply: Reply,
}

/// The reply that comes next.
#[derive(Debug, Clone, PartialEq, Eq)]
enum SocksStep {
    Method,
    Credentials,
    Request,
    Done,
    Failed(SocksError),
}

impl SocksHandshake {
    /// The largest value of [`wanted`](Self::wanted): the rest of a SOCKS5 reply with a name of 255 bytes.
    pub const MAX_WANTED: usize = 257;

    /// Begins a handshake that asks for a connection to this host and port.
    ///
    /// `credentials` are username and password. SOCKS5 offers them beside "no authentication", and sends them only if
    /// the proxy chooses them. SOCKS4 sends the username at once. It has no password; it is ignored. Without
    /// credentials, SOCKS4 sends an empty username.
    ///
    /// # Errors
    ///
    /// The target or the credentials do not fit into the messages of this version: [`SocksError::UnresolvedName`],
    /// [`InvalidNameLength`](SocksError::InvalidNameLength), [`NameWithNul`](SocksError::NameWithNul),
    /// [`Ipv6Unsupported`](SocksError::Ipv6Unsupported), [`ReservedAddress`](SocksError::ReservedAddress),
    /// [`InvalidUsernameLength`](SocksError::InvalidUsernameLength), [`UsernameWithNul`](SocksError::UsernameWithNul),
    /// [`InvalidPasswordLength`](SocksError::InvalidPasswordLength).
    pub fn new(
        version: SocksVersion,
        target: SocksTarget<'_>,
        port: u16,
        credentials: Option<(&str, &str)>,
    ) -> Result<Self, SocksError> {
        let ClientMessages { methods, credentials, request } =
            ClientMessages::new(version, target, port, credentials)?;
        let (step, outgoing, request) = match methods {
            Some(methods) => (SocksStep::Method, methods, request),
            None => (SocksStep::Request, request, Vec::new()),
        };
        Ok(SocksHandshake { version, step, outgoing, sent: 0, credentials, request, reply: Reply::default() })
    }

    /// Returns the bytes to write now. If empty: read next, or the handshake is done.
    pub fn outgoing(&self) -> &[u8] {
        self.outgoing.get(self.sent..).unwrap_or_default()
    }

    /// Marks the first `n` bytes of [`outgoing`](Self::outgoing) as written.
    pub fn wrote(&mut self, n: usize) {
        self.sent = self.sent.saturating_add(n).min(self.outgoing.len());
    }

    /// Returns how many bytes to read now, at most. It is 0 while there are bytes to write, and after the end.
    ///
    /// The number is exact: a driver that reads no more never reads a byte of the tunnel.
    pub fn wanted(&self) -> usize {
        match self.step {
            SocksStep::Done | SocksStep::Failed(_) => 0,
            SocksStep::Method | SocksStep::Credentials | SocksStep::Request
                if !self.outgoing().is_empty() =>
            {
                0
            }
            SocksStep::Method | SocksStep::Credentials => self.reply.missing(2),
            SocksStep::Request => self.reply.missing(self.reply.request_length(self.version)),
        }
    }

    /// Consumes bytes from the proxy and returns how many were consumed. Pass at most [`wanted`](Self::wanted) bytes:
    /// the bytes that are not consumed belong to the tunnel.
    ///
    /// # Errors
    ///
    /// The proxy refuses, or does not speak this version of SOCKS. A refusal is an error as soon as the byte that
    /// refuses is received. The handshake cannot continue, and each later call returns the same error.
    pub fn received(&mut self, bytes: &[u8]) -> Result<usize, SocksError> {
        if let SocksStep::Failed(error) = &self.step {
            return Err(error.clone());
        }
        let mut rest = bytes;
        while let Some((piece, behind)) = rest.split_at_checked(self.wanted().min(rest.len()))
            && !piece.is_empty()
        {
            rest = behind;
            self.reply.push(piece);
            self.advance().inspect_err(|error| self.step = SocksStep::Failed(error.clone()))?;
        }
        Ok(bytes.len() - rest.len())
    }

    /// Returns whether the proxy has connected to the target. All later bytes belong to the tunnel.
    pub fn is_done(&self) -> bool {
        self.step == SocksStep::Done
    }

    /// Looks at the reply so far. If it is complete, goes to the next step.
    fn advance(&mut self) -> Result<(), SocksError> {
        match self.step {
            SocksStep::Method => match self.reply.method(self.credentials.is_some())? {
                Verdict::Incomplete => {}
                Verdict::SendCredentials => {
                    let credentials = self.credentials.take().unwrap_or_default();
                    self.send(SocksStep::Credentials, credentials);
                }
                Verdict::Accepted => self.send_request(),
            },
            SocksStep::Credentials => match self.reply.credentials()? {
                Verdict::Incomplete => {}
                Verdict::SendCredentials | Verdict::Accepted => self.send_request(),
            },
            SocksStep::Request => match self.reply.request(self.version)? {
                Verdict::Incomplete => {}
                Verdict::SendCredentials | Verdict::Accepted => self.send(SocksStep::Done, Vec::new()),
            },
            SocksStep::Done | SocksStep::Failed(_) => {}
        }
        Ok(())
    }

    fn send_request(&mut self) {
        self.credentials = None;
        let request = mem::take(&mut self.request);
        self.send(SocksStep::Request, request);
    }

    /// Sends this message; its reply is read in this step.
    fn send(&mut self, step: SocksStep, message: Vec<u8>) {
        self.step = step;
        self.outgoing = message;
        self.sent = 0;
        self.reply = Reply::default();
    }
}

/// `<SocksHandshake V5h, Method>`: without the messages, which hold username and password.
impl fmt::Debug for SocksHandshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<SocksHandshake {:?}, {:?}>", self.version, self.step)
    }
}

#[cfg(test)]
mod tests;
