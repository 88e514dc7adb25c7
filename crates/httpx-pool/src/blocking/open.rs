//! Opens a connection: the network first, then TLS where the scheme asks for it.

use std::time::Instant;

use httpx_core::{Error, Result, Timeouts};

use super::backend::NetworkBackend;
use super::link::Link;
use super::stream::NetworkStream;
use crate::config::Config;
use crate::failure;
use crate::target::{Scheme, Target};

/// A new connection for this request, within its timeouts.
pub(super) fn open(
    config: &Config,
    backend: &dyn NetworkBackend,
    target: &Target,
    timeouts: &Timeouts,
    total: Option<Instant>,
) -> Result<Box<Link>> {
    let own = timeouts.connect.and_then(|limit| Instant::now().checked_add(limit));
    let by = own.into_iter().chain(total).min();
    let blame = |error: Error| match total {
        Some(total) if error.is_timeout() && own.is_none_or(|own| total < own) => {
            crate::exchange::total(timeouts.total)
        }
        _ => error,
    };
    let stream =
        backend.connect(target, by).map_err(|error| blame(failure::connect(error, timeouts.connect)))?;
    let stream = match target.scheme() {
        Scheme::Http => stream,
        Scheme::Https => secure(config, stream, target, timeouts, by).map_err(blame)?,
    };
    Ok(Link::new(stream, config))
}

#[cfg(feature = "tls")]
fn secure(
    config: &Config,
    stream: Box<dyn NetworkStream>,
    target: &Target,
    timeouts: &Timeouts,
    by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    match super::tls::TlsStream::handshake(stream, &config.tls, target.host(), by) {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(failure::handshake(error, timeouts.connect)),
    }
}

#[cfg(not(feature = "tls"))]
fn secure(
    _config: &Config,
    _stream: Box<dyn NetworkStream>,
    _target: &Target,
    _timeouts: &Timeouts,
    _by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    Err(failure::no_tls())
}
