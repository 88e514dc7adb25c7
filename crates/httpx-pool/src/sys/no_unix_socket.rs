//! Unix sockets on systems without them.

use std::io;
use std::net::TcpStream;
use std::path::Path;
use std::time::Instant;

pub(crate) fn connect_unix(_: &Path, _: Option<Instant>) -> io::Result<TcpStream> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "Unix sockets are not supported on this system"))
}

pub(crate) fn connect_unix_now(path: &Path) -> io::Result<TcpStream> {
    connect_unix(path, None)
}
