//! Cookies: one jar for each user.
//!
//! A client keeps the cookies that servers set, and sends them back, as a browser does (RFC 6265bis):
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.post("/login").reply(Reply::new(204).header("Set-Cookie", "sid=31d4; Secure; HttpOnly"));
//! # mock.get("/").header("Cookie", "sid=31d4").reply(Reply::text("Hello, Ann"));
//! # let client = httpx::Client::builder().url("https://www.example.com").transport(mock).build()?;
//! client.post("/login").form([("name", "ann"), ("password", "s3cret")]).send()?.error_for_status()?;
//! assert_eq!(client.cookies().get("sid").unwrap().value(), "31d4");
//! assert_eq!(client.get("/").send()?.text(), "Hello, Ann");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! The functions [`httpx::get`](crate::get()) and so on keep no cookies.
//!
//! # Several users
//!
//! **All requests of a client share one jar.** If a service sends requests for several users, the login of one user goes
//! out with the requests of all. Give each user a jar, or turn cookies off:
//!
//! ```
//! # let mock = httpx::testing::Mock::new();
//! # mock.get("/").reply(httpx::testing::Reply::new(200).header("Set-Cookie", "user=ann"));
//! use httpx::Client;
//! use httpx::cookies::CookieJar;
//!
//! let client = Client::builder()
//!     .no_cookies()
//! #   .transport(mock)
//!     .build()?;
//! let ann = CookieJar::new();
//! client.get("https://www.example.com").cookie_jar(&ann).send()?;
//! assert_eq!(ann.len(), 1);
//! assert!(client.cookies().is_empty());
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! A clone of a jar is the same jar. Clients can share one: [`cookie_jar`](crate::ClientBuilder::cookie_jar).
//!
//! # Your own cookies
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/").header("Cookie", "lang=en").reply(200);
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! use httpx::cookies::Cookie;
//!
//! client.cookies().insert(Cookie::new("lang", "en", "example.com").with_subdomains())?;
//! assert_eq!(client.get("https://www.example.com").send()?.status(), 200); // it has `Cookie: lang=en`
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For a single request without a jar, set the header: `.no_cookies().header("Cookie", "lang=en")`.
//!
//! # Files
//!
//! A jar is saved as a `cookies.txt`, which curl, wget and Python read too. Only its owner can read the file:
//!
//! ```
//! # let path = std::env::temp_dir().join(format!("httpx-guide-cookies-{}.txt", std::process::id()));
//! # let client = httpx::Client::new();
//! # client.cookies().insert(httpx::cookies::Cookie::new("lang", "en", "example.com"))?;
//! use httpx::cookies::{CookieJar, SessionCookies};
//!
//! client.cookies().save_file(&path, SessionCookies::Include)?;
//!
//! let jar = CookieJar::new();
//! assert_eq!(jar.load_file(&path)?, 1);
//! let client = httpx::Client::builder().cookie_jar(jar).build()?;
//! # std::fs::remove_file(path)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is refused
//!
//! Cookies for other domains and for public suffixes (`co.uk`, `github.io`) are refused; the public suffix list is part of
//! the crate. A jar has limits, so that a server cannot fill the memory: see [`CookieJar`](crate::cookies::CookieJar). A
//! refused cookie is no error, as in browsers. [`Response::cookies`](crate::Response::cookies) shows what the server sent.
//!
//! Async: the same jars serve both flavours.
