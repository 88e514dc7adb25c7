//! Proxies that refuse or speak wrongly, and requests that no message can hold.

use std::net::Ipv4Addr;

use super::*;

/// The version, credentials or none, all replies, the error, and words of its text.
type Refusal = (SocksVersion, Credentials, &'static [u8], SocksError, &'static str);

const REFUSALS: &[Refusal] = &[
    (V5h, None, b"\x05\x00\x05\x01", SocksError::GeneralFailure, "reply 1, general failure"),
    (V5h, None, b"\x05\x00\x05\x02", SocksError::NotAllowed, "rules of the SOCKS proxy do not allow"),
    (V5h, None, b"\x05\x00\x05\x03", SocksError::NetworkUnreachable, "reach the network"),
    (V5h, None, b"\x05\x00\x05\x04", SocksError::HostUnreachable, "host unreachable"),
    (V5h, None, b"\x05\x00\x05\x05", SocksError::ConnectionRefused, "refused the connection"),
    (V5h, None, b"\x05\x00\x05\x06", SocksError::TtlExpired, "TTL expired"),
    (V5h, None, b"\x05\x00\x05\x07", SocksError::CommandNotSupported, "command not supported"),
    (V5h, None, b"\x05\x00\x05\x08", SocksError::AddressTypeNotSupported, "type of address"),
    (V5h, None, b"\x05\x00\x05\x09", SocksError::UnknownReply { reply: 9 }, "(reply 9)"),
    (V5h, None, b"\x05\x00\x05\xff", SocksError::UnknownReply { reply: 255 }, "(reply 255)"),
    (V5h, USER, b"\x05\x02\x01\x00\x05\x05", SocksError::ConnectionRefused, "reply 5"),
    (V4, None, b"\x00\x5b", SocksError::Rejected, "reply 91"),
    (V4a, None, b"\x00\x5c", SocksError::IdentdUnreachable, "cannot reach identd on this machine"),
    (V4a, USER, b"\x00\x5d", SocksError::IdentdMismatch, "another user"),
    (V4, None, b"\x00\x00", SocksError::UnknownReply { reply: 0 }, "(reply 0)"),
    (V4, None, b"\x00\x59", SocksError::UnknownReply { reply: 89 }, "(reply 89)"),
    (V4, None, b"\x00\x5e", SocksError::UnknownReply { reply: 94 }, "(reply 94)"),
    // No acceptable method.
    (V5, None, b"\x05\xff", SocksError::CredentialsRequired, "add username and password to its URL"),
    (V5, None, b"\x05\x02", SocksError::CredentialsRequired, "add username and password to its URL"),
    (V5, USER, b"\x05\xff", SocksError::MethodsRefused, "other methods are not supported"),
    (V5, None, b"\x05\x01", SocksError::UnofferedMethod { method: 1 }, "not offered (1)"),
    (V5, USER, b"\x05\x80", SocksError::UnofferedMethod { method: 128 }, "not offered (128)"),
    (V5, USER, b"\x05\x02\x01\x01", SocksError::CredentialsRefused, "rejected the username and password"),
    (V5, USER, b"\x05\x02\x01\xff", SocksError::CredentialsRefused, "rejected the username and password"),
    // Other protocols.
    (V5, None, b"H", SocksError::WrongVersion { byte: b'H' }, "begins with the byte 72; is it an HTTP proxy"),
    (V5, None, b"\x04", SocksError::WrongVersion { byte: 4 }, "begins with the byte 4"),
    (V5, None, b"\x00", SocksError::WrongVersion { byte: 0 }, "begins with the byte 0"),
    (V5, USER, b"\x05\x02\x05", SocksError::WrongVersion { byte: 5 }, "begins with the byte 5"),
    (V5, None, b"\x05\x00\x04", SocksError::WrongVersion { byte: 4 }, "begins with the byte 4"),
    (V4, None, b"\x04", SocksError::WrongVersion { byte: 4 }, "begins with the byte 4"),
    (V4a, None, b"\x05", SocksError::WrongVersion { byte: 5 }, "begins with the byte 5"),
    (V4, None, b"HTTP/1.1", SocksError::WrongVersion { byte: b'H' }, "does not speak this version"),
    // The first byte alone tells, and a refusal comes before the type of its address.
    (V5, None, b"\x05\x00\x05\x00\x00\x00", SocksError::UnknownAddressType { kind: 0 }, "unknown type 0"),
    (V5, None, b"\x05\x00\x05\x00\x00\x02", SocksError::UnknownAddressType { kind: 2 }, "unknown type 2"),
    (V5, None, b"\x05\x00\x05\x00\x00\x05", SocksError::UnknownAddressType { kind: 5 }, "unknown type 5"),
    (V5, None, b"\x05\x00\x05\x01\x00\xff", SocksError::GeneralFailure, "general failure"),
];

