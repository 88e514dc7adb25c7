//! Opens a connection: the network first, then TLS where the scheme asks for it.

use std::time::Instant;

use httpx_core::{Error, RequestSent, Result};

use super::alarm::Alarm;
use super::backend::NetworkBackend;
use super::link::Link;
use super::stream::NetworkStream;
use crate::call::Call;
use crate::endpoint::{Endpoint, Scheme};
use crate::pool_config::PoolConfig;
use crate::{exchange, failure};

/// A new connection for this call, within its timeouts.
pub(super) async fn dial(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    endpoint: &Endpoint,
    call: &Call<'_>,
) -> Result<Box<Link>> {
    let alarm = Alarm::here()?;
    let limit = call.timeouts.connect;
    let by = call.by(limit);
    let blame = |error: Error| match error.is_timeout() && call.is_over() {
        true => exchange::total(call.timeouts.total).with_request_sent(RequestSent::Nothing),
        false => error,
    };
    let stream =
        backend.connect(endpoint, by).await.map_err(|error| blame(failure::connect(error, limit)))?;
    let stream = match endpoint.scheme() {
        Scheme::Http => stream,
        Scheme::Https => secure(config, stream, endpoint, call, by).await.map_err(blame)?,
    };
    Ok(Link::new(stream, alarm, config))
}

#[cfg(feature = "tls")]
async fn secure(
    config: &PoolConfig,
    stream: Box<dyn NetworkStream>,
    endpoint: &Endpoint,
    call: &Call<'_>,
    by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    use crate::tls::HandshakeError;

    let shaking = super::tls::TlsStream::handshake(stream, &config.tls, endpoint.host());
    let late = || Err(HandshakeError::TimedOut { host: endpoint.host().into() });
    match super::backend::within(by, shaking).await.unwrap_or_else(late) {
        Ok(stream) => Ok(Box::new(stream)),
        Err(error) => Err(failure::handshake(error, call.timeouts.connect)),
    }
}

#[cfg(not(feature = "tls"))]
async fn secure(
    _config: &PoolConfig,
    _stream: Box<dyn NetworkStream>,
    _target: &Endpoint,
    _call: &Call<'_>,
    _by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>> {
    Err(failure::no_tls())
}
