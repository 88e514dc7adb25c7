//! [`Matcher`]: one condition of a route.

use std::fmt::Write;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::{Headers, Method, QueryParams, Request};

use super::path_pattern::PathPattern;

/// The longest text of a body in a report, in characters.
const MAX_SHOWN: usize = 200;

/// A condition that a request must meet.
#[derive(Clone)]
pub(super) struct Matcher {
    pub(super) part: Part,
    /// The condition in words. For the method, the origin, the path and the query: as in a request line.
    pub(super) text: String,
    check: Arc<Check>,
}

/// Returns the difference in words, if there is one.
type Check = dyn Fn(&Request<Bytes>) -> Option<String> + Send + Sync;

/// The part of a request that a matcher looks at, in the order in which a route is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Method,
    Origin,
    Path,
    Query,
    Other,
}

impl Part {
    /// How much a difference in this part says that another route was meant.
    pub(super) fn weight(self) -> u32 {
        match self {
            Part::Path => 8,
            Part::Origin => 6,
            Part::Method => 4,
            Part::Query | Part::Other => 1,
        }
    }
}

impl Matcher {
    pub(super) fn new(
        part: Part,
        text: impl Into<String>,
        check: impl Fn(&Request<Bytes>) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Matcher { part, text: text.into(), check: Arc::new(check) }
    }

    pub(super) fn method(method: Method) -> Self {
        Matcher::new(Part::Method, method.to_string(), move |request| {
            let actual = request.method();
            (*actual != method).then(|| format!("the method is {actual}, not {method}"))
        })
    }

    /// `origin` is `https://api.example.com`, as [`Url::origin`](httpx_core::Url::origin) writes it.
    pub(super) fn origin(origin: String) -> Self {
        Matcher::new(Part::Origin, origin.clone(), move |request| {
            let actual = request.url().origin();
            (*actual != *origin).then(|| format!("the origin is {actual}, not {origin}"))
        })
    }

    /// `host` may have a port.
    pub(super) fn host(host: String) -> Self {
        Matcher::new(Part::Other, format!("host {host}"), move |request| {
            let url = request.url();
            let is_it = [Some(url.authority()), url.host()].into_iter().flatten();
            let is_it = is_it.into_iter().any(|actual| actual.eq_ignore_ascii_case(&host));
            (!is_it).then(|| format!("the host is {}, not {host}", url.authority()))
        })
    }

    pub(super) fn path(pattern: PathPattern, text: String) -> Self {
        Matcher::new(Part::Path, text.clone(), move |request| {
            let path = request.url().path();
            pattern.matches(path).is_none().then(|| format!("the path is {path}, not {text}"))
        })
    }

    pub(super) fn query(name: String, value: Option<String>) -> Self {
        let text = value.as_ref().map_or_else(|| name.clone(), |value| format!("{name}={value}"));
        Matcher::new(Part::Query, text.clone(), move |request| {
            let params = request.url().params();
            let Some(first) = params.get(&name) else { return Some(format!("the query has no {text}")) };
            let is_it =
                value.as_ref().is_none_or(|value| params.get_all(&name).any(|actual| actual == value));
            (!is_it).then(|| format!("the query has {name}={first}, not {text}"))
        })
    }

    pub(super) fn header(name: String, value: Option<Vec<u8>>) -> Self {
        // Its debug form hides the values of secret headers.
        let shown =
            value.as_ref().and_then(|value| Headers::try_from([(name.as_str(), value.as_slice())]).ok());
        let shown = shown.as_ref().and_then(|headers| headers.get(&name)).map(|value| format!(": {value:?}"));
        let text = format!("header {name}{}", shown.clone().unwrap_or_default());
        Matcher::new(Part::Other, text.clone(), move |request| {
            let headers = request.headers();
            let Some(first) = headers.get(&name) else { return Some(format!("it has no {text}")) };
            let is_it =
                value.as_ref().is_none_or(|value| headers.get_all(&name).any(|own| own.as_bytes() == value));
            let expected = shown.as_ref().map_or("", |shown| shown.trim_start_matches(": "));
            (!is_it).then(|| format!("the header {name} is {first:?}, not {expected}"))
        })
    }

    pub(super) fn body(body: Bytes) -> Self {
        Matcher::new(Part::Other, format!("body {}", shown(&body)), move |request| {
            let actual = request.body();
            (*actual != body).then(|| format!("the body is {}, not {}", shown(actual), shown(&body)))
        })
    }

    pub(super) fn body_contains(part: String) -> Self {
        Matcher::new(Part::Other, format!("{part:?} in the body"), move |request| {
            let body = request.body();
            let is_there =
                part.is_empty() || body.windows(part.len()).any(|window| window == part.as_bytes());
            (!is_there).then(|| format!("the body is {}, without {part:?}", shown(body)))
        })
    }

    /// The order of the fields means nothing.
    pub(super) fn form(fields: &QueryParams) -> Self {
        let text = format!("form {fields}");
        let expected = sorted(fields);
        Matcher::new(Part::Other, text, move |request| {
            let actual = QueryParams::parse(request.body());
            let differs = sorted(&actual) != expected;
            let mut difference = format!("the form is {actual}");
            for (name, value) in expected.iter().filter(|pair| !sorted(&actual).contains(pair)) {
                // Writing to a text does not fail.
                let _ = write!(difference, ", without {name}={value}");
            }
            differs.then_some(difference)
        })
    }

    /// Returns the difference in words, if the request does not meet the condition.
    pub(super) fn difference(&self, request: &Request<Bytes>) -> Option<String> {
        (self.check)(request)
    }
}

fn sorted(params: &QueryParams) -> Vec<(String, String)> {
    let mut pairs =
        params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>();
    pairs.sort();
    pairs
}

/// Returns a body for a report: `"text"`, `42 bytes`.
pub(super) fn shown(body: &[u8]) -> String {
    match std::str::from_utf8(body) {
        Ok("") => "empty".to_owned(),
        Ok(text) if text.chars().count() <= MAX_SHOWN => format!("{text:?}"),
        Ok(text) => format!("{:?}…", text.chars().take(MAX_SHOWN).collect::<String>()),
        Err(_) => format!("{} bytes", body.len()),
    }
}
