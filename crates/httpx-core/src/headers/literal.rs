//! Headers from literals, which the compiler checks.

use super::{Headers, lines};
use crate::grammar;

/// Creates [`Headers`](crate::Headers) from literals, which the compiler checks.
///
/// Names and values are constant expressions. For everything else there is `Headers::try_from`.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::headers;
///
/// let headers = headers![("User-Agent", "dev"), ("Accept-Encoding", "gzip")];
/// assert_eq!(headers.get("user-agent").unwrap(), "dev");
/// assert!(headers![].is_empty());
/// ```
///
/// A name or a value that is not valid does not compile:
///
/// ```compile_fail
/// # mod httpx { pub use httpx_core::*; }
/// let headers = httpx::headers![("User Agent", "dev")];
/// ```
#[macro_export]
macro_rules! headers {
    ($(($name:expr, $value:expr)),* $(,)?) => {{
        const LINES: &[$crate::StaticHeader] = &[
            $(match $crate::StaticHeader::new($name, $value) {
                ::core::option::Option::Some(line) => line,
                ::core::option::Option::None => ::core::panic!("not a valid header"),
            }),*
        ];
        $crate::Headers::from_static(LINES)
    }};
}

/// A line whose name and value have been checked, for [`headers!`](crate::headers).
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub struct StaticHeader {
    name: &'static str,
    value: &'static str,
}

impl StaticHeader {
    /// Checks a line: `None` if it is not a valid header.
    pub const fn new(name: &'static str, value: &'static str) -> Option<Self> {
        let bytes = value.as_bytes();
        let mut fine = grammar::is_token(name.as_bytes()) && name.len() <= u16::MAX as usize;
        let mut at = 0;
        while at < bytes.len() {
            fine &= grammar::is_field_byte(bytes[at]);
            at += 1;
        }
        // A literal is never longer than the 1 GiB that a value may have.
        if fine { Some(StaticHeader { name, value }) } else { None }
    }
}

impl Headers {
    /// Creates headers from checked lines, for [`headers!`](crate::headers).
    #[doc(hidden)]
    pub fn from_static(checked: &[StaticHeader]) -> Self {
        let bytes = checked.iter().map(|line| line.name.len() + line.value.len()).sum();
        let mut headers = Headers::with_capacity(checked.len(), bytes);
        for line in checked {
            let value = grammar::trim_ows(line.value.as_bytes());
            lines::push(&mut headers.block, line.name, value, 0);
            headers.len = headers.len.saturating_add(1);
        }
        headers
    }
}
