//! A directory for Unix sockets, and a forwarder from one to a server of TCP.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::thread;

use crate::TempDir;

/// A directory for the sockets of one test. Its drop removes it. The path is short, because paths of sockets have to be.
#[derive(Debug, Default)]
pub struct SocketDir(TempDir);

impl SocketDir {
    /// Makes an empty directory.
    pub fn new() -> Self {
        SocketDir::default()
    }

    /// Returns the path of a name in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.path(name)
    }

    /// Forwards each connection to a socket of this name to a server of TCP. Returns the path of the socket.
    pub fn forward(&self, name: &str, to: SocketAddr) -> PathBuf {
        let path = self.path(name);
        self.forward_from(UnixListener::bind(&path).unwrap(), to);
        path
    }

    /// Forwards each connection of a listener.
    pub fn forward_from(&self, listener: UnixListener, to: SocketAddr) {
        thread::spawn(move || forward(&listener, to));
    }
}

impl AsRef<Path> for SocketDir {
    fn as_ref(&self) -> &Path {
        self.0.as_ref()
    }
}

/// Forwards each connection.
fn forward(listener: &UnixListener, to: SocketAddr) {
    while let Ok((client, _)) = listener.accept() {
        let Ok(server) = TcpStream::connect(to) else { continue };
        let (from_client, from_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || copy(from_client, server, |server| server.shutdown(Shutdown::Write)));
        thread::spawn(move || copy(from_server, client, |client| client.shutdown(Shutdown::Both)));
    }
}

fn copy<W: Write>(mut from: impl Read, mut to: W, end: fn(&W) -> io::Result<()>) {
    let _ = io::copy(&mut from, &mut to);
    let _ = end(&to);
}
