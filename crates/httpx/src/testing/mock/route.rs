//! [`Route`]: which requests a mock answers, how, and how often it expects them.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::{Encoded, Error, Headers, Method, QueryParams, Request, ToHeaderValue, Url};

use super::matcher::{Matcher, Part};
use super::path_pattern::PathPattern;
use super::route_state::{Answerer, RouteState};
use super::route_table::RouteTable;
use super::times::Times;
use crate::testing::reply::{Reply, in_memory};

/// A route of a [`Mock`](super::Mock): conditions, answers, and how often it must be called.
///
/// It is a handle: each setting applies at once, and clones share the route. A request goes to the first route that it
/// matches, in the order in which the routes were made. A route without an answer answers 200 with no body.
///
/// ```
/// # #[cfg(all(feature = "blocking", feature = "json"))] {
/// use httpx::testing::{Mock, Reply};
///
/// let mock = Mock::new();
/// let created = mock.post("/users").json(&["Ann"]).reply(201).expect(1);
///
/// let client = httpx::Client::builder().url("https://api.example.com").transport(mock.clone()).build()?;
/// assert_eq!(client.post("/users").json(["Ann"]).send()?.status(), 201);
/// assert_eq!(created.calls(), 1);
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[derive(Clone)]
pub struct Route {
    table: Arc<RouteTable>,
    index: usize,
}

impl Route {
    /// A route of this table. `method` is `None` for any; `url` is a path pattern or a whole URL, with an optional query.
    pub(super) fn new(
        table: &Arc<RouteTable>,
        method: Option<&str>,
        url: &str,
        place: &'static Location<'static>,
    ) -> Self {
        let mut routes = table.lock();
        let index = routes.routes.len();
        routes.routes.push(RouteState::new(place));
        drop(routes);
        let route = Route { table: Arc::clone(table), index };
        let route = match method.map(str::parse::<Method>) {
            Some(Ok(method)) => route.with(Matcher::method(method)),
            Some(Err(error)) => route.invalid(&error.into()),
            None => route,
        };
        route.url(url)
    }

    /// Requires this host, such as `api.example.com` or `localhost:8080`. Defaults to any host.
    ///
    /// A whole URL does the same: `mock.get("https://api.example.com/users")`.
    pub fn host(self, host: impl Into<String>) -> Self {
        self.with(Matcher::host(host.into()))
    }

    /// Requires this parameter in the query. Others may be there as well.
    ///
    /// ```
    /// let mock = httpx::testing::Mock::new();
    /// mock.get("/search").query("q", "rust").reply(200);
    /// mock.get("/search?q=go&page=2").reply(404); // the same in short
    /// ```
    #[doc(alias = "query_param")]
    pub fn query(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(Matcher::query(name.into(), Some(value.into())))
    }

    /// Requires a parameter of this name in the query, with any value.
    pub fn has_query(self, name: impl Into<String>) -> Self {
        self.with(Matcher::query(name.into(), None))
    }

    /// Requires a header line with this value.
    pub fn header(self, name: &str, value: impl ToHeaderValue) -> Self {
        let mut headers = Headers::new();
        if let Err(error) = headers.append(name, value) {
            return self.invalid(&error.into());
        }
        let value = headers.get(name).map(|value| value.as_bytes().to_vec());
        self.with(Matcher::header(name.to_owned(), value))
    }

    /// Requires a header of this name, with any value.
    pub fn has_header(self, name: impl Into<String>) -> Self {
        self.with(Matcher::header(name.into(), None))
    }

    /// Requires exactly this body.
    pub fn body(self, body: impl Into<Encoded>) -> Self {
        match in_memory(body.into()) {
            Ok(body) => self.with(Matcher::body(body)),
            Err(error) => self.invalid(&error),
        }
    }

    /// Requires this text somewhere in the body.
    pub fn body_contains(self, text: impl Into<String>) -> Self {
        self.with(Matcher::body_contains(text.into()))
    }

