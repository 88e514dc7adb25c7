//! [`ProxyHandshake`]: what is written to a proxy and read from it until the tunnel is open, without I/O.

use std::io;
use std::net::IpAddr;

use super::ProxyError;
use super::connect_handshake::ConnectHandshake;
use super::server::{ProxyProtocol, ProxyServer};
use crate::endpoint::Endpoint;
use crate::socks::{SocksError, SocksHandshake, SocksTarget};

/// The handshake with a proxy that opens a tunnel.
#[derive(Debug)]
pub(crate) enum ProxyHandshake {
    Connect(Box<ConnectHandshake>),
    Socks { handshake: SocksHandshake, buffer: Box<[u8; SocksHandshake::MAX_WANTED]> },
}

/// What a driver does next for a [`ProxyHandshake`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HandshakeStep {
    /// Write from [`outgoing`](ProxyHandshake::outgoing), and report to [`wrote`](ProxyHandshake::wrote).
    Write,
    /// Read into [`spare`](ProxyHandshake::spare), and report to [`received`](ProxyHandshake::received).
    Read,
    /// The tunnel is open.
    Done,
}

impl ProxyHandshake {
    /// Begins the handshake for a tunnel to this origin. `address` is that of the origin, if this client knows it.
    pub(crate) fn new(
        proxy: &ProxyServer,
        origin: &Endpoint,
        address: Option<IpAddr>,
    ) -> Result<Self, ProxyError> {
        match proxy.protocol() {
            ProxyProtocol::Http(_) => {
                ConnectHandshake::new(proxy, origin).map(Box::new).map(ProxyHandshake::Connect)
            }
            ProxyProtocol::Socks(version) => {
                let target = match address.or_else(|| origin.host().parse().ok()) {
                    Some(address) => SocksTarget::Address(address),
                    None => SocksTarget::Name(origin.host()),
                };
                let handshake = SocksHandshake::new(version, target, origin.port(), proxy.credentials())?;
                Ok(ProxyHandshake::Socks { handshake, buffer: Box::new([0; SocksHandshake::MAX_WANTED]) })
            }
        }
    }

    pub(crate) fn step(&self) -> HandshakeStep {
        let is_done = match self {
            ProxyHandshake::Connect(handshake) => handshake.is_done(),
            ProxyHandshake::Socks { handshake, .. } => handshake.is_done(),
        };
        match is_done {
            _ if !self.outgoing().is_empty() => HandshakeStep::Write,
            true => HandshakeStep::Done,
            false => HandshakeStep::Read,
        }
    }

    /// Returns the bytes that are to be written now.
    pub(crate) fn outgoing(&self) -> &[u8] {
        match self {
            ProxyHandshake::Connect(handshake) => handshake.outgoing(),
            ProxyHandshake::Socks { handshake, .. } => handshake.outgoing(),
        }
    }

    /// Marks `n` bytes as written.
    ///
    /// # Errors
    ///
    /// If `n` is 0, because a stream must wait until it can write.
    pub(crate) fn wrote(&mut self, n: usize) -> Result<(), ProxyError> {
        if n == 0 {
            return Err(ProxyError::Io(io::ErrorKind::WriteZero.into()));
        }
        match self {
            ProxyHandshake::Connect(handshake) => handshake.wrote(n),
            ProxyHandshake::Socks { handshake, .. } => handshake.wrote(n),
        }
        Ok(())
    }

    /// Returns the room to read into: over SOCKS exactly as much as belongs to the handshake.
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        match self {
            ProxyHandshake::Connect(handshake) => handshake.spare(),
            ProxyHandshake::Socks { handshake, buffer } => {
                let n = handshake.wanted().min(buffer.len());
                buffer.get_mut(..n).unwrap_or_default()
            }
        }
    }

    /// Takes over the first `n` bytes of [`spare`](Self::spare); 0 is the end of the stream.
    ///
    /// # Errors
    ///
    /// If the proxy refuses, or does not speak its protocol.
    pub(crate) fn received(&mut self, n: usize) -> Result<(), ProxyError> {
        match self {
            ProxyHandshake::Connect(handshake) => handshake.received(n),
            ProxyHandshake::Socks { .. } if n == 0 => Err(SocksError::Closed.into()),
            ProxyHandshake::Socks { handshake, buffer } => {
                handshake.received(buffer.get(..n).unwrap_or(&buffer[..]))?;
                Ok(())
            }
        }
    }
}
