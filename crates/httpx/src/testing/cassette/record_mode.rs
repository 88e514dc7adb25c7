//! [`RecordMode`]: when a recorder sends a request.

use httpx_core::{Error, ErrorKind, Result};

/// The variable of the environment that chooses the mode.
const VARIABLE: &str = "HTTPX_RECORD";

const NAMES: [(&str, RecordMode); 4] = [
    ("once", RecordMode::Once),
    ("missing", RecordMode::Missing),
    ("all", RecordMode::All),
    ("none", RecordMode::None),
];

/// When a [`Recorder`](super::Recorder) sends a request, and when it plays a recorded response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum RecordMode {
    /// Records all if there is no cassette yet. Else plays it, and a request that was not recorded fails. The default.
    #[default]
    Once,
    /// Plays what was recorded, and records the rest.
    Missing,
    /// Records all, and replaces the cassette.
    All,
    /// Records nothing: plays the cassette, which must exist. For a machine without a network.
    None,
}

impl RecordMode {
    /// Returns the mode in the variable `HTTPX_RECORD`: `once`, `missing`, `all` or `none`. `Once` if it is not set or empty.
    ///
    /// # Errors
    ///
    /// Kind [`Config`](ErrorKind::Config), if the variable has another value.
    pub fn from_env() -> Result<Self> {
        match std::env::var_os(VARIABLE) {
            None => Ok(RecordMode::Once),
            Some(name) => RecordMode::parse(&name.to_string_lossy()),
        }
    }

    fn parse(name: &str) -> Result<Self> {
        if name.is_empty() {
            return Ok(RecordMode::Once);
        }
        NAMES.into_iter().find(|(known, _)| *known == name).map(|(_, mode)| mode).ok_or_else(|| {
            let message = format!("{VARIABLE} is {name:?}; set it to once, missing, all or none");
            Error::new(ErrorKind::Config, message)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_modes() {
        for (name, mode) in NAMES.into_iter().chain([("", RecordMode::Once)]) {
            assert_eq!(RecordMode::parse(name).unwrap(), mode);
        }
        assert_eq!(
            RecordMode::parse("yes").unwrap_err().to_string(),
            "HTTPX_RECORD is \"yes\"; set it to once, missing, all or none"
        );
    }
}
