//! [`Multipart`]: a form with files (RFC 7578, WHATWG HTML §4.10.21.8). The same for both flavours.

use std::fmt;
use std::hash::{BuildHasher, RandomState};

use crate::headers::InvalidHeader;
use crate::message_body::join;
use crate::{Encoded, File, Headers, IntoBody, MediaType, MessageBody, Result, ToHeaderValue};

/// A form with fields and files, sent as `multipart/form-data` (RFC 7578). `B` is the body of its flavour.
///
/// The parts are sent in their order, one after the other, and never held in memory together. If the length of each is
/// known, the request has a `Content-Length`; otherwise it is sent in chunks. A form whose parts are all text, bytes or files
/// can be sent again, after a redirect for example.
///
/// ```
/// # #[cfg(feature = "blocking")] {
/// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
/// use httpx::Body;
/// use httpx::models::{Multipart, Part};
///
/// let form: Multipart<Body> = Multipart::new()
///     .text("title", "Slides")
///     .part("pages", Part::new("a,b\r\n").file_name("pages.csv").header("Content-Type", "text/csv")?);
/// assert_eq!(format!("{form:?}"), "<Multipart \"title\", \"pages\">");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[must_use = "a form is sent by RequestBuilder::multipart"]
pub struct Multipart<B> {
    parts: Vec<(String, Part<B>)>,
}

/// One part of a [`Multipart`] form: its body, its file name, and its headers.
#[must_use = "a part is added to a form by Multipart::part"]
pub struct Part<B> {
    body: B,
    file_name: Option<String>,
    headers: Headers,
    /// The invalid media type of a file. It becomes the error when the form is sent.
    invalid: Option<InvalidHeader>,
}

impl<B: MessageBody> Multipart<B> {
    /// Creates a form without parts.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// let form = httpx::models::Multipart::<httpx::Body>::new();
    /// # }
    /// ```
    pub fn new() -> Self {
        Multipart { parts: Vec::new() }
    }

    /// Adds a field with a text. The same name may be added more than once.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// let form = httpx::models::Multipart::<httpx::Body>::new().text("colour", "red").text("colour", "blue");
    /// # }
    /// ```
    pub fn text(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.part(name, Part::new(value.into()))
    }

    /// Adds a part, for example a file.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// use httpx::models::{Multipart, Part};
    ///
    /// let form = Multipart::new().part("file", Part::<httpx::Body>::file("slides.pdf"));
    /// # }
    /// ```
    pub fn part(mut self, name: impl Into<String>, part: Part<B>) -> Self {
        self.parts.push((name.into(), part));
        self
    }

    /// Returns the value of `Content-Type`, and the body. The boundary occurs in none of the parts that are bytes; a part from
    /// a reader is not searched.
    ///
    /// # Errors
    ///
    /// If the media type of a file is not valid.
    #[doc(hidden)]
    pub fn into_content(self) -> Result<(String, B)> {
        let mut boundary = new_boundary();
        while self.parts.iter().any(|(_, part)| part.contains(&boundary)) {
            boundary = new_boundary();
        }
        let mut segments = Vec::with_capacity(2 * self.parts.len() + 1);
        let mut between = format!("--{boundary}\r\n");
        for (name, part) in self.parts {
            if let Some(invalid) = part.invalid {
                return Err(invalid.into());
            }
            let mut head = Vec::from(between);
            part.write_head(&name, &mut head);
            segments.extend([B::from(Encoded::from(head)), part.body]);
            between = format!("\r\n--{boundary}\r\n");
        }
        let end = if segments.is_empty() {
            format!("--{boundary}--\r\n")
        } else {
            format!("\r\n--{boundary}--\r\n")
        };
        segments.push(Encoded::from(end).into());
        Ok((format!("multipart/form-data; boundary={boundary}"), join(segments)))
    }
}

/// Returns the `Content-Type` of a form whose own one is `own`: another `multipart` type that the request has already,
/// `multipart/related` for example, with the boundary of the form; otherwise `own`.
#[doc(hidden)]
pub fn multipart_type(of_request: Option<&[u8]>, own: &str) -> String {
    let chosen = of_request.and_then(MediaType::parse);
    let chosen = chosen.filter(|chosen| {
        chosen.essence().split_once('/').is_some_and(|(kind, _)| kind.eq_ignore_ascii_case("multipart"))
    });
    let own_type = MediaType::parse(own.as_bytes());
    match (chosen, own_type.as_ref().and_then(|own| own.param("boundary"))) {
        (Some(chosen), Some(boundary)) => chosen.with_boundary(&boundary),
        _ => own.to_owned(),
    }
}

impl<B: MessageBody> Default for Multipart<B> {
    fn default() -> Self {
        Multipart::new()
    }
}

