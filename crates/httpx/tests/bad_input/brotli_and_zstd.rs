//! The content codings br and zstd: broken and empty bodies, bombs, parts, and what is asked for.

use httpx::ErrorKind;
use httpx::models::Coding;

use crate::support::encode::{brotli, gzip, zstd};
use crate::support::{Flavour, Reply, both_flavours};
use crate::{ask_for, check_connections, check_fails, check_usable};

both_flavours!(broken, complete, without_body, undecoded, bombs, asked_for,);

fn coded(status: &str, coding: &str, body: &[u8]) -> Reply {
    Reply::full(status, &format!("Content-Encoding: {coding}\r\n"), body)
}

/// A frame with this window descriptor (RFC 8878 §3.1.1.1.2), and one block of 5 bytes.
fn frame(window: u8) -> Vec<u8> {
    [&[0x28, 0xb5, 0x2f, 0xfd, 0, window][..], &[0x29, 0, 0], b"hello"].concat()
}

fn broken<F: Flavour>() {
    use ErrorKind::{Decode, Incomplete};
    let client = F::new();
    let (br, zst) = (brotli(b"hello, hello"), zstd(b"hello, hello"));
    let mut wrong_sum = zst.clone();
    *wrong_sum.last_mut().unwrap() ^= 1;
    let with = |body: &[u8], rest: &[u8]| [body, rest].concat();
    let rows: &[(&str, Vec<u8>, ErrorKind, &[&str])] = &[
        ("br", b"<html>this is no br</html>".to_vec(), Decode, &["(br)", "corrupt"]),
        ("br", gzip(b"hello"), Decode, &["(br)", "corrupt"]),
        ("br", br[..br.len() - 1].to_vec(), Incomplete, &["(br)", "cut short"]),
        ("br", br[..1].to_vec(), Incomplete, &["(br)", "cut short"]),
        ("br", with(&br, b"x"), Decode, &["(br)", "more bytes after the end"]),
        ("zstd", b"<html>this is no zstd</html>".to_vec(), Decode, &["(zstd)", "not in the format"]),
        ("zstd", gzip(b"hello"), Decode, &["(zstd)", "not in the format"]),
        ("zstd", zst[..zst.len() - 1].to_vec(), Incomplete, &["(zstd)", "cut short"]),
        ("zstd", zst[..5].to_vec(), Incomplete, &["(zstd)", "cut short"]),
        ("zstd", with(&zst, b"x"), Decode, &["(zstd)", "more bytes after the end"]),
        ("zstd", wrong_sum, Decode, &["(zstd)", "checksum is wrong"]),
        ("zstd", with(&frame(0)[..6], &[7, 0, 0]), Decode, &["(zstd)", "corrupt"]),
        ("zstd", frame(21 << 3), Decode, &["(zstd)", "a window of more than 8 MiB"]),
        ("zstd, br", brotli(&zst[..9]), Incomplete, &["(zstd, br)", "cut short"]),
        ("gzip", br, Decode, &["(gzip)", "not in the format"]),
        ("br, zstd, br, zstd", vec![0], Decode, &["more than 3"]),
    ];
    for (coding, body, kind, words) in rows {
        let until_close = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        let until_close = Reply::Close([until_close.as_bytes(), body].concat());
        for (reply, connections) in [(coded("200 OK", coding, body), 1), (until_close, 2)] {
            let (server, ask, url) = ask_for(&client, reply);
            let error = check_fails::<F>(ask, &url, *kind, words);
            assert_eq!(error.to_string().contains("decompress(false)"), *kind == Decode, "{error}");
            check_connections(&client, &server, connections);
        }
    }
}

fn complete<F: Flavour>() {
    let client = F::new();
    for (coding, body) in [
        ("br", brotli(b"hello")),
        ("BR", brotli(b"hello")),
        ("zstd", zstd(b"hello")),
        ("zstd", frame(13 << 3)),
        ("zstd", [zstd(b"hel"), zstd(b""), zstd(b"lo")].concat()),
        ("br, zstd, gzip", gzip(&zstd(&brotli(b"hello")))),
    ] {
        let (_server, ask, _) = ask_for(&client, coded("200 OK", coding, &body));
        let response = F::send(ask).unwrap();
        assert_eq!(response.text(), "hello", "{coding}");
        assert!(!response.headers().contains("Content-Encoding"));
        assert!(!response.headers().contains("Content-Length"));
    }
}

/// Bodies that are empty, or that may not be there.
fn without_body<F: Flavour>() {
    let client = F::new();
    for coding in ["gzip", "deflate", "br", "zstd", "zstd, br"] {
        let head = |status, length| {
            let lines = format!("HTTP/1.1 {status}\r\nContent-Encoding: {coding}\r\n{length}\r\n");
            Reply::Keep(lines.into_bytes())
        };
        for (method, reply) in [
            ("GET", head("200 OK", "Content-Length: 0\r\n")),
            ("GET", Reply::Keep([&head_bytes(coding)[..], b"0\r\n\r\n"].concat())),
            ("GET", head("204 No Content", "")),
            ("GET", head("304 Not Modified", "Content-Length: 1234\r\n")),
            ("HEAD", head("200 OK", "Content-Length: 1234\r\n")),
            ("HEAD", Reply::Keep(head_bytes(coding))),
        ] {
            let (server, _, url) = ask_for(&client, reply);
            let response = F::send(client.request(method, &url)).unwrap();
            assert_eq!(response.bytes().len(), 0, "{method} {coding}");
            check_usable(&client, &server);
        }
    }
}

