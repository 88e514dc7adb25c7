//! What a response's body goes through before its reader sees it: the same for both flavours.

use crate::decode::{ContentEncoding, DecodeError, Decoder, State};
use crate::{Error, ErrorKind, HeaderValue, Headers, Options, Result};

/// The decoders of one body.
pub(crate) struct BodyDecoder(Decoder);

/// What one step did.
pub(crate) struct Decoded {
    /// So many bytes of the input were used.
    pub(crate) read: usize,
    /// So many bytes of the output were filled.
    pub(crate) written: usize,
    /// The body ended, and was whole.
    pub(crate) ended: bool,
}

impl BodyDecoder {
    /// What has to be undone and shall be: see [`of`](BodyDecoder::of) and [`Options::decompress`].
    pub(crate) fn wanted(headers: &mut Headers, options: &Options) -> Result<Option<Box<Self>>> {
        if options.decompress == Some(false) { Ok(None) } else { BodyDecoder::of(headers) }
    }

    /// What has to be undone, by what `Content-Encoding` says. What is undone here goes from the headers, and with
    /// it the length, which was that of the coded bytes; a coding that is not known stays there, and the body is
    /// handed over as it came.
    fn of(headers: &mut Headers) -> Result<Option<Box<Self>>> {
        const NAME: &str = "content-encoding";
        if !headers.contains(NAME) {
            return Ok(None);
        }
        match ContentEncoding::parse(headers.get_all(NAME).map(HeaderValue::as_bytes)).map_err(too_many)? {
            ContentEncoding::Codings(codings) => {
                headers.remove(NAME);
                headers.remove("content-length");
                Ok(Some(Box::new(BodyDecoder(Decoder::new(codings)))))
            }
            ContentEncoding::Identity | ContentEncoding::Unknown => Ok(None),
        }
    }

    /// Decodes some input into some output; no input says that the body has ended.
    pub(crate) fn decode(&mut self, input: &[u8], output: &mut [u8]) -> Result<Decoded> {
        if input.is_empty() {
            self.0.finish();
        }
        let progress = self.0.decode(input, output).map_err(|error| self.broken(error))?;
        Ok(Decoded { read: progress.read, written: progress.written, ended: progress.state == State::Ended })
    }

    fn broken(&self, error: DecodeError) -> Error {
        let codings = self.0.codings();
        match error {
            // Where the end of the connection is that of the body, nothing else tells that it broke off.
            DecodeError::Truncated => {
                let message =
                    format!("the response ended before its content coding ({codings}) did; send the request again");
                Error::new(ErrorKind::Incomplete, message)
            }
            _ => {
                let message = format!(
                    "the content coding of the body ({codings}) cannot be undone; decompress(false) gives it as it came"
                );
                Error::new(ErrorKind::Decode, message)
            }
        }
        .with_source(error)
        .answered()
    }
}

fn too_many(error: DecodeError) -> Error {
    let message = "the content coding of the body is not undone; decompress(false) gives it as it came";
    Error::new(ErrorKind::Decode, message).with_source(error).answered()
}
