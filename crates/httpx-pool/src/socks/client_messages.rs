//! [`ClientMessages`]: the methods, the credentials and the request that a client sends to a SOCKS proxy.

use std::net::{IpAddr, Ipv4Addr};

use super::error::SocksError;
use super::{SocksTarget, SocksVersion};

/// The methods of authentication of SOCKS5 (RFC 1928 §3).
pub(super) const NO_AUTHENTICATION: u8 = 0;
pub(super) const USERNAME_AND_PASSWORD: u8 = 2;

/// The version of the negotiation of username and password (RFC 1929 §2).
pub(super) const NEGOTIATION: u8 = 1;

const CONNECT: u8 = 1;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// The messages of a client.
pub(super) struct ClientMessages {
    /// SOCKS5: the methods of authentication.
    pub(super) methods: Option<Vec<u8>>,
    /// SOCKS5: username and password.
    pub(super) credentials: Option<Vec<u8>>,
    pub(super) request: Vec<u8>,
}

impl ClientMessages {
    pub(super) fn new(
        version: SocksVersion,
        target: SocksTarget<'_>,
        port: u16,
        credentials: Option<(&str, &str)>,
    ) -> Result<Self, SocksError> {
        let target = checked(version, target)?;
        match version {
            SocksVersion::V4 | SocksVersion::V4a => {
                let request = socks4_request(target, port, credentials.map_or("", |(username, _)| username))?;
                Ok(ClientMessages { methods: None, credentials: None, request })
            }
            SocksVersion::V5 | SocksVersion::V5h => Ok(ClientMessages {
                methods: Some(match credentials {
                    None => vec![5, 1, NO_AUTHENTICATION],
                    Some(_) => vec![5, 2, NO_AUTHENTICATION, USERNAME_AND_PASSWORD],
                }),
                credentials: credentials.map(socks5_credentials).transpose()?,
                request: socks5_request(target, port)?,
            }),
        }
    }
}

/// Returns the address if a name is the text of one. Refuses a name that the proxy would have to look up against the
/// version, and one that no message can hold.
fn checked(version: SocksVersion, target: SocksTarget<'_>) -> Result<SocksTarget<'_>, SocksError> {
    let SocksTarget::Name(name) = target else { return Ok(target) };
    let inner = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    if let Ok(address) = inner.unwrap_or(name).parse() {
        return Ok(SocksTarget::Address(address));
    }
    match version {
        SocksVersion::V4 | SocksVersion::V5 => Err(SocksError::UnresolvedName),
        SocksVersion::V4a | SocksVersion::V5h if !(1..=255).contains(&name.len()) => {
            Err(SocksError::InvalidNameLength { len: name.len() })
        }
        SocksVersion::V4a | SocksVersion::V5h if name.contains('\0') => Err(SocksError::NameWithNul),
        SocksVersion::V4a | SocksVersion::V5h => Ok(target),
    }
}

/// `04 01 port address username 00`; with a name, the address is 0.0.0.1, and `name 00` comes behind.
fn socks4_request(target: SocksTarget<'_>, port: u16, username: &str) -> Result<Vec<u8>, SocksError> {
    if username.len() > 255 {
        return Err(SocksError::InvalidUsernameLength { len: username.len() });
    }
    if username.contains('\0') {
        return Err(SocksError::UsernameWithNul);
    }
    let (address, name) = match target {
        SocksTarget::Name(name) => (Ipv4Addr::new(0, 0, 0, 1), Some(name)),
        SocksTarget::Address(IpAddr::V4(address)) if announces_a_name(address) => {
            return Err(SocksError::ReservedAddress { address });
        }
        SocksTarget::Address(IpAddr::V4(address)) => (address, None),
        SocksTarget::Address(IpAddr::V6(_)) => return Err(SocksError::Ipv6Unsupported),
    };
    let mut request = vec![4, CONNECT];
    request.extend_from_slice(&port.to_be_bytes());
    request.extend_from_slice(&address.octets());
    request.extend_from_slice(username.as_bytes());
    request.push(0);
    if let Some(name) = name {
        request.extend_from_slice(name.as_bytes());
        request.push(0);
    }
    Ok(request)
}

/// A proxy that speaks SOCKS4a would wait for a name.
fn announces_a_name(address: Ipv4Addr) -> bool {
    let [a, b, c, d] = address.octets();
    [a, b, c] == [0; 3] && d != 0
}

/// `01 length username length password` (RFC 1929 §2).
fn socks5_credentials((username, password): (&str, &str)) -> Result<Vec<u8>, SocksError> {
    let username_len = u8::try_from(username.len()).ok().filter(|len| *len > 0);
    let username_len = username_len.ok_or(SocksError::InvalidUsernameLength { len: username.len() })?;
    // The RFC wants at least one byte, but proxies accept none, and curl sends none.
    let password_len = u8::try_from(password.len())
        .map_err(|_| SocksError::InvalidPasswordLength { len: password.len() })?;
    let mut message = vec![NEGOTIATION, username_len];
    message.extend_from_slice(username.as_bytes());
    message.push(password_len);
    message.extend_from_slice(password.as_bytes());
    Ok(message)
}

/// `05 01 00 type address port` (RFC 1928 §4).
fn socks5_request(target: SocksTarget<'_>, port: u16) -> Result<Vec<u8>, SocksError> {
    let mut request = vec![5, CONNECT, 0];
    match target {
        SocksTarget::Address(IpAddr::V4(address)) => {
            request.push(IPV4);
            request.extend_from_slice(&address.octets());
        }
        SocksTarget::Address(IpAddr::V6(address)) => {
            request.push(IPV6);
            request.extend_from_slice(&address.octets());
        }
        SocksTarget::Name(name) => {
            let len =
                u8::try_from(name.len()).map_err(|_| SocksError::InvalidNameLength { len: name.len() })?;
            request.extend_from_slice(&[NAME, len]);
            request.extend_from_slice(name.as_bytes());
        }
    }
    request.extend_from_slice(&port.to_be_bytes());
    Ok(request)
}

/// Returns the length of a SOCKS5 address and its port, from its type and the first byte behind the type.
pub(super) fn address_length(kind: u8, first: u8) -> Option<usize> {
    match kind {
        IPV4 => Some(4 + 2),
        NAME => Some(1 + usize::from(first) + 2),
        IPV6 => Some(16 + 2),
        _ => None,
    }
}
