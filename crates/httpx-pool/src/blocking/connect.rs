//! [`connect_to_any`]: races the addresses of a host, on one thread; the first connection wins.

use std::net::SocketAddr;
use std::time::Instant;

use super::deadline::Deadline;
use super::tcp::TcpStream;
use crate::connect_error::ConnectError;
use crate::happy_eyeballs::{AttemptStep, HappyEyeballs};
use crate::socket_options::SocketOptions;
use crate::sys;

/// Makes the attempts. Returns the first connection, and its address if that is worth remembering.
pub(super) fn connect_to_any(
    mut attempts: HappyEyeballs<'_>,
    options: &SocketOptions,
) -> Result<(TcpStream, Option<SocketAddr>), ConnectError> {
    let mut pending = Vec::new();
    loop {
        match attempts.step(Instant::now()) {
            AttemptStep::Start(attempt, until) => match sys::start_connect(attempt.address, options, until) {
                Ok(socket) => pending.push((attempt, socket)),
                Err(error) => attempts.failed(attempt, error),
            },
            AttemptStep::Stop(stopped) => pending.retain(|(attempt, _)| *attempt != stopped),
            AttemptStep::Wait(until) => {
                let ended = sys::wait_for_connects(&mut pending, Deadline::at(until).remaining())?;
                match ended {
                    None => {}
                    Some((attempt, Err(error))) => attempts.failed(attempt, error),
                    Some((attempt, Ok(socket))) => {
                        return Ok((TcpStream::fresh(socket, attempt.address), attempts.succeeded(attempt)));
                    }
                }
            }
            AttemptStep::Fail(error) => return Err(error),
        }
    }
}
