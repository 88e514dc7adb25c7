//! A guide: one short page for each subject. Its examples are compiled, and most of them run as tests.
//!
//! Start with the [quickstart]. It takes five minutes.
//!
//! | page | answers |
//! | --- | --- |
//! | [quickstart] | How do I get a page, post JSON, download a file? |
//! | [clients] | How do I make a client? How do I add a layer, such as logging? |
//! | [requests] | How do I set parameters, methods, redirects? |
//! | [responses] | What does a response tell me? |
//! | [urls] | How are URLs parsed, joined and escaped? |
//! | [headers] | Which headers are sent? How do I set and read them? |
//! | [content_types] | How do I send JSON, forms, files, streams? |
//! | [streaming] | How do I read or send a body that does not fit in memory? |
//! | [timeouts] | How long can a call take? |
//! | [errors] | What went wrong, and what can I do about it? |
//! | [connections] | How are connections made, pooled and observed? |
//! | [tls] | Whom does the client trust? How does it identify itself? |
//! | [proxies] | Which proxy is used? |
//! | [authentication] | How do I send credentials? |
//! | [retries] | How do I send a request again after a failure? |
//! | [cookies] | Which cookies are kept and sent? |
//! | [caching] | How do I store responses? |
//! | [logging] | How do I see what the client does? |
//! | [testing] | How do I test a program that uses this client? |
//! | [performance] | What does a request cost? How do I keep it low? |
//! | [security] | What is on by default? What must I turn on? |
//!
//! If you know another client, read its table: [from_reqwest], [from_ureq], [from_python_httpx].
//!
//! The examples are blocking. The async flavour has the same names in [`ahttpx`](crate::ahttpx): change the import, and
//! add `.await` after `send()`, `stream()`, and each read of a streamed body. A page says so where more differs. The
//! examples use many features; the list of [features](crate#features) tells which feature has which name.

pub mod authentication;
pub mod caching;
pub mod clients;
pub mod connections;
pub mod content_types;
pub mod cookies;
pub mod errors;
pub mod from_python_httpx;
pub mod from_reqwest;
pub mod from_ureq;
pub mod headers;
pub mod logging;
pub mod performance;
pub mod proxies;
pub mod quickstart;
pub mod requests;
pub mod responses;
pub mod retries;
pub mod security;
pub mod streaming;
pub mod testing;
pub mod timeouts;
pub mod tls;
pub mod urls;
