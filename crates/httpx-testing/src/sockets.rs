//! Sockets of loopback that are in a certain state.

use std::net::{TcpListener, TcpStream};
#[cfg(target_os = "linux")]
use std::{net::SocketAddr, time::Duration};

/// Returns the two ends of a connection.
pub fn sockets() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (client, listener.accept().unwrap().0)
}

/// Returns a port that refuses connections.
pub fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
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
        use rustix::net::{AddressFamily, SocketType, bind, listen, socket};

        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let socket = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        bind(&socket, &any).unwrap();
        listen(&socket, 0).unwrap();
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
