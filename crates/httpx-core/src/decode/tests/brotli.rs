//! Streams of Brotli. A fault may be found before the data in front of it has been written, so such data is a prefix.

use httpx_testing::encode::brotli;

use super::*;

/// An empty stream with a window of 64 KiB: `WBITS` is 0, `ISLAST` and `ISLASTEMPTY` are 1.
const EMPTY: u8 = 0b110;

/// Writes fields of bits, the first in the lowest bits (RFC 7932 §1.5.1).
#[derive(Default)]
struct BitWriter {
    bytes: Vec<u8>,
    bits: usize,
}

impl BitWriter {
    fn put(&mut self, value: u64, bits: usize) {
        for n in 0..bits {
            if self.bits.is_multiple_of(8) {
                self.bytes.push(0);
            }
            *self.bytes.last_mut().unwrap() |= ((value >> n & 1) as u8) << (self.bits % 8);
            self.bits += 1;
        }
    }

    /// A prefix code with one symbol, which takes no bits (RFC 7932 §3.4).
    fn one_symbol(&mut self, symbol: u64, bits: usize) {
        self.put(0b0001, 4);
        self.put(symbol, bits);
    }

    /// 256, as a number of types of blocks or of trees (RFC 7932 §9.2).
    fn most(&mut self) {
        self.put(0b1111, 4);
        self.put(127, 7);
    }

    /// A metablock of one byte that takes as long as possible: 256 trees, and a context map of 16,384 entries, each of
    /// which moves 255 others.
    fn metablock(&mut self) {
        self.put(0, 20); // not the last, 4 nibbles, one byte, compressed
        self.most();
        self.one_symbol(1, 9);
        self.one_symbol(0, 5);
        self.put(0, 2);
        self.put(0, 8); // one type of other blocks, no direct distances
        (0..8).for_each(|_| self.put(0, 64)); // the modes of the contexts
        self.most();
        self.put(0, 1);
        self.one_symbol(255, 8);
        self.put(1, 1);
        self.put(0, 1); // one tree of distances
        (0..256).for_each(|_| self.one_symbol(b'A'.into(), 8));
        self.one_symbol(8, 10);
        self.one_symbol(0, 6);
    }
}

/// Metablocks of one byte.
fn slow(count: usize) -> Vec<u8> {
    let mut writer = BitWriter::default();
    writer.put(0, 1);
    (0..count).for_each(|_| writer.metablock());
    writer.put(0b11, 2);
    writer.bytes
}

/// Every split gives the same error, and data of which one is a prefix of the other.
#[track_caller]
fn fault(names: &str, input: &[u8]) -> (Vec<u8>, Option<DecodeError>) {
    let expected = whole(names, input);
    for (pieces, size) in [(1, 1), (1, 8192), (7, 3), (100, 50)] {
        let outcome = drive(&mut decoder(names), input.chunks(pieces), &[size]);
        assert_eq!(outcome.error, expected.error, "pieces of {pieces} into {size}");
        let len = outcome.data.len().min(expected.data.len());
        assert_eq!(outcome.data[..len], expected.data[..len]);
    }
    (expected.data, expected.error)
}

#[test]
fn complete_bodies() {
    let stored = |data: &[u8]| {
        // A metablock without compression, and the end.
        let mut writer = BitWriter::default();
        writer.put(0, 1);
        writer.put(0, 3);
        writer.put(data.len() as u64 - 1, 16);
        writer.put(1, 1);
        [&writer.bytes[..], data, &[0b11]].concat()
    };
    let table: &[(&str, &str, Vec<u8>)] = &[
        ("compressed", "br", brotli(TEXT)),
        ("stored", "br", stored(TEXT)),
        ("br of br", "br, br", brotli(&brotli(TEXT))),
        ("br of stored", "br, br", brotli(&stored(TEXT))),
        ("gzip of br", "br, gzip", gzip(&brotli(TEXT))),
        ("br of gzip", "gzip, br", brotli(&gzip(TEXT))),
        ("three", "br, br, br", brotli(&brotli(&brotli(TEXT)))),
    ];
    for (case, names, input) in table {
        assert_eq!(every_split(names, input), decoded(TEXT), "{case}");
    }
    let long = (0..30_000_u32).flat_map(|n| n.wrapping_mul(n).to_string().into_bytes()).collect::<Vec<_>>();
    let outcome = drive(&mut decoder("br"), brotli(&long).chunks(1000), &[8192, 5, 20_000]);
    assert!(outcome == decoded(&long));
}

