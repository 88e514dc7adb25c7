//! [`Expectation`]: the `Expect: 100-continue` of a request: when it is added, how long the body waits, and the 417.

use httpx_core::{Headers, Length, Method, RequestHead, StatusCode};

use super::Exchange;
use crate::expect_continue::ExpectContinue;
use crate::wire::Wire;

const NAME: &str = "Expect";
const VALUE: &str = "100-continue";

/// The expectation of a request, until its final response (RFC 9110 §10.1.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Expectation {
    /// The header was added here; the user did not set it.
    is_added: bool,
    /// The body waits.
    is_held_back: bool,
    /// Whether the body has been read, at the time of the final response.
    taken: BodyTaken,
    /// The server has refused the expectation by a 417.
    is_refused: bool,
}

/// Whether some of a request's body has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyTaken {
    /// No byte has been read.
    Nothing,
    /// Bytes may have been read.
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
    /// Returns whether the request's body is still needed: for the upload, or to send it again without the expectation.
    pub(crate) fn needs_upload(&self) -> bool {
        self.reads_upload() || self.may_be_refused()
    }

    /// Returns whether the request has an expectation that was added here.
    pub(crate) fn may_be_refused(&self) -> bool {
        self.expectation.is_some_and(|expectation| expectation.is_added)
    }

    /// Returns whether the body was read, if the server has refused the expectation that was added here.
    pub(crate) fn refused(&self) -> Option<BodyTaken> {
        self.expectation.filter(|expectation| expectation.is_refused).map(|expectation| expectation.taken)
    }

    /// Ends the expectation, because the response is returned.
    pub(crate) fn end_expectation(&mut self) {
        self.expectation = None;
    }

    /// Records the state of the body. Called before the codec parses more of the response, because the codec forgets the wait
    /// at the next head.
    #[cold]
    pub(super) fn update_expectation(&mut self, wire: &Wire) {
        let is_held_back = self.awaiting_continue(wire);
        if let Some(expectation) = &mut self.expectation {
            expectation.is_held_back = is_held_back;
            expectation.taken = if wire.awaits_continue() { BodyTaken::Nothing } else { BodyTaken::Some };
        }
    }

    /// Returns whether the body still waited when the response arrived.
    pub(super) fn is_held_back(&self) -> bool {
        self.expectation.is_some_and(|expectation| expectation.is_held_back)
    }

    /// Returns whether the status of the final response refuses the expectation that was added here. Any other status ends the
    /// expectation.
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
