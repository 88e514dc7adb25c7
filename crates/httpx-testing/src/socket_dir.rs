//! A directory for Unix sockets, and a forwarder from one to a server of TCP.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A directory for the sockets of one test. Its drop removes it.
#[derive(Debug)]
pub struct SocketDir(PathBuf);

impl SocketDir {
    /// Makes an empty directory. Its path is short, because paths of sockets have to be.
    pub fn new() -> Self {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("httpx-{}-{number}", process::id()));
        fs::create_dir(&path).unwrap();
        SocketDir(path)
    }

    /// Returns the path of a name in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
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

impl Default for SocketDir {
    fn default() -> Self {
        SocketDir::new()
    }
}

impl AsRef<Path> for SocketDir {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for SocketDir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
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
