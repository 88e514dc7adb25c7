//! Frames of zstd, most of them written by hand.

use httpx_testing::encode::zstd;

use super::*;

const MAGIC: &[u8] = &[0x28, 0xb5, 0x2f, 0xfd];

const SINGLE_SEGMENT: u8 = 1 << 5;
const CHECKSUM: u8 = 1 << 2;

/// A frame of these blocks. `fields` is all of the header after the descriptor.
fn frame(descriptor: u8, fields: &[u8], blocks: &[Vec<u8>]) -> Vec<u8> {
    [MAGIC, &[descriptor], fields, &blocks.concat()].concat()
}

fn block(kind: u32, is_last: bool, size: usize, body: &[u8]) -> Vec<u8> {
    let header = (size as u32) << 3 | kind << 1 | u32::from(is_last);
    [&header.to_le_bytes()[..3], body].concat()
}

fn raw_block(is_last: bool, data: &[u8]) -> Vec<u8> {
    block(0, is_last, data.len(), data)
}

fn skippable(kind: u8, len: u32) -> Vec<u8> {
    [&[0x50 | kind, 0x2a, 0x4d, 0x18][..], &len.to_le_bytes(), &vec![7; len as usize]].concat()
}

/// A frame of [`TEXT`] in two uncompressed blocks, with a window of 1 KiB.
fn by_hand() -> Vec<u8> {
    frame(0, &[0], &[raw_block(false, &TEXT[..30]), raw_block(true, &TEXT[30..])])
}

#[test]
fn complete_bodies() {
    let len = TEXT.len() as u8;
    let two = [zstd(&TEXT[..10]), zstd(&TEXT[10..])].concat();
    let table: &[(&str, &str, Vec<u8>)] = &[
        ("one frame", "zstd", zstd(TEXT)),
        ("two frames", "zstd", two.clone()),
        ("empty frames", "zstd", [zstd(b""), zstd(TEXT), frame(0, &[0], &[raw_block(true, b"")])].concat()),
        ("uncompressed blocks", "zstd", by_hand()),
        ("an empty block", "zstd", frame(0, &[0], &[raw_block(false, TEXT), raw_block(true, b"")])),
        ("one segment", "zstd", frame(SINGLE_SEGMENT, &[len], &[raw_block(true, TEXT)])),
        ("a length of 4 bytes", "zstd", frame(0x80, &[0, len, 0, 0, 0], &[raw_block(true, TEXT)])),
        (
            "a length of 8 bytes",
            "zstd",
            frame(0xc0, &[0, len, 0, 0, 0, 0, 0, 0, 0], &[raw_block(true, TEXT)]),
        ),
        ("a dictionary of number 0", "zstd", frame(3, &[0, 0, 0, 0, 0], &[raw_block(true, TEXT)])),
        ("the unused bit", "zstd", frame(1 << 4, &[0], &[raw_block(true, TEXT)])),
        (
            "skippable frames",
            "zstd",
            [skippable(0, 5), by_hand(), skippable(15, 0), skippable(1, 20)].concat(),
        ),
        ("a window of 8 MiB", "zstd", frame(0, &[13 << 3], &[raw_block(true, TEXT)])),
        ("zstd of zstd", "zstd, zstd", zstd(&two)),
        ("gzip of zstd", "zstd, gzip", gzip(&two)),
        ("zstd of gzip", "gzip, zstd", zstd(&gzip(TEXT))),
    ];
    for (case, names, input) in table {
        assert_eq!(every_split(names, input), decoded(TEXT), "{case}");
    }
    let run = frame(0, &[0x38], &[block(1, false, 100_000, b"x"), block(1, true, 31_072, b"y")]);
    let expected = [vec![b'x'; 100_000], vec![b'y'; 31_072]].concat();
    assert_eq!(whole("zstd", &run), decoded(&expected));
    let lengths = drive(&mut decoder("zstd"), run.chunks(1), &[1, 70_000]);
    assert_eq!(lengths, decoded(&expected));
}

#[test]
fn empty_bodies() {
    for input in [vec![], zstd(b""), skippable(3, 4), frame(SINGLE_SEGMENT, &[0], &[raw_block(true, b"")])] {
        assert_eq!(every_split("zstd", &input), decoded(b""), "{input:?}");
        assert_eq!(every_split("zstd, zstd", &zstd(&input)), decoded(b""), "{input:?}");
    }
}

