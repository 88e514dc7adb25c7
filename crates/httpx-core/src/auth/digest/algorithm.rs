//! [`DigestAlgorithm`]: the hash of a digest, and `-sess` (RFC 7616 §3.2, §6.1).

use md5::Md5;
use sha2::digest::Digest;
use sha2::{Sha256, Sha512_256};

/// An algorithm of digest authentication.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DigestAlgorithm {
    /// The hash function.
    pub hash: DigestHash,
    /// Whether it is a `-sess` variant: the hash of the credentials also covers the first nonces of the session.
    pub is_session: bool,
}

/// A hash function of digest authentication, the weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DigestHash {
    /// MD5, for servers that know nothing else.
    Md5,
    /// SHA-256.
    Sha256,
    /// SHA-512/256.
    Sha512_256,
}

impl DigestAlgorithm {
    /// Reads the value of the parameter `algorithm`, in any case; `None` for an unknown one.
    pub fn parse(name: &[u8]) -> Option<Self> {
        let (hash, is_session) = match &*name.to_ascii_lowercase() {
            b"md5" => (DigestHash::Md5, false),
            b"md5-sess" => (DigestHash::Md5, true),
            b"sha-256" => (DigestHash::Sha256, false),
            b"sha-256-sess" => (DigestHash::Sha256, true),
            b"sha-512-256" => (DigestHash::Sha512_256, false),
            b"sha-512-256-sess" => (DigestHash::Sha512_256, true),
            _ => return None,
        };
        Some(DigestAlgorithm { hash, is_session })
    }
}

impl DigestHash {
    /// Returns the hash of these parts with colons between them, in lower-case hexadecimal digits.
    pub(super) fn of(self, parts: &[&[u8]]) -> String {
        match self {
            DigestHash::Md5 => hash::<Md5>(parts),
            DigestHash::Sha256 => hash::<Sha256>(parts),
            DigestHash::Sha512_256 => hash::<Sha512_256>(parts),
        }
    }
}

fn hash<D: Digest>(parts: &[&[u8]]) -> String {
    let mut digest = D::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            digest.update(b":");
        }
        digest.update(part);
    }
    hex(&digest.finalize())
}

/// Returns the bytes in lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |value: u8| DIGITS.get(usize::from(value & 15)).copied().unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}
