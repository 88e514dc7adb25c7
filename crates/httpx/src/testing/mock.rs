//! [`Mock`]: a transport with routes, for tests.

#[cfg(feature = "json")]
mod json_body;
mod matcher;
mod path_pattern;
mod route;
mod route_state;
mod route_table;
mod times;
mod unmatched;
mod verdict;

use std::fmt;
use std::panic::Location;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::{Error, Request, RequestHead};

use super::reply::Reply;
pub use path_pattern::PathParams;
pub use route::Route;
use route_table::RouteTable;
pub use times::Times;

/// A transport for tests: its routes answer the requests, and it checks that they were called as expected.
///
/// It is a transport in both flavours. Clones share the routes and the requests. When the last clone is dropped, an
/// expectation that is not met panics, unless the thread is panicking already. A clone that a client or a task holds beyond
/// the end of the test delays this: call [`verify`](Mock::verify) at the end of such a test.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// use httpx::Client;
/// use httpx::testing::{Mock, Reply};
///
/// let mock = Mock::new();
/// mock.get("/greet").query("name", "Ann").reply(Reply::text("Hello, Ann")).expect(1);
/// let client = Client::builder().url("https://api.example.com").transport(mock.clone()).build()?;
///
/// assert_eq!(client.get("/greet").params([("name", "Ann")]).send()?.text(), "Hello, Ann");
/// assert_eq!(mock.requests()[0].url().query(), Some("name=Ann"));
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
///
/// In the async flavour only the client differs:
///
/// ```
/// # #[cfg(feature = "async")] {
/// use httpx::ahttpx::Client;
/// use httpx::testing::{Mock, Reply};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> httpx::Result<()> {
/// let mock = Mock::new();
/// mock.get("/greet").reply(Reply::text("Hello"));
/// let client = Client::builder().url("https://api.example.com").transport(mock.clone()).build()?;
/// assert_eq!(client.get("/greet").send().await?.text(), "Hello");
/// # Ok(())
/// # }
/// # main().unwrap();
/// # }
/// ```
///
/// A request that matches no route fails, with kind [`Other`](crate::ErrorKind::Other): its message names the nearest
/// route, the differences, and all routes.
#[derive(Clone)]
pub struct Mock {
    table: Arc<RouteTable>,
}

impl Mock {
    /// A mock without routes.
    pub fn new() -> Self {
        Mock { table: Arc::default() }
    }

    /// Adds a route for GET.
    ///
    /// The path is a pattern: `{id}` matches one segment, `{rest*}` or `*` at the end matches all that follow. A query
    /// requires its parameters. A whole URL, `https://api.example.com/users?page=2`, requires its origin as well; a path
    /// alone matches on every host. Segments are compared after percent-decoding.
    ///
    /// ```
    /// let mock = httpx::testing::Mock::new();
    /// mock.get("/users/{id}").reply(200);
    /// mock.get("/static/*").reply(404);
    /// mock.get("https://cdn.example.com/logo.png?v=2").reply(200);
    /// ```
    #[track_caller]
    pub fn get(&self, path: &str) -> Route {
        self.on("GET", path)
    }

    /// Adds a route for POST. See [`get`](Mock::get) for the path.
    #[track_caller]
    pub fn post(&self, path: &str) -> Route {
        self.on("POST", path)
    }

    /// Adds a route for PUT. See [`get`](Mock::get) for the path.
    #[track_caller]
    pub fn put(&self, path: &str) -> Route {
        self.on("PUT", path)
    }

    /// Adds a route for PATCH. See [`get`](Mock::get) for the path.
    #[track_caller]
    pub fn patch(&self, path: &str) -> Route {
        self.on("PATCH", path)
    }

    /// Adds a route for DELETE. See [`get`](Mock::get) for the path.
    #[track_caller]
    pub fn delete(&self, path: &str) -> Route {
        self.on("DELETE", path)
    }

    /// Adds a route for this method. See [`get`](Mock::get) for the path.
    #[track_caller]
    pub fn on(&self, method: &str, path: &str) -> Route {
        Route::new(&self.table, Some(method), path, Location::caller())
    }

    /// Adds a route for any method. See [`get`](Mock::get) for the path.
    ///
    /// ```
    /// let mock = httpx::testing::Mock::new();
    /// mock.get("/").reply(200);
    /// mock.any("/*").reply(404); // all other requests
    /// ```
    #[track_caller]
    pub fn any(&self, path: &str) -> Route {
        Route::new(&self.table, None, path, Location::caller())
    }

    /// Returns the requests so far, in order, with their bodies. Those that matched no route are among them. The oldest are
    /// forgotten beyond 10,000 requests, or 64 MiB of bodies; the calls of the routes are still counted.
    #[doc(alias = "received_requests")]
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        self.table.requests()
    }

    /// Checks that each route was called as it [expects](Route::expect).
    ///
    /// # Panics
    ///
    /// If an expectation is not met, or a setting of a route is not valid. The message lists the routes, and the requests
    /// that matched none:
    ///
    /// ```text
    /// the mock was not called as expected:
    /// - expected GET /users once, got 0 requests (tests/users.rs:12:10)
    /// requests that matched no route:
    /// - GET https://api.example.com/user
    ///   nearest route: GET /users: the path is /user, not /users
    /// ```
    #[track_caller]
    #[expect(clippy::panic, reason = "it is an assertion of a test")]
    pub fn verify(&self) {
        if let Some(report) = self.table.report() {
            panic!("{report}");
        }
    }

    pub(super) fn answer(&self, head: RequestHead, body: Bytes) -> Result<Reply, Error> {
        self.table.answer(head, body)
    }
}

impl Default for Mock {
    fn default() -> Self {
        Mock::new()
    }
}

/// `Mock(2 routes, 3 requests)`.
impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (routes, requests) = self.table.counts();
        write!(f, "Mock({routes} routes, {requests} requests)")
    }
}
