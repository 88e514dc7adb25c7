//! [`Filters`]: what is not written into a cassette.

use std::sync::Arc;

use bytes::Bytes;
use httpx_core::{HeaderValue, Headers, Redaction, Request, RequestHead, Response, Url};

use super::exchange::Exchange;

/// What stands in place of a body whose secrets cannot be found. It is not valid JSON, so it stays when it is read again.
const LEFT_OUT: &str = "[left out, because its secrets cannot be found]";

/// What is removed from exchanges before they are written, and from requests before they are compared.
#[derive(Clone, Default)]
pub(super) struct Filters {
    redaction: Redaction,
    /// The names that are hidden besides, in headers and in parameters. They stay when the redaction is set later.
    headers: Vec<String>,
    params: Vec<String>,
    pub(super) requests: Vec<Arc<RequestFilter>>,
    pub(super) responses: Vec<Arc<ResponseFilter>>,
}

pub(super) type RequestFilter = dyn Fn(&mut Request<Bytes>) + Send + Sync;
pub(super) type ResponseFilter = dyn Fn(&mut Response<Bytes>) + Send + Sync;

impl Filters {
    pub(super) fn set_redaction(&mut self, redaction: Redaction) {
        let redaction = self.headers.iter().fold(redaction, |redaction, name| redaction.hide_header(name));
        self.redaction = self.params.iter().fold(redaction, |redaction, name| redaction.hide_param(name));
    }

    pub(super) fn hide_header(&mut self, name: String) {
        self.headers.push(name);
        self.set_redaction(self.redaction.clone());
    }

    pub(super) fn hide_param(&mut self, name: String) {
        self.params.push(name);
        self.set_redaction(self.redaction.clone());
    }

    /// Returns the exchange as it is written.
    pub(super) fn exchange(&self, head: &RequestHead, body: &Bytes, response: &Response<Bytes>) -> Exchange {
        let request = self.request(head, body);
        let (headers, body) = self.hide_secrets(response.headers(), response.body());
        let mut response = Response::from_parts(response.head().clone(), body);
        *response.headers_mut() = headers;
        let trailers = self.hide_headers(response.trailers());
        response.head_mut().set_trailers(trailers);
        self.responses.iter().for_each(|filter| filter(&mut response));
        Exchange { request, response }
    }

    /// Returns the request as it is written and compared.
    pub(super) fn request(&self, head: &RequestHead, body: &Bytes) -> Request<Bytes> {
        let mut request = self.redacted(head, body);
        self.requests.iter().for_each(|filter| filter(&mut request));
        // Once more, so that it is equal to the one that was written, which is redacted when it is read.
        self.redacted(request.head(), request.body())
    }

    /// Returns exchanges of a file so that their requests can be compared: somebody may have written secrets there, or the
    /// redaction has changed.
    pub(super) fn read(&self, exchanges: Vec<Exchange>) -> Vec<Exchange> {
        let redacted = |Exchange { request, response }| {
            let request: Request<Bytes> = request;
            Exchange { request: self.redacted(request.head(), request.body()), response }
        };
        exchanges.into_iter().map(redacted).collect()
    }

    fn redacted(&self, head: &RequestHead, body: &Bytes) -> Request<Bytes> {
        let url = head.url();
        let url =
            Url::parse(&self.redaction.url(url)).unwrap_or_else(|_| url.with_query(None).with_fragment(None));
        let (headers, body) = self.hide_secrets(head.headers(), body);
        let mut own = RequestHead::new(head.method().clone(), url);
        *own.headers_mut() = headers;
        Request::from_parts(own, body)
    }

    /// Returns the headers and the body of a message without their secrets.
    fn hide_secrets(&self, headers: &Headers, body: &Bytes) -> (Headers, Bytes) {
        let media_type = headers.get("content-type").and_then(HeaderValue::to_str).unwrap_or_default();
        let shown = match self.redaction.body(media_type, body) {
            Some(shown) if *shown == body[..] => body.clone(),
            Some(shown) => Bytes::from(shown.into_owned()),
            None => Bytes::from_static(LEFT_OUT.as_bytes()),
        };
        let mut headers = self.hide_headers(headers);
        if shown.len() != body.len() && headers.contains("content-length") {
            // A number is a valid value.
            drop(headers.set("Content-Length", shown.len()));
        }
        (headers, shown)
    }

    fn hide_headers(&self, headers: &Headers) -> Headers {
        let mut kept = Headers::new();
        for (name, value) in headers.iter() {
            let shown = self.redaction.header(name, value);
            let added = if self.redaction.hides_header(name, value) && name.eq_ignore_ascii_case("set-cookie")
            {
                kept.append(name, hide_cookie(value.as_bytes()))
            } else if shown == value.to_string() {
                kept.append(name, value)
            } else {
                kept.append(name, shown)
            };
            // They were valid headers before.
            drop(added);
        }
        kept
    }
}

/// Hides the value of a cookie, and keeps its name and its attributes, so that a player sets a cookie too.
fn hide_cookie(value: &[u8]) -> Vec<u8> {
    let secret = Redaction::SECRET.as_bytes();
    let end = value.iter().position(|&byte| byte == b';').unwrap_or(value.len());
    let (pair, attributes) = value.split_at_checked(end).unwrap_or((value, &[]));
    let Some(equals) = pair.iter().position(|&byte| byte == b'=') else {
        return [secret, attributes].concat();
    };
    match pair.split_at_checked(equals.saturating_add(1)) {
        Some((_, [])) | None => value.to_vec(),
        Some((name, _)) => [name, secret, attributes].concat(),
    }
}
