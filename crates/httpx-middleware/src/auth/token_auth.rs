//! [`TokenAuth`]: the flow that sends a token, and fetches a new one when it is needed.

mod fetch;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{
    Error, ErrorKind, Headers, IntoUrl, RequestHead, Response, ResponseHead, Result, StatusCode, Timeout,
};

use super::TokenSource;
use super::scope::{self, CredentialOrigin};
use crate::flow::BeforeSend;
use crate::{BodyReuse, Clock, Flow, FlowNext, FlowOutcome};
pub use fetch::TokenCall;
use fetch::{Fetch, TokenStep, Tokens};

/// Sends `Authorization: Bearer` (RFC 6750) with a token of a [`TokenSource`].
///
/// The token is fetched when the first request needs it, again shortly before it expires, and again after a 401, which
/// sends the request once more. It is fetched once for all calls: while one call fetches it, the others wait.
///
/// If the source fails, also by its [timeout](TokenAuth::fetch_timeout), all calls that wait for it fail, and the next call
/// tries again. The request for the token has the timeouts of the call that sends it; if that call is cancelled, or its
/// total timeout passes, another one that waits fetches the token. A 401 to a token that the same call has fetched is returned.
///
/// The error of a failure has its kind, its status and its `Retry-After`. So a client with retries sends the call again if the
/// server of the tokens answered 503, for example.
///
/// # The origin
///
/// The token goes to one origin (scheme, host, port) alone: that of [`for_origin`](TokenAuth::for_origin), else that of the
/// client's base URL, else to that of the first request of each call. A redirect never takes it to another one. A request
/// that has an `Authorization` header is sent with that header alone.
///
/// ```
/// # mod httpx {
/// #     pub use bytes::Bytes; pub use httpx_core::*;
/// #     pub mod auth { pub use httpx_middleware::auth::*; }
/// #     pub mod flow { pub use httpx_middleware::flow::*; }
/// # }
/// use httpx::auth::{Token, TokenAuth, TokenSource};
/// use httpx::flow::OwnRequest;
/// use httpx::{Bytes, Response, Result};
///
/// struct Login;
///
/// impl TokenSource for Login {
///     fn request(&self) -> Result<OwnRequest> {
///         OwnRequest::new("POST", "https://auth.example.com/token")
///     }
///
///     fn token(&self, response: Response<Bytes>) -> Result<Token> {
///         Ok(Token::new(response.error_for_status()?.text()))
///     }
/// }
///
/// let auth = TokenAuth::new(Login).for_origin("https://api.example.com")?;
/// # Ok::<(), httpx_core::Error>(())
/// ```
pub struct TokenAuth<S> {
    source: S,
    origin: Option<CredentialOrigin>,
    refresh_before: Duration,
    fetch_timeout: Duration,
    tokens: Arc<Tokens>,
}

impl<S: TokenSource> TokenAuth<S> {
    /// Creates a flow with tokens of this source.
    pub fn new(source: S) -> Self {
        TokenAuth {
            source,
            origin: None,
            refresh_before: Duration::from_secs(30),
            fetch_timeout: Duration::from_secs(30),
            tokens: Arc::default(),
        }
    }

    /// Sets the origin that the tokens are for, by any URL of it. Defaults to the origin of the client's base URL, and
    /// without one to that of the first request of a call.
    ///
    /// # Errors
    ///
    /// If the URL does not parse.
    pub fn for_origin(mut self, url: impl IntoUrl) -> Result<Self> {
        self.origin = Some(CredentialOrigin::of(&url.into_url(None)?));
        Ok(self)
    }

    /// Sets how long before its expiry a token is replaced, at most half of its lifetime. Defaults to 30 seconds.
    pub fn refresh_before(mut self, time: Duration) -> Self {
        self.refresh_before = time;
        self
    }

    /// Sets the total timeout of the request for a token, unless the source sets one. The total timeout of the call that
    /// sends it holds too, if it ends earlier. Defaults to 30 seconds.
    pub fn fetch_timeout(mut self, timeout: Duration) -> Self {
        self.fetch_timeout = timeout;
        self
    }

