//! [`Reply`]: the part of a SOCKS proxy's reply that is received, and its meaning.

use super::SocksVersion;
use super::client_messages::{NEGOTIATION, NO_AUTHENTICATION, USERNAME_AND_PASSWORD, address_length};
use super::error::SocksError;

/// Version, code, reserved byte, type of the address and the address's first byte. Each SOCKS5 reply has them.
const SOCKS5_START: usize = 5;

/// Version, code, port and address.
const SOCKS4_REPLY: usize = 8;

/// The code of a SOCKS4 proxy that connected.
const SOCKS4_GRANTED: u8 = 90;

/// The method of a SOCKS5 proxy that accepts none (RFC 1928 §3).
const NO_METHOD: u8 = 0xff;

/// The bytes of one reply. They are at most 5 + 257: the length of the longest SOCKS5 reply.
#[derive(Clone, Default)]
pub(super) struct Reply {
    bytes: Vec<u8>,
}

/// What a reply without an error means.
pub(super) enum Verdict {
    Incomplete,
    SendCredentials,
    Accepted,
}

impl Reply {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Returns how many bytes are missing from a reply of this length.
    pub(super) fn missing(&self, len: usize) -> usize {
        len.saturating_sub(self.bytes.len())
    }

    /// Returns the length of the reply to the request, as far as it is known: it never exceeds the true length.
    pub(super) fn request_length(&self, version: SocksVersion) -> usize {
        match (version, &*self.bytes) {
            (SocksVersion::V4 | SocksVersion::V4a, _) => SOCKS4_REPLY,
            (SocksVersion::V5 | SocksVersion::V5h, &[_, _, _, kind, first, ..]) => {
                SOCKS5_START - 1 + address_length(kind, first).unwrap_or(1)
            }
            (SocksVersion::V5 | SocksVersion::V5h, _) => SOCKS5_START,
        }
    }

    /// The reply to the methods (RFC 1928 §3). `offered`: username and password were offered.
    pub(super) fn method(&self, offered: bool) -> Result<Verdict, SocksError> {
        self.check_version(5)?;
        match self.bytes.get(1) {
            None => Ok(Verdict::Incomplete),
            Some(&NO_AUTHENTICATION) => Ok(Verdict::Accepted),
            Some(&USERNAME_AND_PASSWORD) if offered => Ok(Verdict::SendCredentials),
            Some(&NO_METHOD) if offered => Err(SocksError::MethodsRefused),
            Some(&NO_METHOD | &USERNAME_AND_PASSWORD) => Err(SocksError::CredentialsRequired),
            Some(&method) => Err(SocksError::UnofferedMethod { method }),
        }
    }

    /// The reply to username and password (RFC 1929 §2).
    pub(super) fn credentials(&self) -> Result<Verdict, SocksError> {
        self.check_version(NEGOTIATION)?;
        match self.bytes.get(1) {
            None => Ok(Verdict::Incomplete),
            Some(0) => Ok(Verdict::Accepted),
            Some(_) => Err(SocksError::CredentialsRefused),
        }
    }

    /// The reply to the request. The address in it is of no use to a client that connects.
    pub(super) fn request(&self, version: SocksVersion) -> Result<Verdict, SocksError> {
        match version {
            SocksVersion::V4 | SocksVersion::V4a => self.check_socks4()?,
            SocksVersion::V5 | SocksVersion::V5h => self.check_socks5()?,
        }
        match self.missing(self.request_length(version)) {
            0 => Ok(Verdict::Accepted),
            _ => Ok(Verdict::Incomplete),
        }
    }

    fn check_socks4(&self) -> Result<(), SocksError> {
        self.check_version(0)?;
        match self.bytes.get(1) {
            None | Some(&SOCKS4_GRANTED) => Ok(()),
            Some(&code) => Err(SocksError::from_socks4(code)),
        }
    }

    fn check_socks5(&self) -> Result<(), SocksError> {
        self.check_version(5)?;
        match self.bytes.get(1) {
            None | Some(0) => {}
            Some(&code) => return Err(SocksError::from_socks5(code)),
        }
        match self.bytes.get(3) {
            Some(&kind) if address_length(kind, 0).is_none() => Err(SocksError::UnknownAddressType { kind }),
            None | Some(_) => Ok(()),
        }
    }

    fn check_version(&self, version: u8) -> Result<(), SocksError> {
        match self.bytes.first() {
            Some(&byte) if byte != version => Err(SocksError::WrongVersion { byte }),
            None | Some(_) => Ok(()),
        }
    }
}
