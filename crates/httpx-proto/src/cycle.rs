//! The state of one request and its response that both halves share.

use httpx_core::Version;

use crate::{CloseReason, RequestKind};

/// The state that the two halves share in the current cycle.
#[derive(Debug, Clone, Copy, Default)]
pub struct CycleState {
    /// The facts of the request: sent by a client, received by a server. `None` before its head.
    pub(crate) request: Option<RequestFacts>,
    /// Why the connection must be closed when both messages have ended. The first reason stays.
    pub(crate) close: Option<CloseReason>,
    /// The request has `Expect: 100-continue`, and neither a response nor any byte of its body has passed.
    pub(crate) awaits_continue: bool,
    /// The response has a `Keep-Alive` field.
    pub(crate) has_keep_alive: bool,
    /// The rejected request was a HEAD, so the error response must have no body.
    pub(crate) refused_head: bool,
}

/// The facts of a request that its response depends on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestFacts {
    pub(crate) kind: RequestKind,
    /// It had an `Upgrade` header.
    pub(crate) upgrade: bool,
    /// The version of its sender.
    pub(crate) version: Version,
}

impl CycleState {
    #[inline]
    pub(crate) fn must_close(&mut self, reason: Option<CloseReason>) {
        self.close = self.close.or(reason);
    }
}
