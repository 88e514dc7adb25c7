//! [`Tape`]: the exchanges of a cassette in memory, and which of them were played.

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, Request, Response};

use super::exchange::Exchange;

/// How a player chooses an exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Order {
    /// The best one.
    #[default]
    Any,
    /// The next one.
    Strict,
}

/// The exchanges, and which of them were played.
#[derive(Default)]
pub(super) struct Tape {
    entries: Vec<(Exchange, bool)>,
}

impl Tape {
    pub(super) fn new(exchanges: Vec<Exchange>) -> Self {
        Tape { entries: exchanges.into_iter().map(|exchange| (exchange, false)).collect() }
    }

    /// Adds an exchange, which counts as played.
    pub(super) fn add(&mut self, exchange: Exchange) {
        self.entries.push((exchange, true));
    }

    pub(super) fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.entries.iter().map(|(exchange, _)| exchange)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns the response to a request, and marks it as played.
    ///
    /// # Errors
    ///
    /// If it was not recorded, or is not the next one in strict order.
    pub(super) fn play(&mut self, request: &Request<Bytes>, order: Order) -> Result<Response<Bytes>, Error> {
        let place = match order {
            Order::Any => self.best(request),
            Order::Strict => self.next().filter(|&place| self.differences(place, request).is_empty()),
        };
        let Some((exchange, is_played)) = place.and_then(|place| self.entries.get_mut(place)) else {
            return Err(self.not_recorded(request, order));
        };
        *is_played = true;
        Ok(exchange.response.clone())
    }

    /// Returns the first exchange that was not played, if there is one, for the report of a strict player.
    pub(super) fn unplayed(&self) -> Option<String> {
        let (number, (exchange, _)) = (1..).zip(&self.entries).find(|(_, (_, is_played))| !is_played)?;
        let played = self.entries.iter().filter(|(_, is_played)| *is_played).count();
        let (method, url) = (exchange.request.method(), exchange.request.url());
        Some(format!(
            "{played} of {} exchanges were played; the first that was not is exchange {number}, {method} {url}",
            self.entries.len()
        ))
    }

    /// Returns the place of the best exchange with the method and URL of a request: with the same body if there is one, not
    /// played if there is one. Of those that were played, the last one.
    fn best(&self, request: &Request<Bytes>) -> Option<usize> {
        let places = 0..self.entries.len();
        let has = |place: &usize| {
            self.differences(*place, request).iter().all(|(part, _)| *part == ComparedPart::Body)
        };
        let mut fit = places.filter(has).collect::<Vec<_>>();
        let is_same = |place: &usize| self.differences(*place, request).is_empty();
        if fit.iter().any(is_same) {
            fit.retain(is_same);
        }
        let is_fresh = |place: &&usize| self.entries.get(**place).is_some_and(|(_, is_played)| !is_played);
        fit.iter().find(is_fresh).or(fit.last()).copied()
    }

    fn next(&self) -> Option<usize> {
        self.entries.iter().position(|(_, is_played)| !is_played)
    }

    fn differences(&self, place: usize, request: &Request<Bytes>) -> Vec<(ComparedPart, String)> {
        self.entries.get(place).map_or_else(Vec::new, |(exchange, _)| differences(&exchange.request, request))
    }

    fn not_recorded(&self, request: &Request<Bytes>, order: Order) -> Error {
        let number = |place: usize| place.saturating_add(1);
        let of = |place: usize, what: &str| {
            let recorded = self.entries.get(place).map(|(exchange, _)| &exchange.request);
            let line = recorded
                .map_or_else(String::new, |request| format!("{} {}", request.method(), request.url()));
            let texts =
                self.differences(place, request).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
            format!("{what} is exchange {}, {line}: {}", number(place), texts.join(", and "))
        };
        let weight = |place: &usize| {
            self.differences(*place, request).iter().map(|(part, _)| part.weight()).sum::<u32>()
        };
        let message = match (order, self.next()) {
            (_, _) if self.entries.is_empty() => "the cassette is empty".to_owned(),
            (Order::Strict, Some(next)) => {
                of(next, "this request is not the next one that was recorded, which")
            }
            (Order::Strict, None) => {
                format!(
                    "this request was not recorded: all {} exchanges have been played",
                    self.entries.len()
                )
            }
            (Order::Any, _) => match (0..self.entries.len()).min_by_key(weight) {
                Some(nearest) => of(nearest, "this request was not recorded; the nearest one"),
                None => "this request was not recorded".to_owned(),
            },
        };
        Error::new(ErrorKind::Other, message)
    }
}

/// The parts of a request that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ComparedPart {
    Method,
    Url,
    Query,
    Body,
}

impl ComparedPart {
    fn weight(self) -> u32 {
        match self {
            ComparedPart::Url => 8,
            ComparedPart::Method => 4,
            ComparedPart::Query => 2,
            ComparedPart::Body => 1,
        }
    }
}

fn differences(recorded: &Request<Bytes>, request: &Request<Bytes>) -> Vec<(ComparedPart, String)> {
    let mut found = Vec::new();
    let (method, expected) = (request.method(), recorded.method());
    if method != expected {
        found.push((ComparedPart::Method, format!("the method is {method}, not {expected}")));
    }
    let (url, expected) = (request.url(), recorded.url());
    if url.with_query(None) != expected.with_query(None) {
        found.push((ComparedPart::Url, "the URL differs".to_owned()));
    } else if url != expected {
        let [query, expected] = [url, expected].map(|url| url.query().unwrap_or("empty"));
        found.push((ComparedPart::Query, format!("the query is {query}, not {expected}")));
    }
    if request.body() != recorded.body() {
        let [length, expected] = [request, recorded].map(|request| request.body().len());
        let text = match std::str::from_utf8(request.body()) {
            Ok(text) if text.len() <= 100 => format!("the body {text:?} differs"),
            Ok(_) | Err(_) => format!("the body of {length} bytes differs from that of {expected} bytes"),
        };
        found.push((ComparedPart::Body, text));
    }
    found
}
