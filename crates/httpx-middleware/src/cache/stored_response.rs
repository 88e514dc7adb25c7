//! A response in the cache: its age, its lifetime, and the update of its head.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use httpx_core::{CacheHit, HeaderValue, Headers, Response, ResponseHead, StatusCode, Version};

use super::directives::{ResponseDirectives, parse_seconds};
use super::http_date::parse_http_date;
use super::selection::Selection;
use super::storable::is_heuristically_cacheable;

/// Headers that belong to one connection or to one exchange, and are not stored (RFC 9111 §3.1).
///
/// `Age` is stored as a time. `Set-Cookie` is not stored: a cookie of the past must not replace a newer one.
const NOT_STORED: [&str; 13] = [
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authentication-info",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "age",
    "set-cookie",
    "set-cookie2",
];

/// Headers of the stored body, which a 304 does not update (RFC 9111 §3.2).
const OF_THE_BODY: [&str; 3] = ["content-length", "content-encoding", "content-range"];

/// The part of a Last-Modified's age for which a response without an explicit lifetime is fresh (RFC 9111 §4.2.2).
const HEURISTIC_DIVISOR: u32 = 10;

/// A response in the cache.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct StoredResponse {
    pub(super) status: StatusCode,
    pub(super) version: Version,
    pub(super) reason: String,
    pub(super) headers: Headers,
    pub(super) selection: Selection,
    /// When it was received, or validated last.
    pub(super) received: SystemTime,
    /// Its age at that time.
    pub(super) initial_age: Duration,
    pub(super) body: Bytes,
}

/// When a request was sent, and its response received.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExchangeTimes {
    pub(super) sent: SystemTime,
    pub(super) received: SystemTime,
}

impl StoredResponse {
    pub(super) fn new(head: &ResponseHead, selection: Selection, times: ExchangeTimes, body: Bytes) -> Self {
        StoredResponse {
            status: head.status(),
            version: head.version(),
            reason: head.reason().to_owned(),
            headers: stored_headers(head.headers()),
            selection,
            received: times.received,
            initial_age: initial_age(head.headers(), times),
            body,
        }
    }

    pub(super) fn directives(&self) -> ResponseDirectives {
        ResponseDirectives::parse(&self.headers)
    }

    /// Returns the current age (RFC 9111 §4.2.3). A clock that was set back makes it no younger than it was at first.
    pub(super) fn age(&self, now: SystemTime) -> Duration {
        self.initial_age.saturating_add(since(now, self.received))
    }

    /// Returns how long it is fresh (RFC 9111 §4.2.1). A heuristic lifetime is at most `max_heuristic`.
    pub(super) fn lifetime(&self, max_heuristic: Duration) -> Duration {
        let directives = self.directives();
        if let Some(seconds) = directives.max_age {
            return Duration::from_secs(seconds);
        }
        let date = self.date();
        if let Some(expires) = self.headers.get("expires") {
            // An invalid date is one in the past (RFC 9111 §5.3).
            return parse_http_date(expires.as_bytes())
                .map_or(Duration::ZERO, |expires| since(expires, date));
        }
        let modified = self.headers.get("last-modified").map(HeaderValue::as_bytes);
        match modified.and_then(parse_http_date) {
            Some(modified) if directives.is_public || is_heuristically_cacheable(self.status) => {
                (since(date, modified) / HEURISTIC_DIVISOR).min(max_heuristic)
            }
            Some(_) | None => Duration::ZERO,
        }
    }

    /// Takes the headers of a response that has validated this one (RFC 9111 §3.2).
    pub(super) fn update(&mut self, head: &ResponseHead, times: ExchangeTimes) {
        let mut headers = stored_headers(head.headers());
        OF_THE_BODY.iter().for_each(|name| {
            headers.remove(name);
        });
        if !headers.contains("date") {
            self.headers.remove("date"); // the time of the first response would be wrong
        }
        self.headers.update(&headers);
        self.received = times.received;
        self.initial_age = initial_age(head.headers(), times);
    }

    /// Makes the response for a caller, with its `Age` (RFC 9111 §5.1). Without a body for HEAD.
    pub(super) fn to_response(&self, now: SystemTime, hit: CacheHit, is_head: bool) -> Response<Bytes> {
        let mut head = ResponseHead::new(self.status)
            .with_version(self.version)
            .with_reason(&self.reason)
            .with_headers(self.headers.clone());
        // A number is a valid value.
        let _ = head.headers_mut().set("Age", self.age(now).as_secs());
        head.set_from_cache(hit);
        Response::from_parts(head, if is_head { Bytes::new() } else { self.body.clone() })
    }

    fn date(&self) -> SystemTime {
        date(&self.headers).unwrap_or(self.received)
    }
}

fn date(headers: &Headers) -> Option<SystemTime> {
    headers.get("date").map(HeaderValue::as_bytes).and_then(parse_http_date)
}

/// Returns `corrected_initial_age` (RFC 9111 §4.2.3).
fn initial_age(headers: &Headers, times: ExchangeTimes) -> Duration {
    // Of a list the first member counts, and an invalid one is ignored (RFC 9111 §5.1).
    let age = headers.get("age").map_or(&b""[..], HeaderValue::as_bytes);
    let age = age.split(|byte| *byte == b',').next().unwrap_or_default().trim_ascii();
    let age = Duration::from_secs(parse_seconds(age).unwrap_or(0));
    let apparent = date(headers).map_or(Duration::ZERO, |date| since(times.received, date));
    apparent.max(age.saturating_add(since(times.received, times.sent)))
}

/// Returns the time from `earlier` to `later`; zero if they are in the other order.
fn since(later: SystemTime, earlier: SystemTime) -> Duration {
    later.duration_since(earlier).unwrap_or_default()
}

/// Returns the headers that are stored.
fn stored_headers(headers: &Headers) -> Headers {
    let mut stored = headers.clone();
    stored.retain(|name, _| {
        let is_of_connection = headers.get_list("connection").any(|listed| listed.eq_ignore_ascii_case(name));
        !is_of_connection && !NOT_STORED.iter().any(|other| other.eq_ignore_ascii_case(name))
    });
    stored
}

#[cfg(test)]
mod tests;
