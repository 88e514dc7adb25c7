//! Sockets of loopback that are in a certain state.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
#[cfg(target_os = "linux")]
use std::time::Duration;

use rustix::fd::OwnedFd;
use rustix::net::{AddressFamily, SocketType, bind, getsockname, socket};

/// Returns the two ends of a connection.
pub fn sockets() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

/// A port of a loopback address that refuses connections: it is bound, so that no server of another test gets it, and
/// not listened to.
#[derive(Debug)]
pub struct ClosedPort {
    port: u16,
    #[allow(dead_code, reason = "its drop frees the port")]
    sockets: Vec<OwnedFd>,
}

impl ClosedPort {
    /// Binds this address.
    ///
    /// # Errors
    ///
    /// If it is in use.
    pub fn at(addr: SocketAddr) -> io::Result<Self> {
        let socket = bound(addr)?;
        let port = SocketAddr::try_from(getsockname(&socket)?)?.port();
        Ok(ClosedPort { port, sockets: vec![socket] })
    }

    /// Returns its number.
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// Its number.
impl fmt::Display for ClosedPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.port.fmt(f)
    }
}

/// Returns a port that refuses connections on `127.0.0.1` and, if this system has IPv6, on `::1`.
pub fn closed_port() -> ClosedPort {
    let has_ipv6 = bound((Ipv6Addr::LOCALHOST, 0).into()).is_ok();
    let closed = || {
        let mut closed = ClosedPort::at((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        if has_ipv6 {
            closed.sockets.push(bound((Ipv6Addr::LOCALHOST, closed.port).into()).ok()?);
        }
        Some(closed)
    };
    // A server of another test may have the port on one of the addresses.
    std::iter::repeat_with(closed).take(100).flatten().next().unwrap()
}

fn bound(addr: SocketAddr) -> io::Result<OwnedFd> {
    let family = if addr.is_ipv4() { AddressFamily::INET } else { AddressFamily::INET6 };
    let socket = socket(family, SocketType::STREAM, None)?;
    bind(&socket, &addr)?;
    Ok(socket)
}

/// A peer that answers no SYN, because its queue is full and nothing accepts. Other systems than Linux treat a full
/// queue differently.
#[cfg(target_os = "linux")]
#[derive(Debug)]
pub struct Silent {
    listener: TcpListener,
    /// The connections that fill the queue.
    _queued: Vec<TcpStream>,
}

#[cfg(target_os = "linux")]
impl Silent {
    /// Listens, and fills the queue.
    pub fn listen() -> Self {
        let socket = bound((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        rustix::net::listen(&socket, 0).unwrap();
        let listener = TcpListener::from(socket);
        let addr = listener.local_addr().unwrap();
        let connect = || TcpStream::connect_timeout(&addr, Duration::from_millis(100));
        // A full queue leaves a connection attempt unanswered.
        let queued: Vec<_> = std::iter::from_fn(|| connect().ok()).take(10).collect();
        assert!(queued.len() < 10, "the queue is never full");
        Silent { listener, _queued: queued }
    }

    /// Returns its address.
    pub fn addr(&self) -> SocketAddr {
        self.listener.local_addr().unwrap()
    }
}
