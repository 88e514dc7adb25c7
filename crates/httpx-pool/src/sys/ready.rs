//! Waiting for a socket: `poll` on Unix, `WSAPoll` on Windows.

use std::io;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fd::AsFd;

use crate::stream::{Interest, Readiness};

/// The longest time that every system's call takes: some count milliseconds in 32 bits. A longer wait has no end.
const LONGEST: Duration = Duration::from_secs(24 * 24 * 3600);

pub(crate) fn poll(
    socket: &impl AsFd,
    interest: Interest,
    timeout: Option<Duration>,
) -> io::Result<Readiness> {
    let mut wanted = PollFlags::empty();
    wanted.set(PollFlags::IN, interest.wants_read());
    wanted.set(PollFlags::OUT, interest.wants_write());
    let timeout = timeout.filter(|&timeout| timeout < LONGEST);
    let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
    let mut sockets = [PollFd::new(socket, wanted)];
    rustix::event::poll(&mut sockets, timeout.as_ref())?;
    let [found] = &sockets;
    let found = found.revents();
    let broken = found.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL);
    // On Windows, IN is a mask of two bits of which one is set.
    Ok(Readiness {
        readable: interest.wants_read() && (broken || found.intersects(PollFlags::IN)),
        writable: interest.wants_write() && (broken || found.intersects(PollFlags::OUT)),
    })
}
