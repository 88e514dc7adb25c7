//! Coming from ureq: what is called what.
//!
//! Four things differ most:
//!
//! - **A status such as 404 is not an error.** [`error_for_status`](crate::Response::error_for_status) makes it one.
//! - [`send`](crate::RequestBuilder::send) sends a request, with a body or without, and reads the whole response.
//! - Five timeouts are on by default. There is none for the whole call.
//! - There is an async flavour, under the same names: [`ahttpx`](crate::ahttpx).
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items").query("page", "2").reply(Reply::text("a pen"));
//! # mock.post("/items").json(&["pen"]).reply(201);
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! let url = "https://api.example.com/items";
//!
//! // ureq: agent.get(url).query("page", "2").call()?.body_mut().read_to_string()?
//! let text = client.get(url).params([("page", 2)]).send()?.error_for_status()?.into_text();
//!
//! // ureq: agent.post(url).send_json(&["pen"])?
//! client.post(url).json(["pen"]).send()?.error_for_status()?;
//! # assert_eq!(text, "a pen");
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Requests and responses
//!
//! | ureq | here |
//! | --- | --- |
//! | `ureq::get(url).call()` | [`httpx::get(url).send()`](crate::get()) |
//! | `.query("page", "2")`, `.query_pairs(…)` | [`.params([("page", 2)])`](crate::RequestBuilder::params) |
//! | `.header("X-Id", "1")` | the same; it replaces an earlier one, and `.headers(…)` sends several |
//! | `.send_json(&value)`, `.send_form(fields)`, `.send_empty()` | [`.json(&value).send()`](crate::RequestBuilder::json), [`.form(fields).send()`](crate::RequestBuilder::form), `.send()` |
//! | `.send("text")`, `.send(file)` | [`.body("text").send()`](crate::RequestBuilder::body), `.content(`[`File::new(path)`](crate::models::File)`)` |
//! | `SendBody::from_reader(&mut reader)` | [`Body::from_reader(reader)`](crate::Body::from_reader), which owns the reader |
//! | `multipart::Form` | [`Multipart`](crate::models::Multipart) |
//! | `body_mut().read_to_string()`, `read_json()`, `read_to_vec()` | [`text()`](crate::Response::text), [`json()`](crate::Response::json), [`bytes()`](crate::Response::bytes) |
//! | `body_mut().as_reader()` | [`.stream()`](crate::RequestBuilder::stream): the response implements `Read` |
//! | `body_mut().with_config().limit(bytes)`, 10 MB by default | [`max_body_bytes`](crate::RequestBuilder::max_body_bytes), 100 MiB by default |
//! | `http::Response`, `HeaderMap` | [`Response`](crate::Response), [`Headers`](crate::Headers); the feature `http` converts |
//! | `Error::StatusCode(404)` | [`error.status()`](crate::Error::status) after `error_for_status` |
//! | `Error::Timeout(_)`, `Error::HostNotFound` | [`error.kind()`](crate::Error::kind): `Timeout(_)`, `Resolve` |
//! | `.config().timeout_global(…).build()` on a request | [`.timeout(…)`](crate::RequestBuilder::timeout): each setting is a method |
//!
//! # Agents
//!
//! | ureq | here |
//! | --- | --- |
//! | `Agent`, `Agent::config_builder()` | [`Client`](crate::Client), [`Client::builder()`](crate::Client::builder) |
//! | `http_status_as_error(false)` | the default |
//! | `timeout_global`, `timeout_connect` | [`timeout`](crate::ClientBuilder::timeout), [`connect_timeout`](crate::ClientBuilder::connect_timeout), which includes the lookup |
//! | `timeout_recv_response` | [`head_timeout`](crate::ClientBuilder::head_timeout) |
//! | `timeout_send_body`, `timeout_recv_body` | [`write_timeout`](crate::ClientBuilder::write_timeout), [`read_timeout`](crate::ClientBuilder::read_timeout), which limit each wait and not the whole body |
//! | `max_redirects(0)`, `redirect_auth_headers` | [`max_redirects(0)`](crate::ClientBuilder::max_redirects); another origin never gets credentials |
//! | `proxy(Some(Proxy::new(url)?))`, `proxy(None)` | [`proxy`](crate::ClientBuilder::proxy), [`no_proxy`](crate::ClientBuilder::no_proxy) |
//! | `tls_config(…)` | [`tls`](crate::ClientBuilder::tls) |
//! | `max_idle_connections`, `max_idle_connections_per_host`, `max_idle_age` | [`max_idle_connections`](crate::ClientBuilder::max_idle_connections), [`max_idle_per_origin`](crate::ClientBuilder::max_idle_per_origin), [`idle_timeout`](crate::ClientBuilder::idle_timeout) |
//! | `agent.cookie_jar_lock()` | [`client.cookies()`](crate::Client::cookies) |
//! | `middleware(…)` | [`layer`](crate::ClientBuilder::layer) with a [`Flow`](crate::flow::Flow) |
//! | a custom `Resolver`, a custom `Connector` | [`resolver`](crate::ClientBuilder::resolver), [`backend`](crate::ClientBuilder::backend) |
