//! [`Digest`]: the flow that answers the digest challenges of a server (RFC 7616).

mod call;
mod request;
mod spaces;

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::auth::{DigestChallenge, DigestCredentials, DigestHash, DigestInfo, DigestRequest};
use httpx_core::{Error, ErrorKind, IntoUrl, RequestHead, ResponseHead, Result, StatusCode};

use super::scope::{self, CredentialOrigin};
use crate::flow::BeforeSend;
use crate::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome, request_identity};
pub use call::DigestCall;
pub use request::{RequestDigest, RequestDigests};
use spaces::ProtectionSpaces;

/// Digest authentication (RFC 7616): proves that the client knows a password without sending it.
///
/// The first request goes without credentials. After a 401 with a digest challenge it is sent again, with the answer to
/// the strongest one: SHA-512-256, then SHA-256, then MD5, each also as `-sess`. The nonce is used again for later requests
/// to the same protection space, so they are sent once. If the server calls a nonce stale, the request is sent once more
/// with the new one. If it refuses the password, the 401 is returned; so it is if there is no challenge that can be
/// answered. A request is sent three times at most.
///
/// # The origin
///
/// The credentials answer challenges of one origin (scheme, host, port) alone: that of [`for_origin`](Digest::for_origin),
/// else that of the client's base URL. Without both it is the origin of the first request of each call: **then every host
/// that a request names gets an answer**, by which it can try to guess the password. A redirect never takes the
/// credentials to another origin. A request that has an `Authorization` header is sent with that header alone.
///
/// # Bodies
///
/// A body that comes from a reader or a stream cannot be sent again: that is an error, unless the nonce is known from an
/// earlier request. `qop=auth-int` covers the body: see [`auth_int`](Digest::auth_int).
///
/// # The server's proof
///
/// In `Authentication-Info` a server can prove that it knows the password too (`rspauth`), and give the next nonce. A wrong
/// proof fails the call with kind [`Protocol`](httpx_core::ErrorKind::Protocol). A missing one does not, because few
/// servers send it; that of `auth-int` is not checked, because it covers the body of the response.
///
/// ```
/// # mod httpx { pub mod auth { pub use httpx_middleware::auth::*; } }
/// use httpx::auth::Digest;
///
/// let digest = Digest::new("ann", "s3cret").for_origin("https://api.example.com")?;
/// assert_eq!(format!("{digest:?}"), "<Digest for https://api.example.com>");
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct Digest {
    credentials: Arc<DigestCredentials>,
    origin: Option<CredentialOrigin>,
    prefers_auth_int: bool,
    max_body_bytes: u64,
    spaces: Arc<ProtectionSpaces>,
}

impl Digest {
    /// The default of [`max_body_bytes`](Digest::max_body_bytes), 16 MiB.
    pub const MAX_BODY_BYTES: u64 = 16 << 20;

    /// Creates a flow with these credentials.
    pub fn new(username: &str, password: &str) -> Self {
        Digest::with(DigestCredentials::new(username, password))
    }

    fn with(credentials: DigestCredentials) -> Self {
        Digest {
            credentials: Arc::new(credentials),
            origin: None,
            prefers_auth_int: false,
            max_body_bytes: Digest::MAX_BODY_BYTES,
            spaces: Arc::default(),
        }
    }

    /// Sets the origin that the credentials are for, by any URL of it. Defaults to the origin of the client's base URL, and
    /// without one to that of the first request of a call.
    ///
    /// # Errors
    ///
    /// If the URL does not parse.
    pub fn for_origin(mut self, url: impl IntoUrl) -> Result<Self> {
        self.origin = Some(CredentialOrigin::of(&url.into_url(None)?));
        Ok(self)
    }

    /// Prefers `qop=auth-int`, where the digest also covers the body of the request, if the server offers it. Defaults to
    /// `qop=auth` unless only `auth-int` is offered.
    pub fn auth_int(mut self) -> Self {
        self.prefers_auth_int = true;
        self
    }

    /// Sets the most bytes of a body that `auth-int` reads into memory, if it comes from a file, a reader or a stream. A
    /// longer body is covered by no digest: if the server insists on one, the call fails with kind
    /// [`TooLarge`](httpx_core::ErrorKind::TooLarge). Defaults to 16 MiB.
    pub fn max_body_bytes(mut self, max_bytes: u64) -> Self {
        self.max_body_bytes = max_bytes;
        self
    }

    /// Returns whether this flow answers for the request.
    fn is_for(&self, request: &RequestHead) -> bool {
        scope::allows(self.origin.as_ref(), request) && !request.headers().contains("authorization")
    }

