//! [`DigestChallenge`]: a challenge of the scheme Digest (RFC 7616 §3.3).

use super::{DigestAlgorithm, DigestHash};
use crate::auth::Challenge;
use crate::{Headers, Url};

/// The most URLs that are kept of the parameter `domain`: each is compared with each request.
const MAX_DOMAINS: usize = 16;

/// A challenge that can be answered by a digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestChallenge {
    pub(super) realm: Vec<u8>,
    pub(super) nonce: Vec<u8>,
    pub(super) opaque: Option<Vec<u8>>,
    pub(super) algorithm: DigestAlgorithm,
    /// The algorithm as the server wrote it.
    pub(super) algorithm_text: Option<Vec<u8>>,
    pub(super) qop: Qop,
    pub(super) hashes_username: bool,
    pub(super) is_utf8: bool,
    is_stale: bool,
    domain: Vec<String>,
}

/// The qualities of protection that a challenge offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Qop {
    pub(super) auth: bool,
    pub(super) auth_int: bool,
}

impl DigestChallenge {
    /// Returns the challenge with the strongest hash among the header fields of this name (`WWW-Authenticate` or
    /// `Proxy-Authenticate`), the first of several equal ones. `None` if no challenge can be answered by a digest.
    pub fn strongest(headers: &Headers, name: &str) -> Option<Self> {
        let challenges = Challenge::all(headers, name);
        let mut strongest = None::<DigestChallenge>;
        for challenge in challenges.iter().filter_map(DigestChallenge::parse) {
            if strongest.as_ref().is_none_or(|other| other.hash() < challenge.hash()) {
                strongest = Some(challenge);
            }
        }
        strongest
    }

    /// Reads a challenge. `None` if it is of another scheme, has no realm or no nonce, or an algorithm or a quality of
    /// protection that is unknown.
    pub fn parse(challenge: &Challenge) -> Option<Self> {
        if !challenge.is("Digest") {
            return None;
        }
        let bytes = |name: &str| challenge.param_bytes(name).map(<[u8]>::to_vec);
        let is = |name: &str, value: &str| {
            challenge.param(name).is_some_and(|found| found.trim().eq_ignore_ascii_case(value))
        };
        let algorithm_text = bytes("algorithm");
        // Without it, it is MD5 (RFC 7616 §3.3).
        let algorithm = DigestAlgorithm::parse(algorithm_text.as_deref().unwrap_or(b"MD5"))?;
        Some(DigestChallenge {
            realm: bytes("realm")?,
            nonce: bytes("nonce").filter(|nonce| !nonce.is_empty())?,
            opaque: bytes("opaque"),
            algorithm,
            algorithm_text,
            qop: Qop::parse(challenge)?,
            hashes_username: is("userhash", "true"),
            is_utf8: is("charset", "UTF-8"),
            is_stale: is("stale", "true"),
            domain: domain(challenge),
        })
    }

    /// Returns the hash function.
    pub fn hash(&self) -> DigestHash {
        self.algorithm.hash
    }

    /// Returns whether both name the same realm.
    pub fn is_same_realm(&self, other: &DigestChallenge) -> bool {
        self.realm == other.realm
    }

    /// Returns whether the server refuses only the nonce: username and password may be right.
    pub fn is_stale(&self) -> bool {
        self.is_stale
    }

    /// Returns whether the digest can cover the body of the request (`qop=auth-int`).
    pub fn offers_auth_int(&self) -> bool {
        self.qop.auth_int
    }

    /// Returns whether the digest must cover the body of the request: nothing but `qop=auth-int` is offered.
    pub fn needs_body(&self) -> bool {
        self.qop.auth_int && !self.qop.auth
    }

    /// Returns whether the challenge holds for this URL, which is of the origin that sent it: the whole origin, or the
    /// paths that the parameter `domain` lists (RFC 7616 §3.3). The first 16 are kept; a request to another one is
    /// challenged once more.
    pub fn covers(&self, url: &Url) -> bool {
        let covers = |domain: &String| {
            let domain = url.join(domain).ok().filter(|domain| domain.origin() == url.origin());
            domain.is_some_and(|domain| url.path().starts_with(domain.path()))
        };
        self.domain.is_empty() || self.domain.iter().any(covers)
    }
}

impl Qop {
    /// `None` if the challenge has only unknown ones. Without the parameter it is the digest of RFC 2069.
    fn parse(challenge: &Challenge) -> Option<Self> {
        let Some(list) = challenge.param("qop") else { return Some(Qop { auth: false, auth_int: false }) };
        let offers = |value: &str| list.split(',').any(|item| item.trim().eq_ignore_ascii_case(value));
        let qop = Qop { auth: offers("auth"), auth_int: offers("auth-int") };
        (qop.auth || qop.auth_int).then_some(qop)
    }
}

fn domain(challenge: &Challenge) -> Vec<String> {
    let list = challenge.param("domain").unwrap_or_default();
    list.split_ascii_whitespace().take(MAX_DOMAINS).map(String::from).collect()
}
