//! [`Expectation`]: the `Expect: 100-continue` of a request: when it is added, how long it waits, and its refusal by 417.

use httpx_core::{Headers, Length, Method, RequestHead, StatusCode};

use super::Exchange;
use crate::expect_continue::ExpectContinue;
use crate::wire::Wire;

const NAME: &str = "Expect";
const VALUE: &str = "100-continue";

/// The expectation of a request, until its final response (RFC 9110 §10.1.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Expectation {
    /// The request did not have it: it was added here.
    is_added: bool,
    /// The body is held back.
    is_held_back: bool,
    /// What has been taken from the body.
    taken: BodyTaken,
    /// The server has refused the expectation by a 417.
    is_refused: bool,
}

/// Whether the body of a request has been begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyTaken {
    /// Not a byte was taken from it.
    Nothing,
    /// Bytes may have been taken.
    Some,
}

impl Expectation {
    /// Begins the expectation of a request with a body of this length.
    #[cold]
    pub(super) fn start(wire: &mut Wire, head: &RequestHead, length: Length) -> Self {
        let wait = ExpectContinue::of(head, wire.expect_continue()).wait();
        wire.set_continue_timeout(wait);
        Expectation {
            is_added: is_added(wire, head, length),
            is_held_back: true,
            taken: BodyTaken::Nothing,
            is_refused: false,
        }
    }
}

/// Returns whether the expectation is added to a request with a body of this length.
pub(super) fn is_added(wire: &Wire, head: &RequestHead, length: Length) -> bool {
    wire.adds_expect()
        && ExpectContinue::of(head, wire.expect_continue()).applies_to(length)
        && *head.method() != Method::CONNECT
        && !head.headers().contains(NAME)
        && !head.headers().contains("upgrade")
}

/// Returns these headers with the expectation.
#[cold]
pub(super) fn add_to(headers: &Headers) -> Headers {
    let mut headers = headers.clone();
    // The literal value is always valid.
    let _ = headers.append(NAME, VALUE);
    headers
}

impl Exchange {
    /// Whether the request's body may still be asked for bytes, or be sent again without the expectation.
    pub(crate) fn needs_upload(&self) -> bool {
        self.reads_upload() || self.may_be_refused()
    }

    /// Whether the request has an expectation that was added.
    pub(crate) fn may_be_refused(&self) -> bool {
        self.expectation.is_some_and(|expectation| expectation.is_added)
    }

    /// Returns what was taken from the body, if the server has refused the expectation that was added.
    pub(crate) fn refused(&self) -> Option<BodyTaken> {
        self.expectation.filter(|expectation| expectation.is_refused).map(|expectation| expectation.taken)
    }

    /// Ends the expectation: the response is delivered.
    pub(crate) fn end_expectation(&mut self) {
        self.expectation = None;
    }

    /// Takes note of the state of the body, before the codec looks at more of the response: it forgets the wait with the
    /// next head.
    #[cold]
    pub(super) fn update_expectation(&mut self, wire: &Wire) {
        let is_held_back = self.awaiting_continue(wire);
        if let Some(expectation) = &mut self.expectation {
            expectation.is_held_back = is_held_back;
            expectation.taken = if wire.awaits_continue() { BodyTaken::Nothing } else { BodyTaken::Some };
        }
    }

    /// Whether the body is held back for the response that has come.
    pub(super) fn is_held_back(&self) -> bool {
        self.expectation.is_some_and(|expectation| expectation.is_held_back)
    }

    /// Takes the status of the final response. Returns whether it refuses the expectation that was added. Any other status
    /// ends it.
    #[cold]
    pub(super) fn refuses_expectation(&mut self, status: StatusCode) -> bool {
        match &mut self.expectation {
            Some(expectation) if expectation.is_added && status == StatusCode::EXPECTATION_FAILED => {
                expectation.is_refused = true;
                true
            }
            _ => {
                self.expectation = None;
                false
            }
        }
    }
}
