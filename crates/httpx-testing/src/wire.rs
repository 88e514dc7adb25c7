//! [`Wire`]: a server's end of a connection, over TCP or TLS.

use std::fmt::Debug;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;

use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A server's end of a connection: a socket, or TLS over a socket.
pub trait Wire: Read + Write + Send + Debug {
    /// Ends the sending direction: by FIN, under TLS by close_notify.
    fn finish(&mut self);
    /// The socket below.
    fn socket(&self) -> &TcpStream;
}

impl Wire for TcpStream {
    fn finish(&mut self) {
        let _ = self.shutdown(Shutdown::Write);
    }

    fn socket(&self) -> &TcpStream {
        self
    }
}

impl Wire for StreamOwned<ServerConnection, TcpStream> {
    fn finish(&mut self) {
        self.conn.send_close_notify();
        let _ = self.flush();
    }

    fn socket(&self) -> &TcpStream {
        &self.sock
    }
}

/// Accepts a connection; none when the listener has failed.
pub(crate) fn accept(listener: &TcpListener, tls: Option<&Arc<ServerConfig>>) -> Option<Box<dyn Wire>> {
    let (socket, _) = listener.accept().ok()?;
    // Each write of a script arrives before the next one is made.
    socket.set_nodelay(true).unwrap();
    let Some(config) = tls else { return Some(Box::new(socket)) };
    let session = ServerConnection::new(Arc::clone(config)).unwrap();
    Some(Box::new(StreamOwned::new(session, socket)))
}

/// `https` where there is TLS.
pub(crate) fn scheme(tls: Option<&Arc<ServerConfig>>) -> &'static str {
    if tls.is_some() { "https" } else { "http" }
}
