//! [`UnmatchedRequests`]: the requests that matched no route, for the report of a mock.

/// The first lines about requests, and the number of all requests.
#[derive(Default)]
pub(super) struct UnmatchedRequests {
    lines: Vec<String>,
    count: usize,
}

impl UnmatchedRequests {
    /// The most lines that are kept.
    const MAX_LINES: usize = 20;

    /// Counts a request, and keeps its line if it is one of the first.
    pub(super) fn add(&mut self, line: String) {
        self.count = self.count.saturating_add(1);
        if self.lines.len() < Self::MAX_LINES {
            self.lines.push(line);
        }
    }

    /// Returns the part of the report; empty without such requests.
    pub(super) fn report(&self) -> String {
        if self.count == 0 {
            return String::new();
        }
        let mut report = "\nrequests that matched no route:".to_owned();
        for line in &self.lines {
            report.push_str("\n- ");
            report.push_str(line);
        }
        match self.count.saturating_sub(self.lines.len()) {
            0 => report,
            more => format!("{report} and {more} more"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_are_listed_and_all_are_counted() {
        for (count, lines, end) in [
            (0, 0, ""),
            (1, 1, "\n- GET /0"),
            (20, 20, "\n- GET /19"),
            (1000, 20, "\n- GET /19 and 980 more"),
        ] {
            let mut unmatched = UnmatchedRequests::default();
            (0..count).for_each(|n| unmatched.add(format!("GET /{n}")));
            let report = unmatched.report();
            assert_eq!((report.matches("GET").count(), report.ends_with(end)), (lines, true), "{report}");
            assert!(unmatched.lines.len() <= UnmatchedRequests::MAX_LINES);
        }
    }
}
