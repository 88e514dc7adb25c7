//! [`DigestAttempts`]: how often a request answers challenges.

use std::mem;

use super::DigestChallenge;

/// The challenges that a request has answered. It answers two at most, so that no server can make it loop.
#[derive(Debug, Clone, Copy, Default)]
pub struct DigestAttempts {
    /// Whether a challenge was answered.
    has_answered: bool,
    /// Whether a stale nonce was replaced.
    has_replaced: bool,
}

impl DigestAttempts {
    /// Returns whether a challenge is worth an answer: the first one, and once one that calls the nonce stale. Another one
    /// after an answer means that the password is wrong.
    pub fn may_answer(&mut self, challenge: &DigestChallenge) -> bool {
        if !mem::replace(&mut self.has_answered, true) {
            return true;
        }
        challenge.is_stale() && !mem::replace(&mut self.has_replaced, true)
    }
}
