//! The framing of a body: RFC 9112 §6.3 as one pure function of everything that it depends on.

use httpx_core::grammar::trim_ows;
use httpx_core::{Headers, Method, StatusCode, Version};

use crate::{CloseReason, Excerpt, RemoteError};

/// The framing fields of one message, and what else is found on the way: all lines of each field together.
///
/// ```
/// use httpx_proto::framing::{self, BodyKind, Fields, RequestKind};
/// use httpx_proto::{StatusCode, Version};
///
/// let mut fields = Fields::default();
/// fields.add("Content-Length", b"5");
/// fields.add("content-length", b"5, 5");
/// let framing = framing::of_response(&fields, RequestKind::Other, StatusCode::OK, Version::Http11)?;
/// assert_eq!((framing.kind, framing.close), (BodyKind::Length(5), None));
/// # Ok::<(), httpx_proto::RemoteError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fields {
    pub(crate) length: ContentLength,
    pub(crate) coding: TransferCoding,
    pub(crate) close: bool,
    pub(crate) keep_alive: bool,
    /// There is a `Keep-Alive` field (RFC 2068 §19.7.1.1).
    pub(crate) has_keep_alive: bool,
    /// `Upgrade` names a protocol.
    pub(crate) upgrade: bool,
    /// `Connection` names `upgrade`, as it must (RFC 9110 §7.8).
    pub(crate) connection_upgrade: bool,
    pub(crate) hosts: u32,
    pub(crate) expect: Expect,
}

/// All `Expect` lines together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Expect {
    #[default]
    Nothing,
    Continue,
    /// An unknown expectation.
    Other,
}

/// All `Content-Length` lines together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum ContentLength {
    #[default]
    None,
    Once(u64),
    /// The same length several times, in one line or in several.
    Repeated(u64),
    Differ(u64, u64),
    Bad(Excerpt),
}

/// All `Transfer-Encoding` lines together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum TransferCoding {
    #[default]
    None,
    /// Lines without a coding.
    Empty,
    Chunked,
    /// `chunked`, and empty elements of the list.
    ChunkedInList,
    /// Another coding, and then `chunked`.
    Unsupported,
    /// The last coding is not `chunked`.
    NotFinal(Excerpt),
}

/// The facts of a request that framing depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    /// HEAD: the response has no body, with any headers.
    Head,
    /// CONNECT: the request has no body, and a 2xx response opens a tunnel.
    Connect,
    /// All other methods.
    Other,
}

impl From<&Method> for RequestKind {
    fn from(method: &Method) -> Self {
        match *method {
            Method::HEAD => RequestKind::Head,
            Method::CONNECT => RequestKind::Connect,
            _ => RequestKind::Other,
        }
    }
}

/// The end of a message, and whether the connection survives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Framing {
    /// The end of the body.
    pub kind: BodyKind,
    /// Why the connection must be closed afterwards; `None` if it can be kept.
    pub close: Option<CloseReason>,
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// After this many bytes; 0 if there is no body.
    Length(u64),
    /// With its last chunk.
    Chunked,
    /// With the connection.
    UntilClose,
    /// There is no body: another protocol follows.
    Tunnel,
}

/// Returns the framing of a response (RFC 9112 §6.3). A 101 has no body. The caller knows whether it was asked for, so
/// that another protocol follows.
///
/// # Errors
///
/// Fails if the end of the body is ambiguous.
#[inline]
pub fn of_response(
    fields: &Fields,
    asked: RequestKind,
    status: StatusCode,
    version: Version,
) -> Result<Framing, RemoteError> {
    let close = fields.close_reason(version);
    let none = Framing { kind: BodyKind::Length(0), close };
    match (asked, status.as_u16()) {
        // A 204 too: RFC 9110 §9.3.6 makes no exception.
        (RequestKind::Connect, 200..=299) => {
            return Ok(Framing { kind: BodyKind::Tunnel, close: Some(CloseReason::Switched) });
        }
        (RequestKind::Head, _) | (_, 100..=199 | 204 | 304) => return Ok(none),
        (RequestKind::Connect | RequestKind::Other, _) => {}
    }
    match (fields.coding(version)?, fields.length()?) {
        (true, None) => Ok(Framing { kind: BodyKind::Chunked, close }),
        // RFC 9112 §6.1: chunked wins, and the connection is closed, because an intermediary may have read it
        // differently.
        (true, Some(_)) => {
            Ok(Framing { kind: BodyKind::Chunked, close: close.or(Some(CloseReason::Ambiguous)) })
        }
        (false, Some(length)) => Ok(Framing { kind: BodyKind::Length(length), close }),
        (false, None) => {
            Ok(Framing { kind: BodyKind::UntilClose, close: close.or(Some(CloseReason::BodyEndsIt)) })
        }
    }
}

