//! [`DigestCredentials`]: a username and a password.

use std::fmt;

/// A username and a password. They are hashed in UTF-8.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DigestCredentials {
    pub(super) username: String,
    pub(super) password: String,
}

impl DigestCredentials {
    /// Creates credentials.
    pub fn new(username: impl Into<String>, password: impl Into<String>) -> Self {
        DigestCredentials { username: username.into(), password: password.into() }
    }
}

/// `<DigestCredentials>`, without both.
impl fmt::Debug for DigestCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<DigestCredentials>")
    }
}
