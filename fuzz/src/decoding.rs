//! Decodes a body at once and in pieces, for the targets of the content codings.

use httpx_core::decode::{Codings, DecodeError, Decoder, State};

/// The most bytes that are decoded from one input, which may be a decompression bomb.
pub const MOST: usize = 1 << 18;

/// The decoded data, and the error at its end.
pub type Decoded = (Vec<u8>, Option<DecodeError>);

/// Decodes the body at once into a large buffer, and then with the same decoder in small pieces into a small one.
pub fn decode_whole_and_split(codings: Codings, body: &[u8], how: u8) -> (Decoded, Decoded) {
    let mut decoder = Decoder::new(codings);
    let whole = decode(&mut decoder, body, body.len().max(1), 64 * 1024);
    decoder.reset();
    let (read, room) = (1 + usize::from(how & 15), 1 + usize::from(how >> 4) * 37);
    (whole, decode(&mut decoder, body, read, room))
}

fn decode(decoder: &mut Decoder, mut body: &[u8], piece: usize, room: usize) -> Decoded {
    let (mut out, mut output) = (Vec::new(), vec![0; room]);
    let mut idle = 0;
    while out.len() < MOST {
        let input = &body[..piece.min(body.len())];
        if input.len() == body.len() {
            decoder.finish();
        }
        let progress = match decoder.decode(input, &mut output) {
            Ok(progress) => progress,
            Err(error) => return (out, Some(error)),
        };
        assert!(progress.read <= input.len() && progress.written <= output.len());
        out.extend_from_slice(&output[..progress.written]);
        match progress.state {
            State::Ended => {
                assert_eq!(progress.read, body.len());
                return (out, None);
            }
            State::NeedsInput => assert_eq!(progress.read, input.len()),
            State::More => {}
        }
        idle = if progress.read + progress.written == 0 { idle + 1 } else { 0 };
        assert!(idle < 64, "it goes round and round");
        body = &body[progress.read..];
    }
    (out, None)
}
