//! Opens a connection within the connect timeout: the network, then the proxy if there is one, then TLS for `https`.

use std::time::Instant;

use httpx_core::Result;

use super::backend::NetworkBackend;
use super::deadline::Deadline;
use super::http1::Http1Connection;
use super::stream::NetworkStream;
#[cfg(feature = "tls")]
use super::tls::TlsStream;
use crate::call::Call;
use crate::dialing::{Dialing, Opened};
use crate::pool_config::PoolConfig;
use crate::proxy::{HandshakeStep, ProxyAttempts, ProxyError, ProxyHandshake};

/// Opens a connection for this call, within its timeouts; once more if the proxy wants a digest.
pub(super) fn dial(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    call: &Call<'_>,
) -> Result<Opened<Box<Http1Connection>>> {
    let mut attempts = ProxyAttempts::default();
    loop {
        match open(config, backend, call) {
            Err(error) if call.answers_proxy(&mut attempts, &error) => {}
            opened => return opened,
        }
    }
}

fn open(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    call: &Call<'_>,
) -> Result<Opened<Box<Http1Connection>>> {
    let mut dialing = Dialing::start(call)?;
    if let Some(name) = dialing.name_to_resolve() {
        let found = backend.resolve(&name);
        dialing.resolved(found)?;
    }
    let connected = backend.connect(&dialing.destination());
    let stream = connected.map_err(|error| dialing.connect_failed(error))?;
    dialing.connected(stream.local_addr(), stream.peer_addr())?;
    #[cfg(feature = "tls")]
    let stream = match dialing.tls_with_proxy() {
        Some((tls, proxy)) => {
            let secured = TlsStream::handshake(stream, &tls, &proxy, dialing.by);
            let stream = secured.map_err(|error| dialing.proxy_tls_failed(error))?;
            dialing.proxy_tls_done(&stream.details())?;
            Box::new(stream)
        }
        None => stream,
    };
    let stream = match dialing.proxy_handshake()? {
        Some((proxy, handshake)) => {
            let stream = open_tunnel(handshake, stream, dialing.by);
            let stream = stream.map_err(|error| dialing.tunnel_failed(proxy, error))?;
            dialing.tunnel_opened();
            stream
        }
        None => stream,
    };
    #[cfg(feature = "tls")]
    let stream = match dialing.tls() {
        Some((tls, host)) => {
            let secured = TlsStream::handshake(stream, &tls, &host, dialing.by);
            let stream = secured.map_err(|error| dialing.handshake_failed(error))?;
            dialing.tls_done(stream.details())?;
            Box::new(stream)
        }
        None => stream,
    };
    Ok(Http1Connection::new(dialing.finish(stream), (), config))
}

/// Asks a proxy for a tunnel.
fn open_tunnel(
    mut handshake: ProxyHandshake,
    mut stream: Box<dyn NetworkStream>,
    by: Option<Instant>,
) -> Result<Box<dyn NetworkStream>, ProxyError> {
    let deadline = Deadline::at(by);
    loop {
        match handshake.step() {
            HandshakeStep::Write => {
                let n = stream.write(handshake.outgoing(), deadline.remaining())?;
                handshake.wrote(n)?;
            }
            HandshakeStep::Read => {
                let n = stream.read(handshake.spare(), deadline.remaining())?;
                handshake.received(n)?;
            }
            HandshakeStep::Done => return Ok(stream),
        }
    }
}
