//! Authentication (RFC 9110 §11): the challenges of a server, and the digests that answer them (RFC 7616).
//!
//! This module computes and does no I/O. The flows that authenticate a client are in `httpx::auth`; the pool answers a
//! proxy by the same digests.

mod challenge;
#[cfg(feature = "digest")]
mod digest;
mod param_reader;

pub use challenge::Challenge;
#[cfg(feature = "digest")]
pub use digest::{
    DigestAlgorithm, DigestAnswer, DigestAttempts, DigestBody, DigestChallenge, DigestCredentials,
    DigestHash, DigestInfo, DigestRequest, DigestSession,
};
