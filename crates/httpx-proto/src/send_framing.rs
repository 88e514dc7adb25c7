//! How a message that is to be sent is framed: what its headers, its length and its kind say together.

use crate::body_length::BodyLength;
use crate::body_writer::BodyWriter;
use crate::error::LocalError;
use crate::framing::{ContentLength, Fields, TransferCoding};
use crate::role::side::SentHead;

/// What may stand behind the head of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyAllowed {
    /// A body in any framing.
    Any,
    /// A body, but no chunks: the client speaks HTTP/1.0, or has not said what it speaks.
    NoChunks,
    /// Nothing; but the head may say what a body would be like (HEAD, 304).
    Head,
    /// Nothing, and the head may not announce anything: 204, 2xx to CONNECT (RFC 9110 §8.6 and §9.3.6, RFC 9112 §6.1).
    Nothing,
    /// A body of no bytes: 205 (RFC 9110 §15.3.6).
    Empty,
}

/// How a message that is to be sent will be framed, and which header that adds to its head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SendFraming {
    body: Option<BodyWriter>,
    header: FramingHeader,
}

#[derive(Debug, Clone, Copy)]
enum FramingHeader {
    /// The user has written it.
    Given,
    /// The user has written it, and it is chunks; there are none but the last one.
    GivenNoChunks,
    /// `Content-Length: 0`, where one is expected.
    ZeroIfExpected,
    Length(u64),
    Chunked,
}

/// What the headers and the length of the body say together: the headers win, or they are wrong.
pub(crate) fn frame_message(fields: &Fields, body: BodyLength) -> Result<SendFraming, LocalError> {
    let given = match fields.length {
        ContentLength::None => None,
        ContentLength::Once(length) => Some(length),
        ContentLength::Repeated(_) | ContentLength::Differ(_, _) | ContentLength::Bad(_) => {
            return Err(LocalError::ContentLength);
        }
    };
    let chunked = match fields.coding {
        TransferCoding::None => false,
        TransferCoding::Chunked => true,
        // A list with empty elements too: servers refuse it, or don't find the coding in it.
        TransferCoding::Empty
        | TransferCoding::ChunkedInList
        | TransferCoding::Unsupported
        | TransferCoding::NotFinal(_) => {
            return Err(LocalError::TransferEncoding);
        }
    };
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

/// The same for a response, which may have no body at all.
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
        // What a GET would be answered is not looked at, so a framing of its own stands beside no body.
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

    /// Only the end of the connection ends it.
    pub(crate) fn ends_connection(&self) -> bool {
        matches!(self.body, Some(BodyWriter::UntilClose))
    }

    pub(crate) fn is_chunked(&self) -> bool {
        matches!(self.body, Some(BodyWriter::Chunked { .. }))
            || matches!(self.header, FramingHeader::GivenNoChunks)
    }

    /// Writes the header that is missing, and the empty header that ends the head.
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

/// Whoever sends an `Upgrade` must name it in `Connection`, too (RFC 9110 §7.8).
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
