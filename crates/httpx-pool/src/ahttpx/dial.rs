//! Opens a connection: the network first, then TLS where the scheme asks for it.

use std::time::Instant;

use httpx_core::Result;

use super::backend::NetworkBackend;
use super::http1::Http1Connection;
use super::stream::NetworkStream;
use super::timer::Timer;
use crate::call::Call;
use crate::endpoint::{Endpoint, Scheme};
use crate::into_error;
use crate::pool_config::PoolConfig;

/// A new connection for this call, within its timeouts.
pub(super) async fn dial(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    endpoint: &Endpoint,
    call: &Call<'_>,
) -> Result<Box<Http1Connection>> {
    let timer = Timer::on_current_runtime()?;
    let limit = call.timeouts.connect;
    let by = call.by(limit);
    let blame = |error| call.or_total_timeout(error);
    let stream =
        backend.connect(endpoint, by).await.map_err(|error| blame(into_error::connect(error, limit)))?;
    let stream = match endpoint.scheme() {
        Scheme::Http => stream,
        Scheme::Https => secure(config, stream, endpoint, call, by).await.map_err(blame)?,
    };
    Ok(Http1Connection::new(stream, timer, config))
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
        Err(error) => Err(into_error::handshake(error, call.timeouts.connect)),
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
    Err(into_error::no_tls())
}
