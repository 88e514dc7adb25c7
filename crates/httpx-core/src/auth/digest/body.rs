//! [`DigestBody`]: the hash of a body that a digest covers (RFC 7616 §3.4.3).

use super::DigestHash;

/// The hash of a body, for `qop=auth-int`. It is computed before the answer, so that a long body is not hashed while a
/// session is locked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestBody {
    hash: DigestHash,
    hashed: String,
}

impl DigestBody {
    /// Hashes a body with the hash function of a [challenge](super::DigestChallenge::hash).
    pub fn new(hash: DigestHash, body: &[u8]) -> Self {
        DigestBody { hash, hashed: hash.of(&[body]) }
    }

    /// Returns the hash if it is one of this function.
    pub(super) fn hashed_by(&self, hash: DigestHash) -> Option<&str> {
        (self.hash == hash).then_some(&*self.hashed)
    }
}
