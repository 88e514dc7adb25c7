//! Authentication: passwords, tokens, digest, netrc.
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/me").header("Authorization", "Bearer 5f1c").reply(Reply::text("Ann"));
//! # mock.get("/me").header("Authorization", "Basic YW5uOnMzY3JldA==").reply(Reply::text("Ann, by password"));
//! let client = httpx::Client::builder()
//!     .url("https://api.example.com") // the only origin that gets the token
//!     .bearer_auth("5f1c")
//! #   .transport(mock)
//!     .build()?;
//! assert_eq!(client.get("/me").send()?.text(), "Ann");
//! assert_eq!(client.get("/me").basic_auth("ann", "s3cret").send()?.text(), "Ann, by password");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! | scheme | on a client | on a request |
//! | --- | --- | --- |
//! | Bearer, a fixed token | [`bearer_auth`](crate::ClientBuilder::bearer_auth) | [`bearer_auth`](crate::RequestBuilder::bearer_auth) |
//! | Bearer, a token that expires | [`auth`](crate::ClientBuilder::auth) with [`TokenAuth`](crate::auth::TokenAuth) | |
//! | Basic | [`basic_auth`](crate::ClientBuilder::basic_auth) | [`basic_auth`](crate::RequestBuilder::basic_auth), or `ann:s3cret@` in the URL |
//! | Basic, from a netrc file | [`netrc`](crate::ClientBuilder::netrc), [`netrc_file`](crate::ClientBuilder::netrc_file) | |
//! | Digest (feature `digest`) | [`digest_auth`](crate::ClientBuilder::digest_auth) | [`digest_auth`](crate::RequestBuilder::digest_auth) |
//! | a key in a header | [`secret_header`](crate::ClientBuilder::secret_header) | [`secret_header`](crate::RequestBuilder::secret_header) |
//! | a client certificate | [`tls`](crate::ClientBuilder::tls): see [tls](super::tls) | [`tls`](crate::RequestBuilder::tls) |
//!
//! **Give the client a base URL.** Its credentials then go to that origin only. Without one, they go to each host that a
//! request names. A redirect to another origin always drops them.
//!
//! # Tokens that expire
//!
//! A [`TokenSource`](crate::auth::TokenSource) describes the request for a token, and reads the token from its response. Here
//! by the client credentials of OAuth 2.0 (RFC 6749 §4.4):
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.post("https://auth.example.com/token").reply(Reply::json(&std::collections::HashMap::from([("access_token", "t1")]))).expect(1);
//! # mock.get("https://api.example.com/me").header("Authorization", "Bearer t1").reply(Reply::text("Ann"));
//! use std::time::Duration;
//! use httpx::auth::{Token, TokenAuth, TokenSource};
//! use httpx::flow::OwnRequest;
//! use httpx::{Bytes, Client, Form, Response, Result};
//!
//! struct Login {
//!     secret: String,
//! }
//!
//! #[derive(serde::Deserialize)]
//! struct Answer {
//!     access_token: String,
//! }
//!
//! impl TokenSource for Login {
//!     fn request(&self) -> Result<OwnRequest> {
//!         let form = Form([("grant_type", "client_credentials"), ("client_secret", &*self.secret)]);
//!         OwnRequest::new("POST", "https://auth.example.com/token")?.with_content(form)
//!     }
//!
//!     fn token(&self, response: Response<Bytes>) -> Result<Token> {
//!         let answer: Answer = response.error_for_status()?.json()?;
//!         Ok(Token::new(answer.access_token).expires_in(Duration::from_secs(3600)))
//!     }
//! }
//!
//! let client = Client::builder()
//!     .url("https://api.example.com")
//!     .auth(TokenAuth::new(Login { secret: "s3cret".into() }))
//! #   .transport(mock)
//!     .build()?;
//! assert_eq!(client.get("/me").send()?.text(), "Ann");
//! assert_eq!(client.get("/me").send()?.text(), "Ann"); // with the same token
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The token is fetched once for all requests that wait for it, again before it expires, and again after a 401
//! to an earlier token. A server that wants the credentials as Basic gets them by
//! [`basic_auth`](crate::models::basic_auth). If the client has [retries](super::retries), a failure to fetch the token is
//! retried as others are.
//!
//! # Your own scheme
//!
//! A scheme that signs requests is a [`Flow`](crate::flow::Flow) for [`auth`](crate::ClientBuilder::auth). It sees each
//! request that is sent, and each step of a redirect. The example `sigv4` of the repository signs requests to AWS. NTLM and
//! Negotiate are not supported.
//!
//! Async: the same flows serve both flavours.
