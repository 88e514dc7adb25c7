//! Opens a connection: the network first, then TLS where the scheme asks for it.

use std::time::Instant;

use httpx_core::{Error, RequestSent, Result};

use super::backend::NetworkBackend;
use super::link::Link;
use super::stream::NetworkStream;
use crate::call::Call;
use crate::config::Config;
use crate::target::{Scheme, Target};
use crate::{exchange, failure};

/// A new connection for this call, within its timeouts.
pub(super) fn open(
    config: &Config,
    backend: &dyn NetworkBackend,
    target: &Target,
    call: &Call<'_>,
) -> Result<Box<Link>> {
    let limit = call.timeouts.connect;
    let by = call.by(limit);
    let blame = |error: Error| match error.is_timeout() && call.is_over() {
        true => exchange::total(call.timeouts.total).with_request_sent(RequestSent::No),
        false => error,
    };
    let stream = backend.connect(target, by).map_err(|error| blame(failure::connect(error, limit)))?;
    let stream = match target.scheme() {
        Scheme::Http => stream,
        Scheme::Https => secure(config, stream, target, call, by).map_err(blame)?,
    };
    Ok(Link::new(stream, config))
}

#[cfg(feature = "tls")]
fn secure(
    config: &Config,
    stream: Box<dyn NetworkStream>,
    target: &Target,
    call: &Call<'_>,
    by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    match super::tls::TlsStream::handshake(stream, &config.tls, target.host(), by) {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(failure::handshake(error, call.timeouts.connect)),
    }
}

#[cfg(not(feature = "tls"))]
fn secure(
    _config: &Config,
    _stream: Box<dyn NetworkStream>,
    _target: &Target,
    _call: &Call<'_>,
    _by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    Err(failure::no_tls())
}
