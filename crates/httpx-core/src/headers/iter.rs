//! Iterates over the lines of headers.

use std::fmt;

use super::lines::Lines;
use super::{HeaderValue, Headers};

/// The lines of [`Headers`], in order.
#[derive(Clone)]
pub struct HeaderIter<'a> {
    lines: Lines<'a>,
    len: usize,
}

impl<'a> HeaderIter<'a> {
    pub(super) fn new(headers: &'a Headers) -> Self {
        HeaderIter { lines: headers.lines(), len: headers.len() }
    }
}

impl<'a> Iterator for HeaderIter<'a> {
    type Item = (&'a str, HeaderValue<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.lines.next()?;
        self.len = self.len.saturating_sub(1);
        Some((line.name(), line.value()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.len, Some(self.len))
    }
}

impl ExactSizeIterator for HeaderIter<'_> {}

impl fmt::Debug for HeaderIter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<'a> IntoIterator for &'a Headers {
    type Item = (&'a str, HeaderValue<'a>);
    type IntoIter = HeaderIter<'a>;

    fn into_iter(self) -> HeaderIter<'a> {
        self.iter()
    }
}
