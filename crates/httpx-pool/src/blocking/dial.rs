//! Opens a connection: the network first, then TLS where the scheme asks for it.

use std::time::Instant;

use httpx_core::Result;

use super::backend::NetworkBackend;
use super::http1::Http1Connection;
use super::stream::NetworkStream;
use crate::call::Call;
use crate::endpoint::{Endpoint, Scheme};
use crate::into_error;
use crate::pool_config::PoolConfig;

/// A new connection for this call, within its timeouts.
pub(super) fn dial(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    endpoint: &Endpoint,
    call: &Call<'_>,
) -> Result<Box<Http1Connection>> {
    let limit = call.timeouts.connect;
    let by = call.by(limit);
    let blame = |error| call.or_total_timeout(error);
    let stream = backend.connect(endpoint, by).map_err(|error| blame(into_error::connect(error, limit)))?;
    let stream = match endpoint.scheme() {
        Scheme::Http => stream,
        Scheme::Https => secure(config, stream, endpoint, call, by).map_err(blame)?,
    };
    Ok(Http1Connection::new(stream, config))
}

#[cfg(feature = "tls")]
fn secure(
    config: &PoolConfig,
    stream: Box<dyn NetworkStream>,
    endpoint: &Endpoint,
    call: &Call<'_>,
    by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    match super::tls::TlsStream::handshake(stream, &config.tls, endpoint.host(), by) {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(into_error::handshake(error, call.timeouts.connect)),
    }
}

#[cfg(not(feature = "tls"))]
fn secure(
    _config: &PoolConfig,
    _stream: Box<dyn NetworkStream>,
    _target: &Endpoint,
    _call: &Call<'_>,
    _by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    Err(into_error::no_tls())
}