#[test]
fn faults() {
    use DecodeError::*;
    let len = TEXT.len() as u8;
    let two_gib = (21 << 3) as u8;
    let window = |byte| frame(0, &[byte], &[raw_block(true, TEXT)]);
    let table: &[(&str, Vec<u8>, &[u8], DecodeError)] = &[
        ("text", b"<html>".to_vec(), b"", BadMagic),
        ("gzip", gzip(TEXT), b"", BadMagic),
        ("half a magic", [&MAGIC[..3], b"<"].concat(), b"", BadMagic),
        ("half a skippable magic", b"\x51\x2a\x4dx".to_vec(), b"", BadMagic),
        ("an old format", b"\x27\xb5\x2f\xfd".to_vec(), b"", BadMagic),
        ("the reserved bit", frame(1 << 3, &[0], &[raw_block(true, TEXT)]), b"", BadHeader),
        ("a window of 2 GiB", window(two_gib), b"", WindowTooLarge),
        ("a window of 9 MiB", window(13 << 3 | 1), b"", WindowTooLarge),
        ("the largest window", window(0xff), b"", WindowTooLarge),
        ("a segment of 2 GiB", frame(0xa0, &[0, 0, 0, 0x80], &[]), b"", WindowTooLarge),
        ("a segment of 2^64 - 1", frame(0xe0, &[0xff; 8], &[]), b"", WindowTooLarge),
        ("a dictionary", frame(1, &[0, 7], &[raw_block(true, TEXT)]), b"", NeedsDictionary),
        (
            "a reserved block",
            frame(0, &[0], &[raw_block(false, TEXT), block(3, true, 1, b"x")]),
            TEXT,
            Corrupt,
        ),
        ("a block above the window", frame(0, &[0], &[block(1, true, 1025, b"x")]), b"", Corrupt),
        (
            "a bad block",
            frame(0, &[0], &[raw_block(false, TEXT), block(2, true, 3, b"\xff\xff\xff")]),
            TEXT,
            Corrupt,
        ),
        ("too short", frame(SINGLE_SEGMENT, &[len + 1], &[raw_block(true, TEXT)]), b"", BadLength),
        ("too long", frame(SINGLE_SEGMENT, &[len - 1], &[raw_block(true, TEXT)]), b"", BadLength),
        (
            "too long at once",
            frame(SINGLE_SEGMENT, &[len], &[raw_block(false, TEXT), raw_block(false, b"xy")]),
            TEXT,
            BadLength,
        ),
        (
            "too short at the end",
            frame(SINGLE_SEGMENT, &[len + 1], &[raw_block(false, TEXT), raw_block(true, b"")]),
            TEXT,
            BadLength,
        ),
        ("a run that is too long", frame(SINGLE_SEGMENT, &[7], &[block(1, true, 8, b"x")]), b"", Corrupt),
        ("text after", [by_hand(), b"<".to_vec()].concat(), TEXT, TrailingData),
        ("gzip after", [zstd(TEXT), gzip(b"")].concat(), TEXT, TrailingData),
        ("zeros after", [by_hand(), vec![0; 9]].concat(), TEXT, TrailingData),
        ("half a magic and text after", [by_hand(), b"\x28\xb5<".to_vec()].concat(), TEXT, TrailingData),
        ("half a magic after", [by_hand(), MAGIC[..2].to_vec()].concat(), TEXT, Truncated),
    ];
    for (case, input, data, error) in table {
        let expected = Outcome { data: data.to_vec(), error: Some(*error) };
        assert_eq!(every_split("zstd", input), expected, "{case}");
    }
}

#[test]
fn every_cut_is_an_error() {
    let skipped = [skippable(2, 9), zstd(TEXT)].concat();
    for input in [zstd(TEXT), by_hand(), zstd(&TEXT.repeat(9000))] {
        for len in (1..input.len()).step_by(1 + input.len() / 300) {
            let outcome = whole("zstd", &input[..len]);
            assert_eq!(outcome.error, Some(DecodeError::Truncated), "cut at {len} of {}", input.len());
        }
    }
    for len in (1..17).chain(18..skipped.len()) {
        assert_eq!(whole("zstd", &skipped[..len]).error, Some(DecodeError::Truncated), "cut at {len}");
    }
    let nested = zstd(&zstd(TEXT)[..20]);
    assert_eq!(whole("zstd, zstd", &nested).error, Some(DecodeError::Truncated));
}

#[test]
fn every_flipped_bit_of_the_checksum_is_an_error() {
    let input = zstd(TEXT);
    for bit in 0..32 {
        let mut bytes = input.clone();
        bytes[input.len() - 4 + bit / 8] ^= 1 << (bit % 8);
        let expected = Outcome { data: TEXT.to_vec(), error: Some(DecodeError::BadChecksum) };
        assert_eq!(whole("zstd", &bytes), expected);
    }
    // So is every flipped bit of the data that changes it.
    for bit in 0..8 * input.len() {
        let mut bytes = input.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let outcome = whole("zstd", &bytes);
        assert!(outcome.error.is_some() || outcome.data == TEXT, "{bit}");
        assert_eq!(drive(&mut decoder("zstd"), bytes.chunks(1), &[1]), outcome, "{bit}");
    }
}

#[test]
fn a_bomb_fills_one_buffer_per_step() {
    let zeros = vec![0; 10 << 20];
    for (names, bomb) in [("zstd", zstd(&zeros)), ("zstd, zstd, zstd", zstd(&zstd(&zstd(&zeros))))] {
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
    let empty = frame(0, &[0], &[raw_block(true, b"")]);
    let blocks = frame(0, &[0], &[raw_block(false, b"").repeat(400_000)]);
    for (case, input) in
        [("frames", empty.repeat(120_000)), ("blocks", blocks), ("skipped", skippable(0, 2 << 20))]
    {
        let outcome = drive(&mut decoder("zstd"), input.chunks(16 * 1024), &[8192]);
        assert_eq!(outcome.error, Some(DecodeError::NoOutput), "{case}");
    }
}

#[test]
fn one_call_does_bounded_work() {
    let checksum = frame(CHECKSUM, &[0], &[raw_block(true, b"")]).len();
    let empty = frame(0, &[0], &[raw_block(true, b"")]);
    assert_eq!(empty.len(), checksum);
    let mut decoder = decoder("zstd");
    let progress = decoder.decode(&empty.repeat(1000), &mut [0; 64]).unwrap();
    assert_eq!((progress.written, progress.state), (0, State::More));
    assert!(progress.read < 100 * empty.len(), "{progress:?}");
    assert!(decoder.take_work() > 64 << 10);
}
