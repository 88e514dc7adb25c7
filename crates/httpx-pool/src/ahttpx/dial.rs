//! Opens a connection: the network first, then TLS where the scheme asks for it.

use httpx_core::Result;

use super::backend::NetworkBackend;
use super::http1::Http1Connection;
use super::stream::NetworkStream;
use super::timer::Timer;
use crate::call::Call;
use crate::dialing::{Dialing, Opened};
use crate::pool_config::PoolConfig;
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsConfig};

/// Opens a connection for this call, within its timeouts.
pub(super) async fn dial(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    call: &Call<'_>,
) -> Result<Opened<Box<Http1Connection>>> {
    let timer = Timer::on_current_runtime()?;
    let mut dialing = Dialing::start(call)?;
    let connected = backend.connect(&dialing.destination()).await;
    let stream = connected.map_err(|error| dialing.connect_failed(error))?;
    dialing.connected(stream.local_addr(), stream.peer_addr())?;
    #[cfg(feature = "tls")]
    let stream = match dialing.tls() {
        Some(tls) => secure(&tls, stream, &mut dialing).await?,
        None => stream,
    };
    Ok(Http1Connection::new(dialing.finish(stream), timer, config))
}

#[cfg(feature = "tls")]
async fn secure(
    tls: &TlsConfig,
    stream: Box<dyn NetworkStream>,
    dialing: &mut Dialing<'_>,
) -> Result<Box<dyn NetworkStream>> {
    let host = dialing.endpoint.host();
    let handshake = super::tls::TlsStream::handshake(stream, tls, host);
    let late = || Err(HandshakeError::TimedOut { host: host.into() });
    let shaken = super::timer::within(dialing.by, handshake).await.unwrap_or_else(late);
    let stream = shaken.map_err(|error| dialing.handshake_failed(error))?;
    dialing.secured(stream.details())?;
    Ok(Box::new(stream))
}
