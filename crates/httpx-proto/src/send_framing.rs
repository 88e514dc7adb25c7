//! The framing of a message that is sent: by its headers, its length and its kind.

use crate::body_length::BodyLength;
use crate::body_writer::BodyWriter;
use crate::error::LocalError;
use crate::framing::{ContentLength, Fields, TransferCoding};
use crate::role::side::SentHead;

/// The body that a response may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyAllowed {
    /// A body in any framing.
    Any,
    /// A body, but no chunks: the client speaks HTTP/1.0, or its version is unknown.
    NoChunks,
    /// None, but the head may describe one (HEAD, 304).
    Head,
    /// None, and the head may not announce one: 204, 2xx to CONNECT (RFC 9110 §8.6 and §9.3.6, RFC 9112 §6.1).
    Nothing,
    /// A body of no bytes: 205 (RFC 9110 §15.3.6).
    Empty,
}

/// The framing of a message, and the header that it adds to the head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendFraming {
    body: Option<BodyWriter>,
    header: FramingHeader,
}

#[derive(Debug, Clone, Copy)]
enum FramingHeader {
    /// The user has set it.
    Given,
    /// The user has set chunks, but there is no body: only the last chunk is written.
    GivenNoChunks,
    /// `Content-Length: 0`, if a body is expected.
    ZeroIfExpected,
    Length(u64),
    Chunked,
}

/// Combines the headers with the length of the body. The headers win, or are an error.
pub(crate) fn frame_message(fields: &Fields, body: BodyLength) -> Result<SendFraming, LocalError> {
    let given = given_length(fields)?;
    let chunked = given_coding(fields)?;
    let length = |length| Some(BodyWriter::Length { declared: length, left: length });
    let chunks = Some(BodyWriter::Chunked { open: false });
    match (chunked, given, body) {
        (true, Some(_), _) => Err(LocalError::BothLengths),
        (true, None, BodyLength::None) => {
            Ok(SendFraming { body: None, header: FramingHeader::GivenNoChunks })
        }
        (true, None, BodyLength::Known(_) | BodyLength::Unknown) => {
            Ok(SendFraming { body: chunks, header: FramingHeader::Given })
        }
        (false, None, BodyLength::None) => {
            Ok(SendFraming { body: None, header: FramingHeader::ZeroIfExpected })
        }
        (false, None, BodyLength::Known(n)) => {
            Ok(SendFraming { body: length(n), header: FramingHeader::Length(n) })
        }
        (false, None, BodyLength::Unknown) => {
            Ok(SendFraming { body: chunks, header: FramingHeader::Chunked })
        }
        (false, Some(0), BodyLength::None) => Ok(SendFraming { body: None, header: FramingHeader::Given }),
        (false, Some(n), BodyLength::Known(m)) if n == m => {
            Ok(SendFraming { body: length(n), header: FramingHeader::Given })
        }
        (false, Some(n), BodyLength::Unknown) => {
            Ok(SendFraming { body: length(n), header: FramingHeader::Given })
        }
        (false, Some(declared), BodyLength::Known(body)) => {
            Err(LocalError::LengthMismatch { declared, body })
        }
        (false, Some(declared), BodyLength::None) => Err(LocalError::LengthMismatch { declared, body: 0 }),
    }
}

/// Returns whether the headers select chunks.
fn given_coding(fields: &Fields) -> Result<bool, LocalError> {
    match fields.coding {
        TransferCoding::None => Ok(false),
        TransferCoding::Chunked => Ok(true),
        // A list with empty elements too: servers refuse it, or do not find the coding in it.
        TransferCoding::Empty
        | TransferCoding::ChunkedInList
        | TransferCoding::Unsupported
        | TransferCoding::NotFinal(_) => Err(LocalError::TransferEncoding),
    }
}

