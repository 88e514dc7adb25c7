//! Compressed bodies decode to the same bytes, for every split into chunks.

use bytes::Bytes;
use proptest::collection::vec;
use proptest::prelude::*;

use super::compressor;
use crate::decode::{Coding, Decoder, State};

fn compressed(coding: Coding, chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut compressor = compressor(coding).unwrap()();
    let mut body = Vec::new();
    for chunk in chunks {
        body.extend(compressor.chunk(Bytes::from(chunk.clone())).unwrap());
    }
    body.extend(compressor.finish().unwrap());
    body
}

fn decoded(coding: Coding, body: &[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new(coding.into());
    decoder.finish();
    let (mut rest, mut data, mut output) = (body, Vec::new(), vec![0; 8192]);
    loop {
        let progress = decoder.decode(rest, &mut output).unwrap();
        data.extend_from_slice(&output[..progress.written]);
        rest = &rest[progress.read..];
        if progress.state == State::Ended {
            return data;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn round_trip(
        chunks in vec(prop_oneof![vec(any::<u8>(), 0..3000), vec(b'a'..b'd', 0..30_000), vec(Just(0), 0..100_000)], 0..5),
        coding in prop::sample::select(vec![Coding::Gzip, Coding::Zstd]),
    ) {
        prop_assert!(decoded(coding, &compressed(coding, &chunks)) == chunks.concat());
    }
}

#[test]
fn text_becomes_smaller() {
    let text = b"line of a text that compresses well\n".repeat(10_000);
    for coding in [Coding::Gzip, Coding::Zstd] {
        let body = compressed(coding, std::slice::from_ref(&text));
        assert!(body.len() < text.len() / 50, "{coding:?}: {}", body.len());
        assert!(decoded(coding, &body) == text);
    }
}

#[test]
fn other_codings_are_refused() {
    let error = compressor(Coding::Deflate).unwrap_err();
    assert_eq!(
        error.to_string(),
        "compress() cannot encode deflate; use Coding::Gzip, or Coding::Zstd with the feature zstd"
    );
}
