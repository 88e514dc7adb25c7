//! A content becomes a body: text, forms, JSON, bytes.

use std::borrow::Cow;

use bytes::Bytes;

use crate::{Encoded, File, QueryParams, Result};

/// A value that can be the content of a message. It has a media type, and it can be encoded.
///
/// [`Json`], [`Form`], [`Text`], [`Html`], [`File`] and `JsonLines` are contents, and so are bytes (`Bytes`, `Vec<u8>`,
/// `&'static [u8]`), which have no media type. A custom kind needs two methods:
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
/// use std::borrow::Cow;
/// use httpx::models::Encoded;
/// use httpx::{Content, Result};
///
/// struct Csv(Vec<[String; 2]>);
///
/// impl Content for Csv {
///     fn content_type(&self) -> Option<Cow<'static, str>> {
///         Some("text/csv; charset=utf-8".into())
///     }
///
///     fn encode(self) -> Result<Encoded> {
///         Ok(self.0.iter().map(|row| row.join(",") + "\r\n").collect::<String>().into())
///     }
/// }
/// ```
///
/// A streamed content is made while it is sent:
///
/// ```
/// # mod httpx { pub use bytes::Bytes; pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
/// # use std::{borrow::Cow, io};
/// # use httpx::models::Encoded;
/// # use httpx::{Bytes, Content, Result};
/// struct CsvRows<I>(I);
///
/// impl<I: Iterator<Item = [String; 2]> + Send + 'static> Content for CsvRows<I> {
///     fn content_type(&self) -> Option<Cow<'static, str>> {
///         Some("text/csv; charset=utf-8".into())
///     }
///
///     fn encode(self) -> Result<Encoded> {
///         let lines = self.0.map(|row| Ok::<_, io::Error>(Bytes::from(row.join(",") + "\r\n")));
///         Ok(Encoded::from_chunks(lines, None))
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the content of a message",
    note = "wrap it in `Json`, `Form`, `Text` or `Html`, or pass bytes or `File::new(path)`",
    note = "for a form with files call `.multipart(form)`, for a reader `.body(Body::from_reader(reader))`"
)]
pub trait Content {
    /// The value of `Content-Type`. `None` sends no such header.
    fn content_type(&self) -> Option<Cow<'static, str>>;

    /// Encodes the content. Does no I/O.
    ///
    /// # Errors
    ///
    /// If the value cannot be encoded.
    fn encode(self) -> Result<Encoded>;
}

/// A value as JSON (`application/json`): `Json(&item)`.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Json, Request};
///
/// let request = Request::new("POST", "https://www.example.com/")?.with_content(Json(&[1, 2]))?;
/// assert_eq!(request.headers().get("Content-Type").unwrap(), "application/json");
/// # let request: Request<httpx::Body> = request;
/// assert_eq!(request.into_body().into_bytes()?, "[1,2]");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[cfg(feature = "json")]
#[doc(alias = "JSON")]
#[derive(Debug, Clone, Copy)]
pub struct Json<T>(pub T);

#[cfg(feature = "json")]
impl<T: serde::Serialize> Content for Json<T> {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        Some("application/json".into())
    }

    fn encode(self) -> Result<Encoded> {
        match serde_json::to_vec(&self.0) {
            Ok(json) => Ok(json.into()),
            Err(error) => {
                Err(crate::Error::new(crate::ErrorKind::Json, "the value cannot be written as JSON")
                    .with_source(error))
            }
        }
    }
}

/// Fields in the form that HTML forms send (`application/x-www-form-urlencoded`): `Form([("name", "value")])`. For a struct
/// write `Form(QueryParams::from_serialize(&login)?)`.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Form, Request};
///
/// let form = Form([("name", "Ann B"), ("tag", "a&b")]);
/// let request = Request::new("POST", "https://www.example.com/")?.with_content(form)?;
/// assert_eq!(request.headers().get("Content-Type").unwrap(), "application/x-www-form-urlencoded");
/// # let request: Request<httpx::Body> = request;
/// assert_eq!(request.into_body().into_bytes()?, "name=Ann+B&tag=a%26b");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Form<P>(pub P);

