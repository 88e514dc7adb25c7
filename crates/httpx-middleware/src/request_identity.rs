//! What flows tell the cache about the user behind the headers that they have added. Without the cache they tell nothing.

#[cfg(feature = "cache")]
use std::hash::Hash;
#[cfg(feature = "digest")]
use std::sync::Arc;

use httpx_core::RequestHead;
#[cfg(feature = "digest")]
use httpx_core::auth::DigestCredentials;

/// An extension: the `Cookie` header is from the jar of the client, so its user is that of the other requests.
#[cfg(feature = "cache")]
#[derive(Clone)]
struct ClientCookies;

/// An extension: the `Authorization` header answers a digest challenge with these credentials. Its text is another one for
/// each request.
#[cfg(all(feature = "cache", feature = "digest"))]
#[derive(Clone)]
struct DigestUser(Arc<DigestCredentials>);

/// Notes that the `Cookie` header is from the jar of the client.
#[cfg(all(feature = "cache", feature = "cookies"))]
pub(crate) fn set_client_cookies(request: &mut RequestHead) {
    request.extensions_mut().insert(ClientCookies);
}

#[cfg(all(not(feature = "cache"), feature = "cookies"))]
pub(crate) fn set_client_cookies(_: &mut RequestHead) {}

/// Returns whether the `Cookie` header is from the jar of the client.
#[cfg(feature = "cache")]
pub(crate) fn has_client_cookies(request: &RequestHead) -> bool {
    request.extensions().get::<ClientCookies>().is_some()
}

/// Notes that the `Authorization` header is made with these credentials.
#[cfg(all(feature = "cache", feature = "digest"))]
pub(crate) fn set_digest_user(request: &mut RequestHead, credentials: &Arc<DigestCredentials>) {
    request.extensions_mut().insert(DigestUser(Arc::clone(credentials)));
}

#[cfg(all(not(feature = "cache"), feature = "digest"))]
pub(crate) fn set_digest_user(_: &mut RequestHead, _: &Arc<DigestCredentials>) {}

/// Returns the credentials of the digest in the `Authorization` header, if they are known.
#[cfg(all(feature = "cache", feature = "digest"))]
pub(crate) fn digest_user(request: &RequestHead) -> Option<&impl Hash> {
    let header = request.headers().get("authorization");
    let is_digest = header.is_some_and(|header| header.as_bytes().starts_with(b"Digest "));
    request.extensions().get().filter(|_| is_digest).map(|DigestUser(credentials)| &**credentials)
}

#[cfg(all(feature = "cache", not(feature = "digest")))]
pub(crate) fn digest_user(_: &RequestHead) -> Option<&impl Hash> {
    None::<&()>
}