#[test]
fn empty_bodies() {
    for input in [&[][..], &[EMPTY], &brotli(b"")] {
        assert_eq!(every_split("br", input), decoded(b""), "{input:?}");
        assert_eq!(every_split("br, br", &brotli(input)), decoded(b""), "{input:?}");
    }
}

#[test]
fn faults() {
    use DecodeError::*;
    let table: &[(&str, Vec<u8>, DecodeError)] = &[
        ("text", b"<html><body>".to_vec(), Corrupt),
        ("gzip", gzip(TEXT), Corrupt),
        ("a window of 1 GiB", [&[0x11, 30][..], &brotli(TEXT)].concat(), Corrupt),
        ("text after", [brotli(TEXT), b"<".to_vec()].concat(), TrailingData),
        ("another stream", [brotli(TEXT), brotli(TEXT)].concat(), TrailingData),
        ("a zero after nothing", vec![EMPTY, 0], TrailingData),
    ];
    for (case, input, error) in table {
        assert_eq!(fault("br", input).1, Some(*error), "{case}");
    }
    // The data in front of the rest is whole.
    let outcome = every_split("br", &table[3].1);
    assert_eq!(outcome, Outcome { data: TEXT.to_vec(), error: Some(TrailingData) });
    assert_eq!(fault("gzip, br", &brotli(&gzip(TEXT)[..20])).1, Some(Truncated));
}

#[test]
fn every_cut_is_an_error() {
    let input = brotli(TEXT);
    for len in 1..input.len() {
        let outcome = every_split("br", &input[..len]);
        assert_eq!(outcome.error, Some(DecodeError::Truncated), "cut at {len}");
        assert!(TEXT.starts_with(&outcome.data));
    }
}

#[test]
fn a_bomb_fills_one_buffer_per_step() {
    let zeros = vec![0; 10 << 20];
    for (names, bomb) in [("br", brotli(&zeros)), ("br, br, br", brotli(&brotli(&brotli(&zeros))))] {
        assert!(bomb.len() < 2000);
        let mut decoder = decoder(names);
        decoder.finish();
        let (mut rest, mut out, mut total) = (&bomb[..], [1; 4096], 0);
        loop {
            let progress = decoder.decode(rest, &mut out).unwrap();
            rest = &rest[progress.read..];
            total += progress.written;
            assert!(decoder.stages.iter().all(|stage| stage.buffered() <= 8192));
            if progress.state == State::Ended {
                break;
            }
        }
        assert_eq!(total, zeros.len(), "{names}");
    }
}

#[test]
fn input_without_output_is_limited() {
    // Empty metablocks of metadata, one byte each.
    let mut empty = BitWriter::default();
    empty.put(0, 1);
    empty.put(0b00_0110, 7);
    empty.bytes.resize(2 << 20, 0b00_0110);
    let outcome = drive(&mut decoder("br"), empty.bytes.chunks(16 * 1024), &[8192]);
    assert_eq!(outcome.error, Some(DecodeError::NoOutput));
}

#[test]
fn one_call_does_bounded_work() {
    let input = slow(12);
    assert_eq!(drive(&mut decoder("br"), input.chunks(100), &[7]), decoded(&[b'A'; 12]));
    let mut decoder = decoder("br");
    let progress = decoder.decode(&input, &mut [0; 64]).unwrap();
    assert!(progress.read <= 4096 && progress.state == State::More, "{progress:?}");
    assert!(decoder.take_work() >= 64 << 10);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Damaged streams and noise: no panic, no endless loop, and the same error for each split.
    #[test]
    fn damage(
        data in data(),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        noise in vec(any::<u8>(), 0..300),
    ) {
        let mut body = brotli(&data);
        for (at, byte) in damage {
            let at = at.index(body.len());
            body[at] = byte;
        }
        fault("br", &body);
        fault("br", &noise);
    }
}
