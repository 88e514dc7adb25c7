//! Waits of tests, each within [`PATIENCE`].

use std::future::Future;
use std::net::TcpStream;
use std::pin::pin;
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

/// The longest wait for anything that a test expects to happen. It is far longer than needed.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// An event that one thread waits for and another one signals.
#[derive(Clone, Debug, Default)]
pub struct Gate(Arc<(Mutex<bool>, Condvar)>);

impl Gate {
    /// Opens the gate for good.
    pub fn open(&self) {
        *self.0.0.lock().unwrap() = true;
        self.0.1.notify_all();
    }

    /// Returns whether the gate is open.
    pub fn is_open(&self) -> bool {
        *self.0.0.lock().unwrap()
    }

    /// Waits until the gate is open; panics after [`PATIENCE`].
    pub fn wait(&self) {
        let guard = self.0.0.lock().unwrap();
        let (_guard, late) = self.0.1.wait_timeout_while(guard, PATIENCE, |open| !*open).unwrap();
        assert!(!late.timed_out(), "the gate stayed closed");
    }
}

/// Waits until the peer has closed the connection, at most for this long. Returns whether it has.
///
/// This sets the pace of a server that sends bytes slowly while a timeout of the client runs: bytes from the peer do not
/// end the wait, its leaving does. Time really passes, because the client waits by the clock of the system.
pub fn peer_leaves_within(socket: &TcpStream, time: Duration) -> bool {
    #[cfg(target_os = "linux")]
    let leaving = PollFlags::RDHUP;
    #[cfg(not(target_os = "linux"))]
    let leaving = PollFlags::empty(); // an error or a hang-up ends every wait
    let deadline = Instant::now() + time;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = Timespec { tv_sec: left.as_secs() as _, tv_nsec: left.subsec_nanos() as _ };
        match poll(&mut [PollFd::new(socket, leaving)], Some(&left)) {
            Ok(ready) => return ready > 0,
            Err(Errno::INTR) => {}
            Err(error) => panic!("poll: {error}"),
        }
    }
}

/// Lets time pass, for a peer that reads slowly while a timeout of the client runs, and for a backend that uses up its
/// time. Tests wait for everything else by events.
pub fn let_time_pass(time: Duration) {
    thread::sleep(time);
}

/// Runs a future to its end without a runtime; panics after [`PATIENCE`].
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let (mut future, start) = (pin!(future), Instant::now());
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return output;
        }
        assert!(start.elapsed() < PATIENCE, "the future does not end");
        thread::park_timeout(PATIENCE);
    }
}

/// Waits until one of these has bytes or has ended, and returns its place. If both have, it is not the place that was
/// returned last: a socket that always has bytes must not keep the other one waiting.
pub(crate) fn next_readable(sockets: [&TcpStream; 2], last: usize) -> usize {
    loop {
        let mut waited = sockets.map(|socket| PollFd::new(socket, PollFlags::IN));
        match poll(&mut waited, None) {
            Ok(_) => {
                let is_readable = |place: &usize| !waited[*place].revents().is_empty();
                if let Some(place) = [1 - last, last].into_iter().find(is_readable) {
                    return place;
                }
            }
            Err(Errno::INTR) => {}
            Err(error) => panic!("poll: {error}"),
        }
    }
}

/// Calls this until it returns true; panics after [`PATIENCE`].
pub fn until(mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "the condition stayed false");
        thread::yield_now();
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;

    /// Returns both ends of a connection.
    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let one = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (one, listener.accept().unwrap().0)
    }

    #[test]
    fn two_sockets_with_bytes_take_turns() {
        let ((mut one, first), (mut other, second)) = (pair(), pair());
        one.write_all(b"x").unwrap();
        assert_eq!([0, 1].map(|last| next_readable([&first, &second], last)), [0, 0]);
        other.write_all(b"x").unwrap();
        second.peek(&mut [0]).unwrap();
        assert_eq!([0, 1].map(|last| next_readable([&first, &second], last)), [1, 0]);
    }
}
