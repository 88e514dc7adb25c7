//! [`ProxyError`]: why a proxy opened no tunnel.

use std::io;

use httpx_core::ResponseHead;
use httpx_proto::{LocalError, RemoteError};

use crate::socks::SocksError;

/// Why a proxy opened no tunnel.
#[derive(Debug)]
pub(crate) enum ProxyError {
    /// It answered CONNECT with another status than 2xx.
    Refused(Box<ResponseHead>),
    /// It answered CONNECT with something else than HTTP.
    NotHttp(RemoteError),
    /// It refused by SOCKS, or does not speak SOCKS.
    Socks(SocksError),
    /// It sent bytes before the tunnel was used. Neither TLS nor HTTP has a server that speaks first.
    SpokeFirst,
    /// The name of the origin cannot be put into CONNECT.
    Target(LocalError),
    /// The connection failed.
    Io(io::Error),
}

impl From<io::Error> for ProxyError {
    fn from(error: io::Error) -> Self {
        ProxyError::Io(error)
    }
}

impl From<SocksError> for ProxyError {
    fn from(error: SocksError) -> Self {
        ProxyError::Socks(error)
    }
}