/// Returns the length that the headers give.
fn given_length(fields: &Fields) -> Result<Option<u64>, LocalError> {
    match fields.length {
        ContentLength::None => Ok(None),
        ContentLength::Once(length) => Ok(Some(length)),
        ContentLength::Repeated(_) | ContentLength::Differ(_, _) | ContentLength::Bad(_) => {
            Err(LocalError::ContentLength)
        }
    }
}

/// Does the same for a response, which may have no body at all.
pub(crate) fn frame_response(
    fields: &Fields,
    body: BodyLength,
    allowed: BodyAllowed,
) -> Result<SendFraming, LocalError> {
    let empty = matches!(body, BodyLength::None | BodyLength::Known(0));
    let told = fields.length != ContentLength::None || fields.coding != TransferCoding::None;
    match allowed {
        BodyAllowed::Any => frame_message(fields, body),
        BodyAllowed::NoChunks => Ok(frame_message(fields, body)?.without_chunks()),
        // The body that a GET would have is unknown, so a framing header is allowed without a body.
        BodyAllowed::Head if told && body == BodyLength::None => frame_message(fields, BodyLength::Unknown),
        BodyAllowed::Head => Ok(frame_message(fields, body)?.without_chunks()),
        BodyAllowed::Nothing if !empty || told => Err(LocalError::NoBody),
        BodyAllowed::Nothing => Ok(SendFraming { body: None, header: FramingHeader::Given }),
        BodyAllowed::Empty if !empty || fields.coding != TransferCoding::None => Err(LocalError::NoBody),
        BodyAllowed::Empty => frame_message(fields, body),
    }
    .map(|framed| match allowed {
        BodyAllowed::Any | BodyAllowed::NoChunks => framed,
        BodyAllowed::Head | BodyAllowed::Nothing | BodyAllowed::Empty => SendFraming { body: None, ..framed },
    })
}

impl SendFraming {
    fn without_chunks(self) -> SendFraming {
        match self.header {
            FramingHeader::Chunked => {
                SendFraming { body: Some(BodyWriter::UntilClose), header: FramingHeader::Given }
            }
            FramingHeader::Given
            | FramingHeader::GivenNoChunks
            | FramingHeader::ZeroIfExpected
            | FramingHeader::Length(_) => self,
        }
    }

    /// Returns whether only the end of the connection ends the body.
    pub(crate) fn ends_connection(&self) -> bool {
        matches!(self.body, Some(BodyWriter::UntilClose))
    }

    pub(crate) fn is_chunked(&self) -> bool {
        matches!(self.body, Some(BodyWriter::Chunked { .. }))
            || matches!(self.header, FramingHeader::GivenNoChunks)
    }

    /// Writes the framing header, if one is missing, and the empty line that ends the head.
    pub(crate) fn finish_head(self, expects_body: bool, out: &mut Vec<u8>) -> SentHead {
        match self.header {
            FramingHeader::Given | FramingHeader::GivenNoChunks => {}
            FramingHeader::ZeroIfExpected if expects_body => out.extend_from_slice(b"Content-Length: 0\r\n"),
            FramingHeader::ZeroIfExpected => {}
            FramingHeader::Length(length) => write_length(length, out),
            FramingHeader::Chunked => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
        }
        out.extend_from_slice(b"\r\n");
        if let FramingHeader::GivenNoChunks = self.header {
            out.extend_from_slice(b"0\r\n\r\n");
        }
        match self.body {
            Some(body) => SentHead::Body(body),
            None => SentHead::Ended,
        }
    }
}

/// Names `Upgrade` in `Connection`, as a sender must (RFC 9110 §7.8).
pub(crate) fn write_upgrade(fields: &Fields, out: &mut Vec<u8>) {
    if fields.upgrade && !fields.connection_upgrade {
        out.extend_from_slice(b"Connection: upgrade\r\n");
    }
}

fn write_length(length: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(b"Content-Length: ");
    let (mut digits, mut rest) = ([0; 20], length);
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
        used += 1;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
    out.extend_from_slice(b"\r\n");
}
