//! Coming from Python's httpx: what is called what.
//!
//! Names and habits are much the same. Five things differ most:
//!
//! - Keyword arguments are methods: `params=`, `json=`, `headers=` and `timeout=` follow the URL, and `send` comes last.
//! - Redirects are followed, up to 20. In Python they are not, by default.
//! - **A path that begins with a slash replaces the path of the base URL**, as in a browser. Python appends it.
//! - The default timeouts are longer than Python's 5 s: see [timeouts](super::timeouts).
//! - Mistakes, such as a header with a line break, are returned by `send`, as errors of the same type.
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("https://api.example.com/v1/items").query("page", "2").reply(Reply::json(&["pen"]));
//! // Python: client = httpx.Client(base_url="https://api.example.com/v1", headers={"X-Team": "red"})
//! let client = httpx::Client::builder()
//!     .url("https://api.example.com/v1/")
//!     .add_headers([("X-Team", "red")])
//! #   .transport(mock)
//!     .build()?;
//!
//! // Python: items = client.get("items", params={"page": 2}).raise_for_status().json()
//! let items: Vec<String> = client.get("items").params([("page", 2)]).send()?.error_for_status()?.json()?;
//! # assert_eq!(items, ["pen"]);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Requests and responses
//!
//! | Python | here |
//! | --- | --- |
//! | `params=`, `headers=`, `cookies=` | [`.params(…)`](crate::RequestBuilder::params), [`.headers(…)`](crate::RequestBuilder::headers), [`.cookie_jar(…)`](crate::RequestBuilder::cookie_jar) |
//! | `json=`, `data=`, `content=` | [`.json(…)`](crate::RequestBuilder::json), [`.form(…)`](crate::RequestBuilder::form), [`.body(…)`](crate::RequestBuilder::body) |
//! | `files=` | [`.multipart(form)`](crate::RequestBuilder::multipart) with a [`Multipart`](crate::models::Multipart) |
//! | `auth=("ann", "s3cret")`, `DigestAuth`, `NetRCAuth` | [`.basic_auth(…)`](crate::RequestBuilder::basic_auth), [`.digest_auth(…)`](crate::RequestBuilder::digest_auth), [`netrc`](crate::ClientBuilder::netrc) |
//! | `client.stream("GET", url)` | `client.get(url)`[`.stream()`](crate::RequestBuilder::stream) |
//! | `r.status_code`, `r.reason_phrase`, `r.is_success` | [`status()`](crate::Response::status), [`reason()`](crate::Response::reason), `status().is_success()` |
//! | `r.text`, `r.json()`, `r.content` | [`text()`](crate::Response::text), [`json()`](crate::Response::json), [`bytes()`](crate::Response::bytes) |
//! | `r.url`, `r.history`, `r.elapsed`, `r.links` | [`url()`](crate::Response::url), [`history()`](crate::Response::history), [`elapsed()`](crate::Response::elapsed), [`links()`](crate::Response::links) |
//! | `r.raise_for_status()` | [`error_for_status()`](crate::Response::error_for_status), an error from 400 on |
//! | `iter_bytes()`, `iter_lines()`, `iter_raw()` | [`chunk`](crate::Response::chunk), [`lines`](crate::Response::lines), `chunk` with [`decompress(false)`](crate::RequestBuilder::decompress) |
//! | `httpx.URL`, `url.copy_with(…)` | [`Url`](crate::Url), `with_path`, `with_params`, … |
//! | `HTTPStatusError`, `ConnectError`, `ReadTimeout`, `TooManyRedirects` | [`error.kind()`](crate::Error::kind): `Status`, `Connect`, `Timeout(Timeout::Read)`, `TooManyRedirects` |
//!
//! # Clients
//!
//! | Python | here |
//! | --- | --- |
//! | `base_url=`, `params=`, `headers=` | [`.url(…)`](crate::ClientBuilder::url), [`.params(…)`](crate::ClientBuilder::params), [`.add_headers(…)`](crate::ClientBuilder::add_headers) |
//! | `timeout=httpx.Timeout(10, connect=3)` | [`.timeouts(…)`](crate::ClientBuilder::timeouts) with [`Timeouts`](crate::Timeouts) |
//! | `follow_redirects=False` | [`.max_redirects(0)`](crate::ClientBuilder::max_redirects) |
//! | `limits=Limits(max_connections, max_keepalive_connections, keepalive_expiry)` | [`max_connections`](crate::ClientBuilder::max_connections), [`max_idle_connections`](crate::ClientBuilder::max_idle_connections), [`idle_timeout`](crate::ClientBuilder::idle_timeout) |
//! | `verify=`, `cert=` | [`tls`](crate::ClientBuilder::tls): see [tls](super::tls) |
//! | `proxy=url`, `mounts=`, `trust_env=False` | [`proxy`](crate::ClientBuilder::proxy), [`proxy_by`](crate::ClientBuilder::proxy_by), [`no_proxy`](crate::ClientBuilder::no_proxy) |
//! | `event_hooks=`, a subclass of `Auth` | [`layer`](crate::ClientBuilder::layer), [`auth`](crate::ClientBuilder::auth) with a [`Flow`](crate::flow::Flow) |
//! | `transport=HTTPTransport(retries=2)` | [`retry(Retry::new())`](crate::ClientBuilder::retry) |
//! | `HTTPTransport(uds=…, local_address=…)` | [`unix_socket`](crate::ClientBuilder::unix_socket), [`connect_options`](crate::ClientBuilder::connect_options) |
//! | `MockTransport(handler)`, `respx`, `vcrpy` | [`MockTransport`](crate::network::MockTransport), [`Mock`](crate::testing::Mock), [`Recorder`](crate::testing::Recorder) |
//! | `hishel` | [caching](super::caching) |
//! | `WSGITransport(app=…)`, `ASGITransport` | the feature `tower` sends to a `tower::Service` |
//! | `with httpx.Client() as client:` | the client closes its connections when it is dropped |
//! | `AsyncClient` | [`ahttpx::Client`](crate::ahttpx::Client) |