    /// Takes the outcome of the request for a token.
    fn fetched(&self, fetch: Fetch, response: Result<Response<Bytes>>, clock: &dyn Clock) -> Result<()> {
        let token = response.and_then(|response| {
            let token = self.source.token(response)?;
            set_token(&mut Headers::new(), token.value())?;
            Ok(token)
        });
        match token {
            Ok(token) => {
                let replaced_after = token.lifetime().map(|life| life - self.refresh_before.min(life / 2));
                let refresh_at = replaced_after.and_then(|time| clock.now().checked_add(time));
                fetch.succeed(token.value().into(), refresh_at);
                Ok(())
            }
            // The time of this call is over, not that of the others: one of them fetches the token.
            Err(error) if fetch.ends_with_call && error.kind() == ErrorKind::Timeout(Timeout::Total) => {
                Err(failed(error))
            }
            Err(error) => {
                let error = failed(error);
                fetch.fail(&error);
                Err(error)
            }
        }
    }
}

fn set_token(headers: &mut Headers, token: &str) -> Result<()> {
    headers.set("Authorization", format!("Bearer {token}"))?;
    headers.mark_sensitive("Authorization");
    Ok(())
}

/// Keeps the response, so that a layer above can retry a refusal that may pass.
fn failed(error: Error) -> Error {
    let failed = Error::new(error.kind(), "no token could be fetched for the request");
    let failed = match error.response() {
        Some(response) => failed.with_response(response.clone()),
        None => failed,
    };
    failed.with_source(error)
}

impl<S: TokenSource> Flow for TokenAuth<S> {
    type Call = TokenCall;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<TokenCall> {
        let is_free = !request.headers().contains("authorization") && !scope::has_own_digest(request);
        Ok(TokenCall::new(is_free && scope::allows(self.origin.as_ref(), request)))
    }

    fn before_send(
        &self,
        call: &mut TokenCall,
        request: &mut RequestHead,
        clock: &dyn Clock,
    ) -> Result<BeforeSend> {
        if !call.is_active {
            return Ok(BeforeSend::Send);
        }
        match self.tokens.next(call, clock.now()) {
            TokenStep::Use(token) => {
                set_token(request.headers_mut(), &token)?;
                Ok(BeforeSend::Send)
            }
            TokenStep::WaitFor(listener) => Ok(BeforeSend::WaitFor(listener)),
            TokenStep::Failed(error) => Err(error),
            TokenStep::Fetch(mut fetch) => match self.source.request() {
                Ok(mut own) => {
                    let total = own.head_mut().options_mut().timeouts.total.get_or_insert(self.fetch_timeout);
                    let end = clock.now().checked_add(*total);
                    fetch.ends_with_call =
                        request.deadline().is_some_and(|at| end.is_none_or(|end| at <= end));
                    call.fetch = Some(fetch);
                    Ok(BeforeSend::SendOwn(Box::new(own)))
                }
                Err(error) => {
                    let error = failed(error);
                    fetch.fail(&error);
                    Err(error)
                }
            },
        }
    }

    fn on_own_response(
        &self,
        call: &mut TokenCall,
        response: Result<Response<Bytes>>,
        clock: &dyn Clock,
    ) -> Result<()> {
        match call.fetch.take() {
            Some(fetch) => self.fetched(fetch, response, clock),
            None => response.map(drop),
        }
    }

    fn next(
        &self,
        call: &mut TokenCall,
        _: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        match outcome {
            FlowOutcome::Response(response)
                if response.status() == StatusCode::UNAUTHORIZED && self.tokens.refused(call) =>
            {
                Ok(FlowNext::Again { after: None, body: BodyReuse::Keep })
            }
            FlowOutcome::Response(_) | FlowOutcome::Failed(_) => Ok(FlowNext::Done),
        }
    }

    fn on_body_not_replayable(&self, _: &mut TokenCall, response: ResponseHead) -> Result<ResponseHead> {
        let message = "the server refuses the token, so the body would have to be sent again with a new one, and it \
                       came from a reader or a stream; send bytes or a models::File, or send the request again";
        Err(Error::new(ErrorKind::Body, message).with_response(response))
    }
}

/// `<TokenAuth for https://api.example.com>`, without the token.
impl<S> fmt::Debug for TokenAuth<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "<TokenAuth for {origin:?}>"),
            None => f.write_str("<TokenAuth>"),
        }
    }
}