/// Returns the framing of a request (RFC 9112 §6.3). It is strict.
///
/// # Errors
///
/// Fails if the end of the body is ambiguous.
pub fn of_request(fields: &Fields, kind: RequestKind, version: Version) -> Result<Framing, RemoteError> {
    let close = fields.close_reason(version);
    // RFC 9112 §6.3 lets a server accept equal lengths, as h11 does, or refuse them. An intermediary may have read
    // another length.
    if let ContentLength::Repeated(length) = fields.length {
        return Err(RemoteError::ContentLengths(length, length));
    }
    // RFC 9110 §5.6.1 asks to ignore empty elements, but an intermediary may have read them as another coding or as
    // none. h11 and Go refuse them too.
    if fields.coding == TransferCoding::ChunkedInList {
        return Err(RemoteError::UnsupportedCoding);
    }
    let body = match (fields.coding(version)?, fields.length()?) {
        (true, None) => BodyKind::Chunked,
        (true, Some(_)) => return Err(RemoteError::BothLengths),
        (false, length) => BodyKind::Length(length.unwrap_or(0)),
    };
    if kind == RequestKind::Connect && body != BodyKind::Length(0) {
        return Err(RemoteError::NoBody);
    }
    Ok(Framing { kind: body, close })
}

/// The framing fields of a whole head.
///
/// ```
/// use httpx_proto::framing::{self, BodyKind, Fields, RequestKind};
/// use httpx_proto::{Headers, RemoteError, Version};
///
/// let of = |headers: Headers| {
///     let framing = framing::of_request(&Fields::from(&headers), RequestKind::Other, Version::Http11);
///     framing.map(|framing| framing.kind)
/// };
/// let (length, chunked) = (("Content-Length", "5"), ("Transfer-Encoding", "chunked"));
/// assert_eq!(of(Headers::new()), Ok(BodyKind::Length(0)));
/// assert_eq!(of(Headers::try_from([length])?), Ok(BodyKind::Length(5)));
/// assert_eq!(of(Headers::try_from([chunked])?), Ok(BodyKind::Chunked));
/// assert_eq!(of(Headers::try_from([length, chunked])?), Err(RemoteError::BothLengths));
/// # Ok::<(), httpx_core::InvalidHeader>(())
/// ```
impl From<&Headers> for Fields {
    #[inline]
    fn from(headers: &Headers) -> Self {
        let mut fields = Fields::default();
        for line in headers.field_lines() {
            fields.add_bytes(line.name(), line.value());
        }
        fields
    }
}

impl Fields {
    /// Adds one line of the head. Names are compared without regard to case. Lines that do not matter for framing
    /// change nothing.
    pub fn add(&mut self, name: &str, value: &[u8]) {
        self.add_bytes(name.as_bytes(), value);
    }

    #[inline]
    pub(crate) fn add_bytes(&mut self, name: &[u8], value: &[u8]) {
        // The length of the name and its first letter rule out nearly all lines.
        match (name.len(), name) {
            (4, [b'h' | b'H', ..])
            | (6, [b'e' | b'E', ..])
            | (7, [b'u' | b'U', ..])
            | (10, [b'c' | b'C' | b'k' | b'K', ..])
            | (14, [b'c' | b'C', ..])
            | (17, [b't' | b'T', ..]) => self.add_framing(name, value),
            (_, _) => {}
        }
    }

    fn add_framing(&mut self, name: &[u8], value: &[u8]) {
        match name.len() {
            4 if is(name, b"host") => self.hosts = self.hosts.saturating_add(1),
            6 if is(name, b"expect") => self.add_expect(value),
            7 if is(name, b"upgrade") => self.upgrade |= elements(value).next().is_some(),
            10 if is(name, b"connection") => self.add_connection(value),
            10 => self.add_keep_alive(name),
            14 if is(name, b"content-length") => self.length = self.length.and(value),
            17 if is(name, b"transfer-encoding") => self.coding = self.coding.and(value),
            _ => {}
        }
    }

    fn add_connection(&mut self, value: &[u8]) {
        if is(value, b"keep-alive") {
            self.keep_alive = true; // the usual case, without taking a list apart
            return;
        }
        for option in elements(value) {
            self.close |= option.eq_ignore_ascii_case(b"close");
            self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
            self.connection_upgrade |= option.eq_ignore_ascii_case(b"upgrade");
        }
    }

    #[cold] // most servers do not send it
    fn add_keep_alive(&mut self, name: &[u8]) {
        self.has_keep_alive |= name.eq_ignore_ascii_case(b"keep-alive");
    }

    fn add_expect(&mut self, value: &[u8]) {
        for expectation in elements(value) {
            self.expect = match (self.expect, expectation.eq_ignore_ascii_case(b"100-continue")) {
                (Expect::Nothing | Expect::Continue, true) => Expect::Continue,
                (Expect::Other, _) | (_, false) => Expect::Other,
            };
        }
    }

