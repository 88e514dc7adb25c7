//! [`SocksError`]: why a SOCKS proxy gives no connection.

use std::net::Ipv4Addr;

use thiserror::Error;

/// Why there is no connection through a SOCKS proxy.
///
/// No text contains the username, the password or the name of the target.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SocksError {
    /// SOCKS5, reply 1.
    #[error(
        "the SOCKS proxy failed (reply 1, general failure); it may not be able to resolve or reach the host"
    )]
    GeneralFailure,
    /// SOCKS5, reply 2.
    #[error("the rules of the SOCKS proxy do not allow this connection (reply 2)")]
    NotAllowed,
    /// SOCKS5, reply 3.
    #[error("the SOCKS proxy cannot reach the network of the target (reply 3)")]
    NetworkUnreachable,
    /// SOCKS5, reply 4.
    #[error(
        "the SOCKS proxy cannot reach the target, or cannot resolve its name (reply 4, host unreachable)"
    )]
    HostUnreachable,
    /// SOCKS5, reply 5.
    #[error("the target refused the connection of the SOCKS proxy (reply 5)")]
    ConnectionRefused,
    /// SOCKS5, reply 6.
    #[error(
        "the target is too far from the SOCKS proxy, or did not answer it in time (reply 6, TTL expired)"
    )]
    TtlExpired,
    /// SOCKS5, reply 7.
    #[error("the SOCKS proxy does not support outgoing connections (reply 7, command not supported)")]
    CommandNotSupported,
    /// SOCKS5, reply 8.
    #[error("the SOCKS proxy does not support this type of address: a name, IPv4 or IPv6 (reply 8)")]
    AddressTypeNotSupported,
    /// SOCKS4, reply 91.
    #[error("the SOCKS proxy rejected the request, or cannot reach the target (reply 91)")]
    Rejected,
    /// SOCKS4, reply 92.
    #[error("the SOCKS proxy rejected the request: it cannot reach identd on this machine (reply 92)")]
    IdentdUnreachable,
    /// SOCKS4, reply 93.
    #[error("the SOCKS proxy rejected the request: identd on this machine reports another user (reply 93)")]
    IdentdMismatch,
    /// An unknown reply.
    #[error("the SOCKS proxy refused for an unknown reason (reply {reply})")]
    UnknownReply {
        /// The second byte of the reply.
        reply: u8,
    },
    /// The first byte of a reply is wrong.
    #[error(
        "the proxy does not speak this version of SOCKS: its reply begins with the byte {byte}; \
         is it an HTTP proxy, or is the port wrong?"
    )]
    WrongVersion {
        /// The first byte of the reply.
        byte: u8,
    },
    /// The address in a SOCKS5 reply has an unknown type, so its length is unknown.
    #[error("the reply of the SOCKS proxy contains an address of the unknown type {kind}")]
    UnknownAddressType {
        /// The fourth byte of the reply.
        kind: u8,
    },
    /// SOCKS5: there are no credentials, and the proxy wants some.
    #[error(
        "the SOCKS proxy does not accept clients without credentials; add username and password to its URL"
    )]
    CredentialsRequired,
    /// SOCKS5: the proxy accepts neither "no authentication" nor "username and password".
    #[error(
        "the SOCKS proxy accepts neither clients without credentials nor username and password; \
         other methods are not supported"
    )]
    MethodsRefused,
    /// SOCKS5: the proxy chose a method that was not offered.
    #[error("the SOCKS proxy chose a method of authentication that was not offered ({method})")]
    UnofferedMethod {
        /// The number of the method (RFC 1928 §3).
        method: u8,
    },
    /// SOCKS5: the proxy does not accept the username and the password.
    #[error(
        "the SOCKS proxy rejected the username and password; check them in the proxy's URL or in basic_auth()"
    )]
    CredentialsRefused,
    /// The username does not fit: SOCKS5 takes 1 to 255 bytes, SOCKS4 0 to 255.
    #[error("the username for the SOCKS proxy has {len} bytes; SOCKS5 takes 1 to 255, SOCKS4 0 to 255")]
    InvalidUsernameLength {
        /// The length in bytes.
        len: usize,
    },
    /// SOCKS4: the username contains a NUL, which would end it early.
    #[error("the username for the SOCKS4 proxy contains a NUL character")]
    UsernameWithNul,
    /// SOCKS5: the password has more than 255 bytes.
    #[error("the password for the SOCKS proxy has {len} bytes; SOCKS5 takes at most 255")]
    InvalidPasswordLength {
        /// The length in bytes.
        len: usize,
    },
    /// The name of the target does not have 1 to 255 bytes.
    #[error("the name of the host has {len} bytes; SOCKS takes 1 to 255")]
    InvalidNameLength {
        /// The length in bytes.
        len: usize,
    },
    /// The name of the target contains a NUL.
    #[error("the name of the host contains a NUL character")]
    NameWithNul,
    /// The target is a name, but the version leaves lookups to the client.
    #[error("socks4 and socks5 need an IP address; use socks4a or socks5h to send a name")]
    UnresolvedName,
    /// SOCKS4: the target is an IPv6 address.
    #[error("SOCKS4 cannot connect to IPv6 addresses; use socks5 or socks5h")]
    Ipv6Unsupported,
    /// SOCKS4: the target is an address that announces a name, 0.0.0.1 to 0.0.0.255.
    #[error("SOCKS4 cannot connect to {address}: it reserves 0.0.0.1 to 0.0.0.255")]
    ReservedAddress {
        /// The target.
        address: Ipv4Addr,
    },
    /// The proxy closed the connection during the handshake. The codec does not see this: its driver reports it.
    #[error(
        "the SOCKS proxy closed the connection during the handshake; does it speak this version of SOCKS?"
    )]
    Closed,
}

impl SocksError {
    /// The reason of a SOCKS5 proxy (RFC 1928 §6).
    pub(super) fn from_socks5(reply: u8) -> Self {
        match reply {
            1 => SocksError::GeneralFailure,
            2 => SocksError::NotAllowed,
            3 => SocksError::NetworkUnreachable,
            4 => SocksError::HostUnreachable,
            5 => SocksError::ConnectionRefused,
            6 => SocksError::TtlExpired,
            7 => SocksError::CommandNotSupported,
            8 => SocksError::AddressTypeNotSupported,
            reply => SocksError::UnknownReply { reply },
        }
    }

    /// The reason of a SOCKS4 proxy.
    pub(super) fn from_socks4(reply: u8) -> Self {
        match reply {
            91 => SocksError::Rejected,
            92 => SocksError::IdentdUnreachable,
            93 => SocksError::IdentdMismatch,
            reply => SocksError::UnknownReply { reply },
        }
    }
}