    /// Returns the hash function for the body, if the digest is to cover it.
    fn body_hash(&self, challenge: &DigestChallenge) -> Option<DigestHash> {
        let covers_body = challenge.needs_body() || self.prefers_auth_int && challenge.offers_auth_int();
        covers_body.then(|| challenge.hash())
    }

    /// Takes a 401; returns whether to send the request again.
    fn challenged(&self, call: &mut DigestCall, request: &RequestHead, response: &ResponseHead) -> bool {
        let challenge = DigestChallenge::strongest(response.headers(), "WWW-Authenticate");
        if let Some(challenge) = challenge
            && call.attempts.may_answer(&challenge)
        {
            call.space = Some(self.spaces.begin(request.url(), challenge));
            return true;
        }
        self.spaces.end(call.space);
        false
    }

    /// Takes a response that is no 401.
    fn accepted(&self, call: &DigestCall, response: &mut ResponseHead) -> Result<()> {
        let (Some(answer), Some(space)) = (&call.answer, call.space) else { return Ok(()) };
        if !response.headers().contains("authentication-info") {
            return Ok(());
        }
        let info = DigestInfo::parse(response.headers(), "Authentication-Info");
        if answer.is_refuted_by(&info) {
            self.spaces.end(Some(space));
            let message =
                "the server does not know the password: its proof in Authentication-Info (rspauth) is wrong";
            let status = response.status();
            let head = std::mem::replace(response, ResponseHead::new(status));
            return Err(Error::new(ErrorKind::Protocol, message).with_response(head));
        }
        self.spaces.update(space, answer, &info);
        Ok(())
    }
}

impl Flow for Digest {
    type Call = DigestCall;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<DigestCall> {
        // A request's own digest wins.
        let is_active = !scope::has_own_digest(request) && self.is_for(request);
        Ok(DigestCall::new(is_active))
    }

    fn before_send(
        &self,
        call: &mut DigestCall,
        request: &mut RequestHead,
        _: &dyn Clock,
    ) -> Result<BeforeSend> {
        if !call.is_active {
            return Ok(BeforeSend::Send);
        }
        call.answer = None;
        call.space = self.spaces.choose(call.space, request.url());
        let Some(space) = call.space else { return Ok(BeforeSend::Send) };
        // The body is hashed here, not while all calls wait for the lock of the spaces.
        let body = match self.spaces.with(space, |session| self.body_hash(session.challenge())).flatten() {
            Some(_) if !call.body.was_read() => {
                return Ok(BeforeSend::ReadRequestBody { max_bytes: self.max_body_bytes });
            }
            hash => hash.and_then(|hash| call.body.hashed(hash)),
        };
        let parts = DigestRequest {
            method: request.method().as_str(),
            uri: request.url().target(),
            body: body.as_ref(),
        };
        let answered = self.spaces.with(space, |session| session.answer(&self.credentials, parts));
        match answered.transpose()? {
            // Another call has just found the password to be wrong.
            None => call.space = None,
            Some(answer) => {
                request.headers_mut().set("Authorization", answer.value())?;
                request.headers_mut().mark_sensitive("Authorization");
                request_identity::set_digest_user(request, &self.credentials);
                call.answer = Some(answer);
            }
        }
        Ok(BeforeSend::Send)
    }

    fn on_request_body(
        &self,
        call: &mut DigestCall,
        _: &mut RequestHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<()> {
        call.body.set(body);
        Ok(())
    }

    fn next(
        &self,
        call: &mut DigestCall,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        let FlowOutcome::Response(response) = outcome else { return Ok(FlowNext::Done) };
        if !call.is_active {
            return Ok(FlowNext::Done);
        }
        if response.status() != StatusCode::UNAUTHORIZED {
            self.accepted(call, response)?;
        } else if self.challenged(call, request, response) {
            return Ok(FlowNext::Again { after: None, body: BodyReuse::Keep });
        }
        Ok(FlowNext::Done)
    }

    fn on_body_not_replayable(&self, _: &mut DigestCall, response: ResponseHead) -> Result<ResponseHead> {
        let message = "the server asks for a digest, so the body would have to be sent again, and it came from a \
                       reader or a stream; send bytes or a models::File, or send a GET first";
        Err(Error::new(ErrorKind::Body, message).with_response(response))
    }
}

/// `<Digest for https://api.example.com>`, without credentials.
impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "<Digest for {origin:?}>"),
            None => f.write_str("<Digest>"),
        }
    }
}
