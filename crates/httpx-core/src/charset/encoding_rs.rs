//! All other charsets of the Encoding Standard, decoded by the crate `encoding_rs`.

use std::borrow::Cow;

use ::encoding_rs::{DecoderResult, Encoding};

/// A charset that `encoding_rs` decodes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct ByEncodingRs(&'static Encoding);

impl ByEncodingRs {
    /// The charsets that browsers replace by a single U+FFFD (ISO-2022-KR and others) count as unknown. Browsers do that to
    /// protect scripts in pages; here there are none.
    pub(super) fn from_label(label: &str) -> Option<Self> {
        Encoding::for_label_no_replacement(label.as_bytes()).map(Self)
    }

    pub(super) fn name(self) -> &'static str {
        self.0.name()
    }

    pub(super) fn decode(self, bytes: &[u8]) -> Cow<'_, str> {
        self.0.decode_without_bom_handling(bytes).0
    }

    /// Returns the text, or the offset of the first malformed byte.
    pub(super) fn decode_strict(self, bytes: &[u8]) -> Result<String, usize> {
        let mut decoder = self.0.new_decoder_without_bom_handling();
        let mut text = String::new();
        let mut read = 0;
        loop {
            let rest = bytes.get(read..).unwrap_or_default();
            // `None` means overflow, which cannot happen for a slice in memory.
            text.reserve(
                decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len()),
            );
            let (outcome, n) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
            read += n;
            match outcome {
                DecoderResult::InputEmpty => return Ok(text),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(bad, after) => {
                    return Err(read.saturating_sub(usize::from(bad) + usize::from(after)));
                }
            }
        }
    }
}
