//! No other charsets: the feature `charset` is off.

use std::borrow::Cow;

/// A type without values.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Unsupported {}

impl Unsupported {
    pub(super) fn from_label(_label: &str) -> Option<Self> {
        None
    }

    pub(super) fn name(self) -> &'static str {
        match self {}
    }

    pub(super) fn decode(self, _bytes: &[u8]) -> Cow<'_, str> {
        match self {}
    }

    pub(super) fn decode_strict(self, _bytes: &[u8]) -> Result<String, usize> {
        match self {}
    }
}
