//! [`BodyDecoder`]: decodes the content codings of one response's body.

use crate::decode::{ContentEncoding, DecodeError, Decoder, State};
use crate::{Error, ErrorKind, HeaderValue, Headers, Options, Result};

/// The decoders of one body, and the state of the last step.
pub(crate) struct BodyDecoder {
    /// An error for a body that cannot be decoded: it is returned when the body is read, because a redirect's body
    /// is not.
    decoder: Result<Decoder, DecodeError>,
    state: State,
    /// The source holds bytes that the last step did not take.
    has_input: bool,
    /// The output of the last step, until it is handed out.
    written: usize,
    /// Work since the last pause, about in bytes.
    work: u64,
}

/// The work of one turn: after it the deadline is checked, and in the async flavour other tasks run. It takes 0.1 ms for
/// long runs, and 2 ms for the worst input that was tried (many empty members).
const TURN: u64 = 128 << 10;

/// The most input of one step, for sources that have more.
const MAX_INPUT: usize = 64 << 10;

impl BodyDecoder {
    /// Chooses the decoders by `Content-Encoding`, unless [`Options::decompress`] is off.
    ///
    /// When the body is decoded here, that header is removed, and so is the length, which counts encoded bytes. A
    /// body in an unknown coding is delivered unchanged, with its header. So is a part of an encoded body.
    pub(crate) fn new(headers: &mut Headers, options: &Options) -> Option<Box<Self>> {
        const NAME: &str = "content-encoding";
        if options.decompress == Some(false) || !headers.contains(NAME) || is_part(headers) {
            return None;
        }
        let decoder = match ContentEncoding::parse(headers.get_all(NAME).map(HeaderValue::as_bytes)) {
            Ok(ContentEncoding::Identity | ContentEncoding::Unknown) => return None,
            Ok(ContentEncoding::Codings(codings)) => {
                headers.remove(NAME);
                headers.remove("content-length");
                Ok(Decoder::new(codings))
            }
            Err(error) => Err(error),
        };
        // An error needs no input either.
        let state = if decoder.is_ok() { State::NeedsInput } else { State::More };
        Some(Box::new(BodyDecoder { decoder, state, has_input: false, written: 0, work: 0 }))
    }

    /// Decodes some input into some output, and returns how much of the input it took. No input means that the body
    /// has ended.
    pub(crate) fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<usize> {
        if let (true, Ok(decoder)) = (input.is_empty(), &mut self.decoder) {
            decoder.finish();
        }
        self.step(input, output)
    }

    /// Decodes bytes that the decoders hold. There may be output without more input.
    pub(crate) fn decode_buffered(&mut self, output: &mut [u8]) -> Result<()> {
        self.step(&[], output).map(drop)
    }

    /// Returns whether to call [`decode_buffered`](Self::decode_buffered) before the source is asked for bytes.
    pub(crate) fn needs_no_input(&self) -> bool {
        self.state == State::More && !self.has_input && self.written == 0 && self.work < TURN
    }

    /// The number of bytes that the last step put into the output; `None` if it is to be followed by another.
    pub(crate) fn take_written(&mut self) -> Option<usize> {
        let written = std::mem::take(&mut self.written);
        (written > 0 || self.has_ended()).then_some(written)
    }

    /// Returns whether the body ended, and was complete.
    pub(crate) fn has_ended(&self) -> bool {
        self.state == State::Ended
    }

    /// Returns whether a turn's work is done. If so, another turn begins.
    pub(crate) fn is_turn_over(&mut self) -> bool {
        let is_over = self.work >= TURN;
        if is_over {
            self.work = 0;
        }
        is_over
    }

    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Result<usize> {
        let decoder = match &mut self.decoder {
            Ok(decoder) => decoder,
            Err(error) => return Err(not_decoded(*error)),
        };
        let part = input.get(..MAX_INPUT).unwrap_or(input);
        let progress = decoder.decode(part, output).map_err(|error| broken(decoder, error))?;
        self.work += decoder.take_work();
        self.state = progress.state;
        self.has_input = progress.read < input.len();
        self.written = progress.written;
        Ok(progress.read)
    }
}

/// Returns whether the body is one range of the encoded data, or several (RFC 9110 §14.4, §14.6): `Content-Encoding` is
/// that of the whole representation. The body of a 416 (`bytes */1234`) is not a range.
fn is_part(headers: &Headers) -> bool {
    let text = |name| headers.get(name).and_then(HeaderValue::to_str).unwrap_or_default();
    let (range, media_type) = (text("content-range"), text("content-type"));
    (!range.is_empty() && !range.contains(" */"))
        || media_type.get(..20).is_some_and(|start| start.eq_ignore_ascii_case("multipart/byteranges"))
}

fn broken(decoder: &Decoder, error: DecodeError) -> Error {
    let codings = decoder.codings();
    match error {
        // Where the end of the connection ends the body, nothing else shows that it was cut short.
        DecodeError::Truncated => {
            let message = format!(
                "the response ended before its content coding ({codings}) did; send the request again"
            );
            Error::new(ErrorKind::Incomplete, message)
        }
        _ => {
            let message = format!(
                "the content coding of the body ({codings}) is broken; decompress(false) gives the body as it was sent"
            );
            Error::new(ErrorKind::Decode, message)
        }
    }
    .with_source(error)
    .answered()
}

fn not_decoded(error: DecodeError) -> Error {
    let message =
        "the content coding of the body is not decoded; decompress(false) gives the body as it was sent";
    Error::new(ErrorKind::Decode, message).with_source(error).answered()
}
