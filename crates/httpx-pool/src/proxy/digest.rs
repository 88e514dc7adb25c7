//! [`ProxyDigest`]: the digest authentication with a proxy (RFC 7616), and its nonce.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use httpx_core::auth::{
    DigestAttempts, DigestChallenge, DigestCredentials, DigestInfo, DigestRequest, DigestSession,
};
use httpx_core::{ResponseHead, StatusCode};

/// The credentials for a proxy, and the nonce that all requests through it share.
#[derive(Clone)]
pub(crate) struct ProxyDigest {
    credentials: DigestCredentials,
    session: Arc<Mutex<Option<DigestSession>>>,
}

/// How often a request, or a connection that is being opened, has answered the proxy.
pub(crate) type ProxyAttempts = DigestAttempts;

impl ProxyDigest {
    pub(crate) fn new(username: &str, password: &str) -> Self {
        ProxyDigest { credentials: DigestCredentials::new(username, password), session: Arc::default() }
    }

    /// Returns the value of `Proxy-Authorization` for a request, once the proxy has given a nonce.
    pub(crate) fn authorization(&self, method: &str, uri: &str) -> Option<Vec<u8>> {
        let mut session = self.lock();
        // The body is not at hand. A proxy that wants a digest of it answers 407 again.
        let request = DigestRequest { method, uri, body: None };
        let answer = session.as_mut()?.answer(&self.credentials, request);
        answer.ok().map(|answer| answer.value().to_vec())
    }

    /// Takes a response of the proxy. Returns whether the request is worth another attempt: it is a 407 with a challenge
    /// that can be answered.
    pub(crate) fn challenged(&self, attempts: &mut ProxyAttempts, response: &ResponseHead) -> bool {
        let mut session = self.lock();
        if response.status() != StatusCode::PROXY_AUTHENTICATION_REQUIRED {
            if let Some(session) = &mut *session {
                session.update(&DigestInfo::parse(response.headers(), "Proxy-Authentication-Info"));
            }
            return false;
        }
        let challenge = DigestChallenge::strongest(response.headers(), "Proxy-Authenticate");
        let challenge =
            challenge.filter(|challenge| !challenge.needs_body() && attempts.may_answer(challenge));
        *session = challenge.map(DigestSession::new);
        session.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<DigestSession>> {
        // Each change is complete.
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Requests with the same credentials can share connections.
impl PartialEq for ProxyDigest {
    fn eq(&self, other: &Self) -> bool {
        self.credentials == other.credentials
    }
}

impl fmt::Debug for ProxyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<ProxyDigest>")
    }
}
