//! A body in `zstd` gives the same data and the same error for every split of its input and every size of its output
//! buffer, and no call goes without progress.

#![no_main]

use httpx_core::decode::Coding;
use httpx_fuzz::decoding::{MOST, decode_whole_and_split};
use libfuzzer_sys::fuzz_target;

// The first byte says how the body is split, the rest is the body.
fuzz_target!(|data: &[u8]| {
    let [how, body @ ..] = data else { return };
    let (whole, pieces) = decode_whole_and_split(Coding::Zstd.into(), body, *how);
    let len = whole.0.len().min(pieces.0.len());
    assert!(whole.0[..len] == pieces.0[..len]);
    if whole.0.len() < MOST && pieces.0.len() < MOST {
        assert_eq!((whole.1, whole.0.len()), (pieces.1, pieces.0.len()));
    }
});
