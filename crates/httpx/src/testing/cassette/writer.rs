//! Writes a cassette.

use bytes::Bytes;
use httpx_core::Headers;

use super::base64;
use super::exchange::Exchange;
use super::line::{LineKind, Side, escape_bytes, escape_text, is_plain, prefix};

/// The first line of every cassette.
pub(super) const FIRST_LINE: &str = "httpx cassette 1";

/// The bytes of a line of base64: 76 characters.
const BASE64_BYTES: usize = 57;

/// Returns the text of a cassette with these exchanges.
pub(super) fn write<'a>(exchanges: impl IntoIterator<Item = &'a Exchange>) -> String {
    let mut out = format!("{FIRST_LINE}\n");
    for (n, exchange) in (1_u64..).zip(exchanges) {
        out.push_str(&format!("\n[{n}]\n"));
        write_exchange(exchange, &mut out);
        out.push_str(&format!("[end {n}]\n"));
    }
    out
}

fn write_exchange(Exchange { request, response }: &Exchange, out: &mut String) {
    let start = format!("{} {}", request.method(), request.url().redacted());
    line(Side::Request, LineKind::Head, &escape_bytes(start.as_bytes()), out);
    headers(Side::Request, LineKind::Head, request.headers(), out);
    body(Side::Request, request.body(), out);

    let start = format!("{} {} {}", response.version(), response.status().as_u16(), response.reason());
    line(Side::Response, LineKind::Head, &escape_bytes(start.trim_end().as_bytes()), out);
    headers(Side::Response, LineKind::Head, response.headers(), out);
    body(Side::Response, response.body(), out);
    headers(Side::Response, LineKind::Trailer, response.trailers(), out);
}

fn headers(side: Side, kind: LineKind, headers: &Headers, out: &mut String) {
    for (name, value) in headers.iter() {
        line(side, kind, &format!("{name}: {}", escape_bytes(value.as_bytes())), out);
    }
}

/// Writes a body as text, line by line, if it is text; else in base64.
fn body(side: Side, body: &Bytes, out: &mut String) {
    if body.is_empty() {
        return;
    }
    match std::str::from_utf8(body) {
        Ok(text) if is_text(text) => {
            for part in text.split('\n') {
                if is_plain(part) {
                    line(side, LineKind::Text, part, out);
                } else {
                    line(side, LineKind::Escaped, &escape_text(part), out);
                }
            }
        }
        Ok(_) | Err(_) => {
            for part in body.chunks(BASE64_BYTES) {
                line(side, LineKind::Base64, &base64::encode(part), out);
            }
        }
    }
}

/// Returns whether a text is for people: it has no control characters but those of line ends, tabs and form feeds.
fn is_text(text: &str) -> bool {
    !text.contains(|char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{c}'))
}

fn line(side: Side, kind: LineKind, text: &str, out: &mut String) {
    out.push_str(&prefix(side, kind));
    if kind != LineKind::Head && !text.is_empty() {
        out.push(' ');
    }
    out.push_str(text.trim_end());
    out.push('\n');
}
