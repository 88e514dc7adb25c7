//! Connecting to Unix sockets.
//!
//! A connected Unix socket takes the same calls as one of TCP, so it is returned as one. Only addresses and Nagle's
//! algorithm exist for TCP alone.

use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use std::time::Instant;

use socket2::{Domain, SockAddr, Socket, Type};

/// Connects to the socket with this path. Waits at most until the given instant while the backlog of the server is
/// full.
pub(crate) fn connect_unix(path: &Path, until: Option<Instant>) -> io::Result<TcpStream> {
    let (socket, address) = open(path)?;
    loop {
        if let Some(until) = until {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            socket.set_write_timeout(Some(left))?;
        }
        match socket.connect(&address) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(diagnose(path, error)),
            Ok(()) => break,
        }
    }
    if until.is_some() {
        socket.set_write_timeout(None)?;
    }
    Ok(socket.into())
}

/// Connects to the socket with this path. Fails with `WouldBlock` if the backlog of the server is full. The socket does
/// not block.
pub(crate) fn connect_unix_now(path: &Path) -> io::Result<TcpStream> {
    let (socket, address) = open(path)?;
    socket.set_nonblocking(true)?;
    socket.connect(&address).map_err(|error| diagnose(path, error))?;
    Ok(socket.into())
}

fn open(path: &Path) -> io::Result<(Socket, SockAddr)> {
    let invalid = |message| io::Error::new(ErrorKind::InvalidInput, message);
    let name = path.as_os_str().as_bytes();
    // An abstract name of Linux begins with NUL.
    let is_abstract =
        cfg!(any(target_os = "linux", target_os = "android")) && name.len() > 1 && name.starts_with(b"\0");
    if name.is_empty() {
        return Err(invalid("the path is empty"));
    }
    if !is_abstract && name.contains(&0) {
        return Err(invalid("the path has a NUL byte"));
    }
    let address = SockAddr::unix(path).map_err(|_| {
        invalid(
            "the path is too long for a socket: most systems allow about 100 bytes; use a shorter link to it",
        )
    })?;
    Ok((Socket::new(Domain::UNIX, Type::STREAM, None)?, address))
}

/// Distinguishes a path without a socket from a socket without a server: the system may report the same error for both.
fn diagnose(path: &Path, error: io::Error) -> io::Error {
    let message = match std::fs::metadata(path).map(|found| found.file_type()) {
        Ok(found) if found.is_dir() => "it is a directory and no socket",
        Ok(found) if !found.is_socket() => "it is a file and no socket",
        _ => return error,
    };
    io::Error::new(ErrorKind::InvalidInput, message)
}
