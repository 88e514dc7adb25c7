use httpx_core::Version;

use crate::{CloseReason, RequestKind};

/// What one half must know of the other in the current cycle.
#[derive(Debug, Clone, Copy, Default)]
pub struct CycleState {
    /// The request: sent by a client, received by a server. `None` before its head.
    pub(crate) asked: Option<RequestFacts>,
    /// Why the connection must be closed when both messages have ended; the first reason stands.
    pub(crate) close: Option<CloseReason>,
    /// The request said `Expect: 100-continue`, and neither an answer nor any of its body has passed.
    pub(crate) awaits_continue: bool,
    /// What was refused is the head of a HEAD request, whose answer has no body either.
    pub(crate) refused_head: bool,
}

/// What matters of the request for its response.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestFacts {
    pub(crate) kind: RequestKind,
    /// It held `Upgrade`.
    pub(crate) upgrade: bool,
    /// The version of whoever sent it.
    pub(crate) version: Version,
}

impl CycleState {
    #[inline]
    pub(crate) fn must_close(&mut self, reason: Option<CloseReason>) {
        self.close = self.close.or(reason);
    }
}
