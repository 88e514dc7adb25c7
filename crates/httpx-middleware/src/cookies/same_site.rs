//! The `SameSite` attribute.

/// The `SameSite` attribute of a cookie.
///
/// The jar keeps it and does not act on it: there is no page here that could make a cross-site request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SameSite {
    /// Only with requests from the site itself.
    Strict,
    /// Also when a user follows a link to the site.
    Lax,
    /// With all requests. Asks for `Secure`.
    None,
}

impl SameSite {
    /// Parses the attribute's value; `None` if it is unknown.
    pub(crate) fn parse(value: &[u8]) -> Option<SameSite> {
        const VALUES: [(&[u8], SameSite); 3] =
            [(b"strict", SameSite::Strict), (b"lax", SameSite::Lax), (b"none", SameSite::None)];
        VALUES.iter().find(|(known, _)| value.eq_ignore_ascii_case(known)).map(|(_, value)| *value)
    }
}
