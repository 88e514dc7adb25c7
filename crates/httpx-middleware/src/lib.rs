//! httpx-middleware

#[cfg(feature = "cookies")]
mod cookies;

#[cfg(feature = "cookies")]
pub use cookies::{Cookie, CookieJar, Rejected, SameSite, SessionCookies};
