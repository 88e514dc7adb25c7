//! [`Filters`]: what is not written into a cassette.

use std::sync::Arc;

use bytes::Bytes;
use httpx_core::{Headers, MediaType, Redaction, Request, RequestHead, Response, Url};

use super::exchange::Exchange;

/// What stands in place of a secret.
pub(super) const HIDDEN: &str = "HIDDEN";

/// What [`Redaction`] writes in place of a secret.
const REDACTED: &str = "[secret]";

/// The headers that hold URLs.
const URL_HEADERS: [&str; 5] = ["Location", "Content-Location", "Referer", "Link", "Refresh"];

/// What is removed from exchanges before they are written, and from requests before they are compared.
#[derive(Clone, Default)]
pub(super) struct Filters {
    pub(super) headers: Vec<String>,
    pub(super) params: Vec<String>,
    pub(super) requests: Vec<Arc<RequestFilter>>,
    pub(super) responses: Vec<Arc<ResponseFilter>>,
}

pub(super) type RequestFilter = dyn Fn(&mut Request<Bytes>) + Send + Sync;
pub(super) type ResponseFilter = dyn Fn(&mut Response<Bytes>) + Send + Sync;

impl Filters {
    /// Returns the exchange as it is written.
    pub(super) fn exchange(&self, head: &RequestHead, body: &Bytes, response: &Response<Bytes>) -> Exchange {
        let request = self.request(head, body);
        let mut response = Response::from_parts(response.head().clone(), response.body().clone());
        *response.headers_mut() = self.hide_headers(response.headers());
        let trailers = self.hide_headers(response.trailers());
        response.head_mut().set_trailers(trailers);
        self.responses.iter().for_each(|filter| filter(&mut response));
        Exchange { request, response }
    }

    /// Returns the request as it is written and compared.
    pub(super) fn request(&self, head: &RequestHead, body: &Bytes) -> Request<Bytes> {
        let url = head.url().with_fragment(None);
        let url = Url::parse(&self.hide_params(url.as_str())).unwrap_or(url);
        let mut own = RequestHead::new(head.method().clone(), url);
        *own.headers_mut() = self.hide_headers(head.headers());
        let mut request = Request::from_parts(own, self.hide_fields(head, body));
        self.requests.iter().for_each(|filter| filter(&mut request));
        request
    }

    fn hide_headers(&self, headers: &Headers) -> Headers {
        let mut kept = Headers::new();
        for (name, value) in headers.iter() {
            let is_cookie = name.eq_ignore_ascii_case("set-cookie");
            let is_named = self.headers.iter().any(|hidden| hidden.eq_ignore_ascii_case(name));
            // `Debug` knows which headers are secret: by their name, by a mark, or by a password in a URL.
            let is_secret = is_named || format!("{value:?}") == "[secret]";
            let has_url =
                !self.params.is_empty() && URL_HEADERS.iter().any(|other| other.eq_ignore_ascii_case(name));
            let added = match (is_secret, is_cookie) {
                (true, true) => kept.append(name, hide_cookie(value.as_bytes())),
                (true, false) => kept.append(name, HIDDEN),
                (false, _) if has_url => kept.append(name, self.hide_params(&value.to_string())),
                (false, _) => kept.append(name, value),
            };
            // They were valid headers before.
            drop(added);
        }
        kept
    }

    /// Replaces the values of the hidden parameters of the URLs in a text, however their names are encoded.
    fn hide_params(&self, text: &str) -> String {
        self.redaction().text(text).replace(REDACTED, HIDDEN)
    }

    /// Replaces the values of the hidden fields, if the body is a form.
    fn hide_fields(&self, head: &RequestHead, body: &Bytes) -> Bytes {
        let is_form = head
            .headers()
            .get("Content-Type")
            .and_then(|value| MediaType::parse(value.as_bytes()))
            .is_some_and(|media_type| media_type.is("application/x-www-form-urlencoded"));
        match std::str::from_utf8(body) {
            Ok(form) if is_form && !self.params.is_empty() => {
                self.redaction().query(form).replace(REDACTED, HIDDEN).into()
            }
            Ok(_) | Err(_) => body.clone(),
        }
    }

    fn redaction(&self) -> Redaction {
        self.params.iter().fold(Redaction::show_all(), |all, name| all.hide_param(name))
    }
}

/// Hides the value of a cookie, and keeps its name and its attributes, so that a player sets a cookie too.
fn hide_cookie(value: &[u8]) -> Vec<u8> {
    let end = value.iter().position(|&byte| byte == b';').unwrap_or(value.len());
    let (pair, attributes) = value.split_at_checked(end).unwrap_or((value, &[]));
    let Some(equals) = pair.iter().position(|&byte| byte == b'=') else {
        return [HIDDEN.as_bytes(), attributes].concat();
    };
    match pair.split_at_checked(equals.saturating_add(1)) {
        Some((_, [])) | None => value.to_vec(),
        Some((name, _)) => [name, HIDDEN.as_bytes(), attributes].concat(),
    }
}
