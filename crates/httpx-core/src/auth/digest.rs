//! Digest authentication (RFC 7616): the computation, without I/O.
//!
//! A [`DigestChallenge`] is read from a challenge. A [`DigestSession`] holds its nonce and counts its uses, and answers
//! requests with a [`DigestAnswer`].

mod algorithm;
mod attempts;
mod body;
mod challenge;
mod credentials;
mod info;
mod session;

pub use algorithm::{DigestAlgorithm, DigestHash};
pub use attempts::DigestAttempts;
pub use body::DigestBody;
pub use challenge::DigestChallenge;
pub use credentials::DigestCredentials;
pub use info::DigestInfo;
pub use session::{DigestAnswer, DigestRequest, DigestSession};
