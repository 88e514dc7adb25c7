//! The decoders with every split, every cut and every flipped byte, and with the readers of flate2 as an oracle.

use std::io::Read;

use httpx_testing::encode::{gzip, raw_deflate as raw, zlib};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

#[cfg(feature = "br")]
mod brotli;
#[cfg(feature = "zstd")]
mod zstd;

const TEXT: &[u8] = b"She sells sea shells by the sea shore; the shells she sells are sea shells for sure.";

/// A member of `data` with these flags, and the header fields that they announce.
fn member(flags: u8, fields: &[u8], data: &[u8]) -> Vec<u8> {
    let plain = gzip(data);
    [&plain[..3], &[flags], &plain[4..10], fields, &plain[10..]].concat()
}

fn decoder(names: &str) -> Decoder {
    match ContentEncoding::parse([names.as_bytes()]) {
        Ok(ContentEncoding::Codings(codings)) => Decoder::new(codings),
        other => panic!("{names}: {other:?}"),
    }
}

/// All output, and the error at its end.
#[derive(Debug, Eq, PartialEq)]
struct Outcome {
    data: Vec<u8>,
    error: Option<DecodeError>,
}

/// Runs a decoder on input cut into `pieces`, with outputs of these sizes in turn, and checks its contract.
fn drive<'a>(decoder: &mut Decoder, pieces: impl Iterator<Item = &'a [u8]>, sizes: &[usize]) -> Outcome {
    let mut data = Vec::new();
    let mut sizes = sizes.iter().copied().cycle();
    let mut pieces = pieces.peekable();
    loop {
        let mut piece = pieces.next().unwrap_or_default();
        if pieces.peek().is_none() {
            decoder.finish();
        }
        loop {
            let mut output = vec![0; sizes.next().unwrap()];
            let progress = match decoder.decode(piece, &mut output) {
                Ok(progress) => progress,
                Err(error) => {
                    assert_eq!(decoder.decode(piece, &mut output), Err(error), "an error repeats");
                    return Outcome { data, error: Some(error) };
                }
            };
            assert!(progress.read <= piece.len() && progress.written <= output.len());
            data.extend_from_slice(&output[..progress.written]);
            piece = &piece[progress.read..];
            match progress.state {
                State::More => {}
                State::NeedsInput => {
                    assert!(piece.is_empty() && pieces.peek().is_some());
                    break;
                }
                State::Ended => {
                    assert!(piece.is_empty() && pieces.peek().is_none());
                    return Outcome { data, error: None };
                }
            }
        }
    }
}

fn whole(names: &str, input: &[u8]) -> Outcome {
    drive(&mut decoder(names), std::iter::once(input), &[8192])
}

fn decoded(data: &[u8]) -> Outcome {
    Outcome { data: data.to_vec(), error: None }
}

#[track_caller]
fn every_split(names: &str, input: &[u8]) -> Outcome {
    let expected = whole(names, input);
    let mut reused = decoder(names);
    for size in 1..=17 {
        reused.reset();
        assert_eq!(drive(&mut reused, input.chunks(1), &[size]), expected, "byte by byte into {size}");
    }
    for cut in 0..=input.len() {
        let (a, b) = input.split_at(cut);
        for sizes in [&[8192][..], &[1], &[0, 3]] {
            reused.reset();
            assert_eq!(
                drive(&mut reused, [a, b].into_iter(), sizes),
                expected,
                "cut at {cut} into {sizes:?}"
            );
        }
    }
    expected
}

