//! Authentication: flows that prove to a server who sends a request.
//!
//! They belong below redirects, so that each step of a redirect is looked at on its own: `ClientBuilder::auth` puts them
//! there. Credentials stay at the origin that they were meant for.

#[cfg(feature = "digest")]
mod digest;
mod netrc;
mod scope;
mod token;
mod token_auth;

#[cfg(feature = "digest")]
pub use digest::{Digest, DigestCall, RequestDigest, RequestDigests};
pub use httpx_core::auth::Challenge;
pub use netrc::Netrc;
pub use scope::CredentialOrigin;
pub use token::{Token, TokenSource};
pub use token_auth::{TokenAuth, TokenCall};