impl<B: MessageBody> Part<B> {
    /// Creates a part from text, bytes, or any body, for example one from a reader.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Body;
    /// use httpx::models::Part;
    ///
    /// let part = Part::new(Body::from_reader(std::io::repeat(b'x'))).file_name("endless.txt");
    /// # }
    /// ```
    pub fn new(body: impl IntoBody<B>) -> Self {
        Part { body: body.into_body(), file_name: None, headers: Headers::new(), invalid: None }
    }

    /// Creates a part from the file at this path, with the name of the file and the media type of its name. It is opened when
    /// the form is sent: see [`File`].
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// use httpx::Body;
    /// use httpx::models::{File, Multipart, Part};
    ///
    /// let form: Multipart<Body> = Multipart::new()
    ///     .part("slides", Part::file("slides.pdf"))
    ///     .part("notes", Part::file(File::new("notes").content_type("text/markdown")).file_name("notes.md"));
    /// # }
    /// ```
    pub fn file(file: impl Into<File>) -> Self {
        let file = file.into();
        let name = file.path().file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut headers = Headers::new();
        let invalid = headers.set("Content-Type", file.media_type().as_bytes()).err();
        Part { body: Encoded::from(file).into(), file_name: Some(name), headers, invalid }
    }

    /// Sets the name of the file that the server sees. A part with a file name and without a `Content-Type` is
    /// `application/octet-stream`.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// let part = httpx::models::Part::<httpx::Body>::new("a,b\r\n").file_name("table.csv");
    /// # }
    /// ```
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Sets a header of the part, such as `Content-Type`. A `Content-Disposition` that is set here is ignored: the form writes
    /// its own.
    ///
    /// ```
    /// # #[cfg(feature = "blocking")] {
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// let part = httpx::models::Part::<httpx::Body>::new("{}").header("Content-Type", "application/json")?;
    /// # }
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the name or the value is not valid.
    pub fn header(mut self, name: &str, value: impl ToHeaderValue) -> Result<Self, InvalidHeader> {
        self.headers.set(name, value)?;
        Ok(self)
    }

    /// Returns whether a line of the part begins with this boundary, as far as its bytes are known.
    fn contains(&self, boundary: &str) -> bool {
        let delimiter = format!("--{boundary}");
        let body = self.body.as_bytes();
        body.is_some_and(|bytes| {
            bytes.split(|&byte| byte == b'\n').any(|line| line.starts_with(delimiter.as_bytes()))
        })
    }

    fn write_head(&self, name: &str, out: &mut Vec<u8>) {
        let mut disposition = format!("Content-Disposition: form-data; name=\"{}\"", escaped(name));
        if let Some(file_name) = &self.file_name {
            disposition += &format!("; filename=\"{}\"", escaped(file_name));
        }
        out.extend_from_slice(disposition.as_bytes());
        out.extend_from_slice(b"\r\n");
        if self.file_name.is_some() && !self.headers.contains("content-type") {
            out.extend_from_slice(b"Content-Type: application/octet-stream\r\n");
        }
        for (name, value) in &self.headers {
            if !name.eq_ignore_ascii_case("content-disposition") {
                out.extend_from_slice(name.as_bytes());
                out.extend_from_slice(b": ");
                out.extend_from_slice(value.as_bytes());
                out.extend_from_slice(b"\r\n");
            }
        }
        out.extend_from_slice(b"\r\n");
    }
}

/// Escapes a name as browsers do (WHATWG HTML §4.10.21.8).
fn escaped(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for char in name.chars() {
        match char {
            '\n' => out.push_str("%0A"),
            '\r' => out.push_str("%0D"),
            '"' => out.push_str("%22"),
            other => out.push(other),
        }
    }
    out
}

/// Returns a boundary that others cannot guess.
fn new_boundary() -> String {
    let random = RandomState::new();
    format!("{:016x}{:016x}", random.hash_one(0), random.hash_one(1))
}

/// `<Multipart "title", "file">`.
impl<B> fmt::Debug for Multipart<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<Multipart")?;
        for (n, (name, _)) in self.parts.iter().enumerate() {
            write!(f, "{} {name:?}", if n == 0 { "" } else { "," })?;
        }
        f.write_str(">")
    }
}