/// The error comes with the byte that decides, however the replies are cut, also if nothing follows.
#[test]
fn refusals() {
    for &(version, credentials, replies, ref error, words) in REFUSALS {
        let name = if matches!(version, V4 | V5) { "192.0.2.1" } else { "target.example" };
        let handshake = SocksHandshake::new(version, target(name), 80, credentials).unwrap();
        for more in [&b""[..], b"\x00", &[1; 300]] {
            let all = [replies, more].concat();
            for cuts in 0..1_u64 << replies.len() {
                let outcome = talk(handshake.clone(), &all, cuts).outcome;
                assert_eq!(outcome, Outcome::Failed(error.clone()), "{replies:x?} {cuts:b}");
            }
        }
        let text = error.to_string();
        assert!(text.contains(words), "{text}");
        assert!(!["zoe", "secret", "target.example"].iter().any(|secret| text.contains(secret)), "{text}");
    }
}

/// Each reply of each version has a text of its own, and the number in it.
#[test]
fn texts_of_replies() {
    for from in [SocksError::from_socks4, SocksError::from_socks5] {
        let texts: Vec<String> = (0..=u8::MAX).map(|code| from(code).to_string()).collect();
        for (code, text) in texts.iter().enumerate() {
            assert!(text.contains(&format!("reply {code}")), "{text}");
            assert_eq!(texts.iter().filter(|other| *other == text).count(), 1, "{text}");
        }
    }
}

/// The version, the host, credentials, and whether there is a handshake.
type Given<'a> = (SocksVersion, &'a str, Option<(&'a str, &'a str)>, Result<(), SocksError>);

fn new(version: SocksVersion, name: &str, credentials: Option<(&str, &str)>) -> Result<(), SocksError> {
    SocksHandshake::new(version, target(name), 80, credentials).map(drop)
}

#[test]
fn unsendable() {
    let long = &*"x".repeat(256);
    let most = &*"x".repeat(255);
    let address = "192.0.2.1";
    let rows: &[Given<'_>] = &[
        (V4, "example.com", None, Err(SocksError::UnresolvedName)),
        (V5, "example.com", None, Err(SocksError::UnresolvedName)),
        (V4, "[::1]", None, Err(SocksError::Ipv6Unsupported)),
        (V4, "::1", None, Err(SocksError::Ipv6Unsupported)),
        (V4a, "::ffff:192.0.2.1", None, Err(SocksError::Ipv6Unsupported)),
        (V4, "0.0.0.1", None, Err(SocksError::ReservedAddress { address: Ipv4Addr::new(0, 0, 0, 1) })),
        (V4a, "0.0.0.255", None, Err(SocksError::ReservedAddress { address: Ipv4Addr::new(0, 0, 0, 255) })),
        (V4, "0.0.1.0", None, Ok(())),
        (V5, "0.0.0.1", None, Ok(())),
        (V4a, "", None, Err(SocksError::InvalidNameLength { len: 0 })),
        (V5h, "", None, Err(SocksError::InvalidNameLength { len: 0 })),
        (V4a, long, None, Err(SocksError::InvalidNameLength { len: 256 })),
        (V5h, long, None, Err(SocksError::InvalidNameLength { len: 256 })),
        (V4a, most, None, Ok(())),
        (V5h, most, None, Ok(())),
        (V4a, "a\0b", None, Err(SocksError::NameWithNul)),
        (V5h, "a\0b", None, Err(SocksError::NameWithNul)),
        (V4, address, Some((long, "")), Err(SocksError::InvalidUsernameLength { len: 256 })),
        (V4, address, Some((most, long)), Ok(())),
        (V4, address, Some(("", "")), Ok(())),
        (V4a, "h", Some(("zoe\0h", "")), Err(SocksError::UsernameWithNul)),
        (V5, address, Some(("zoe\0", "\0")), Ok(())),
        (V5, address, Some((long, "")), Err(SocksError::InvalidUsernameLength { len: 256 })),
        (V5, address, Some(("", "secret")), Err(SocksError::InvalidUsernameLength { len: 0 })),
        (V5, address, Some(("", "")), Err(SocksError::InvalidUsernameLength { len: 0 })),
        (V5h, "h", Some(("zoe", long)), Err(SocksError::InvalidPasswordLength { len: 256 })),
        (V5h, "h", Some((most, most)), Ok(())),
        (V5h, "h", Some(("zoe", "")), Ok(())),
    ];
    for (version, name, credentials, expected) in rows {
        assert_eq!(new(*version, name, *credentials), *expected, "{version:?} {name:?}");
    }
    // Lengths are those of bytes, and texts have no secrets.
    let umlauts = "ü".repeat(128);
    let error = new(V5, address, Some((&umlauts, "secret"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the username for the SOCKS proxy has 256 bytes; SOCKS5 takes 1 to 255, SOCKS4 0 to 255"
    );
}
