//! Opens a connection: the network first, then TLS where the scheme asks for it.

use httpx_core::Result;

use super::backend::NetworkBackend;
use super::http1::Http1Connection;
use super::stream::NetworkStream;
use crate::call::Call;
use crate::dialing::{Dialing, Opened};
use crate::pool_config::PoolConfig;
#[cfg(feature = "tls")]
use crate::tls::TlsConfig;

/// Opens a connection for this call, within its timeouts.
pub(super) fn dial(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    call: &Call<'_>,
) -> Result<Opened<Box<Http1Connection>>> {
    let mut dialing = Dialing::start(call)?;
    let connected = backend.connect(&dialing.destination());
    let stream = connected.map_err(|error| dialing.connect_failed(error))?;
    dialing.connected(stream.local_addr(), stream.peer_addr())?;
    #[cfg(feature = "tls")]
    let stream = match dialing.tls() {
        Some(tls) => secure(&tls, stream, &mut dialing)?,
        None => stream,
    };
    Ok(Http1Connection::new(dialing.finish(stream), (), config))
}

#[cfg(feature = "tls")]
fn secure(
    tls: &TlsConfig,
    stream: Box<dyn NetworkStream>,
    dialing: &mut Dialing<'_>,
) -> Result<Box<dyn NetworkStream>> {
    let shaken = super::tls::TlsStream::handshake(stream, tls, dialing.endpoint.host(), dialing.by);
    let stream = shaken.map_err(|error| dialing.handshake_failed(error))?;
    dialing.secured(stream.details())?;
    Ok(Box::new(stream))
}
