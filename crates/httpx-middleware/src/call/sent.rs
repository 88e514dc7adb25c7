//! How much of a call's request any server has received.

use httpx_core::{Error, RequestSent};

/// The most that was sent of the request in any attempt. Unknown if a transport did not report it.
pub(super) struct Sent(Option<RequestSent>);

impl Default for Sent {
    fn default() -> Self {
        Sent(Some(RequestSent::Nothing))
    }
}

impl Sent {
    pub(super) fn is_nothing(&self) -> bool {
        self.0 == Some(RequestSent::Nothing)
    }

    /// The request was answered.
    pub(super) fn answered(&mut self) {
        self.0 = Some(RequestSent::Complete);
    }

    /// The request failed.
    pub(super) fn failed(&mut self, error: &Error) {
        self.0 = match (self.0, error.request_sent()) {
            (Some(RequestSent::Complete), _) | (_, Some(RequestSent::Complete)) => {
                Some(RequestSent::Complete)
            }
            (None, _) | (_, None) => None,
            (Some(RequestSent::Nothing), sent @ Some(_)) => sent,
            (sent @ Some(_), Some(_)) => sent,
        };
    }

    /// Puts this into an error, which would otherwise report the last attempt only.
    pub(super) fn add_to(&self, error: Error) -> Error {
        match self.0 {
            Some(sent) if error.request_sent() != Some(sent) => error.with_request_sent(sent),
            _ => error,
        }
    }
}
