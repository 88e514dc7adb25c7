//! Opens a connection within the connect timeout: the network, then the proxy if there is one, then TLS for `https`.

use std::future::poll_fn;
use std::io;
#[cfg(feature = "tls")]
use std::time::Instant;

use httpx_core::Result;

use super::backend::NetworkBackend;
use super::http1::Http1Connection;
use super::stream::NetworkStream;
use super::timer::{Timer, within};
#[cfg(feature = "tls")]
use super::tls::TlsStream;
use crate::call::Call;
use crate::dialing::{Dialing, Opened};
use crate::pool_config::PoolConfig;
use crate::proxy::{HandshakeStep, ProxyAttempts, ProxyError, ProxyHandshake};
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsConfig};

/// Opens a connection for this call, within its timeouts; once more if the proxy wants a digest.
pub(super) async fn dial(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    call: &Call<'_>,
) -> Result<Opened<Box<Http1Connection>>> {
    let mut attempts = ProxyAttempts::default();
    loop {
        match open(config, backend, call).await {
            Err(error) if call.answers_proxy(&mut attempts, &error) => {}
            opened => return opened,
        }
    }
}

async fn open(
    config: &PoolConfig,
    backend: &dyn NetworkBackend,
    call: &Call<'_>,
) -> Result<Opened<Box<Http1Connection>>> {
    let timer = Timer::on_current_runtime()?;
    let mut dialing = Dialing::start(call)?;
    if let Some(name) = dialing.name_to_resolve() {
        let found = backend.resolve(&name).await;
        dialing.resolved(found)?;
    }
    let connected = backend.connect(&dialing.destination()).await;
    let stream = connected.map_err(|error| dialing.connect_failed(error))?;
    dialing.connected(stream.local_addr(), stream.peer_addr())?;
    #[cfg(feature = "tls")]
    let stream = match dialing.tls_with_proxy() {
        Some((tls, proxy)) => {
            let secured = secure(stream, &tls, &proxy, dialing.by).await;
            let stream = secured.map_err(|error| dialing.proxy_tls_failed(error))?;
            dialing.proxy_tls_done(&stream.details())?;
            Box::new(stream)
        }
        None => stream,
    };
    let stream = match dialing.proxy_handshake()? {
        Some((proxy, handshake)) => {
            let late = || Err(io::Error::from(io::ErrorKind::TimedOut).into());
            let stream = within(dialing.by, open_tunnel(handshake, stream)).await.unwrap_or_else(late);
            let stream = stream.map_err(|error| dialing.tunnel_failed(proxy, error))?;
            dialing.tunnel_opened();
            stream
        }
        None => stream,
    };
    #[cfg(feature = "tls")]
    let stream = match dialing.tls() {
        Some((tls, host)) => {
            let secured = secure(stream, &tls, &host, dialing.by).await;
            let stream = secured.map_err(|error| dialing.handshake_failed(error))?;
            dialing.tls_done(stream.details())?;
            Box::new(stream)
        }
        None => stream,
    };
    Ok(Http1Connection::new(dialing.finish(stream), timer, config))
}

#[cfg(feature = "tls")]
async fn secure(
    stream: Box<dyn NetworkStream>,
    tls: &TlsConfig,
    host: &str,
    by: Option<Instant>,
) -> Result<TlsStream<Box<dyn NetworkStream>>, HandshakeError> {
    let late = || Err(HandshakeError::TimedOut { host: host.into() });
    within(by, TlsStream::handshake(stream, tls, host)).await.unwrap_or_else(late)
}

/// Asks a proxy for a tunnel.
async fn open_tunnel(
    mut handshake: ProxyHandshake,
    mut stream: Box<dyn NetworkStream>,
) -> Result<Box<dyn NetworkStream>, ProxyError> {
    loop {
        match handshake.step() {
            HandshakeStep::Write => {
                let n = poll_fn(|cx| stream.poll_write(cx, handshake.outgoing())).await?;
                handshake.wrote(n)?;
            }
            HandshakeStep::Read => {
                let n = poll_fn(|cx| stream.poll_read(cx, handshake.spare())).await?;
                handshake.received(n)?;
            }
            HandshakeStep::Done => return Ok(stream),
        }
    }
}
