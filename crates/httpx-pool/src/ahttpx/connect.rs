//! [`connect_to_any`]: races the addresses of a host, in one task; the first wins. [`connect_unix`]: to a Unix socket.

use std::future::poll_fn;
use std::io::{self, ErrorKind};
use std::net::SocketAddr;
use std::path::Path;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use super::drivers::{connect_unix_now, start_connect};
use super::tcp::TcpStream;
use super::timer::Timer;
use crate::connect_error::ConnectError;
use crate::happy_eyeballs::{AttemptStep, HappyEyeballs};
use crate::socket_options::SocketOptions;
use crate::sys::{self, sockets};

/// Makes the attempts. Returns the first connection, and its address if that is worth remembering.
pub(super) async fn connect_to_any(
    mut attempts: HappyEyeballs<'_>,
    options: &SocketOptions,
) -> Result<(TcpStream, Option<SocketAddr>), ConnectError> {
    let mut timer = Timer::on_current_runtime().map_err(io::Error::from)?;
    let mut pending = Vec::new();
    poll_fn(|cx| {
        loop {
            match attempts.step(Instant::now()) {
                AttemptStep::Start(attempt, _) => match start_connect(attempt.address, options) {
                    // Asking at once saves the loopback interface a wait, and other networks would not know yet.
                    Ok(socket) if attempt.address.ip().is_loopback() && sys::is_connected(&socket) => {
                        let stream = TcpStream::unpolled(socket, attempt.address);
                        return Poll::Ready(Ok((stream, attempts.succeeded(attempt))));
                    }
                    Ok(socket) => pending.push((attempt, socket)),
                    Err(error) => attempts.failed(attempt, error),
                },
                AttemptStep::Stop(stopped) => pending.retain(|(attempt, _)| *attempt != stopped),
                AttemptStep::Wait(until) => match poll_connects(&mut pending, cx) {
                    Poll::Pending => {
                        let _end_of_wait = ready!(timer.poll_by(cx, Poll::<()>::Pending, until));
                    }
                    Poll::Ready((attempt, Err(error))) => attempts.failed(attempt, error),
                    Poll::Ready((attempt, Ok(socket))) => {
                        let stream = TcpStream::fresh(socket, attempt.address);
                        return Poll::Ready(Ok((stream, attempts.succeeded(attempt))));
                    }
                },
                AttemptStep::Fail(error) => return Poll::Ready(Err(error)),
            }
        }
    })
    .await
}

/// The first pause before a Unix socket is tried again, and the longest.
const PAUSES: (Duration, Duration) = (Duration::from_millis(1), Duration::from_millis(100));

/// Connects to a Unix socket. No system reports when the full backlog of a server has room again, so the connect is
/// retried.
pub(super) async fn connect_unix(path: &Path, deadline: Option<Instant>) -> Result<TcpStream, ConnectError> {
    let failed = |error| ConnectError::unix_socket(path, error);
    let mut timer = Timer::on_current_runtime().map_err(io::Error::from)?;
    let (mut pause, longest) = PAUSES;
    loop {
        match connect_unix_now(path) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            connected => return connected.map(TcpStream::over_unix).map_err(failed),
        }
        let now = Instant::now();
        if deadline.is_some_and(|deadline| deadline <= now) {
            return Err(failed(ErrorKind::TimedOut.into()));
        }
        let next = now.checked_add(pause).into_iter().chain(deadline).min();
        poll_fn(|cx| timer.poll_by(cx, Poll::<()>::Pending, next)).await;
        pause = longest.min(pause * 2);
    }
}

/// Removes a socket that has connected or failed.
fn poll_connects<T>(
    pending: &mut Vec<(T, sockets::TcpStream)>,
    cx: &mut Context<'_>,
) -> Poll<(T, io::Result<sockets::TcpStream>)> {
    let ready = |(_, socket): &(T, sockets::TcpStream)| socket.poll_write_ready(cx);
    let mut results = pending.iter().map(ready).enumerate();
    let ended = results.find_map(|(place, result)| match result {
        Poll::Ready(result) => Some((place, result)),
        Poll::Pending => None,
    });
    let Some((place, result)) = ended else { return Poll::Pending };
    let (whose, socket) = pending.swap_remove(place);
    let result = result.and_then(|()| socket.take_error());
    Poll::Ready((whose, result.and_then(|error| error.map_or(Ok(socket), Err))))
}
