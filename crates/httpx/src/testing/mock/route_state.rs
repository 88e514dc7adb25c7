//! [`RouteState`]: the conditions, answers and calls of one route.

use std::panic::Location;
use std::sync::Arc;

use bytes::Bytes;
use httpx_core::Request;

use super::matcher::{Matcher, Part};
use super::path_pattern::PathPattern;
use super::times::Times;
use crate::testing::reply::Reply;

/// One route.
pub(super) struct RouteState {
    pub(super) matchers: Vec<Matcher>,
    pub(super) pattern: Option<PathPattern>,
    pub(super) answers: Vec<Answerer>,
    pub(super) expected: Option<Times>,
    /// The most requests that it answers.
    pub(super) most: Option<u64>,
    pub(super) calls: u64,
    /// The first setting that was not valid.
    pub(super) invalid: Option<String>,
    /// The line of the test that made it.
    pub(super) place: &'static Location<'static>,
}

/// Makes the answer to a request.
#[derive(Clone)]
pub(super) enum Answerer {
    Fixed(Reply),
    Function(Arc<ReplyFunction>),
}

type ReplyFunction = dyn Fn(&Request<Bytes>) -> Reply + Send + Sync;

impl RouteState {
    pub(super) fn new(place: &'static Location<'static>) -> Self {
        RouteState {
            matchers: Vec::new(),
            pattern: None,
            answers: Vec::new(),
            expected: None,
            most: None,
            calls: 0,
            invalid: None,
            place,
        }
    }

    /// Returns the differences between a request and this route, each with its weight.
    pub(super) fn differences(&self, request: &Request<Bytes>) -> Vec<(u32, String)> {
        let differences = self.matchers.iter().filter_map(|matcher| {
            matcher.difference(request).map(|difference| (matcher.part.weight(), difference))
        });
        let mut differences = differences.collect::<Vec<_>>();
        if let Some(most) = self.most.filter(|&most| self.calls >= most) {
            differences.push((1, format!("it answers {most} requests at most, and has done so")));
        }
        differences
    }

    /// Counts a request, and returns its answer.
    pub(super) fn take(&mut self) -> (Option<Answerer>, Option<PathPattern>) {
        let place = usize::try_from(self.calls).unwrap_or(usize::MAX);
        self.calls = self.calls.saturating_add(1);
        let answer = self.answers.get(place).or(self.answers.last());
        (answer.cloned(), self.pattern.clone())
    }

    /// Returns the route as a request line and conditions: `GET https://h/users/{id}?page=2 with header X-Id: "1"`.
    pub(super) fn describe(&self) -> String {
        let of = |part: Part| self.matchers.iter().filter(move |matcher| matcher.part == part);
        let texts = |part| of(part).map(|matcher| matcher.text.as_str()).collect::<Vec<_>>();
        let method = texts(Part::Method).pop().unwrap_or("any method");
        let path = texts(Part::Path).pop().unwrap_or("any path");
        let mut text = format!("{method} {}{path}", texts(Part::Origin).concat());
        for (before, part, between) in [("?", Part::Query, "&"), (" with ", Part::Other, " and ")] {
            let conditions = texts(part).join(between);
            if !conditions.is_empty() {
                text.extend([before, &conditions]);
            }
        }
        text
    }
}
