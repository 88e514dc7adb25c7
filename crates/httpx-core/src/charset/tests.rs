//! Tables, and `encoding_rs` as an oracle for the charsets that are decoded here.

use super::*;

fn strict(content_type: &str, bytes: &[u8]) -> String {
    match decode_strict(Some(content_type.as_bytes()), bytes) {
        Ok(text) => text.into_owned(),
        Err(CharsetError::Unknown { label }) => format!("unknown {label}"),
        Err(CharsetError::Malformed { charset, offset }) => format!("{charset} {offset}"),
    }
}

#[test]
fn texts_and_errors() {
    let table: &[(&str, &[u8], &str, &str)] = &[
        ("text/plain", b"caf\xc3\xa9", "café", "café"),
        ("text/plain", b"", "", ""),
        ("text/plain", b"a\xffb", "a\u{fffd}b", "UTF-8 1"),
        ("text/plain", b"ab\xe2\x82", "ab\u{fffd}", "UTF-8 2"),
        ("text/plain;charset=utf-8", b"\xef\xbb\xbfa", "a", "a"),
        ("text/plain;charset=utf-8", b"\xef\xbb\xbfa\xff", "a\u{fffd}", "UTF-8 4"),
        ("text/plain;charset=latin1", b"\x80\xe9", "€é", "€é"),
        ("text/plain;charset=\" US-ASCII\"", b"\x93a\x94\x81", "“a”\u{81}", "“a”\u{81}"),
        // A byte order mark overrides the header.
        ("text/plain;charset=latin1", b"\xef\xbb\xbf\xc3\xa9", "é", "é"),
        ("text/plain;charset=x-none", b"\xef\xbb\xbf\xc3\xa9", "é", "é"),
        ("text/plain", b"\xff\xfea\0", "a", "a"),
        ("text/plain;charset=utf-16be", b"\xff\xfea\0", "a", "a"),
        ("text/plain", b"\xfe\xff\0a", "a", "a"),
        ("text/plain", b"\xff\xfe", "", ""),
        ("text/plain;charset=utf-16", b"a\0\x3d\xd8\x00\xde", "a😀", "a😀"),
        ("text/plain;charset=UTF-16BE", b"\0a\xd8\x3d\xde\x00", "a😀", "a😀"),
        ("text/plain;charset=utf-16", b"a\0\x00\xde", "a\u{fffd}", "UTF-16LE 2"),
        ("text/plain;charset=utf-16", b"a\0b", "a\u{fffd}", "UTF-16LE 2"),
        ("text/plain", b"\xff\xfea\0\x3d\xd8", "a\u{fffd}", "UTF-16LE 4"),
        ("text/plain;charset=utf-16", b"\x3d\xd8b", "\u{fffd}", "UTF-16LE 0"),
        ("text/plain;charset=x-none", b"caf\xc3\xa9", "café", "unknown x-none"),
        ("text/plain;charset=x-none", b"\xff", "\u{fffd}", "unknown x-none"),
        ("text/plain;charset=", b"a", "a", "a"),
        ("text/plain charset=latin1", b"\xc3\xa9", "é", "é"),
        ("", b"a", "a", "a"),
    ];
    for (content_type, bytes, lossy, exact) in table {
        assert_eq!(decode(Some(content_type.as_bytes()), bytes), *lossy, "{content_type} {bytes:?}");
        assert_eq!(strict(content_type, bytes), *exact, "{content_type} {bytes:?}");
    }
    assert_eq!(decode(None, b"\xc3\xa9"), "é");
    assert_eq!(decode_strict(None, b"\xc3\xa9").as_deref(), Ok("é"));
}

#[test]
fn valid_text_is_not_copied() {
    for content_type in ["text/plain", "text/plain;charset=utf-8", "text/plain;charset=us-ascii"] {
        assert!(matches!(decode(Some(content_type.as_bytes()), b"abc"), Cow::Borrowed("abc")));
        assert!(matches!(decode_strict(Some(content_type.as_bytes()), b"abc"), Ok(Cow::Borrowed("abc"))));
    }
    assert!(matches!(decode(None, "\u{feff}é".as_bytes()), Cow::Borrowed("é")));
}

#[test]
fn errors_name_the_charset_and_the_offset() {
    let malformed = CharsetError::Malformed { charset: "UTF-8", offset: 7 };
    assert_eq!(
        malformed.to_string(),
        "the body is not UTF-8: malformed bytes at offset 7; text() replaces them"
    );
    // A server's bytes are escaped.
    let unknown = CharsetError::Unknown { label: "x\n\u{1b}".into() };
    assert_eq!(unknown.to_string(), "the charset \"x\\n\\u{1b}\" is unknown; text() reads it as UTF-8");
}