#[test]
fn complete_bodies() {
    let two = [gzip(b"She sells "), gzip(&TEXT[10..])].concat();
    let table: &[(&str, &str, Vec<u8>)] = &[
        ("one member", "gzip", gzip(TEXT)),
        ("two members", "gzip", two.clone()),
        ("an empty member before", "gzip", [gzip(b""), gzip(TEXT)].concat()),
        ("zeros after", "gzip", [gzip(TEXT), vec![0; 30]].concat()),
        ("zeros between", "gzip", [gzip(TEXT), vec![0; 5], gzip(b"")].concat()),
        ("text after", "gzip", [gzip(TEXT), b"<!-- x -->".to_vec()].concat()),
        ("half a magic and text after", "gzip", [gzip(TEXT), b"\x1fx\x1f\x8b".to_vec()].concat()),
        ("extra field", "gzip", member(FLAG_EXTRA, b"\x03\x00abc", TEXT)),
        ("empty extra field", "gzip", member(FLAG_EXTRA, b"\x00\x00", TEXT)),
        ("name", "gzip", member(FLAG_NAME, b"shells.txt\0", TEXT)),
        ("comment", "gzip", member(FLAG_COMMENT, b"\0", TEXT)),
        ("all three", "gzip", member(FLAG_EXTRA | FLAG_NAME | FLAG_COMMENT, b"\x01\x00xa\0bc\0", TEXT)),
        ("text flag", "gzip", member(1, b"", TEXT)),
        ("header checksum", "gzip", with_checksum(FLAG_CHECKSUM, b"")),
        ("all fields", "gzip", with_checksum(0x1f, b"\x02\x00xya\0bc\0")),
        ("zlib", "deflate", zlib(TEXT)),
        ("bare", "deflate", raw(TEXT)),
        ("zlib, text after", "deflate", [zlib(TEXT), b"\n".to_vec()].concat()),
        ("bare, text after", "deflate", [raw(TEXT), b"\n".to_vec()].concat()),
        ("gzip of zlib", "deflate, gzip", gzip(&zlib(TEXT))),
        ("zlib of gzip", "gzip, deflate", zlib(&two)),
        ("three", "gzip, deflate, gzip", gzip(&raw(&two))),
    ];
    for (case, names, input) in table {
        assert_eq!(every_split(names, input), decoded(TEXT), "{case}");
    }
}

const FLAG_CHECKSUM: u8 = 2;
const FLAG_EXTRA: u8 = 4;
const FLAG_NAME: u8 = 8;
const FLAG_COMMENT: u8 = 16;

/// A member of [`TEXT`] whose header has a checksum.
fn with_checksum(flags: u8, fields: &[u8]) -> Vec<u8> {
    let mut bytes = member(flags, fields, TEXT);
    let mut crc = flate2::Crc::new();
    crc.update(&bytes[..10 + fields.len()]);
    let at = 10 + fields.len();
    bytes.splice(at..at, crc.sum().to_le_bytes().into_iter().take(2));
    bytes
}

#[test]
fn empty_bodies() {
    for names in ["gzip", "deflate", "gzip, deflate", "deflate, gzip, gzip"] {
        assert_eq!(whole(names, b""), decoded(b""), "{names}");
        assert_eq!(decoder(names).decode(b"", &mut []).unwrap().state, State::NeedsInput);
    }
    assert_eq!(every_split("gzip", &gzip(b"")), decoded(b""));
    assert_eq!(every_split("deflate", &zlib(b"")), decoded(b""));
    assert_eq!(every_split("deflate", &raw(b"")), decoded(b""));
    assert_eq!(every_split("gzip, gzip", &gzip(b"")), decoded(b""));
}