impl<P: Into<QueryParams>> Content for Form<P> {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        Some("application/x-www-form-urlencoded".into())
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.0.into().to_string().into())
    }
}

/// Plain text in UTF-8 (`text/plain`): `Text("Hello, world")`.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Request, Text};
///
/// let request = Request::new("PUT", "https://www.example.com/note")?.with_content(Text("Hello, world"))?;
/// assert_eq!(request.headers().get("Content-Type").unwrap(), "text/plain; charset=utf-8");
/// # let request: Request<httpx::Body> = request;
/// assert_eq!(request.into_body().into_bytes()?, "Hello, world");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Text<T>(pub T);

impl<T: Into<String>> Content for Text<T> {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        Some("text/plain; charset=utf-8".into())
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.0.into().into())
    }
}

/// An HTML page in UTF-8 (`text/html`): `Html("<p>Hello</p>")`.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; }
/// use httpx::{Html, Request};
///
/// let request = Request::new("PUT", "https://www.example.com/page")?.with_content(Html("<p>Hello</p>"))?;
/// assert_eq!(request.headers().get("Content-Type").unwrap(), "text/html; charset=utf-8");
/// # let request: Request<httpx::Body> = request;
/// assert_eq!(request.into_body().into_bytes()?, "<p>Hello</p>");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[doc(alias = "HTML")]
#[derive(Debug, Clone, Copy)]
pub struct Html<T>(pub T);

impl<T: Into<String>> Content for Html<T> {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        Some("text/html; charset=utf-8".into())
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.0.into().into())
    }
}

impl Content for File {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        Some(self.media_type())
    }

    fn encode(self) -> Result<Encoded> {
        Ok(Encoded::from(self))
    }
}

impl Content for Bytes {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        None
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.into())
    }
}

impl Content for Vec<u8> {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        None
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.into())
    }
}

impl Content for &'static [u8] {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        None
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.into())
    }
}

impl<const N: usize> Content for &'static [u8; N] {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        None
    }

    fn encode(self) -> Result<Encoded> {
        Ok(self.into())
    }
}

/// No content.
impl Content for () {
    fn content_type(&self) -> Option<Cow<'static, str>> {
        None
    }

    fn encode(self) -> Result<Encoded> {
        Ok(Encoded::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(content: impl Content) -> (Option<String>, Bytes) {
        (content.content_type().map(String::from), content.encode().unwrap().into_bytes().unwrap())
    }

    #[test]
    fn kinds() {
        let table = [
            (sent(Text("hü")), Some("text/plain; charset=utf-8"), "hü"),
            (sent(Html(String::from("<p>"))), Some("text/html; charset=utf-8"), "<p>"),
            (
                sent(Form([("a", "1 2"), ("b", "&")])),
                Some("application/x-www-form-urlencoded"),
                "a=1+2&b=%26",
            ),
            (sent(b"raw".to_vec()), None, "raw"),
            (sent(&b"raw"[..]), None, "raw"),
            (sent(b"raw"), None, "raw"),
            (sent(()), None, ""),
            #[cfg(feature = "json")]
            (sent(Json([1, 2])), Some("application/json"), "[1,2]"),
        ];
        for ((content_type, bytes), expected_type, expected) in table {
            assert_eq!((content_type.as_deref(), &bytes[..]), (expected_type, expected.as_bytes()));
        }
    }

    #[cfg(feature = "json")]
    #[test]
    fn values_that_json_cannot_hold_are_errors() {
        let odd = std::collections::HashMap::from([(vec![1], 1)]);
        let error = Json(odd).encode().unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::Json);
        assert_eq!(format!("{error:#}"), "the value cannot be written as JSON: key must be a string");
    }
}
