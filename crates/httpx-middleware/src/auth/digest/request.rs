//! [`RequestDigests`]: the digest authentication of single requests.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use httpx_core::auth::DigestCredentials;
use httpx_core::{RequestHead, ResponseHead, Result};

use super::{Digest, DigestCall};
use crate::flow::BeforeSend;
use crate::{Clock, Flow, FlowNext, FlowOutcome};

/// The most credentials whose nonces are remembered.
const MAX_CREDENTIALS: usize = 16;

/// The credentials of one request, as an extension. They are for the origin of its URL.
#[doc(hidden)]
#[derive(Clone)]
pub struct RequestDigest(DigestCredentials);

impl RequestDigest {
    /// Creates credentials.
    pub fn new(username: &str, password: &str) -> Self {
        RequestDigest(DigestCredentials::new(username, password))
    }
}

/// `<RequestDigest>`, without credentials.
impl fmt::Debug for RequestDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<RequestDigest>")
    }
}

/// Answers the challenges to requests that have a [`RequestDigest`], and remembers the nonces for later ones with the same
/// credentials.
#[doc(hidden)]
#[derive(Default)]
pub struct RequestDigests(Mutex<Vec<Digest>>);

impl RequestDigests {
    /// Returns the flow of these credentials; that used last is the last one.
    fn flow(&self, RequestDigest(credentials): &RequestDigest) -> Digest {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = match known.iter().position(|digest| *digest.credentials == *credentials) {
            Some(at) => known.remove(at),
            None => Digest::with(credentials.clone()),
        };
        if known.len() >= MAX_CREDENTIALS {
            known.remove(0);
        }
        known.push(digest.clone());
        digest
    }
}

impl Flow for RequestDigests {
    type Call = Option<(Digest, DigestCall)>;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<Self::Call> {
        let Some(own) = request.extensions().get::<RequestDigest>() else { return Ok(None) };
        // Not that of the client's base URL: the user has named the URL.
        let is_active = !request.has_crossed_origin() && !request.headers().contains("authorization");
        Ok(is_active.then(|| (self.flow(own), DigestCall::new(true))))
    }

    fn before_send(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        match call {
            Some((digest, call)) => digest.before_send(call, request, clock),
            None => Ok(BeforeSend::Send),
        }
    }

    fn on_request_body(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        body: Option<&Bytes>,
        clock: &dyn Clock,
    ) -> Result<()> {
        match call {
            Some((digest, call)) => digest.on_request_body(call, request, body, clock),
            None => Ok(()),
        }
    }

    fn next(
        &self,
        call: &mut Self::Call,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        match call {
            Some((digest, call)) => digest.next(call, request, outcome, clock),
            None => Ok(FlowNext::Done),
        }
    }

    fn on_body_not_replayable(&self, call: &mut Self::Call, response: ResponseHead) -> Result<ResponseHead> {
        match call {
            Some((digest, call)) => digest.on_body_not_replayable(call, response),
            None => Ok(response),
        }
    }
}

impl fmt::Debug for RequestDigests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<RequestDigests>")
    }
}