#[test]
fn faults() {
    use DecodeError::*;
    let long = |flag, len| member(flag, &[vec![b'x'; len], vec![0]].concat(), TEXT);
    let mut wrong_checksum = with_checksum(FLAG_CHECKSUM, b"");
    wrong_checksum[11] ^= 1;
    let table: &[(&str, &str, Vec<u8>, DecodeError)] = &[
        ("text", "gzip", b"<html>".to_vec(), BadMagic),
        ("half a magic", "gzip", b"\x1f<html>".to_vec(), BadMagic),
        ("zeros", "gzip", vec![0; 4], BadMagic),
        ("another method", "gzip", b"\x1f\x8b\x07".to_vec(), BadHeader),
        ("a reserved flag", "gzip", member(0x20, b"", TEXT), BadHeader),
        ("the header's checksum", "gzip", wrong_checksum, BadHeader),
        ("a long name", "gzip", long(FLAG_NAME, 65_536), HeaderTooLong),
        ("a long comment", "gzip", long(FLAG_COMMENT, 65_536), HeaderTooLong),
        ("a bad block", "gzip", member(0, b"\x07", TEXT), Corrupt),
        ("text", "deflate", b"<html><body>".to_vec(), Corrupt),
        ("a dictionary", "deflate", b"\x78\xbb\x00\x00\x00\x01".to_vec(), Corrupt),
        ("only the outer is whole", "gzip, deflate", zlib(&gzip(TEXT)[..20]), Truncated),
    ];
    for (case, names, input, error) in table {
        let outcome = whole(names, input);
        assert_eq!(outcome.error, Some(*error), "{case}: {outcome:?}");
    }
    assert_eq!(whole("gzip", &long(FLAG_NAME, 65_535)), decoded(TEXT));
}

#[test]
fn faults_after_data() {
    // Data before the fault is returned first, with every split.
    let second = [gzip(TEXT), member(0x20, b"", b"")].concat();
    assert_eq!(
        every_split("gzip", &second),
        Outcome { data: TEXT.to_vec(), error: Some(DecodeError::BadHeader) }
    );
    let mut sum = zlib(TEXT);
    *sum.last_mut().unwrap() ^= 1;
    let expected = Outcome { data: TEXT.to_vec(), error: Some(DecodeError::BadChecksum) };
    assert_eq!(every_split("deflate", &sum), expected);
    assert_eq!(every_split("deflate, gzip", &gzip(&sum)), expected);
    let mut inner_then_outer = gzip(&gzip(TEXT));
    *inner_then_outer.last_mut().unwrap() ^= 1;
    assert_eq!(every_split("gzip, gzip", &inner_then_outer).error, Some(DecodeError::BadLength));
}

#[test]
fn every_cut_is_an_error() {
    let inputs = [
        ("gzip", with_checksum(0x1f, b"\x02\x00xya\0bc\0")),
        ("deflate", zlib(TEXT)),
        ("deflate", raw(TEXT)),
        ("gzip, deflate", zlib(&gzip(TEXT))),
    ];
    for (names, input) in inputs {
        for len in 1..input.len() {
            let outcome = whole(names, &input[..len]);
            assert_eq!(outcome.error, Some(DecodeError::Truncated), "{names} cut at {len}");
            assert!(TEXT.starts_with(&outcome.data));
        }
    }
    // A cut between two members cannot be told from an end.
    let (one, two) = (gzip(TEXT), [gzip(TEXT), gzip(TEXT)].concat());
    for len in one.len() + 1..two.len() {
        assert_eq!(whole("gzip", &two[..len]).error, Some(DecodeError::Truncated), "cut at {len}");
    }
}

#[test]
fn every_flipped_bit_of_the_trailer_is_an_error() {
    let input = gzip(TEXT);
    for bit in 0..64 {
        let mut bytes = input.clone();
        bytes[input.len() - 8 + bit / 8] ^= 1 << (bit % 8);
        let error = if bit < 32 { DecodeError::BadChecksum } else { DecodeError::BadLength };
        assert_eq!(whole("gzip", &bytes), Outcome { data: TEXT.to_vec(), error: Some(error) });
    }
}

