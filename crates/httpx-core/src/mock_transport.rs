//! A transport for tests: a closure answers the requests.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;

use crate::{Request, RequestHead, Response, Result};

/// A transport for tests: a closure answers the requests, and the transport records them.
///
/// It is a transport in both flavours. Clones share the requests, so that a test can look at them after it has given a
/// clone to a client.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod network { pub use httpx_core::blocking::*; } }
/// use httpx::network::MockTransport;
/// use httpx::{Request, Response, Text, Transport};
///
/// let mock = MockTransport::new(|request| match request.url().path() {
///     "/" => Response::new(200, Text("Hello, world")),
///     _ => Response::new(404, ()),
/// });
///
/// let response = mock.send(Request::new("GET", "https://www.example.com/")?)?;
/// assert_eq!(response.read_body()?.text(), "Hello, world");
/// let response = mock.send(Request::new("PUT", "https://www.example.com/x")?.with_content(Text("1"))?)?;
/// assert_eq!(response.status(), 404);
///
/// let requests = mock.requests();
/// assert_eq!(requests.len(), 2);
/// assert_eq!((requests[1].method().as_str(), &requests[1].body()[..]), ("PUT", &b"1"[..]));
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Clone)]
pub struct MockTransport(Arc<MockState>);

struct MockState {
    answer: Box<Answer>,
    requests: Mutex<Vec<Request<Bytes>>>,
}

type Answer = dyn Fn(&Request<Bytes>) -> Result<Response<Bytes>> + Send + Sync;

impl MockTransport {
    /// A transport that calls this closure for each request. The request's body has been read then.
    pub fn new(answer: impl Fn(&Request<Bytes>) -> Result<Response<Bytes>> + Send + Sync + 'static) -> Self {
        MockTransport(Arc::new(MockState { answer: Box::new(answer), requests: Mutex::default() }))
    }

    /// The requests so far, in order, with their bodies.
    pub fn requests(&self) -> Vec<Request<Bytes>> {
        let requests = self.0.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.iter().map(|kept| Request::from_parts(kept.head().clone(), kept.body().clone())).collect()
    }

    pub(crate) fn answer(&self, head: RequestHead, body: Bytes) -> Result<Response<Bytes>> {
        let request = Request::from_parts(head.clone(), body.clone());
        let kept = Request::from_parts(head.clone(), body);
        // Before the call, so that a request is listed even if the closure panics in an assertion.
        self.0.requests.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
        let response = (self.0.answer)(&request);
        let mut response = response.map_err(|error| head.error(error))?;
        response.head_mut().set_request(head);
        Ok(response)
    }
}

/// `<MockTransport [2 requests]>`.
impl fmt::Debug for MockTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = self.0.requests.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "<MockTransport [{} requests]>", requests.len())
    }
}
