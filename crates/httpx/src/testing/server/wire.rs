//! [`ServerStream`]: a server's end of a connection, over TCP or TLS.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use socket2::SockRef;

use super::ServerIdentity;

/// A server's end of a connection: a socket, or TLS over a socket.
pub(super) trait ServerStream: Read + Write + Send {
    /// Ends the direction of writing cleanly: by FIN, under TLS after a close_notify. Errors mean that the client has left.
    fn end(&mut self);

    /// The socket below.
    fn socket(&self) -> &TcpStream;
}

impl dyn ServerStream + '_ {
    /// Resets the connection, as soon as it is dropped.
    pub(super) fn reset(&self) {
        drop(SockRef::from(self.socket()).set_linger(Some(Duration::ZERO)));
    }
}

impl ServerStream for TcpStream {
    fn end(&mut self) {
        drop(self.shutdown(Shutdown::Write));
    }

    fn socket(&self) -> &TcpStream {
        self
    }
}

/// Prepares an accepted connection; `None` if it is lost already.
#[cfg(not(feature = "tls"))]
pub(super) fn open(socket: TcpStream, _: Option<&ServerIdentity>) -> Option<Box<dyn ServerStream>> {
    socket.set_nodelay(true).ok()?;
    Some(Box::new(socket))
}

#[cfg(feature = "tls")]
pub(super) use tls::open;

#[cfg(feature = "tls")]
mod tls {
    use std::sync::Arc;

    use httpx_pool::rustls::{ServerConnection, StreamOwned};

    use super::{ServerIdentity, ServerStream, Shutdown, TcpStream, Write};

    /// Prepares an accepted connection; `None` if it is lost already. The first read makes the handshake.
    pub(in super::super) fn open(
        socket: TcpStream,
        identity: Option<&ServerIdentity>,
    ) -> Option<Box<dyn ServerStream>> {
        socket.set_nodelay(true).ok()?;
        let Some(identity) = identity else { return Some(Box::new(socket)) };
        let session = ServerConnection::new(Arc::clone(identity.server())).ok()?;
        Some(Box::new(StreamOwned::new(session, socket)))
    }

    impl ServerStream for StreamOwned<ServerConnection, TcpStream> {
        fn end(&mut self) {
            self.conn.send_close_notify();
            drop(self.flush());
            drop(self.sock.shutdown(Shutdown::Write));
        }

        fn socket(&self) -> &TcpStream {
            &self.sock
        }
    }
}
