//! [`ProtectionSpaces`]: the nonces of the protection spaces that are known (RFC 7616 §3.6).

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use httpx_core::Url;
use httpx_core::auth::{DigestAnswer, DigestChallenge, DigestInfo, DigestSession};

/// The most protection spaces that are remembered. A space that is forgotten costs one round trip.
const MAX_SPACES: usize = 32;

/// The protection spaces of one set of credentials, shared by all calls.
#[derive(Default)]
pub(super) struct ProtectionSpaces(Mutex<Spaces>);

#[derive(Default)]
struct Spaces {
    /// The one whose challenge came last is the last one.
    known: Vec<Space>,
    last: u64,
}

/// A number for each challenge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SpaceId(u64);

struct Space {
    id: SpaceId,
    origin: Box<str>,
    session: DigestSession,
}

impl ProtectionSpaces {
    /// Begins a session with the nonce of a challenge for this URL, in place of one of the same realm.
    pub(super) fn begin(&self, url: &Url, challenge: DigestChallenge) -> SpaceId {
        let mut spaces = self.lock();
        let origin = Box::from(&*url.origin());
        spaces
            .known
            .retain(|space| space.origin != origin || !space.session.challenge().is_same_realm(&challenge));
        if spaces.known.len() >= MAX_SPACES {
            spaces.known.remove(0);
        }
        spaces.last += 1;
        let id = SpaceId(spaces.last);
        spaces.known.push(Space { id, origin, session: DigestSession::new(challenge) });
        id
    }

    /// Returns the space of the call's own challenge if it is still known, else the newest one that covers the URL:
    /// another call may have got a newer challenge of the same realm.
    pub(super) fn choose(&self, own: Option<SpaceId>, url: &Url) -> Option<SpaceId> {
        let spaces = self.lock();
        let origin = url.origin();
        let covers = |space: &&Space| *space.origin == *origin && space.session.challenge().covers(url);
        let found = spaces.known.iter().find(|space| Some(space.id) == own);
        found.or_else(|| spaces.known.iter().rev().find(covers)).map(|space| space.id)
    }

    /// Uses the session of a space, if it is still known.
    pub(super) fn with<R>(&self, id: SpaceId, use_it: impl FnOnce(&mut DigestSession) -> R) -> Option<R> {
        let mut spaces = self.lock();
        spaces.known.iter_mut().find(|space| space.id == id).map(|space| use_it(&mut space.session))
    }

    /// Takes the next nonce after an answer, unless another call has taken it.
    pub(super) fn update(&self, id: SpaceId, answer: &DigestAnswer, info: &DigestInfo) {
        self.with(id, |session| {
            if session.made(answer) {
                session.update(info);
            }
        });
    }

    /// Forgets a space whose answer was refused.
    pub(super) fn end(&self, id: Option<SpaceId>) {
        self.lock().known.retain(|space| Some(space.id) != id);
    }

    fn lock(&self) -> MutexGuard<'_, Spaces> {
        // Each change is complete.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for ProtectionSpaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<ProtectionSpaces [{}]>", self.lock().known.len())
    }
}
