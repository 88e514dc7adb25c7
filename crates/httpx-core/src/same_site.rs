//! The `SameSite` attribute of a cookie, as it is parsed and shown.

/// The `SameSite` attribute of a cookie.
///
/// A cookie jar keeps it and does not act on it: this library loads no pages that could make a cross-site request.
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
    const ALL: [SameSite; 3] = [SameSite::Strict, SameSite::Lax, SameSite::None];

    /// Parses the attribute's value, in any case; `None` if it is unknown.
    #[doc(hidden)]
    pub fn parse(value: &[u8]) -> Option<SameSite> {
        SameSite::ALL.into_iter().find(|known| value.eq_ignore_ascii_case(known.as_str().as_bytes()))
    }

    /// Returns the attribute's value: `Lax`.
    pub fn as_str(self) -> &'static str {
        match self {
            SameSite::Strict => "Strict",
            SameSite::Lax => "Lax",
            SameSite::None => "None",
        }
    }
}
