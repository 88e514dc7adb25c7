//! Gives one request its own cookie jar, or no cookies.

use super::jar::CookieJar;

/// The cookies of one request, in place of those of its client: put it into the request's
/// [`extensions`](httpx_core::RequestHead::extensions).
///
/// It holds for the whole call, with all its redirects.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::*; pub mod cookies { pub use httpx_middleware::cookies::*; } }
/// use httpx::Request;
/// use httpx::cookies::{CookieJar, RequestCookies};
///
/// let jar_of_a_user = CookieJar::new();
/// let mut request: Request = Request::new("GET", "https://www.example.com/")?;
/// request.head_mut().extensions_mut().insert(RequestCookies::Jar(jar_of_a_user));
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum RequestCookies {
    /// Sends the cookies of this jar, and stores those of the responses in it.
    Jar(CookieJar),
    /// Sends no cookies, and stores none. A `Cookie` header that the user set is sent.
    Disabled,
}
