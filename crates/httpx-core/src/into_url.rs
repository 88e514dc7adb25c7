//! Values that can be given as a URL.

use std::borrow::Cow;

use crate::{Result, Url};

/// A value that names a URL to request: `&str`, `String`, `Cow<str>`, [`Url`], and references to them.
///
/// A text is joined to the client's base URL if there is one, as [`Url::join`] does. The trait cannot be implemented
/// outside this crate.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a URL",
    note = "give a `&str`, a `String`, or a `Url`; convert other values with `Url::parse(&value.to_string())`"
)]
pub trait IntoUrl: SealedUrl {
    /// Converts into a URL, under this base.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidUrl`](crate::ErrorKind::InvalidUrl).
    fn into_url(self, base: Option<&Url>) -> Result<Url>;

    /// Returns the text, if it is one.
    #[doc(hidden)]
    fn as_text(&self) -> Option<&str> {
        None
    }
}

/// Keeps [`IntoUrl`] to this crate.
pub trait SealedUrl {}

impl IntoUrl for &str {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        match base {
            Some(base) => base.join(self)?.check_relative(self),
            None => Url::parse(self),
        }
    }
}

impl SealedUrl for &str {}

impl IntoUrl for &String {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        self.as_str().into_url(base)
    }
}

impl SealedUrl for &String {}

impl IntoUrl for String {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        self.as_str().into_url(base)
    }
}

impl SealedUrl for String {}

impl IntoUrl for Cow<'_, str> {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        (*self).into_url(base)
    }
}

impl SealedUrl for Cow<'_, str> {}

impl IntoUrl for &Cow<'_, str> {
    fn as_text(&self) -> Option<&str> {
        Some(self)
    }

    fn into_url(self, base: Option<&Url>) -> Result<Url> {
        (**self).into_url(base)
    }
}

impl SealedUrl for &Cow<'_, str> {}

impl IntoUrl for Url {
    fn into_url(self, _base: Option<&Url>) -> Result<Url> {
        Ok(self)
    }
}

impl SealedUrl for Url {}

impl IntoUrl for &Url {
    fn into_url(self, _base: Option<&Url>) -> Result<Url> {
        Ok(self.clone())
    }
}

impl SealedUrl for &Url {}
