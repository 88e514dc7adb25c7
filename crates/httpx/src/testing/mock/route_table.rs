//! [`RouteTable`]: the routes of a mock, which requests they were given, and what is wrong with that. It does no I/O.

use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, Request, RequestHead};

use super::path_pattern::PathPattern;
use super::route_state::{Answerer, RouteState};
use super::unmatched::UnmatchedRequests;
use super::verdict;
use crate::testing::kept_requests::{KeptRequests, copy};
use crate::testing::reply::Reply;

/// Shared by the clones of a mock and its routes. Dropping the last one checks the expectations.
#[derive(Default)]
pub(super) struct RouteTable(Mutex<Routes>);

/// The routes and the requests.
#[derive(Default)]
pub(super) struct Routes {
    pub(super) routes: Vec<RouteState>,
    requests: KeptRequests,
    unmatched: UnmatchedRequests,
}

impl RouteTable {
    pub(super) fn lock(&self) -> MutexGuard<'_, Routes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the requests so far, as far as they are kept.
    pub(super) fn requests(&self) -> Vec<Request<Bytes>> {
        self.lock().requests.copies()
    }

    /// Returns the numbers of routes and of kept requests.
    pub(super) fn counts(&self) -> (usize, usize) {
        let routes = self.lock();
        (routes.routes.len(), routes.requests.len())
    }

    /// Records a request, and answers it. The user's function runs outside of the lock.
    ///
    /// # Errors
    ///
    /// If no route matches, or if the route has an invalid setting.
    pub(super) fn answer(&self, head: RequestHead, body: Bytes) -> Result<Reply, Error> {
        let mut request = Request::from_parts(head, body);
        let (answerer, pattern) = {
            let mut routes = self.lock();
            routes.requests.add(copy(&request));
            routes.take(&request)?
        };
        if let Some(params) = pattern.and_then(|pattern| pattern.matches(request.url().path())) {
            request.extensions_mut().insert(params);
        }
        Ok(match answerer {
            None => Reply::new(200),
            Some(Answerer::Fixed(reply)) => reply,
            Some(Answerer::Function(function)) => function(&request),
        })
    }

    /// Returns the report of the expectations that are not met; `None` if all are.
    pub(super) fn report(&self) -> Option<String> {
        let routes = self.lock();
        verdict::report(&routes.routes, &routes.unmatched)
    }
}

impl Drop for RouteTable {
    #[expect(clippy::panic, reason = "it is an assertion of a test")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        if let Some(report) = self.report() {
            panic!("{report}");
        }
    }
}

impl Routes {
    /// Counts the request on the first route that matches, and returns its answer.
    fn take(&mut self, request: &Request<Bytes>) -> Result<(Option<Answerer>, Option<PathPattern>), Error> {
        if let Some(invalid) = self.routes.iter().find_map(|route| route.invalid.as_ref()) {
            return Err(Error::new(ErrorKind::Config, invalid.clone()));
        }
        match self.routes.iter_mut().find(|route| route.differences(request).is_empty()) {
            Some(route) => Ok(route.take()),
            None => {
                let nearest = verdict::nearest(&self.routes, request);
                self.unmatched.add(verdict::unmatched_line(request, nearest.as_deref()));
                Err(verdict::no_route(&self.routes, nearest))
            }
        }
    }
}
