//! [`Exchange`]: a request and its response, as a cassette holds them.

use bytes::Bytes;
use httpx_core::{Request, Response};

/// A request and its response, with their bodies.
#[derive(Debug)]
pub(super) struct Exchange {
    pub(super) request: Request<Bytes>,
    pub(super) response: Response<Bytes>,
}

impl Exchange {
    /// Returns the parts that make it: method, URL, headers, bodies, status, version, reason, trailers.
    #[cfg(test)]
    pub(super) fn parts(&self) -> impl PartialEq + std::fmt::Debug + use<> {
        fn lines(headers: &httpx_core::Headers) -> Vec<(String, Vec<u8>)> {
            headers.iter().map(|(name, value)| (name.to_owned(), value.as_bytes().to_vec())).collect()
        }
        let (request, response) = (&self.request, &self.response);
        let asked = (request.method().to_string(), request.url().to_string(), lines(request.headers()));
        let start = (response.version(), response.status().as_u16(), response.reason().to_owned());
        let answered = (lines(response.headers()), lines(response.trailers()), response.body().clone());
        (asked, request.body().clone(), start, answered)
    }
}
