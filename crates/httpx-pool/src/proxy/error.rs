//! [`ProxyError`]: why a proxy opened no tunnel.

use std::io;

use httpx_core::ResponseHead;
use httpx_proto::{LocalError, RemoteError};

use crate::socks::SocksError;

/// Why a proxy opened no tunnel.
#[derive(Debug)]
pub(crate) enum ProxyError {
    /// It answered CONNECT with a status other than 2xx.
    Refused(Box<ResponseHead>),
    /// Its answer to CONNECT is not HTTP.
    NotHttp(RemoteError),
    /// Its answer to CONNECT begins like one of SOCKS5.
    LooksLikeSocks5,
    /// It refused by SOCKS, or does not speak SOCKS.
    Socks(SocksError),
    /// It sent data right after its response to CONNECT. Neither TLS nor HTTP has a server that sends first.
    EarlyData,
    /// The host of the origin cannot be used in CONNECT.
    InvalidTarget(LocalError),
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
