//! [`Dialing`]: a connection that is being opened, for both flavours. [`Opened`]: the result.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use httpx_core::{ConnectionDetails, Error, Result};

use crate::call::Call;
use crate::connect_error::ConnectError;
use crate::destination::Destination;
use crate::dial_trace::DialTrace;
use crate::endpoint::{Endpoint, Scheme};
use crate::into_error;
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsConfig, TlsDetails};

/// An open stream, or the connection made of it, and what opening it revealed.
#[derive(Debug)]
pub(crate) struct Opened<S> {
    pub(crate) stream: S,
    pub(crate) details: Arc<ConnectionDetails>,
}

/// A connection that is being opened for a call: its endpoint, its deadline, and the details so far.
#[derive(Debug)]
pub(crate) struct Dialing<'a> {
    call: &'a Call<'a>,
    pub(crate) endpoint: Endpoint,
    pub(crate) by: Option<Instant>,
    began: Instant,
    details: ConnectionDetails,
    trace: DialTrace,
}

impl<'a> Dialing<'a> {
    /// # Errors
    ///
    /// If the call's URL is neither http nor https, or is https and this build has no TLS.
    pub(crate) fn start(call: &'a Call<'a>) -> Result<Self> {
        let endpoint = call.endpoint()?;
        #[cfg(not(feature = "tls"))]
        if endpoint.scheme() == Scheme::Https {
            return Err(into_error::no_tls());
        }
        let trace = DialTrace::start(call.trace.as_ref(), &endpoint);
        let mut details = ConnectionDetails::default();
        details.id = trace.connection;
        Ok(Dialing {
            call,
            endpoint,
            by: call.by(call.timeouts.connect),
            began: Instant::now(),
            details,
            trace,
        })
    }

    /// Returns the destination for the backend.
    pub(crate) fn destination(&self) -> Destination<'_> {
        Destination::new(&self.endpoint)
            .with_deadline(self.by)
            .with_options(&self.call.options)
            .with_extensions(self.call.head.extensions())
            .with_trace(&self.trace)
    }

    /// Notes that the handshake begins, and returns the configuration of TLS; `None` for a connection without TLS.
    #[cfg(feature = "tls")]
    pub(crate) fn tls(&mut self) -> Option<TlsConfig> {
        if self.endpoint.scheme() != Scheme::Https {
            return None;
        }
        self.trace.handshake_started(self.endpoint.host());
        Some(self.call.options.tls_config())
    }

    /// Notes that there is a connection between these addresses.
    ///
    /// # Errors
    ///
    /// If the filter refuses it. The backend should have asked, but a custom backend may not.
    pub(crate) fn connected(
        &mut self,
        local_addr: Option<SocketAddr>,
        remote_addr: Option<SocketAddr>,
    ) -> Result<()> {
        if let Some(address) = remote_addr
            && let to = self.destination()
            && let Err(refused) = to.check_address(address)
        {
            return Err(self.connect_failed(to.refused(address, refused)));
        }
        (self.details.local_addr, self.details.remote_addr) = (local_addr, remote_addr);
        self.details.lookup_time = self.trace.lookup_time();
        let lookup_time = self.details.lookup_time.unwrap_or_default();
        self.details.connect_time = self.began.elapsed().saturating_sub(lookup_time);
        Ok(())
    }

    /// Records the parameters that the TLS handshake negotiated.
    ///
    /// # Errors
    ///
    /// If that is HTTP/2. Only a custom `ClientConfig` can have offered it.
    #[cfg(feature = "tls")]
    pub(crate) fn secured(&mut self, tls: TlsDetails) -> Result<()> {
        self.trace.handshake_ended(Ok(&tls));
        if tls.alpn.as_deref() == Some(b"h2") {
            return Err(into_error::http2_agreed(self.endpoint.host()));
        }
        self.details.tls = Some(tls);
        Ok(())
    }

    /// Ends with this stream.
    pub(crate) fn finish<S>(mut self, stream: S) -> Opened<S> {
        self.trace.opened(&self.details);
        Opened { stream, details: Arc::new(self.details) }
    }

    pub(crate) fn connect_failed(&self, error: ConnectError) -> Error {
        self.call.or_total_timeout(into_error::connect(error, self.call.timeouts.connect))
    }

    #[cfg(feature = "tls")]
    pub(crate) fn handshake_failed(&self, error: HandshakeError) -> Error {
        let error = self.call.or_total_timeout(into_error::handshake(error, self.call.timeouts.connect));
        self.trace.handshake_ended(Err(&error));
        error
    }
}
