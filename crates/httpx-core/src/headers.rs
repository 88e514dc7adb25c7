//! [`Headers`]: an ordered multi-map of fields that keeps the case of their names.

mod convert;
mod input;
mod iter;
mod lines;
mod literal;
mod secret;
mod value;

use std::fmt;

use crate::grammar;

pub use convert::InvalidHeader;
pub use input::ToHeaderValue;
pub use iter::HeaderIter;
pub use lines::FieldLine;
use lines::Lines;
pub use literal::StaticHeader;
pub use value::HeaderValue;
#[cfg(feature = "url")]
pub(crate) use value::SECRET;

/// The fields of a message: an ordered multi-map that keeps names in the case in which they were set or received.
///
/// Lookups ignore case (RFC 9110 §5.1); a name may occur several times. Names and values are checked when they are set,
/// so that nothing can break out of its line on the wire: a name is a token, and a value holds no CR, LF, NUL or other
/// control character. White space around a value is removed.
///
/// ```
/// # mod httpx { pub use httpx_core::*; }
/// use httpx::Headers;
///
/// let mut headers = Headers::try_from([("Accept", "text/html"), ("X-Id", "1")])?;
/// headers.append("accept", "text/plain")?;
/// assert_eq!(headers.get("ACCEPT").unwrap(), "text/html");
/// assert_eq!(headers.get_list("accept").collect::<Vec<_>>(), ["text/html", "text/plain"]);
///
/// headers.set("Accept", "*/*")?; // replaces the first; other lines of that name are removed
/// assert_eq!(format!("{headers:?}"), r#"{"Accept": "*/*", "X-Id": "1"}"#);
/// assert!(headers.set("X-Id", "1\r\nX-Evil: 2").is_err());
/// assert!(headers.contains("x-id") && headers.len() == 2 && !headers.is_empty());
/// # Ok::<(), httpx_core::InvalidHeader>(())
/// ```
///
/// A line that replaces a sensitive line, or joins one of its name, is sensitive as well: see
/// [`mark_sensitive`](Headers::mark_sensitive).
///
/// All lines lie in one block of memory, in their form on the wire: a clone is one copy, and writing a head copies
/// lines. A lookup walks over the lines, which is faster than hashing for the few dozen lines of a real message.
#[derive(Default)]
#[doc(alias = "HeaderMap")]
pub struct Headers {
    /// The lines, each after its prefix: see `lines.rs`.
    block: Vec<u8>,
    /// The number of lines. A `u32` is enough: no message has more.
    len: u32,
    /// Whether some line may be sensitive: spares a search on each `append`.
    sensitive: bool,
}

impl Headers {
    /// Creates an empty map; allocates nothing.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Headers;
    ///
    /// let mut headers = Headers::new();
    /// headers.append("Accept", "text/html")?;
    /// # Ok::<(), httpx_core::InvalidHeader>(())
    /// ```
    pub const fn new() -> Self {
        Headers { block: Vec::new(), len: 0, sensitive: false }
    }

    /// Returns the number of lines.
    #[inline]
    pub fn len(&self) -> usize {
        self.len as usize
    }

