//! [`Token`], and [`TokenSource`]: where tokens come from.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Response, Result};

use crate::flow::OwnRequest;

/// A token for `Authorization: Bearer` (RFC 6750).
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    value: String,
    lifetime: Option<Duration>,
}

impl Token {
    /// Creates a token that is used until a server refuses it.
    pub fn new(value: impl Into<String>) -> Self {
        Token { value: value.into(), lifetime: None }
    }

    /// Sets how long the token is valid from now on. Defaults to no limit.
    ///
    /// ```
    /// # mod httpx { pub mod auth { pub use httpx_middleware::auth::*; } }
    /// use std::time::Duration;
    ///
    /// let token = httpx::auth::Token::new("b0ae3c").expires_in(Duration::from_secs(3600));
    /// assert_eq!(format!("{token:?}"), "<Token>");
    /// ```
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    pub(super) fn value(&self) -> &str {
        &self.value
    }

    pub(super) fn lifetime(&self) -> Option<Duration> {
        self.lifetime
    }
}

/// `<Token>`, without its value.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<Token>")
    }
}

/// A source of tokens: it makes a request for a token, and reads the token from its response. It does no I/O, so one source
/// serves both flavours.
///
/// ```
/// # mod httpx {
/// #     pub use bytes::Bytes; pub use httpx_core::*;
/// #     pub mod auth { pub use httpx_middleware::auth::*; }
/// #     pub mod flow { pub use httpx_middleware::flow::*; }
/// #     pub mod models { pub use httpx_core::*; }
/// # }
/// use httpx::auth::{Token, TokenSource};
/// use httpx::flow::OwnRequest;
/// use httpx::models::basic_auth;
/// use httpx::{Bytes, Form, Response, Result};
///
/// struct ClientCredentials {
///     id: String,
///     secret: String,
/// }
///
/// impl TokenSource for ClientCredentials {
///     fn request(&self) -> Result<OwnRequest> {
///         OwnRequest::new("POST", "https://auth.example.com/token")?
///             .with_header("Authorization", basic_auth(&self.id, &self.secret))?
///             .with_content(Form([("grant_type", "client_credentials")]))
///     }
///
///     fn token(&self, response: Response<Bytes>) -> Result<Token> {
///         Ok(Token::new(response.error_for_status()?.text()))
///     }
/// }
/// ```
#[doc(alias = "oauth2")]
#[doc(alias = "client_credentials")]
pub trait TokenSource: Send + Sync {
    /// Makes the request for a token. It is sent by the layers below, with the timeouts of the call that needs the token, and
    /// with [`fetch_timeout`](super::TokenAuth::fetch_timeout) for the whole fetch. Those that it sets itself win.
    ///
    /// # Errors
    ///
    /// If there can be no request. The calls that wait for the token fail.
    fn request(&self) -> Result<OwnRequest>;

    /// Reads the token from the response, of any status.
    ///
    /// # Errors
    ///
    /// If it has none. The calls that wait for the token fail.
    fn token(&self, response: Response<Bytes>) -> Result<Token>;
}

impl<S: TokenSource + ?Sized> TokenSource for Arc<S> {
    fn request(&self) -> Result<OwnRequest> {
        (**self).request()
    }

    fn token(&self, response: Response<Bytes>) -> Result<Token> {
        (**self).token(response)
    }
}
