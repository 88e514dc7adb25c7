//! Coming from reqwest: what is called what.
//!
//! Five things differ most:
//!
//! - The root of this crate is blocking. The async client is in [`ahttpx`](crate::ahttpx).
//! - `send` also reads the body, so `text()`, `json()` and `bytes()` do not wait. [`stream`](crate::RequestBuilder::stream)
//!   returns after the head, as reqwest's `send` does.
//! - Timeouts and a limit on the body are on by default. Cookies are on too.
//! - A client with credentials should have a [base URL](super::authentication): they go to its origin only.
//! - Names of headers are text: `"Accept"`, not `header::ACCEPT`. There is no HTTP/2.
//!
//! ```
//! # use httpx::testing::{Mock, Reply};
//! # let mock = Mock::new();
//! # mock.get("/items").query("page", "2").reply(Reply::json(&["pen"]));
//! # let client = httpx::Client::builder().transport(mock).build()?;
//! // reqwest: client.get(url).query(&[("page", 2)]).send()?.error_for_status()?.json()?
//! let url = "https://api.example.com/items";
//! let items: Vec<String> = client.get(url).params([("page", 2)]).send()?.error_for_status()?.json()?;
//! # assert_eq!(items, ["pen"]);
//! # Ok::<(), httpx::Error>(())
//! ```
//!
//! # Requests and responses
//!
//! | reqwest | here |
//! | --- | --- |
//! | `.query(&[("page", 2)])`, `.query(&filter)` | [`.params([("page", 2)])`](crate::RequestBuilder::params), [`.params_from(&filter)`](crate::RequestBuilder::params_from) |
//! | `.form(&login)` | [`.form_from(&login)`](crate::RequestBuilder::form_from), of pairs [`.form(…)`](crate::RequestBuilder::form) |
//! | `.multipart(Form::new().file(…))`, `Part::bytes` | [`.multipart(form)`](crate::RequestBuilder::multipart), [`Multipart`](crate::models::Multipart), [`Part`](crate::models::Part) |
//! | `.body(file)` | `.content(`[`File::new(path)`](crate::models::File)`)` |
//! | `Body::new(reader)`, `Body::sized`, `Body::wrap_stream` | [`Body::from_reader`](crate::Body::from_reader), [`Body::from_sized_reader`](crate::Body::from_sized_reader), [`from_stream`](crate::ahttpx::Body::from_stream) |
//! | `.send()` and then `chunk`, `bytes_stream`, `copy_to` | [`.stream()`](crate::RequestBuilder::stream) and then [`chunk`](crate::Response::chunk), [`copy_to`](crate::Response::copy_to), [`save_to`](crate::Response::save_to); in `ahttpx` the response is the stream |
//! | `response.text()?`, `.bytes()?` | `response.text()`, `.bytes()`: after `send` they cannot fail |
//! | `client.execute(request)` | [`Client::send`](crate::Client::send); the feature `http` converts an `http::Request` |
//! | `HeaderMap`, `header::ACCEPT` | [`Headers`](crate::Headers), `"Accept"`; the feature `http` converts |
//! | `value.set_sensitive(true)` | [`secret_header`](crate::RequestBuilder::secret_header) |
//! | `response.upgrade()` | [`upgrade("websocket")`](crate::RequestBuilder::upgrade), then [`into_upgraded`](crate::Response::into_upgraded) |
//! | `error.is_timeout()`, `is_connect()`, `status()` | the same names, and [`kind`](crate::Error::kind), [`body`](crate::Error::body) |
//! | `error.without_url()` | [`message`](crate::Error::message) |
//!
//! # Clients
//!
//! | reqwest | here |
//! | --- | --- |
//! | `default_headers(map)` | [`add_headers`](crate::ClientBuilder::add_headers); [`headers`](crate::ClientBuilder::headers) replaces all |
//! | `timeout`, `connect_timeout`, `read_timeout` | the same names, and [three more](super::timeouts) |
//! | `redirect(Policy::none())`, `Policy::custom` | [`max_redirects(0)`](crate::ClientBuilder::max_redirects), [`redirect_policy`](crate::ClientBuilder::redirect_policy) |
//! | `gzip(true)`, `brotli(true)`, `no_gzip()` | [`accept_encodings`](crate::ClientBuilder::accept_encodings), [`decompress(false)`](crate::ClientBuilder::decompress) |
//! | `cookie_store(true)`, `cookie_provider` | on by default; [`cookie_jar`](crate::ClientBuilder::cookie_jar), [`no_cookies`](crate::ClientBuilder::no_cookies) |
//! | `add_root_certificate`, `identity`, `danger_accept_invalid_certs` | [`tls`](crate::ClientBuilder::tls) with a [`TlsConfig`](crate::tls::TlsConfig): `root`, `client_certificate`, the same name |
//! | `pool_max_idle_per_host`, `pool_idle_timeout` | [`max_idle_per_origin`](crate::ClientBuilder::max_idle_per_origin), [`idle_timeout`](crate::ClientBuilder::idle_timeout) |
//! | `Proxy::all`, `Proxy::custom`, `no_proxy()` | [`proxy`](crate::ClientBuilder::proxy), [`proxy_by`](crate::ClientBuilder::proxy_by), [`no_proxy`](crate::ClientBuilder::no_proxy) |
//! | `resolve`, `dns_resolver`, `local_address` | [`resolve`](crate::ClientBuilder::resolve), [`resolver`](crate::ClientBuilder::resolver), [`connect_options`](crate::ClientBuilder::connect_options) |
//! | `retry(retry::for_host(…))` | [`retry(Retry::new())`](crate::ClientBuilder::retry) |
//! | `connection_verbose(true)` | [`observer`](crate::ClientBuilder::observer), [`Logging`](crate::logging::Logging) |
//!
//! # Crates around reqwest
//!
//! | crate | here |
//! | --- | --- |
//! | `reqwest-middleware` | [`layer`](crate::ClientBuilder::layer) with a [`Flow`](crate::flow::Flow) |
//! | `reqwest-retry` | [retries](super::retries) |
//! | `reqwest-tracing` | the feature `tracing`; [`Logging`](crate::logging::Logging) |
//! | `http-cache-reqwest` | [caching](super::caching) |
//! | `reqwest_cookie_store` | [`CookieJar`](crate::cookies::CookieJar) with `save_file` and `load_file` |
//! | `reqwest-eventsource` | [`event_source`](crate::RequestBuilder::event_source) |
//! | `wiremock`, `mockito`, `httpmock` | [`Mock`](crate::testing::Mock), [`TestServer`](crate::testing::TestServer): see [testing](super::testing) |
//! | wiremock: `Mock::given(method("GET")).and(path("/a")).and(query_param("q", "1"))` | `mock.get("/a").query("q", "1")` |
//! | wiremock: `ResponseTemplate::new(200).set_body_json(v)`, `up_to_n_times(2)` | [`.reply(Reply::json(&v))`](crate::testing::Reply::json), [`.up_to(2)`](crate::testing::Route::up_to) |
//! | wiremock: two mocks for a 503 and then a 200 | `.reply(503).reply(200)` |
//! | `oauth2`, a hand-written token middleware | [`TokenAuth`](crate::auth::TokenAuth) |
//! | `rvcr` | [`Recorder`](crate::testing::Recorder), [`Player`](crate::testing::Player) |
//! | `governor` | [`RateLimit`](crate::limit::RateLimit) |
//! | `tower` layers around the client | the same, with the feature `tower` |