/// `Part { file_name: Some("a.txt"), … }`: without the body.
impl<B> fmt::Debug for Part<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part")
            .field("file_name", &self.file_name)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[cfg(feature = "blocking")]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::Length;
    use crate::blocking::Body;

    /// The boundary, and the body with `BOUNDARY` in its place.
    fn sent(form: Multipart<Body>) -> (String, String, Length) {
        let (content_type, mut body) = form.into_content().unwrap();
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap().to_owned();
        let length = body.length();
        let mut text = String::new();
        body.read_to_string(&mut text).unwrap();
        assert!(boundary.len() == 32, "{boundary}");
        (text.replace(&boundary, "BOUNDARY"), boundary, length)
    }

    #[test]
    fn parts_in_their_order() {
        let reader = || Body::from_reader(&b"read"[..]);
        let sized = || Body::from_sized_reader(&b"sized"[..], 5);
        let form = |body: Body| {
            Multipart::new()
                .text("a", "1")
                .part("b", Part::new(body).file_name("b.txt"))
                .part("a", Part::new("{}").header("Content-Type", "application/json").unwrap())
        };
        for (body, content, is_sized) in
            [(reader(), "read", false), (sized(), "sized", true), (Body::from("bytes"), "bytes", true)]
        {
            let (text, _, length) = sent(form(body));
            let expected = format!(
                "--BOUNDARY\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
                 --BOUNDARY\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b.txt\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n{content}\r\n\
                 --BOUNDARY\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: application/json\r\n\r\n{{}}\r\n\
                 --BOUNDARY--\r\n"
            );
            assert_eq!(text, expected);
            let bytes = (expected.len() + 4 * (32 - "BOUNDARY".len())) as u64;
            assert_eq!(length, if is_sized { Length::Known(bytes) } else { Length::Unknown });
        }
        assert_eq!(sent(Multipart::new()).0, "--BOUNDARY--\r\n");
    }

    /// The cases of the web platform tests for form data.
    #[test]
    fn names_are_escaped_as_in_browsers() {
        for (name, escaped) in [
            ("plain", "plain"),
            ("a\"b", "a%22b"),
            ("a\r\nb", "a%0D%0Ab"),
            ("a\nb\rc", "a%0Ab%0Dc"),
            ("a\\b'c%22", "a\\b'c%22"),
            ("\u{fc}\u{1f600}", "\u{fc}\u{1f600}"),
            ("x\"\r\nContent-Type: text/html\r\n\r\n", "x%22%0D%0AContent-Type: text/html%0D%0A%0D%0A"),
        ] {
            let form = Multipart::new().part(name, Part::new("").file_name(name));
            let (text, ..) = sent(form);
            let line = format!("form-data; name=\"{escaped}\"; filename=\"{escaped}\"\r\n");
            assert!(text.contains(&line), "{text}");
        }
    }

    #[test]
    fn a_boundary_at_the_beginning_of_a_line_is_found() {
        for (text, expected) in
            [("--B", true), ("a\r\n--B", true), ("a--B", false), ("--b", false), ("", false)]
        {
            assert_eq!(Part::<Body>::new(text).contains("B"), expected, "{text:?}");
        }
    }

    #[test]
    fn a_form_of_bytes_can_be_sent_again() {
        let (_, body) = Multipart::<Body>::new().text("a", "1").into_content().unwrap();
        assert!(body.try_clone().is_some());
        let file = Body::from_sized_reader(&b"x"[..], 1);
        let (_, body) = Multipart::new().text("a", "1").part("b", Part::new(file)).into_content().unwrap();
        assert!(body.try_clone().is_none());
    }

    #[test]
    fn the_headers_of_a_part_are_valid_and_its_disposition_is_fixed() {
        assert!(Part::<Body>::new("").header("A\r\nB", "c").is_err());
        assert!(Part::<Body>::new("").header("A", "b\r\nC: d").is_err());
        let part =
            Part::new("x").header("Content-Disposition", "attachment").unwrap().header("X-A", "b").unwrap();
        let (text, ..) = sent(Multipart::new().part("n", part));
        assert!(text.contains("name=\"n\"\r\nX-A: b\r\n\r\nx\r\n") && !text.contains("attachment"), "{text}");
    }

    /// A file that shrinks or grows while it is sent does not move the parts behind it.
    #[test]
    fn a_part_of_another_length_is_an_error() {
        let short = Body::from_sized_reader(&b"short"[..], 10);
        let (_, mut body) =
            Multipart::new().part("a", Part::new(short)).text("b", "2").into_content().unwrap();
        let mut read = Vec::new();
        let error = body.read_to_end(&mut read).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::UnexpectedEof);
        assert!(read.ends_with(b"\r\n\r\nshort"), "{:?}", String::from_utf8_lossy(&read));
        let long = Body::from_sized_reader(&b"too long"[..], 3);
        let (_, mut body) =
            Multipart::new().part("a", Part::new(long)).text("b", "2").into_content().unwrap();
        let mut read = Vec::new();
        let error = body.read_to_end(&mut read).unwrap_err();
        assert!(error.to_string().contains("longer than announced"), "{error}");
        assert!(!String::from_utf8_lossy(&read).contains("too"));
    }
}
