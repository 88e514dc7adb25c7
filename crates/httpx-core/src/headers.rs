//! [`Headers`]: an ordered multi-map of fields that keeps the names as they were written.

mod convert;
mod lines;
mod value;

use std::fmt;

use crate::grammar;

pub use convert::InvalidHeader;
pub use lines::FieldLine;
use lines::{Line, Lines};
pub use value::HeaderValue;

/// The fields of a message, in order, with their names in the case in which they were given or received.
///
/// Looking up ignores case (RFC 9110 §5.1); a name may occur several times. Names and values are checked when they
/// are put in, so that nothing in here can break out of its line on the wire: a name is a token, a value holds no
/// CR, LF, NUL or other control character. White space round a value is taken off.
///
/// ```
/// use httpx_core::Headers;
///
/// let mut headers = Headers::try_from([("Accept", "text/html"), ("X-Id", "1")])?;
/// headers.append("accept", "text/plain")?;
/// assert_eq!(headers.get("ACCEPT").unwrap(), "text/html");
/// assert_eq!(headers.get_list("accept").collect::<Vec<_>>(), ["text/html", "text/plain"]);
///
/// headers.set("Accept", "*/*")?; // in the place of the first, the others go
/// assert_eq!(format!("{headers:?}"), r#"{"Accept": "*/*", "X-Id": "1"}"#);
/// assert!(headers.set("X-Id", "1\r\nX-Evil: 2").is_err());
/// # Ok::<(), httpx_core::InvalidHeader>(())
/// ```
///
/// All lines lie in one block of memory as they go over the wire: a clone is one copy, and writing a head copies
/// lines. Finding a name walks over the lines, which for the few dozen of a real message is faster than hashing.
#[derive(Default)]
pub struct Headers {
    /// The lines, each behind its prefix: see `lines.rs`.
    block: Vec<u8>,
    len: usize,
}

impl Headers {
    /// No headers; allocates nothing.
    pub const fn new() -> Self {
        Headers { block: Vec::new(), len: 0 }
    }

    /// No headers, with room for `lines` lines of together `bytes` bytes of names and values.
    #[inline]
    pub fn with_capacity(lines: usize, bytes: usize) -> Self {
        Headers { block: Vec::with_capacity(lines::room(lines, bytes)), len: 0 }
    }

    /// Makes room for `lines` lines more, of together `bytes` bytes of names and values.
    pub fn reserve(&mut self, lines: usize, bytes: usize) {
        self.block.reserve_exact(lines::room(lines, bytes));
    }

    /// Headers from literals.
    ///
    /// # Panics
    ///
    /// If one of them is no valid header: the one function of this library that panics, since it is for literals,
    /// which a first run shows to be right. For all else there is [`TryFrom`].
    ///
    /// ```
    /// let headers = httpx_core::Headers::from_static(&[("User-Agent", "dev"), ("Accept-Encoding", "gzip")]);
    /// assert_eq!(headers.len(), 2);
    /// ```
    #[allow(clippy::panic)]
    pub fn from_static(lines: &[(&'static str, &'static str)]) -> Self {
        match Headers::try_from(lines) {
            Ok(headers) => headers,
            Err(error) => panic!("Headers::from_static: {error}"),
        }
    }

