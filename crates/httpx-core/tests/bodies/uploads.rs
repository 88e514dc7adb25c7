//! Bodies of requests: their contents and their lengths.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use httpx_core::{Encoded, Length, MessageBody, ahttpx, blocking};

fn lengths<B>()
where
    B: MessageBody
        + From<&'static str>
        + From<String>
        + From<&'static [u8; 3]>
        + From<&'static [u8]>
        + From<Vec<u8>>
        + From<bytes::Bytes>,
{
    let bodies: [B; 8] = [
        "abc".into(),
        String::from("abc").into(),
        b"abc".into(),
        b"abc"[..].into(),
        b"abc".to_vec().into(),
        bytes::Bytes::from_static(b"abc").into(),
        B::from(Encoded::from("abc")),
        B::from("abc").try_clone().unwrap(),
    ];
    for body in bodies {
        assert_eq!((body.length(), &body.as_bytes().unwrap()[..]), (Length::Known(3), &b"abc"[..]));
    }
    assert_eq!(B::default().length(), Length::None);
    assert_eq!(B::from("").length(), Length::None);
}

#[test]
fn from_bytes_and_text() {
    lengths::<blocking::Body>();
    lengths::<ahttpx::Body>();
    let body = blocking::Body::from(vec![1; 3]);
    assert_eq!(body.into_bytes().unwrap(), &[1, 1, 1][..]);
}

#[test]
fn a_file_is_sent_from_its_position_with_its_length() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let text = std::fs::read(path).unwrap();
    for start in [0, 10, text.len(), text.len() + 10] {
        let mut file = File::open(path).unwrap();
        file.seek(SeekFrom::Start(start as u64)).unwrap();
        let body = blocking::Body::from(file);
        let rest = text.get(start..).unwrap_or_default();
        // Beyond the end the length is unknown, and the file gives nothing.
        let known = (start <= text.len()).then_some(Length::Known(rest.len() as u64));
        assert_eq!(body.length(), known.unwrap_or(Length::Unknown));
        assert_eq!(body.into_bytes().unwrap(), rest);
    }
}

#[cfg(unix)]
#[test]
fn a_file_without_a_length_is_sent_in_chunks() {
    let body = blocking::Body::from(File::open("/dev/null").unwrap());
    assert_eq!(body.length(), Length::Unknown);
    assert_eq!(body.into_bytes().unwrap(), "");
}

/// Files of /proc are regular, and say that they are empty.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_hides_its_length_is_sent_whole() {
    let body = blocking::Body::from(File::open("/proc/self/status").unwrap());
    assert_eq!(body.length(), Length::Unknown);
    assert!(body.into_bytes().unwrap().starts_with(b"Name:"));
}

#[test]
fn a_sized_reader_has_its_length() {
    let sized = |text: &'static str| blocking::Body::from_sized_reader(text.as_bytes(), 5);
    let mut body = sized("12345");
    assert_eq!(body.length(), Length::Known(5));
    assert_eq!(body.read(&mut [0; 2]).unwrap(), 2);
    assert_eq!(body.length(), Length::Known(3));
    assert_eq!(body.into_bytes().unwrap(), "345");
    // One that is too long is noticed before its last byte is handed out, if the reader gives more at once.
    let mut body = sized("123456");
    assert_eq!(body.read(&mut [0; 4]).unwrap(), 4);
    assert_eq!(body.read(&mut [0; 4]).unwrap_err().to_string(), TOO_LONG);
    let mut body = sized("123456");
    for _ in 0..5 {
        assert_eq!(body.read(&mut [0; 1]).unwrap(), 1);
    }
    assert_eq!(body.read(&mut [0; 1]).unwrap_err().to_string(), TOO_LONG);
    assert!(body.read(&mut [0; 1]).is_err());
    let limited = std::io::repeat(b'x').take(5);
    assert_eq!(blocking::Body::from_sized_reader(limited, 5).into_bytes().unwrap(), "xxxxx");
}

const TOO_LONG: &str = "the body of the request is longer than announced; announce no length (from_reader, from_chunks, \
                        from_stream), or send exactly as many bytes";

#[test]
fn bodies_and_responses_are_shared_between_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<blocking::Body>();
    check::<ahttpx::Body>();
    check::<httpx_core::Response<blocking::Body>>();
    check::<httpx_core::Response<ahttpx::Body>>();
    check::<httpx_core::Request<ahttpx::Body>>();
}
