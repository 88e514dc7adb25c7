//! The form in which a store keeps entries.
//!
//! It is text up to the body, line by line, so that a person can read it. The first line has the version of the form:
//!
//! ```text
//! httpx-cache 1
//! key https://example.com/
//! response 200 HTTP/1.1 OK
//! received 1764547200000
//! age 0
//! selection 0f1e2d3c4b5a69788796a5b4c3d2e1f0 accept-language authorization cookie:own
//! headers 1
//! Content-Type: text/plain
//! body 5
//! hello
//! ```
//!
//! Times are in milliseconds, since 1970 or as a length. The entry ends with the last byte of the body. An entry of several
//! variants has their selections in place of a response, after a line `variants 2`.

use std::time::{Duration, UNIX_EPOCH};

use bytes::Bytes;
use httpx_core::{Headers, StatusCode, Version};

use super::StoreKey;
use super::selection::Selection;
use super::store_key::hex;
use super::stored_response::StoredResponse;

/// The first line. The number changes if the form does.
const MAGIC: &[u8] = b"httpx-cache 1";

/// The most variants of one URL. A new one displaces the oldest.
pub(super) const MAX_VARIANTS: usize = 16;

/// What a store has under one key.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum StoredEntry {
    Response(StoredResponse),
    /// The variants of a URL, the newest first. Each is under a key of its own.
    Variants(Vec<Selection>),
}

impl StoredEntry {
    pub(super) fn encode(&self, key: &StoreKey) -> Bytes {
        let mut out = Vec::with_capacity(self.size());
        line(&mut out, &[MAGIC]);
        line(&mut out, &[b"key ", key.as_str().as_bytes()]);
        match self {
            StoredEntry::Response(response) => encode_response(&mut out, response),
            StoredEntry::Variants(variants) => {
                line(&mut out, &[b"variants ", variants.len().to_string().as_bytes()]);
                variants.iter().for_each(|selection| encode_selection(&mut out, selection));
            }
        }
        out.into()
    }

    /// Returns about the size of its form.
    fn size(&self) -> usize {
        match self {
            StoredEntry::Response(response) => {
                let headers = response.headers.iter();
                1024 + response.body.len()
                    + headers.map(|(name, value)| name.len() + value.as_bytes().len() + 3).sum::<usize>()
            }
            StoredEntry::Variants(variants) => 256 * (variants.len() + 1),
        }
    }

    /// Returns the entry; `None` if the bytes are not exactly one entry of this key.
    pub(super) fn decode(bytes: &Bytes, key: &StoreKey) -> Option<Self> {
        let mut lines = EntryLines { bytes, at: 0 };
        if lines.next()? != MAGIC || lines.value(b"key ")? != key.as_str().as_bytes() {
            return None;
        }
        let kind = lines.next()?;
        match (kind.strip_prefix(b"response "), kind.strip_prefix(b"variants ")) {
            (Some(status), _) => decode_response(&mut lines, status).map(StoredEntry::Response),
            (None, Some(count)) => decode_variants(&mut lines, count).map(StoredEntry::Variants),
            (None, None) => None,
        }
    }
}

fn encode_response(out: &mut Vec<u8>, response: &StoredResponse) {
    let status = response.status.as_u16().to_string();
    let (version, reason) = (response.version.as_str(), response.reason.as_bytes());
    line(out, &[b"response ", status.as_bytes(), b" ", version.as_bytes(), b" ", reason]);
    let received = response.received.duration_since(UNIX_EPOCH).unwrap_or_default();
    line(out, &[b"received ", received.as_millis().to_string().as_bytes()]);
    line(out, &[b"age ", response.initial_age.as_millis().to_string().as_bytes()]);
    encode_selection(out, &response.selection);
    line(out, &[b"headers ", response.headers.len().to_string().as_bytes()]);
    for (name, value) in &response.headers {
        line(out, &[name.as_bytes(), b": ", value.as_bytes()]);
    }
    line(out, &[b"body ", response.body.len().to_string().as_bytes()]);
    out.extend_from_slice(&response.body);
}

fn encode_selection(out: &mut Vec<u8>, selection: &Selection) {
    let names = selection.names.join(" ");
    line(out, &[b"selection ", hex(&selection.id).as_bytes(), b" ", names.as_bytes()]);
}

fn line(out: &mut Vec<u8>, parts: &[&[u8]]) {
    parts.iter().for_each(|part| out.extend_from_slice(part));
    out.push(b'\n');
}

fn decode_response(lines: &mut EntryLines<'_>, status: &[u8]) -> Option<StoredResponse> {
    let mut status = str::from_utf8(status).ok()?.splitn(3, ' ');
    let (code, version, reason) = (status.next()?, status.next()?, status.next()?);
    let version = [Version::Http10, Version::Http11].into_iter().find(|known| known.as_str() == version)?;
    let received = UNIX_EPOCH.checked_add(lines.milliseconds(b"received ")?)?;
    let initial_age = lines.milliseconds(b"age ")?;
    let selection = lines.selection()?;
    let mut headers = Headers::new();
    for _ in 0..number(lines.value(b"headers ")?)? {
        let field = lines.next()?;
        let colon = field.iter().position(|byte| *byte == b':')?;
        headers.append(str::from_utf8(field.get(..colon)?).ok()?, field.get(colon + 1..)?).ok()?;
    }
    let length = number(lines.value(b"body ")?)?;
    let body = lines.rest();
    if body.len() as u64 != length {
        return None;
    }
    let (status, reason) = (code.parse::<StatusCode>().ok()?, reason.to_owned());
    Some(StoredResponse { status, version, reason, headers, selection, received, initial_age, body })
}

fn decode_variants(lines: &mut EntryLines<'_>, count: &[u8]) -> Option<Vec<Selection>> {
    let count = number(count).filter(|count| *count <= MAX_VARIANTS as u64)?;
    let variants = (0..count).map(|_| lines.selection()).collect::<Option<Vec<_>>>()?;
    lines.rest().is_empty().then_some(variants)
}

/// The lines of an entry, from the next one on.
struct EntryLines<'a> {
    bytes: &'a Bytes,
    at: usize,
}

impl<'a> EntryLines<'a> {
    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.bytes.get(self.at..)?;
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        self.at += end + 1;
        rest.get(..end)
    }

    fn value(&mut self, name: &[u8]) -> Option<&'a [u8]> {
        self.next()?.strip_prefix(name)
    }

    fn milliseconds(&mut self, name: &[u8]) -> Option<Duration> {
        number(self.value(name)?).map(Duration::from_millis)
    }

    fn selection(&mut self) -> Option<Selection> {
        let mut words = str::from_utf8(self.value(b"selection ")?).ok()?.split(' ');
        let id = unhex(words.next()?)?;
        Some(Selection { names: words.filter(|word| !word.is_empty()).map(str::to_owned).collect(), id })
    }

    fn rest(&self) -> Bytes {
        self.bytes.slice(self.at..)
    }
}

fn number(digits: &[u8]) -> Option<u64> {
    let is_number = digits.iter().all(u8::is_ascii_digit);
    if is_number { str::from_utf8(digits).ok()?.parse().ok() } else { None }
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let is_hex = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some(u128::from_str_radix(text, 16).ok().filter(|_| is_hex)?.to_be_bytes())
}

#[cfg(test)]
mod tests;