    /// How many lines there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The value of the first line of this name.
    #[inline]
    pub fn get(&self, name: &str) -> Option<HeaderValue<'_>> {
        self.lines().find_name(name).map(|line| line.value())
    }

    /// The values of all lines of this name, in order.
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = HeaderValue<'a>> + 'a {
        let mut lines = self.lines();
        std::iter::from_fn(move || lines.find_name(name)).map(|line| line.value())
    }

    /// The elements of a comma-separated list, over all lines of this name (RFC 9110 §5.6.1): trimmed, without empty
    /// ones, and without a value that is not visible ASCII. Commas inside quoted strings do not separate.
    pub fn get_list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.get_all(name).filter_map(HeaderValue::to_str).flat_map(value::list)
    }

    /// Whether there is a line of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.lines().find_name(name).is_some()
    }

    /// All lines in order: names as they were written, and values.
    pub fn iter(&self) -> Iter<'_> {
        Iter { lines: self.lines(), len: self.len }
    }

    /// All lines in order, as they go over the wire.
    #[inline]
    pub fn field_lines(&self) -> impl Iterator<Item = FieldLine<'_>> {
        self.lines().map(|line| line.field_line())
    }

    /// Makes this the one line of its name: in the place of the first that was there, or else at the end.
    ///
    /// # Errors
    ///
    /// If name or value are not valid; nothing has changed then.
    pub fn set(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), InvalidHeader> {
        let value = convert::checked(name, value.as_ref())?;
        match self.lines().find(|line| line.is(name)).map(|line| line.start) {
            None => lines::push(&mut self.block, name, value, 0),
            Some(first) => {
                let mut block =
                    Vec::with_capacity(self.block.len() + lines::room(1, name.len() + value.len()));
                for line in self.lines() {
                    if line.start == first {
                        lines::push(&mut block, name, value, 0);
                    } else if !line.is(name) {
                        block.extend_from_slice(line.whole);
                    }
                }
                self.block = block;
            }
        }
        self.count();
        Ok(())
    }

    /// Puts a line at the end, whether there are others of its name or not.
    ///
    /// # Errors
    ///
    /// If name or value are not valid; nothing has changed then.
    pub fn append(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), InvalidHeader> {
        let value = convert::checked(name, value.as_ref())?;
        lines::push(&mut self.block, name, value, 0);
        self.len += 1;
        Ok(())
    }

    /// Puts a line at the end that has been checked already.
    #[inline]
    pub fn push(&mut self, line: FieldLine<'_>) {
        line.push_to(&mut self.block);
        self.len += 1;
    }

    /// Puts a line at the end if there is none of its name.
    ///
    /// # Errors
    ///
    /// If name or value are not valid.
    pub fn set_default(&mut self, name: &str, value: impl AsRef<[u8]>) -> Result<(), InvalidHeader> {
        if self.contains(name) { Ok(()) } else { self.append(name, value) }
    }

    /// Removes all lines of this name; says how many there were.
    pub fn remove(&mut self, name: &str) -> usize {
        let before = self.len;
        self.retain(|line, _| !line.eq_ignore_ascii_case(name));
        before - self.len
    }

    /// Keeps only the lines for which `keep` says so.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, HeaderValue<'_>) -> bool) {
        let mut at = 0;
        while let Some(line) = Lines::new(&self.block, at).next() {
            let (start, end) = (line.start, line.start + line.whole.len());
            if keep(line.name(), line.value()) {
                at = end;
            } else {
                self.block.drain(start..end);
                self.len -= 1;
            }
        }
    }

    /// Takes over all lines of `other`: they replace those of the same names here, in the place of the first; new
    /// names go to the end.
    ///
    /// ```
    /// # use httpx_core::Headers;
    /// let mut headers = Headers::from_static(&[("Accept", "*/*"), ("User-Agent", "rust")]);
    /// headers.update(&Headers::from_static(&[("X-Id", "1"), ("accept", "text/html")]));
    /// assert_eq!(format!("{headers:?}"), r#"{"accept": "text/html", "User-Agent": "rust", "X-Id": "1"}"#);
    /// ```
    pub fn update(&mut self, other: &Headers) {
        if other.is_empty() {
            return;
        }
        let mut block = Vec::with_capacity(self.block.len() + other.block.len());
        for line in self.lines() {
            let mut replaced = false;
            let first = self
                .lines()
                .find(|earlier| earlier.has_name_of(&line))
                .is_none_or(|first| first.start == line.start);
            for new in other.lines().filter(|new| new.has_name_of(&line)) {
                replaced = true;
                if first {
                    block.extend_from_slice(new.whole);
                }
            }
            if !replaced {
                block.extend_from_slice(line.whole);
            }
        }
        for new in other.lines().filter(|new| !self.lines().any(|line| line.has_name_of(new))) {
            block.extend_from_slice(new.whole);
        }
        self.block = block;
        self.count();
    }

    /// Marks all lines of this name as secret: `Debug` does not show their values, and a redirect to another origin
    /// does not take them along. Says how many lines there were.
    pub fn mark_sensitive(&mut self, name: &str) -> usize {
        let starts = self.lines().filter(|line| line.is(name)).map(|line| line.start).collect::<Vec<_>>();
        for &start in &starts {
            lines::mark(&mut self.block, start);
        }
        starts.len()
    }

    /// Writes all lines as they go over the wire, `Name: value` and CRLF each.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        out.reserve(self.block.len());
        for line in self.lines() {
            out.extend_from_slice(line.wire);
        }
    }

    fn lines(&self) -> Lines<'_> {
        Lines::new(&self.block, 0)
    }

    fn count(&mut self) {
        self.len = self.lines().count();
    }
}

/// One copy of the block, without its spare room; `clone_from` reuses the room that is there.
impl Clone for Headers {
    fn clone(&self) -> Self {
        Headers { block: self.block.clone(), len: self.len }
    }

    fn clone_from(&mut self, source: &Self) {
        self.block.clone_from(&source.block);
        self.len = source.len;
    }
}

/// Equal if they hold the same lines in the same order; the case of names does not count.
impl PartialEq for Headers {
    fn eq(&self, other: &Self) -> bool {
        self.len == other.len
            && self
                .lines()
                .zip(other.lines())
                .all(|(one, two)| one.has_name_of(&two) && one.value() == two.value())
    }
}

impl Eq for Headers {}

/// `{"Accept": "*/*", "Authorization": [secret]}`.
impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.lines().map(|line| (line.name(), line.shown()))).finish()
    }
}

/// The lines of [`Headers`], in order.
#[derive(Clone)]
pub struct Iter<'a> {
    lines: Lines<'a>,
    len: usize,
}

impl<'a> Iterator for Iter<'a> {
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

impl ExactSizeIterator for Iter<'_> {}

impl fmt::Debug for Iter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.lines.clone().map(|line| (line.name(), line.shown()))).finish()
    }
}

impl<'a> IntoIterator for &'a Headers {
    type Item = (&'a str, HeaderValue<'a>);
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

impl<'a> Line<'a> {
    /// Secrets are not shown: those that were marked, and the fields that always hold some.
    fn shown(&self) -> HeaderValue<'a> {
        const SECRET: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];
        const URL: [&str; 3] = ["location", "content-location", "referer"];
        let value = self.value();
        let is_any_of = |names: &[&str]| names.iter().any(|name| self.is(name));
        match is_any_of(&SECRET) || (is_any_of(&URL) && has_user_info(value.as_bytes())) {
            true => value.secret(),
            false => value,
        }
    }
}

/// Whether a URL, perhaps a relative one, holds user information, and so perhaps a password.
fn has_user_info(url: &[u8]) -> bool {
    let Some(slashes) = url.windows(2).position(|two| two == b"//") else { return false };
    let behind = url.iter().skip(slashes + 2);
    behind.take_while(|byte| !matches!(byte, b'/' | b'?' | b'#')).any(|byte| *byte == b'@')
}

#[cfg(test)]
mod tests;
