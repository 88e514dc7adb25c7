//! [`Tokens`]: the token that all calls share; who fetches it, and who waits.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use httpx_core::{Error, ErrorKind, ResponseHead};

use crate::flow::{Listener, Notify};

/// The state of one call.
#[doc(hidden)]
#[derive(Debug)]
pub struct TokenCall {
    /// Whether the token may go where the request goes.
    pub(super) is_active: bool,
    /// The fetch that this call has begun and not ended. Dropping it lets another call fetch.
    pub(super) fetch: Option<Fetch>,
    /// The last fetch that this call has begun or waited for.
    awaited: Option<FetchId>,
    /// Whether this call has fetched a token.
    has_fetched: bool,
    /// The fetch that brought the token that was sent last.
    used: Option<FetchId>,
    /// Whether a server has refused a token.
    was_refused: bool,
}

impl TokenCall {
    pub(super) fn new(is_active: bool) -> Self {
        TokenCall {
            is_active,
            fetch: None,
            awaited: None,
            has_fetched: false,
            used: None,
            was_refused: false,
        }
    }
}

/// A number for each fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FetchId(u64);

/// What a call does next.
#[derive(Debug)]
pub(super) enum TokenStep {
    Use(Arc<str>),
    Fetch(Fetch),
    WaitFor(Listener),
    /// The fetch that the call has waited for has failed.
    Failed(Error),
}

/// The token of all calls.
#[derive(Default)]
pub(super) struct Tokens {
    state: Mutex<TokenState>,
    fetched: Notify,
}

#[derive(Default)]
struct TokenState {
    held: Option<HeldToken>,
    /// The fetch that has begun and not ended.
    fetching: Option<FetchId>,
    last: u64,
    /// The last fetch, if it has failed.
    failure: Option<Failure>,
}

struct HeldToken {
    value: Arc<str>,
    fetch: FetchId,
    refresh_at: Option<Instant>,
}

struct Failure {
    fetch: FetchId,
    kind: ErrorKind,
    message: String,
    /// The head of the refusal, whose status and `Retry-After` tell whether to try again.
    response: Option<ResponseHead>,
}

/// The right to fetch the token, until it is dropped.
pub(super) struct Fetch {
    tokens: Arc<Tokens>,
    id: FetchId,
    /// Whether the total timeout of the call ends before that of the fetch.
    pub(super) ends_with_call: bool,
}

impl Tokens {
    pub(super) fn next(self: &Arc<Self>, call: &mut TokenCall, now: Instant) -> TokenStep {
        let mut state = self.lock();
        if let Some(held) = &state.held {
            // A token that this call has waited for is used also if it expires at once.
            let is_fresh = held.refresh_at.is_none_or(|at| now < at) || call.awaited == Some(held.fetch);
            if is_fresh {
                call.used = Some(held.fetch);
                return TokenStep::Use(Arc::clone(&held.value));
            }
        }
        if let Some(failure) = &state.failure
            && call.awaited == Some(failure.fetch)
        {
            let error = Error::new(failure.kind, failure.message.clone());
            return TokenStep::Failed(match &failure.response {
                Some(response) => error.with_response(response.clone()),
                None => error,
            });
        }
        if let Some(fetching) = state.fetching {
            call.awaited = Some(fetching);
            return TokenStep::WaitFor(self.fetched.listen());
        }
        state.last += 1;
        let id = FetchId(state.last);
        state.fetching = Some(id);
        (call.awaited, call.has_fetched) = (Some(id), true);
        TokenStep::Fetch(Fetch { tokens: Arc::clone(self), id, ends_with_call: false })
    }

    /// Forgets the token that a server has refused; returns whether the request is worth another one.
    pub(super) fn refused(&self, call: &mut TokenCall) -> bool {
        let mut state = self.lock();
        let Some(used) = call.used else { return false };
        if state.held.as_ref().is_some_and(|held| held.fetch == used) {
            state.held = None;
        }
        let has_fetched_it = call.has_fetched && call.awaited == Some(used);
        let is_worth_it = !call.was_refused && !has_fetched_it;
        call.was_refused = true;
        is_worth_it
    }

    fn lock(&self) -> MutexGuard<'_, TokenState> {
        // Each change is complete.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fetch {
    pub(super) fn succeed(self, value: Arc<str>, refresh_at: Option<Instant>) {
        let mut state = self.tokens.lock();
        state.held = Some(HeldToken { value, fetch: self.id, refresh_at });
        (state.fetching, state.failure) = (None, None);
        self.tokens.fetched.notify_all();
    }

    pub(super) fn fail(self, error: &Error) {
        let mut state = self.tokens.lock();
        let message = error.message_with_causes();
        let response = error.response().cloned();
        state.failure = Some(Failure { fetch: self.id, kind: error.kind(), message, response });
        state.fetching = None;
        self.tokens.fetched.notify_all();
    }
}

/// A call that is cancelled hands over to one that waits.
impl Drop for Fetch {
    fn drop(&mut self) {
        let mut state = self.tokens.lock();
        if state.fetching == Some(self.id) {
            state.fetching = None;
            self.tokens.fetched.notify_one();
        }
    }
}

impl fmt::Debug for Fetch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<Fetch>")
    }
}