#[test]
fn a_bomb_fills_one_buffer_per_step() {
    let zeros = vec![0; 10 * 1024 * 1024];
    for (names, bomb) in [("gzip", gzip(&zeros)), ("gzip, gzip, deflate", zlib(&gzip(&gzip(&zeros))))] {
        let mut decoder = decoder(names);
        decoder.finish();
        let (mut rest, mut out, mut total) = (&bomb[..], [1; 4096], 0);
        loop {
            let progress = decoder.decode(rest, &mut out).unwrap();
            rest = &rest[progress.read..];
            total += progress.written;
            assert!(out[..progress.written].iter().all(|&byte| byte == 0));
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
    let empty = gzip(b"").repeat(60_000);
    let stored = [&gzip(b"")[..10], &[0, 0, 0, 0xff, 0xff].repeat(220_000)].concat();
    let table: &[(&str, &str, Vec<u8>)] = &[
        ("empty members", "gzip", empty.clone()),
        ("empty blocks", "gzip", stored.clone()),
        ("empty blocks", "deflate", stored[10..].to_vec()),
        ("garbage", "gzip", [gzip(TEXT), vec![b'x'; 1_100_000]].concat()),
        ("garbage", "deflate", [zlib(TEXT), vec![b'x'; 1_100_000]].concat()),
        ("zeros", "gzip", [gzip(TEXT), vec![0; 1_100_000]].concat()),
    ];
    for (case, names, input) in table {
        let outcome = drive(&mut decoder(names), input.chunks(16 * 1024), &[8192]);
        assert_eq!(outcome.error, Some(DecodeError::NoOutput), "{case}");
    }
}

#[test]
fn one_call_does_bounded_work() {
    // 8 MiB of padding in 8 KiB: the call returns before it has decoded all of it.
    let hidden = gzip(&[gzip(b""), vec![0; 8 * 1024 * 1024]].concat());
    let mut decoder = decoder("gzip, gzip");
    let progress = decoder.decode(&hidden, &mut [0; 64]).unwrap();
    assert_eq!((progress.written, progress.state), (0, State::More));
}

#[test]
fn all_codings() {
    for coding in Coding::all() {
        assert_eq!(Coding::from_name(coding.as_str()), Some(coding));
        assert_eq!(whole(coding.as_str(), b""), decoded(b""));
    }
    assert_eq!(
        Coding::all().next().map(Coding::as_str),
        Some(if cfg!(feature = "zstd") {
            "zstd"
        } else if cfg!(feature = "br") {
            "br"
        } else {
            "gzip"
        })
    );
}

#[test]
fn decoders_are_send_and_sync() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Decoder>();
    check::<DecodeError>();
}

/// Data that compresses well, and data that does not.
fn data() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![vec(any::<u8>(), 0..3000), vec(b'a'..b'd', 0..30_000), vec(Just(0), 0..100_000)]
}

type Encode = fn(&[u8]) -> Vec<u8>;

/// The encoders of all codings.
const ENCODERS: &[(&str, Encode)] = &[
    ("gzip", gzip),
    ("deflate", zlib),
    ("deflate", raw),
    #[cfg(feature = "br")]
    ("br", httpx_testing::encode::brotli),
    #[cfg(feature = "zstd")]
    ("zstd", httpx_testing::encode::zstd),
];

/// Those whose faults are found at the same place with each split: not `br`.
const NAMES: &[&str] = &[
    "gzip",
    "deflate",
    "deflate, gzip",
    "gzip, deflate, deflate",
    #[cfg(feature = "zstd")]
    "zstd",
    #[cfg(feature = "zstd")]
    "deflate, zstd",
];

