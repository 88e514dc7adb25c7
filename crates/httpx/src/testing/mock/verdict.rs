//! The texts of a mock: what a request lacks, and which expectations are not met.

use bytes::Bytes;
use httpx_core::{Error, ErrorKind, Request, RequestSent};

use super::route_state::RouteState;
use super::unmatched::UnmatchedRequests;

/// The most routes that a text lists.
const MAX_LISTED: usize = 20;

/// Returns the route that a request was probably meant for, and how the request differs.
pub(super) fn nearest(routes: &[RouteState], request: &Request<Bytes>) -> Option<String> {
    let differences = routes.iter().map(|route| (route, route.differences(request)));
    let weight = |differences: &[(u32, String)]| differences.iter().map(|(weight, _)| weight).sum::<u32>();
    let (route, differences) = differences.min_by_key(|(_, differences)| weight(differences))?;
    let texts = differences.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    Some(format!("{}: {}", route.describe(), texts.join(", and ")))
}

/// Returns the error of a request that matched no route.
pub(super) fn no_route(routes: &[RouteState], nearest: Option<String>) -> Error {
    let message = match nearest {
        None => "the mock has no routes; add one with mock.get(…), or another method".to_owned(),
        Some(nearest) => {
            let all = listed(routes.iter().map(RouteState::describe), "; ");
            format!("no route of the mock matches; the nearest is {nearest}. Its routes: {all}")
        }
    };
    Error::new(ErrorKind::Other, message).with_request_sent(RequestSent::Nothing)
}

/// Returns the lines of a report about a request that matched no route.
pub(super) fn unmatched_line(request: &Request<Bytes>, nearest: Option<&str>) -> String {
    let line = format!("{} {}", request.method(), request.url().redacted());
    match nearest {
        Some(nearest) => format!("{line}\n  nearest route: {nearest}"),
        None => line,
    }
}

/// Returns the report of the expectations that are not met; `None` if all are.
pub(super) fn report(routes: &[RouteState], unmatched: &UnmatchedRequests) -> Option<String> {
    let unmet = routes.iter().filter_map(unmet).map(|line| format!("\n- {line}")).collect::<String>();
    if unmet.is_empty() {
        return None;
    }
    Some(format!("the mock was not called as expected:{unmet}{}", unmatched.report()))
}

/// Returns the expectation of a route and its calls, if the expectation is not met.
fn unmet(route: &RouteState) -> Option<String> {
    if let Some(invalid) = &route.invalid {
        return Some(format!("{invalid} ({})", route.place));
    }
    let expected = route.expected.filter(|expected| !expected.contains(route.calls))?;
    let requests = if route.calls == 1 { "request" } else { "requests" };
    Some(format!(
        "expected {} {expected}, got {} {requests} ({})",
        route.describe(),
        route.calls,
        route.place
    ))
}

fn listed(items: impl ExactSizeIterator<Item = String>, between: &str) -> String {
    let more = items.len().saturating_sub(MAX_LISTED);
    let mut list = items.take(MAX_LISTED).collect::<Vec<_>>().join(between);
    if more > 0 {
        list.push_str(&format!("{between} and {more} more"));
    }
    list
}
