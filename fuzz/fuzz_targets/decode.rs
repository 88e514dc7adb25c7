//! A decoder gives the same output for every split of its input and every size of its output buffer, and each call
//! makes progress or returns what it needs next.

#![no_main]

use httpx_core::decode::{ContentEncoding, DecodeError, Decoder, State};
use libfuzzer_sys::fuzz_target;

/// The most bytes that are decoded from one input, which may be a decompression bomb.
const MOST: usize = 1 << 18;

// The first byte chooses the codings, the second the split, the rest is the body.
fuzz_target!(|data: &[u8]| {
    let [codings, how, body @ ..] = data else { return };
    let names: &[u8] = match codings {
        b'd' => b"deflate",
        b'G' => b"gzip, gzip",
        b'D' => b"gzip, deflate",
        b'3' => b"deflate, gzip, gzip",
        _ => b"x-gzip",
    };
    let Ok(ContentEncoding::Codings(codings)) = ContentEncoding::parse([names]) else {
        panic!("known codings")
    };
    let mut decoder = Decoder::new(codings);
    let whole = decode(&mut decoder, body, body.len().max(1), 64 * 1024);
    decoder.reset();
    let (read, room) = (1 + usize::from(how & 15), 1 + usize::from(how >> 4) * 37);
    let pieces = decode(&mut decoder, body, read, room);
    let len = whole.0.len().min(pieces.0.len());
    assert!(whole.0[..len] == pieces.0[..len]);
    if whole.0.len() < MOST && pieces.0.len() < MOST {
        assert_eq!((whole.1, whole.0.len()), (pieces.1, pieces.0.len()));
    }
});

fn decode(
    decoder: &mut Decoder,
    mut body: &[u8],
    piece: usize,
    room: usize,
) -> (Vec<u8>, Option<DecodeError>) {
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