    /// Returns whether there are no lines.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns the value of the first line of this name.
    #[inline]
    pub fn get(&self, name: &str) -> Option<HeaderValue<'_>> {
        self.lines().find_name(name).map(|line| line.value())
    }

    /// Returns the values of all lines of this name, in order.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// let headers = headers![("Via", "a"), ("via", "b")];
    /// assert!(headers.get_all("Via").eq(["a", "b"]));
    /// ```
    pub fn get_all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = HeaderValue<'a>> + 'a {
        let mut lines = self.lines();
        std::iter::from_fn(move || lines.find_name(name)).map(|line| line.value())
    }

    /// Returns the elements of a comma-separated list, over all lines of this name (RFC 9110 §5.6.1): trimmed, without
    /// empty elements, and without values that are not ASCII. Commas inside quoted strings do not separate.
    pub fn get_list<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.get_all(name).filter_map(HeaderValue::to_str).flat_map(value::list)
    }

    /// Returns whether there is a line of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.lines().find_name(name).is_some()
    }

    /// Returns all lines in order: names as they were set or received, and values.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// for (name, value) in headers![("Accept", "*/*"), ("X-Id", "1")].iter() {
    ///     println!("{name}: {}", value.to_str().unwrap_or("(not text)"));
    /// }
    /// ```
    pub fn iter(&self) -> HeaderIter<'_> {
        HeaderIter::new(self)
    }

    /// Sets the only line of a name: it replaces the first line of that name, or is put at the end; other lines of that
    /// name are removed.
    ///
    /// # Errors
    ///
    /// If the name or the value is not valid; nothing has changed then.
    #[doc(alias = "insert")]
    pub fn set(&mut self, name: &str, value: impl ToHeaderValue) -> Result<(), InvalidHeader> {
        value.with_bytes(|value| self.set_bytes(name, value))
    }

    fn set_bytes(&mut self, name: &str, value: &[u8]) -> Result<(), InvalidHeader> {
        let value = convert::checked(name, value)?;
        match self.lines().find(|line| line.is(name)).map(|line| line.start) {
            None => lines::push(&mut self.block, name, value, 0),
            Some(first) => {
                let flags = self.flags_of(name.as_bytes());
                let room = self.block.len() + lines::room(1, name.len() + value.len());
                let mut block = Vec::with_capacity(room);
                for line in self.lines() {
                    if line.start == first {
                        lines::push(&mut block, name, value, flags);
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

    /// Puts a line at the end, whether there are other lines of its name or not.
    ///
    /// # Errors
    ///
    /// If the name or the value is not valid; nothing has changed then.
    #[doc(alias = "add")]
    pub fn append(&mut self, name: &str, value: impl ToHeaderValue) -> Result<(), InvalidHeader> {
        value.with_bytes(|value| {
            let value = convert::checked(name, value)?;
            let flags = self.flags_of(name.as_bytes());
            lines::push(&mut self.block, name, value, flags);
            self.len = self.len.saturating_add(1);
            Ok(())
        })
    }

    /// Puts a line at the end if there is none of its name.
    ///
    /// # Errors
    ///
    /// If the name or the value is not valid.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// let mut headers = headers![("Accept", "text/html")];
    /// headers.set_default("Accept", "*/*")?;
    /// assert_eq!(headers.get("Accept").unwrap(), "text/html");
    /// # Ok::<(), httpx_core::InvalidHeader>(())
    /// ```
    pub fn set_default(&mut self, name: &str, value: impl ToHeaderValue) -> Result<(), InvalidHeader> {
        if self.contains(name) { Ok(()) } else { self.append(name, value) }
    }

    /// Removes all lines of this name, and returns their number.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// let mut headers = headers![("Via", "a"), ("via", "b"), ("X-Id", "1")];
    /// assert_eq!((headers.remove("Via"), headers.len()), (2, 1));
    /// ```
    pub fn remove(&mut self, name: &str) -> usize {
        let before = self.len();
        self.retain(|line, _| !line.eq_ignore_ascii_case(name));
        before - self.len()
    }

    /// Keeps only the lines for which `keep` returns true.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// let mut headers = headers![("X-Debug", "1"), ("Accept", "*/*")];
    /// headers.retain(|name, _| !name.starts_with("X-"));
    /// assert_eq!(format!("{headers:?}"), r#"{"Accept": "*/*"}"#);
    /// ```
    pub fn retain(&mut self, mut keep: impl FnMut(&str, HeaderValue<'_>) -> bool) {
        let mut at = 0;
        while let Some(line) = Lines::new(&self.block, at).next() {
            let (start, end) = (line.start, line.start + line.whole.len());
            if keep(line.name(), line.value()) {
                at = end;
            } else {
                self.block.drain(start..end);
                self.len = self.len.saturating_sub(1);
            }
        }
    }

    /// Takes over all lines of `other`: they replace the lines of the same names, at the place of the first; new names
    /// are put at the end.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::headers;
    ///
    /// let mut headers = headers![("Accept", "*/*"), ("User-Agent", "rust")];
    /// headers.update(&headers![("X-Id", "1"), ("accept", "text/html")]);
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
                    let start = block.len();
                    block.extend_from_slice(new.whole);
                    if self.flags_of(new.name_bytes()) != 0 {
                        lines::mark(&mut block, start);
                    }
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
        self.sensitive |= other.sensitive;
        self.count();
    }

    /// Marks all lines of this name as sensitive, and returns their number.
    ///
    /// `Debug` does not show the value of a sensitive line, and a redirect to another origin does not take the line
    /// along. Lines that later replace it, or are appended under its name, are sensitive as well.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; }
    /// use httpx::Headers;
    ///
    /// let mut headers = Headers::try_from([("X-Key", "k1")])?;
    /// headers.mark_sensitive("X-Key");
    /// headers.set("X-Key", "k2")?;
    /// assert_eq!(format!("{headers:?}"), r#"{"X-Key": [secret]}"#);
    /// # Ok::<(), httpx_core::InvalidHeader>(())
    /// ```
    pub fn mark_sensitive(&mut self, name: &str) -> usize {
        let starts = self.lines().filter(|line| line.is(name)).map(|line| line.start).collect::<Vec<_>>();
        for &start in &starts {
            lines::mark(&mut self.block, start);
        }
        self.sensitive |= !starts.is_empty();
        starts.len()
    }

    /// Returns the flags of a line that replaces or joins the lines of this name.
    fn flags_of(&self, name: &[u8]) -> u8 {
        let sensitive = self.sensitive
            && self.lines().any(|line| line.is_sensitive() && line.name_bytes().eq_ignore_ascii_case(name));
        if sensitive { lines::SENSITIVE } else { 0 }
    }

    fn lines(&self) -> Lines<'_> {
        Lines::new(&self.block, 0)
    }

    fn count(&mut self) {
        self.len = u32::try_from(self.lines().count()).unwrap_or(u32::MAX);
    }
}

/// For the codec and the pool; not part of the stable API.
#[doc(hidden)]
impl Headers {
    /// Creates an empty map with room for `lines` lines of together `bytes` bytes of names and values.
    #[inline]
    pub fn with_capacity(lines: usize, bytes: usize) -> Self {
        Headers { block: Vec::with_capacity(lines::room(lines, bytes)), len: 0, sensitive: false }
    }

    /// Makes room for `lines` more lines of together `bytes` bytes of names and values.
    pub fn reserve(&mut self, lines: usize, bytes: usize) {
        self.block.reserve_exact(lines::room(lines, bytes));
    }

    /// Puts a line at the end that has been checked already.
    #[inline]
    pub fn push(&mut self, line: FieldLine<'_>) {
        line.push_to(&mut self.block);
        self.len = self.len.saturating_add(1);
    }

    /// Returns all lines in order, in their form on the wire.
    #[inline]
    pub fn field_lines(&self) -> impl Iterator<Item = FieldLine<'_>> {
        self.lines().map(|line| line.field_line())
    }

    /// Writes all lines in their form on the wire: `Name: value` and CRLF.
    pub fn write_to(&self, out: &mut Vec<u8>) {
        out.reserve(self.block.len());
        for line in self.lines() {
            out.extend_from_slice(line.wire);
        }
    }
}

/// Copies the block without its spare room; `clone_from` reuses the room of the target.
impl Clone for Headers {
    fn clone(&self) -> Self {
        Headers { block: self.block.clone(), len: self.len, sensitive: self.sensitive }
    }

    fn clone_from(&mut self, source: &Self) {
        self.block.clone_from(&source.block);
        (self.len, self.sensitive) = (source.len, source.sensitive);
    }
}

/// Compares the lines in order; the case of names does not matter.
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
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests;
