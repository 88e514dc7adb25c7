//! Waiting for a socket: `poll` on Unix, `WSAPoll` on Windows.

use std::io;
use std::net::TcpStream;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fd::AsFd;
use rustix::io::Errno;

use crate::stream::{Interest, Readiness};

/// The longest time that every system's call takes: some count milliseconds in 32 bits. A longer wait has no end.
const LONGEST: Duration = Duration::from_secs(24 * 24 * 3600);

const BROKEN: PollFlags = PollFlags::HUP.union(PollFlags::ERR).union(PollFlags::NVAL);

pub(crate) fn poll(
    socket: &impl AsFd,
    interest: Interest,
    timeout: Option<Duration>,
) -> io::Result<Readiness> {
    let mut wanted = PollFlags::empty();
    wanted.set(PollFlags::IN, interest.wants_read());
    wanted.set(PollFlags::OUT, interest.wants_write());
    let mut sockets = [PollFd::new(socket, wanted)];
    rustix::event::poll(&mut sockets, timespec(timeout).as_ref())?;
    let [found] = &sockets;
    let found = found.revents();
    let broken = found.intersects(BROKEN);
    // On Windows, IN is a mask of two bits of which one is set.
    Ok(Readiness {
        readable: interest.wants_read() && (broken || found.intersects(PollFlags::IN)),
        writable: interest.wants_write() && (broken || found.intersects(PollFlags::OUT)),
    })
}

/// Whether the answer of `poll` suffices to know that a socket has connected. Elsewhere the socket is asked.
const POLL_TELLS_FAILURES: bool = cfg!(any(target_os = "linux", target_os = "android"));

/// Returns whether a socket whose connect is under way has connected already, as on the loopback interface. `false` is
/// also returned where one call does not tell.
#[cfg(feature = "async")]
pub(crate) fn is_connected(socket: &impl AsFd) -> bool {
    let mut sockets = [PollFd::new(socket, PollFlags::OUT)];
    let polled = rustix::event::poll(&mut sockets, Some(&Timespec::default()));
    let [found] = &sockets;
    POLL_TELLS_FAILURES && polled.is_ok() && found.revents() == PollFlags::OUT
}

/// The longest wait for connects. `WSAPoll` did not report failed connects before version 2004 of Windows 10, so there
/// the sockets are checked at intervals.
const LONGEST_CONNECT: Duration = if cfg!(windows) { Duration::from_millis(100) } else { LONGEST };

/// Waits until one of the sockets has connected or failed, and removes it: a socket that blocks, or an error. Returns
/// `None` when the time is up, and sometimes earlier.
pub(crate) fn wait_for_connects<T>(
    pending: &mut Vec<(T, TcpStream)>,
    timeout: Option<Duration>,
) -> io::Result<Option<(T, io::Result<TcpStream>)>> {
    let timeout = timeout.map_or(LONGEST_CONNECT, |timeout| timeout.min(LONGEST_CONNECT));
    let mut polled: Vec<_> = pending.iter().map(|(_, socket)| PollFd::new(socket, PollFlags::OUT)).collect();
    match rustix::event::poll(&mut polled, timespec(Some(timeout)).as_ref()) {
        Err(Errno::INTR) => return Ok(None),
        polled => polled?,
    };
    let found = polled.iter().map(PollFd::revents).enumerate().find(|(_, found)| !found.is_empty());
    drop(polled);
    match found {
        Some((place, found)) if place < pending.len() => {
            let (whose, socket) = pending.swap_remove(place);
            let is_connected = POLL_TELLS_FAILURES && !found.intersects(BROKEN);
            let error = if is_connected { None } else { socket.take_error()? };
            Ok(Some((whose, error.map_or_else(|| socket.set_nonblocking(false).map(|()| socket), Err))))
        }
        _ if cfg!(windows) => Ok(failed_unnoticed(pending)),
        _ => Ok(None),
    }
}

/// Removes a socket that has failed.
fn failed_unnoticed<T>(pending: &mut Vec<(T, TcpStream)>) -> Option<(T, io::Result<TcpStream>)> {
    let errors = pending.iter().map(|(_, socket)| socket.take_error().ok().flatten());
    let (place, error) = errors.enumerate().find_map(|(place, error)| Some((place, error?)))?;
    Some((pending.swap_remove(place).0, Err(error)))
}

fn timespec(timeout: Option<Duration>) -> Option<Timespec> {
    let timeout = timeout.filter(|&timeout| timeout < LONGEST);
    timeout.and_then(|timeout| Timespec::try_from(timeout).ok())
}

#[cfg(all(test, target_os = "linux", feature = "async"))]
mod tests;
