//! [`Dialing`]: a connection that is being opened, for both flavours. [`Opened`]: the result.

use std::net::SocketAddr;
use std::time::Instant;

use httpx_core::{Error, Result};

use crate::call::Call;
use crate::connect_error::ConnectError;
use crate::connection_info::ConnectionDetails;
use crate::destination::Destination;
use crate::endpoint::{Endpoint, Scheme};
use crate::into_error;
#[cfg(feature = "tls")]
use crate::tls::{HandshakeError, TlsConfig, TlsDetails};

/// An open stream, or the connection made of it, and what opening it revealed.
#[derive(Debug)]
pub(crate) struct Opened<S> {
    pub(crate) stream: S,
    pub(crate) details: ConnectionDetails,
}

/// A connection that is being opened for a call: its endpoint, its deadline, and the details so far.
#[derive(Debug)]
pub(crate) struct Dialing<'a> {
    call: &'a Call<'a>,
    pub(crate) endpoint: Endpoint,
    pub(crate) by: Option<Instant>,
    began: Instant,
    details: ConnectionDetails,
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
        Ok(Dialing {
            call,
            endpoint,
            by: call.by(call.timeouts.connect),
            began: Instant::now(),
            details: ConnectionDetails::default(),
        })
    }

    /// Returns the task of the backend.
    pub(crate) fn destination(&self) -> Destination<'_> {
        Destination::new(&self.endpoint)
            .with_deadline(self.by)
            .with_options(&self.call.options)
            .with_extensions(self.call.head.extensions())
    }

    /// Returns how TLS is spoken; `None` for a connection without TLS.
    #[cfg(feature = "tls")]
    pub(crate) fn tls(&self) -> Option<TlsConfig> {
        (self.endpoint.scheme() == Scheme::Https).then(|| self.call.options.tls_config())
    }

    /// Notes that there is a connection to this address.
    ///
    /// # Errors
    ///
    /// If the filter refuses it. The backend should have asked, but a backend of the user's own may not.
    pub(crate) fn connected(&mut self, remote_addr: Option<SocketAddr>) -> Result<()> {
        if let Some(address) = remote_addr
            && let to = self.destination()
            && let Err(refused) = to.check_address(address)
        {
            return Err(self.connect_failed(to.refused(address, refused)));
        }
        self.details.remote_addr = remote_addr;
        self.details.connect_time = self.began.elapsed();
        Ok(())
    }

    /// Records the parameters that the TLS handshake negotiated.
    ///
    /// # Errors
    ///
    /// If that is HTTP/2. Only a `ClientConfig` of the user's own can have offered it.
    #[cfg(feature = "tls")]
    pub(crate) fn secured(&mut self, tls: TlsDetails) -> Result<()> {
        if tls.alpn.as_deref() == Some(b"h2") {
            return Err(into_error::http2_agreed(self.endpoint.host()));
        }
        self.details.tls = Some(tls);
        Ok(())
    }

    /// Ends with this stream.
    pub(crate) fn finish<S>(self, stream: S) -> Opened<S> {
        Opened { stream, details: self.details }
    }

    pub(crate) fn connect_failed(&self, error: ConnectError) -> Error {
        self.call.or_total_timeout(into_error::connect(error, self.call.timeouts.connect))
    }

    #[cfg(feature = "tls")]
    pub(crate) fn handshake_failed(&self, error: HandshakeError) -> Error {
        self.call.or_total_timeout(into_error::handshake(error, self.call.timeouts.connect))
    }
}
