//! A decoder gives the same output for every split of its input and every size of its output buffer, and each call
//! makes progress or returns what it needs next.

#![no_main]

use httpx_core::decode::ContentEncoding;
use httpx_fuzz::decoding::{MOST, decode_whole_and_split};
use libfuzzer_sys::fuzz_target;

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
    let (whole, pieces) = decode_whole_and_split(codings, body, *how);
    let len = whole.0.len().min(pieces.0.len());
    assert!(whole.0[..len] == pieces.0[..len]);
    if whole.0.len() < MOST && pieces.0.len() < MOST {
        assert_eq!((whole.1, whole.0.len()), (pieces.1, pieces.0.len()));
    }
});
