//! [`KeptRequests`]: the requests that a mock or a test server was sent, up to a limit.

use std::collections::VecDeque;

use bytes::Bytes;
use httpx_core::Request;

/// The most requests that are kept.
const MAX_REQUESTS: usize = 10_000;

/// The most bytes of bodies that are kept.
const MAX_BODY_BYTES: usize = 64 << 20;

/// The newest requests, with their bodies.
#[derive(Default)]
pub(super) struct KeptRequests {
    requests: VecDeque<Request<Bytes>>,
    body_bytes: usize,
}

impl KeptRequests {
    /// Adds a request, and forgets the oldest beyond the limits.
    pub(super) fn add(&mut self, request: Request<Bytes>) {
        self.body_bytes = self.body_bytes.saturating_add(request.body().len());
        self.requests.push_back(request);
        while self.requests.len() > MAX_REQUESTS || self.body_bytes > MAX_BODY_BYTES {
            let Some(oldest) = self.requests.pop_front() else { return };
            self.body_bytes = self.body_bytes.saturating_sub(oldest.body().len());
        }
    }

    /// Returns copies of the requests, the oldest first.
    pub(super) fn copies(&self) -> Vec<Request<Bytes>> {
        self.requests.iter().map(copy).collect()
    }

    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }
}

pub(super) fn copy(request: &Request<Bytes>) -> Request<Bytes> {
    Request::from_parts(request.head().clone(), request.body().clone())
}

#[cfg(test)]
mod tests {
    use httpx_core::{Method, RequestHead, Url};

    use super::*;

    #[test]
    fn the_newest_are_kept() {
        let url = Url::parse("http://h/").unwrap();
        let request =
            |body: &Bytes| Request::from_parts(RequestHead::new(Method::GET, url.clone()), body.clone());
        // The bytes of each body, the number of requests, and how many are kept.
        for (bytes, count, kept) in [
            (0, MAX_REQUESTS, MAX_REQUESTS),
            (0, MAX_REQUESTS + 5, MAX_REQUESTS),
            (MAX_BODY_BYTES / 4, 4, 4),
            (MAX_BODY_BYTES / 4, 9, 4),
            (MAX_BODY_BYTES + 1, 1, 0),
        ] {
            let body = Bytes::from(vec![0; bytes]);
            let mut requests = KeptRequests::default();
            for n in 0..count {
                let mut request = request(&body);
                request.headers_mut().set("N", n).unwrap();
                requests.add(request);
            }
            let first =
                requests.copies().first().map(|request| request.headers().get("N").unwrap().to_string());
            assert_eq!(
                (requests.len(), first),
                (kept, (kept > 0).then(|| (count - kept).to_string())),
                "{bytes} {count}"
            );
        }
    }
}