    /// Requires a JSON body that equals this value. White space and the order of fields mean nothing.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(self, value: &T) -> Self {
        match super::json_body::matcher(value) {
            Ok(matcher) => self.with(matcher),
            Err(error) => self.invalid(&error),
        }
    }

    /// Requires a form with exactly these fields, in any order.
    ///
    /// ```
    /// let mock = httpx::testing::Mock::new();
    /// mock.post("/login").form([("user", "ann"), ("remember", "1")]).reply(204);
    /// ```
    pub fn form(self, fields: impl Into<QueryParams>) -> Self {
        self.with(Matcher::form(&fields.into()))
    }

    /// Requires that this function returns true. The text describes the condition in messages.
    ///
    /// ```
    /// let mock = httpx::testing::Mock::new();
    /// mock.post("/upload").when("a body of at most 1 KiB", |request| request.body().len() <= 1024).reply(201);
    /// mock.post("/upload").reply(413);
    /// ```
    pub fn when(
        self,
        condition: impl Into<String>,
        is_met: impl Fn(&Request<Bytes>) -> bool + Send + Sync + 'static,
    ) -> Self {
        let text = condition.into();
        let difference = format!("it is without {text}");
        let check = move |request: &Request<Bytes>| (!is_met(request)).then(|| difference.clone());
        self.with(Matcher::new(Part::Other, text, check))
    }

    /// Adds an answer. The first request gets the first answer, the second one the second; the last answer is repeated.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// use httpx::testing::Mock;
    ///
    /// let mock = Mock::new();
    /// mock.get("/").reply(503).reply(200);
    /// let client = httpx::Client::builder().transport(mock).build()?;
    /// let mut status = || client.get("http://example.com/").send().map(|response| response.status().as_u16());
    /// assert_eq!((status()?, status()?, status()?), (503, 200, 200));
    /// # }
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn reply(self, reply: impl Into<Reply>) -> Self {
        let reply = reply.into();
        self.set(|route| route.answers.push(Answerer::Fixed(reply)))
    }

    /// Adds an answer that this function makes of the request. [`PathParams`](super::PathParams) has the named segments of
    /// the path. A function that holds a clone of its mock keeps the mock alive: call [`verify`](super::Mock::verify) then.
    ///
    /// ```
    /// use httpx::testing::{Mock, Reply};
    ///
    /// let mock = Mock::new();
    /// mock.post("/echo").reply_with(|request| Reply::new(200).body(request.body().clone()));
    /// ```
    pub fn reply_with<R: Into<Reply>>(
        self,
        answer: impl Fn(&Request<Bytes>) -> R + Send + Sync + 'static,
    ) -> Self {
        let answer = Arc::new(move |request: &Request<Bytes>| answer(request).into());
        self.set(|route| route.answers.push(Answerer::Function(answer)))
    }

    /// Expects this number of requests: `expect(1)`, `expect(1..)`, `expect(2..=3)`. Defaults to any number.
    ///
    /// The expectation is checked by [`Mock::verify`](super::Mock::verify), and when the mock is dropped.
    pub fn expect(self, times: impl Into<Times>) -> Self {
        let times = times.into();
        self.set(|route| route.expected = Some(times))
    }

    /// Expects this number of requests or more. Defaults to any number.
    pub fn at_least(self, times: u64) -> Self {
        self.expect(times..)
    }

    /// Expects no request. Defaults to any number.
    pub fn never(self) -> Self {
        self.expect(0)
    }

    /// Answers this number of requests; later ones go to the next route that matches. Defaults to no limit.
    ///
    /// ```
    /// let mock = httpx::testing::Mock::new();
    /// mock.get("/job").reply(202).up_to(2);
    /// mock.get("/job").reply(200);
    /// ```
    #[doc(alias = "up_to_n_times")]
    pub fn up_to(self, times: u64) -> Self {
        self.set(|route| route.most = Some(times))
    }

    /// Returns the number of requests so far.
    pub fn calls(&self) -> u64 {
        self.table.lock().routes.get(self.index).map_or(0, |route| route.calls)
    }

    fn set(self, change: impl FnOnce(&mut RouteState)) -> Self {
        if let Some(route) = self.table.lock().routes.get_mut(self.index) {
            change(route);
        }
        self
    }

    fn with(self, matcher: Matcher) -> Self {
        self.set(|route| route.matchers.push(matcher))
    }

    /// Remembers the first invalid setting.
    fn invalid(self, error: &Error) -> Self {
        let text = error.to_string();
        self.set(|route| {
            route.invalid.get_or_insert(text);
        })
    }

    /// Requires a path pattern or a whole URL, and the parameters of its query.
    fn url(mut self, url: &str) -> Self {
        let (rest, query) = url.split_once('?').unwrap_or((url, ""));
        let path = match rest.split_once("://") {
            Some((scheme, rest)) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                self = match Url::parse(&format!("{scheme}://{authority}/")) {
                    Ok(base) => self.with(Matcher::origin(base.origin().into_owned())),
                    Err(error) => self.invalid(&error),
                };
                if path.is_empty() { "/" } else { path }
            }
            None => rest,
        };
        self = match PathPattern::parse(path) {
            Ok(pattern) => {
                let set = pattern.clone();
                self.set(|route| route.pattern = Some(set)).with(Matcher::path(pattern, path.to_owned()))
            }
            Err(error) => self.invalid(&error),
        };
        let params = QueryParams::parse(query);
        params.iter().fold(self, |route, (name, value)| route.query(name, value))
    }
}

/// `Route(GET /users/{id}, 1 request)`.
impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = self.table.lock();
        match table.routes.get(self.index) {
            Some(route) => write!(f, "Route({}, {} requests)", route.describe(), route.calls),
            None => f.write_str("Route"),
        }
    }
}
