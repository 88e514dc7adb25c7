//! Cookies by RFC 6265bis: what a server may set, what is kept, and what goes out again.
//!
//! [`CookieJar`] is what users hold. Under it:
//!
//! - `set_cookie` reads one field, with `date` for its dates;
//! - `cookie` decides whether that host may set that cookie, with `domain` and `suffix` (the public suffix list) for
//!   how far it reaches, and `prefix` for what its name promises;
//! - `sites` keeps the cookies of all registrable domains within bounds, and `site` those of one, in a `CookieStore`;
//! - `netscape` writes and reads files.
//!
//! Over it `flow` has [`Cookies`], which joins a jar to requests and responses.

mod cookie;
mod domain;
mod flow;
mod jar;
mod netscape;
mod prefix;
mod rejected;
mod set_cookie;
mod site;
mod sites;
mod suffix;

pub use cookie::{Cookie, SameSite};
pub use flow::{CookieMiddleware, Cookies};
pub use jar::{CookieJar, SessionCookies};
pub use rejected::Rejected;
