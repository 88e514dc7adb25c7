//! How a message that is to be sent is framed: what its headers, its length and its kind say together.

use crate::error::LocalError;
use crate::framing::{Coding, Fields, Length};
use crate::role::Sent;
use crate::send::{BodyLength, BodyWriter};

/// What may stand behind the head of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
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

/// How a message that is to be sent will be framed, and which line that adds to its head.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Framed {
    body: Option<BodyWriter>,
    line: Line,
}

#[derive(Debug, Clone, Copy)]
enum Line {
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
pub(crate) fn frame_message(fields: &Fields, body: BodyLength) -> Result<Framed, LocalError> {
    let given = match fields.length {
        Length::None => None,
        Length::Once(length) => Some(length),
        Length::Repeated(_) | Length::Differ(_, _) | Length::Bad(_) => return Err(LocalError::ContentLength),
    };
    let chunked = match fields.coding {
        Coding::None => false,
        Coding::Chunked => true,
        // A list with empty elements too: servers refuse it, or don't find the coding in it.
        Coding::Empty | Coding::ChunkedInList | Coding::Unsupported | Coding::NotFinal(_) => {
            return Err(LocalError::TransferEncoding);
        }
    };
    let length = |length| Some(BodyWriter::Length { declared: length, left: length });
    let chunks = Some(BodyWriter::Chunked { open: false });
    match (chunked, given, body) {
        (true, Some(_), _) => Err(LocalError::BothLengths),
        (true, None, BodyLength::None) => Ok(Framed { body: None, line: Line::GivenNoChunks }),
        (true, None, BodyLength::Known(_) | BodyLength::Unknown) => {
            Ok(Framed { body: chunks, line: Line::Given })
        }
        (false, None, BodyLength::None) => Ok(Framed { body: None, line: Line::ZeroIfExpected }),
        (false, None, BodyLength::Known(n)) => Ok(Framed { body: length(n), line: Line::Length(n) }),
        (false, None, BodyLength::Unknown) => Ok(Framed { body: chunks, line: Line::Chunked }),
        (false, Some(0), BodyLength::None) => Ok(Framed { body: None, line: Line::Given }),
        (false, Some(n), BodyLength::Known(m)) if n == m => Ok(Framed { body: length(n), line: Line::Given }),
        (false, Some(n), BodyLength::Unknown) => Ok(Framed { body: length(n), line: Line::Given }),
        (false, Some(declared), BodyLength::Known(body)) => {
            Err(LocalError::LengthMismatch { declared, body })
        }
        (false, Some(declared), BodyLength::None) => Err(LocalError::LengthMismatch { declared, body: 0 }),
    }
}

/// The same for a response, which may have no body at all.
pub(crate) fn frame_response(fields: &Fields, body: BodyLength, room: Room) -> Result<Framed, LocalError> {
    let empty = matches!(body, BodyLength::None | BodyLength::Known(0));
    let told = fields.length != Length::None || fields.coding != Coding::None;
    match room {
        Room::Any => frame_message(fields, body),
        Room::NoChunks => Ok(frame_message(fields, body)?.without_chunks()),
        // What a GET would be answered is not looked at, so a framing of its own stands beside no body.
        Room::Head if told && body == BodyLength::None => frame_message(fields, BodyLength::Unknown),
        Room::Head => Ok(frame_message(fields, body)?.without_chunks()),
        Room::Nothing if !empty || told => Err(LocalError::NoBody),
        Room::Nothing => Ok(Framed { body: None, line: Line::Given }),
        Room::Empty if !empty || fields.coding != Coding::None => Err(LocalError::NoBody),
        Room::Empty => frame_message(fields, body),
    }
    .map(|framed| match room {
        Room::Any | Room::NoChunks => framed,
        Room::Head | Room::Nothing | Room::Empty => Framed { body: None, ..framed },
    })
}

impl Framed {
    fn without_chunks(self) -> Framed {
        match self.line {
            Line::Chunked => Framed { body: Some(BodyWriter::UntilClose), line: Line::Given },
            Line::Given | Line::GivenNoChunks | Line::ZeroIfExpected | Line::Length(_) => self,
        }
    }

    /// Only the end of the connection ends it.
    pub(crate) fn ends_connection(&self) -> bool {
        matches!(self.body, Some(BodyWriter::UntilClose))
    }

    pub(crate) fn is_chunked(&self) -> bool {
        matches!(self.body, Some(BodyWriter::Chunked { .. })) || matches!(self.line, Line::GivenNoChunks)
    }

    /// Writes the line that is missing, and the empty line that ends the head.
    pub(crate) fn finish_head(self, expects_body: bool, out: &mut Vec<u8>) -> Sent {
        match self.line {
            Line::Given | Line::GivenNoChunks => {}
            Line::ZeroIfExpected if expects_body => out.extend_from_slice(b"Content-Length: 0\r\n"),
            Line::ZeroIfExpected => {}
            Line::Length(length) => write_length(length, out),
            Line::Chunked => out.extend_from_slice(b"Transfer-Encoding: chunked\r\n"),
        }
        out.extend_from_slice(b"\r\n");
        if let Line::GivenNoChunks = self.line {
            out.extend_from_slice(b"0\r\n\r\n");
        }
        match self.body {
            Some(body) => Sent::Body(body),
            None => Sent::Ended,
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