fn head_bytes(coding: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\nTransfer-Encoding: chunked\r\n\r\n")
        .into_bytes()
}

/// On request, in an unknown coding, and parts: the bytes and the headers are those that were sent.
fn undecoded<F: Flavour>() {
    let client = F::new();
    let range = "206 Partial Content\r\nContent-Range: bytes 3-12/100";
    let ranges = "206 Partial Content\r\nContent-Type: multipart/byteranges; boundary=x";
    for (status, coding, body, decompress) in [
        ("200 OK", "br", brotli(b"hello"), false),
        ("200 OK", "zstd", zstd(b"hello"), false),
        ("200 OK", "br, compress", brotli(b"hello"), true),
        (range, "gzip", gzip(b"hello")[3..13].to_vec(), true),
        (range, "br", brotli(b"hello")[1..].to_vec(), true),
        (range, "zstd", zstd(b"hello")[3..13].to_vec(), true),
        (ranges, "zstd", b"--x\r\n".to_vec(), true),
    ] {
        let (_server, ask, _) = ask_for(&client, coded(status, coding, &body));
        let response = F::send(ask.decompress(decompress)).unwrap();
        assert_eq!(response.bytes(), &body, "{status} {coding}");
        assert_eq!(response.headers().get("Content-Encoding").unwrap(), coding);
        assert_eq!(response.headers().get("Content-Length").unwrap(), body.len().to_string().as_str());
    }
    // This body is whole.
    let none = "416 Range Not Satisfiable\r\nContent-Range: bytes */100";
    let (_server, ask, _) = ask_for(&client, coded(none, "br", &brotli(b"hello")));
    assert_eq!(F::send(ask).unwrap().text(), "hello");
}

/// Bodies of zeros without end: a read stops at its limit.
fn bombs<F: Flavour>() {
    let client = F::new();
    let zeros = vec![0; 1 << 20];
    let thrice = |encode: fn(&[u8]) -> Vec<u8>| encode(&encode(&encode(&zeros.repeat(8))));
    let endless = Reply::Endless(b"HTTP/1.1 200 OK\r\nContent-Encoding: zstd\r\n\r\n".into(), zstd(&zeros));
    for reply in [
        endless,
        coded("200 OK", "br", &brotli(&zeros.repeat(8))),
        coded("200 OK", "br, br, br", &thrice(brotli)),
        coded("200 OK", "zstd, zstd, zstd", &thrice(zstd)),
        coded("500 Oh", "gzip, br", &brotli(&gzip(&zeros.repeat(8)))),
    ] {
        let (server, ask, url) = ask_for(&client, reply);
        check_fails::<F>(ask.max_body_bytes(1 << 20), &url, ErrorKind::TooLarge, &["limit of 1048576 bytes"]);
        check_usable(&client, &server);
    }
    // Input that decodes to nothing, and nested input that decodes to nearly nothing.
    let empty = zstd(b"").repeat(2 << 16);
    for (coding, body, words) in [
        ("zstd", empty.clone(), "held no data"),
        ("zstd, br", brotli(&empty), "far more than the body itself"),
    ] {
        let (server, ask, url) = ask_for(&client, coded("200 OK", coding, &body));
        check_fails::<F>(ask, &url, ErrorKind::Decode, &[words]);
        check_usable(&client, &server);
    }
}

fn asked_for<F: Flavour>() {
    let value = |client: F, set: fn(crate::Ask<F>) -> crate::Ask<F>| {
        let request = set(client.get("http://h/")).build().unwrap();
        request.headers().get("Accept-Encoding").unwrap().to_str().unwrap().to_owned()
    };
    let two = || F::with(|client| client.accept_encodings([Coding::Zstd, Coding::Brotli]));
    assert_eq!(value(F::new(), |ask| ask), "gzip");
    assert_eq!(value(two(), |ask| ask), "zstd, br");
    assert_eq!(value(two(), |ask| ask.header("Range", "bytes=1-")), "identity");
    assert_eq!(value(two(), |ask| ask.header("Range", "bytes=1-").accept_encodings([Coding::Gzip])), "gzip");
    assert_eq!(value(F::new(), |ask| ask.accept_encodings(Coding::all())), "zstd, br, gzip, deflate");
    assert_eq!(value(two(), |ask| ask.accept_encodings(Coding::from_name("br"))), "br");
    assert_eq!(value(two(), |ask| ask.accept_encodings([])), "identity");
}
