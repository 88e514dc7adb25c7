//! [`DigestCall`]: the state of one call of [`Digest`](super::Digest).

use bytes::Bytes;
use httpx_core::auth::{DigestAnswer, DigestAttempts, DigestBody, DigestHash};

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
    pub(super) attempts: DigestAttempts,
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
            attempts: DigestAttempts::default(),
        }
    }
}

impl RequestBody {
    pub(super) fn was_read(&self) -> bool {
        !matches!(self, RequestBody::Unread)
    }

    pub(super) fn hashed(&self, hash: DigestHash) -> Option<DigestBody> {
        match self {
            RequestBody::Read(bytes) => Some(DigestBody::new(hash, bytes)),
            RequestBody::Unread | RequestBody::TooLong => None,
        }
    }

    pub(super) fn set(&mut self, bytes: Option<&Bytes>) {
        *self = bytes.map_or(RequestBody::TooLong, |bytes| RequestBody::Read(bytes.clone()));
    }
}