    /// RFC 9112 §9.3.
    #[inline]
    fn close_reason(&self, version: Version) -> Option<CloseReason> {
        match (version, self.close, self.keep_alive) {
            (_, true, _) => Some(CloseReason::PeerSaidClose),
            (Version::Http10, false, false) => Some(CloseReason::Http10),
            (_, false, _) => None,
        }
    }

    /// Returns whether the body is chunked.
    #[inline]
    fn coding(&self, version: Version) -> Result<bool, RemoteError> {
        match (self.coding, version) {
            (TransferCoding::None, _) => Ok(false),
            // RFC 9112 §6.1: the framing of such a message is faulty. h11 reads the chunks.
            (_, Version::Http10) => Err(RemoteError::TransferEncodingIn10),
            (TransferCoding::Chunked | TransferCoding::ChunkedInList, _) => Ok(true),
            (TransferCoding::Unsupported, _) => Err(RemoteError::UnsupportedCoding),
            (TransferCoding::Empty, _) => Err(RemoteError::NotChunked(Excerpt::new(b""))),
            (TransferCoding::NotFinal(last), _) => Err(RemoteError::NotChunked(last)),
        }
    }

    #[inline]
    fn length(&self) -> Result<Option<u64>, RemoteError> {
        match self.length {
            ContentLength::None => Ok(None),
            ContentLength::Once(length) | ContentLength::Repeated(length) => Ok(Some(length)),
            ContentLength::Differ(one, two) => Err(RemoteError::ContentLengths(one, two)),
            ContentLength::Bad(value) => Err(RemoteError::ContentLength(value)),
        }
    }
}

impl ContentLength {
    /// Adds one more line. Equal lengths count as one in a response (RFC 9112 §6.3), as in browsers, curl and h11.
    fn and(self, value: &[u8]) -> ContentLength {
        if let (ContentLength::None, Some(length)) = (self, digits(value)) {
            return ContentLength::Once(length); // the usual case, without taking a list apart
        }
        let mut all = self;
        for element in value.split(|&byte| byte == b',') {
            all = match (all, digits(trim_ows(element))) {
                (ContentLength::Bad(_) | ContentLength::Differ(_, _), _) => all,
                (_, None) => ContentLength::Bad(Excerpt::new(value)),
                (ContentLength::None, Some(length)) => ContentLength::Once(length),
                (ContentLength::Once(one) | ContentLength::Repeated(one), Some(two)) if one == two => {
                    ContentLength::Repeated(one)
                }
                (ContentLength::Once(one) | ContentLength::Repeated(one), Some(two)) => {
                    ContentLength::Differ(one, two)
                }
            };
        }
        all
    }
}

impl TransferCoding {
    /// Adds one more line.
    fn and(self, value: &[u8]) -> TransferCoding {
        let value = trim_ows(value);
        if (self, value.eq_ignore_ascii_case(b"chunked")) == (TransferCoding::None, true) {
            return TransferCoding::Chunked;
        }
        let mut all = if self == TransferCoding::Chunked { TransferCoding::ChunkedInList } else { self };
        for coding in elements(value) {
            all = match (all, coding.eq_ignore_ascii_case(b"chunked")) {
                (TransferCoding::None | TransferCoding::Empty, true) => TransferCoding::ChunkedInList,
                (_, true) => TransferCoding::Unsupported,
                (_, false) => TransferCoding::NotFinal(Excerpt::new(coding)),
            };
        }
        if all == TransferCoding::None { TransferCoding::Empty } else { all }
    }
}

/// Compares a text with a lower-case one, ignoring ASCII case, without a branch per byte.
#[inline]
fn is<const N: usize>(text: &[u8], lower: &[u8; N]) -> bool {
    let Ok(text) = <&[u8; N]>::try_from(text) else { return false };
    // Only letters have two cases; they differ in 0x20.
    let case = |lower: u8| if lower.is_ascii_lowercase() { 0x20 } else { 0 };
    text.iter().zip(lower).fold(0, |differ, (&one, &two)| differ | ((one | case(two)) ^ two)) == 0
}

/// The largest length that is accepted: 2⁶³−1, which fits every integer type that a length may be kept in.
const MAX_LENGTH: u64 = i64::MAX as u64;

/// Parses `1*DIGIT` (RFC 9110 §8.6). Leading zeros are valid; the value is bounded by [`MAX_LENGTH`], the number of
/// digits is not.
fn digits(text: &[u8]) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    let value = text.iter().try_fold(0u64, |value, &byte| match byte {
        b'0'..=b'9' => value.checked_mul(10)?.checked_add(u64::from(byte - b'0')),
        _ => None,
    });
    value.filter(|&value| value <= MAX_LENGTH)
}

/// Returns the elements of a list, without empty ones (RFC 9110 §5.6.1).
fn elements(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|&byte| byte == b',').map(trim_ows).filter(|element| !element.is_empty())
}
