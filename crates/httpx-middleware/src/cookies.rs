//! Cookies by RFC 6265bis: which ones a server may set, which ones the jar keeps, and which ones are sent.
//!
//! Users hold a [`CookieJar`], and [`Cookies`] is the flow that connects it with requests and responses.
//!
//! ```text
//!   Set-Cookie ─▶ SetCookie ─▶ cookie (domain, suffix, prefix) ─▶ new_cookie ──┐  without the lock
//!                                                                              ▼
//!   Cookie ◀───── cookie_header ◀───────── site_cookies ◀──────────── cookie_index    under the lock
//! ```
//!
//! - `SetCookie` (of `httpx_core`) parses one field, and `expiry` computes when its cookie expires.
//! - `cookie` checks whether that host may set that cookie: `domain` and `suffix` (the public suffix list) know its
//!   domain, `prefix` knows the rules of its name.
//! - `new_cookie` is a cookie that has passed these checks.
//! - `cookie_index` keeps the cookies of all sites within bounds, `site_cookies` those of one site, and
//!   `stored_cookie` is one of them.
//! - `cookie_header` orders the cookies that are sent, and bounds the header.
//! - `files` saves and loads a jar in the format of `netscape`.

mod cookie;
mod cookie_error;
mod cookie_header;
mod cookie_index;
mod domain;
mod expiry;
mod files;
mod flow;
mod jar;
mod netscape;
mod new_cookie;
mod prefix;
mod request_cookies;
mod site_cookies;
mod stored_cookie;
mod suffix;

pub use cookie::Cookie;
pub use cookie_error::CookieError;
pub use files::SessionCookies;
pub use flow::{CookieMiddleware, Cookies};
pub use httpx_core::SameSite;
pub use jar::CookieJar;
pub use request_cookies::RequestCookies;
