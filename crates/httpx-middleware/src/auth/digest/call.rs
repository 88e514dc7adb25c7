//! [`DigestCall`]: the state of one call of [`Digest`](super::Digest).

use std::mem;

use bytes::Bytes;
use httpx_core::auth::{DigestAnswer, DigestChallenge};

use super::spaces::SpaceId;

/// The state of one call.
#[doc(hidden)]
#[derive(Debug)]
pub struct DigestCall {
    /// Whether the credentials may go where the request goes.
    pub(super) is_active: bool,
    /// The protection space that the request belongs to.
    pub(super) space: Option<SpaceId>,
    /// The answer that was sent last.
    pub(super) answer: Option<DigestAnswer>,
    pub(super) body: RequestBody,
    /// Whether a challenge of this call was answered.
    has_answered: bool,
    /// Whether a stale nonce was replaced.
    has_replaced: bool,
}

/// The body of the request.
#[derive(Debug, Default)]
pub(super) enum RequestBody {
    #[default]
    Unread,
    TooLong,
    Read(Bytes),
}

impl DigestCall {
    pub(super) fn new(is_active: bool) -> Self {
        DigestCall {
            is_active,
            space: None,
            answer: None,
            body: RequestBody::Unread,
            has_answered: false,
            has_replaced: false,
        }
    }

    /// Returns whether a challenge is worth an answer: the first one, and once one that calls the nonce stale. Another
    /// one after an answer means that the password is wrong.
    pub(super) fn may_answer(&mut self, challenge: &DigestChallenge) -> bool {
        if !mem::replace(&mut self.has_answered, true) {
            return true;
        }
        challenge.is_stale() && !mem::replace(&mut self.has_replaced, true)
    }
}

impl RequestBody {
    pub(super) fn was_read(&self) -> bool {
        !matches!(self, RequestBody::Unread)
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            RequestBody::Read(bytes) => Some(bytes),
            RequestBody::Unread | RequestBody::TooLong => None,
        }
    }

    pub(super) fn set(&mut self, bytes: Option<&Bytes>) {
        *self = bytes.map_or(RequestBody::TooLong, |bytes| RequestBody::Read(bytes.clone()));
    }
}