/// Cuts `input` into pieces of these lengths in turn.
fn pieces<'a>(mut input: &'a [u8], lengths: &'a [usize]) -> impl Iterator<Item = &'a [u8]> {
    let mut lengths = lengths.iter().copied().cycle();
    std::iter::from_fn(move || {
        if input.is_empty() {
            return None;
        }
        let (piece, rest) = input.split_at(lengths.next()?.min(input.len()));
        input = rest;
        Some(piece)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    /// Every coding and every split gives the data back.
    #[test]
    fn round_trip(
        data in data(),
        kinds in vec(0..ENCODERS.len(), 1..=3),
        lengths in vec(1..500_usize, 1..5),
        sizes in vec(1..5000_usize, 1..5),
    ) {
        let (mut body, mut names) = (data.clone(), Vec::new());
        for kind in kinds {
            let (name, encode) = ENCODERS[kind];
            body = encode(&body);
            names.push(name);
        }
        let outcome = drive(&mut decoder(&names.join(",")), pieces(&body, &lengths), &sizes);
        prop_assert!(outcome == decoded(&data));
    }

    /// A damaged body gives the same as with the reader of flate2, with every split.
    #[test]
    fn as_flate2_does(
        members in vec(vec(b'a'..b'e', 0..200), 1..3),
        damage in vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in any::<prop::sample::Index>(),
        cuts in any::<bool>(),
        lengths in vec(1..50_usize, 1..4),
    ) {
        let mut body = members.iter().flat_map(|data| gzip(data)).collect::<Vec<_>>();
        for (at, byte) in damage {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if cuts {
            body.truncate(cut.index(body.len()));
        }
        compare(&body, &lengths)?;
    }

    /// So do any bytes after valid magic bytes.
    #[test]
    fn as_flate2_does_with_noise(flags in 0..32_u8, noise in vec(any::<u8>(), 0..400)) {
        compare(&[&[0x1f, 0x8b, 8, flags], &noise[..]].concat(), &[7])?;
        compare(&[&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3], &noise[..]].concat(), &[7])?;
    }

    /// Any bytes: no panic, no endless loop, and the same result for each split.
    #[test]
    fn any_bytes(
        noise in vec(any::<u8>(), 0..300),
        names in prop::sample::select(NAMES),
        lengths in vec(1..20_usize, 1..4),
        sizes in vec(0..20_usize, 0..4),
    ) {
        let sizes = [&sizes[..], &[1]].concat();
        let split = drive(&mut decoder(names), pieces(&noise, &lengths), &sizes);
        prop_assert_eq!(split, whole(names, &noise));
    }
}

/// Both decoders return the same data, or both fail. There are two differences: an empty body is valid here, and bytes
/// without the magic after a complete member are ignored here and an error there.
fn compare(body: &[u8], lengths: &[usize]) -> Result<(), TestCaseError> {
    let ours = whole("gzip", body);
    prop_assert_eq!(&drive(&mut decoder("gzip"), pieces(body, lengths), &[1, 100, 3]), &ours);
    let mut theirs = Vec::new();
    let refused = flate2::read::MultiGzDecoder::new(body).read_to_end(&mut theirs).is_err();
    if ours.error.is_none() && refused {
        let mut input = body;
        let mut prefix = Vec::new();
        // flate2 must have decoded all members that were decoded here.
        while input.starts_with(&[0x1f, 0x8b]) {
            let mut one = flate2::bufread::GzDecoder::new(input);
            prop_assert!(one.read_to_end(&mut prefix).is_ok());
            input = one.into_inner();
            let zeros = input.iter().take_while(|&&byte| byte == 0).count();
            input = &input[zeros..];
        }
        prop_assert_eq!(ours.data, prefix);
    } else {
        prop_assert_eq!(ours.error.is_some(), refused, "{:?}", ours.error);
        if !refused {
            prop_assert_eq!(ours.data, theirs);
        }
    }
    Ok(())
}

#[test]
fn nested_bombs_are_refused() {
    let empty = gzip(b"").repeat(60_000);
    // Each output byte costs 950 KB of empty stored blocks.
    let stored =
        [&gzip(b"")[..10], &[0, 0, 0, 0xff, 0xff].repeat(190_000), &[0, 1, 0, 0xfe, 0xff, b'x']].concat();
    let table: &[(&str, &str, Vec<u8>)] = &[
        ("empty members", "gzip, gzip", gzip(&empty)),
        ("empty members twice", "gzip, gzip, gzip", gzip(&gzip(&empty))),
        ("a byte now and then", "gzip, gzip", gzip(&[&stored[..], &stored[10..], &stored[10..]].concat())),
        ("zeros behind the end", "gzip, deflate", zlib(&[gzip(TEXT), vec![0; 1_100_000]].concat())),
    ];
    for (case, names, input) in table {
        assert_eq!(whole(names, input).error, Some(DecodeError::NestedBomb), "{case}");
    }
}
