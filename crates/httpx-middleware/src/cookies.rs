//! Cookies by RFC 6265bis: what a server may set, what is kept, and what goes out again.
//!
//! [`CookieJar`] is what users hold. Under it:
//!
//! - `set_cookie` reads one field, with `date` for its dates;
//! - `cookie` decides whether that host may set that cookie, with `domain` and `suffix` (the public suffix list) for
//!   how far it reaches, and `prefix` for what its name promises;
//! - `cookie_index` keeps the cookies of all registrable domains within bounds, and `site_cookies` those of one, in a `CookieStore`;
//! - `netscape` writes and reads files.
//!
//! Over it `flow` has [`Cookies`], which joins a jar to requests and responses.

mod cookie;
mod cookie_error;
mod cookie_index;
mod domain;
mod flow;
mod jar;
mod netscape;
mod prefix;
mod same_site;
mod set_cookie;
mod site_cookies;
mod suffix;

pub use cookie::Cookie;
pub use cookie_error::CookieError;
pub use flow::{CookieMiddleware, Cookies};
pub use jar::{CookieJar, SessionCookies};
pub use same_site::SameSite;
