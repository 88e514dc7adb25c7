//! The body of a request as an option of curl.

use bytes::Bytes;

use super::form::{self, Piece};
use super::quote::{is_shown, printf, quoted, quoted_text};
use crate::message_body::UnopenedBody;
use crate::{File, HeaderValue, Length, MessageBody, Redaction, RequestHead};

/// The most bytes of a body that are shown. Linux limits one argument to 128 KiB, and an escaped byte takes four.
const MAX_SHOWN: usize = 64 << 10;

/// The body of a request in a command.
#[derive(Default)]
pub(super) struct CurlBody {
    /// The option that sends it; none without a body.
    pub(super) option: Option<String>,
    /// Whether it is sent by `-F`, with a `Content-Type` of curl's.
    pub(super) is_form: bool,
    /// The command whose output is the body.
    pub(super) stdin: Option<String>,
}

impl CurlBody {
    pub(super) fn new<B: MessageBody>(head: &RequestHead, body: &B, redaction: &Redaction) -> Self {
        let mut pieces = Vec::new();
        flatten(body, &mut pieces);
        if let Some(options) = form::options(head.headers(), &pieces, redaction) {
            return CurlBody { option: Some(options.join(" \\\n  ")), is_form: true, stdin: None };
        }
        match (&pieces[..], body.length()) {
            (_, Length::None) => CurlBody::empty(head),
            ([Piece::Bytes(bytes)], _) => CurlBody::of_bytes(head, bytes, redaction),
            ([Piece::File(file)], _) if file.is_whole() => CurlBody::of_file(file),
            (_, Length::Known(length)) => CurlBody::not_shown(&format!("BODY_OF_{length}_BYTES")),
            (_, Length::Unknown) => CurlBody::not_shown("BODY"),
        }
    }

    /// Without a body these methods send `Content-Length: 0`; curl does so for an empty one.
    fn empty(head: &RequestHead) -> Self {
        let has_length = matches!(head.method().as_str(), "POST" | "PUT" | "PATCH");
        CurlBody { option: has_length.then(|| "--data-raw ''".to_owned()), ..CurlBody::default() }
    }

    fn of_bytes(head: &RequestHead, bytes: &Bytes, redaction: &Redaction) -> Self {
        if bytes.len() > MAX_SHOWN {
            return CurlBody::not_shown(&format!("BODY_OF_{}_BYTES", bytes.len()));
        }
        let media_type = head.headers().get("content-type").and_then(HeaderValue::to_str).unwrap_or_default();
        let Some(shown) = redaction.body(media_type, bytes) else {
            return CurlBody::not_shown(&format!("BODY_OF_{}_BYTES", bytes.len()));
        };
        match std::str::from_utf8(&shown) {
            Ok(text) if is_shown(text) => {
                let option = format!("--data-raw {}", quoted_text(text));
                CurlBody { option: Some(option), ..CurlBody::default() }
            }
            Ok(_) | Err(_) => CurlBody { stdin: Some(printf(&shown)), ..CurlBody::not_shown("-") },
        }
    }

    fn of_file(file: &File) -> Self {
        let path = file.path().as_os_str().as_encoded_bytes();
        // `@-` is the standard input.
        let prefix: &[u8] = if path == b"-" { b"@./" } else { b"@" };
        let option = format!("--data-binary {}", quoted(&[prefix, path].concat()));
        CurlBody { option: Some(option), ..CurlBody::default() }
    }

    fn not_shown(file: &str) -> Self {
        CurlBody { option: Some(format!("--data-binary @{file}")), ..CurlBody::default() }
    }
}

/// Collects the pieces of a body, in order. Bytes that follow each other stay apart.
fn flatten<'a, B: MessageBody>(body: &'a B, pieces: &mut Vec<Piece<'a>>) {
    if let Some(bytes) = body.as_bytes() {
        pieces.push(Piece::Bytes(bytes));
        return;
    }
    match body.unopened() {
        Some(UnopenedBody::File(file, _)) => pieces.push(Piece::File(file)),
        Some(UnopenedBody::Chain(bodies)) => bodies.iter().for_each(|body| flatten(body, pieces)),
        Some(UnopenedBody::Transformed { .. }) | None => pieces.push(Piece::Stream),
    }
}