#[cfg(not(feature = "charset"))]
#[test]
fn others_are_unknown() {
    assert_eq!(strict("text/plain;charset=shift_jis", b"a"), "unknown shift_jis");
    assert_eq!(decode(Some(b"text/plain;charset=shift_jis"), b"a"), "a");
}

#[cfg(feature = "charset")]
mod with_encoding_rs {
    use ::encoding_rs::Encoding;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn others() {
        let table: &[(&str, &[u8], &str, &str)] = &[
            ("shift_jis", b"\x83\x65\x83\x58\x83\x67", "テスト", "テスト"),
            ("shift_jis", b"a\x83\x65\x83", "aテ\u{fffd}", "Shift_JIS 3"),
            ("euc-kr", b"ab\xff", "ab\u{fffd}", "EUC-KR 2"),
            ("gbk", b"\xc4\xe3\xba\xc3", "你好", "你好"),
            ("KOI8-R", b"\xcd\xc9\xd2", "мир", "мир"),
            ("iso-8859-15", b"\xa4", "€", "€"),
            ("iso-2022-kr", b"a", "a", "unknown iso-2022-kr"),
        ];
        for (label, bytes, lossy, exact) in table {
            let content_type = format!("text/plain; charset={label}");
            assert_eq!(decode(Some(content_type.as_bytes()), bytes), *lossy, "{label} {bytes:?}");
            assert_eq!(strict(&content_type, bytes), *exact, "{label} {bytes:?}");
        }
    }

    const OURS: [(&str, &[&str]); 4] = [
        (
            "UTF-8",
            &["utf-8", "utf8", "unicode-1-1-utf-8", "unicode11utf8", "unicode20utf8", "x-unicode20utf8"],
        ),
        (
            "windows-1252",
            &[
                "ansi_x3.4-1968",
                "ascii",
                "cp1252",
                "cp819",
                "csisolatin1",
                "ibm819",
                "iso-8859-1",
                "iso-ir-100",
                "iso8859-1",
                "iso88591",
                "iso_8859-1",
                "iso_8859-1:1987",
                "l1",
                "latin1",
                "us-ascii",
                "windows-1252",
                "x-cp1252",
            ],
        ),
        (
            "UTF-16LE",
            &["csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "utf-16", "utf-16le"],
        ),
        ("UTF-16BE", &["unicodefffe", "utf-16be"]),
    ];

    #[test]
    fn labels_are_those_of_encoding_rs() {
        for (name, labels) in OURS {
            for label in labels {
                let charset = Charset::from_label(label).unwrap();
                assert!(!matches!(charset, Charset::Other(_)), "{label}");
                assert_eq!(charset.name(), name, "{label}");
                assert_eq!(Encoding::for_label(label.as_bytes()).unwrap().name(), name, "{label}");
            }
        }
    }

    fn oracle(label: &str, bytes: &[u8]) -> Result<(), TestCaseError> {
        let content_type = format!("text/plain; charset={label}");
        let encoding = Encoding::for_label(label.as_bytes()).unwrap();
        let (text, used, bad) = encoding.decode(bytes);
        prop_assert_eq!(decode(Some(content_type.as_bytes()), bytes), text, "{} {:?}", label, bytes);
        let exact = decode_strict(Some(content_type.as_bytes()), bytes);
        prop_assert_eq!(exact.is_err(), bad);
        if let Err(CharsetError::Malformed { charset, offset }) = exact {
            prop_assert_eq!(charset, used.name());
            // The bytes before the offset are valid.
            prop_assert!(!encoding.decode(&bytes[..offset]).2);
        }
        Ok(())
    }

    #[test]
    fn every_byte_of_windows_1252() {
        let all = (0..=255).collect::<Vec<u8>>();
        oracle("windows-1252", &all).unwrap();
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn as_encoding_rs_does(
            label in prop::sample::select(vec!["utf-8", "latin1", "utf-16", "utf-16be", "shift_jis", "gb18030", "big5"]),
            bytes in prop_oneof![
                prop::collection::vec(any::<u8>(), 0..40),
                prop::collection::vec(prop::sample::select(vec![0xd8, 0xdc, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0, 0x61]), 0..12),
                "\\PC{0,10}".prop_map(String::into_bytes),
            ],
        ) {
            oracle(label, &bytes)?;
        }
    }
}
