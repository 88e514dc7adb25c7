//! Content codings that are broken, and bodies that are too large.

use httpx::ErrorKind;
use httpx::models::RequestSent;

use crate::support::encode::{gzip, raw_deflate, zlib};
use crate::support::{Flavour, Reply, both_flavours};
use crate::{ask_for, check, check_connections, check_fails, check_usable};

both_flavours!(
    codings,
    too_large,
    a_bomb_stops_early,
    a_streamed_bomb_takes_no_memory,
    a_nested_bomb_is_refused,
    the_total_timeout_ends_decoding,
);

fn coded(coding: &str, body: &[u8]) -> Reply {
    Reply::full("200 OK", &format!("Content-Encoding: {coding}\r\n"), body)
}

fn codings<F: Flavour>() {
    use ErrorKind::{Decode, Incomplete};
    let client = F::new();
    let whole = gzip(b"hello, hello, hello");
    let mut wrong_sum = whole.clone();
    *wrong_sum.iter_mut().rev().nth(5).unwrap() ^= 1;
    let four = "gzip, gzip, gzip, gzip";
    let rows: [(&str, &[u8], ErrorKind, &[&str]); 12] = [
        ("gzip", b"this is no gzip at all", Decode, &["gzip", "decompress(false)"]),
        ("gzip", &whole[..whole.len() - 9], Incomplete, &["(gzip)", "cut short"]),
        ("gzip", &whole[..whole.len() - 1], Incomplete, &["gzip"]),
        ("gzip", &whole[..5], Incomplete, &["gzip"]),
        ("gzip", &wrong_sum, Decode, &["gzip"]),
        ("deflate", b"\x78\x9c\xff\xff\xff\xff", Decode, &["deflate"]),
        ("deflate", &zlib(b"hello")[..5], Incomplete, &["deflate"]),
        ("deflate", &raw_deflate(b"hello")[..5], Incomplete, &["(deflate)", "cut short"]),
        ("deflate", b"<html>this is no deflate</html>", Decode, &["(deflate)", "corrupt"]),
        ("deflate", &whole, Decode, &["(deflate)", "corrupt"]),
        ("gzip", &zlib(b"hello"), Decode, &["(gzip)", "not in the format"]),
        (four, &whole, Decode, &["3"]),
    ];
    for (coding, body, kind, words) in rows {
        let words = [&["content coding"], words].concat();
        // With a length, or with a body that ends with the connection.
        let until_close = format!("HTTP/1.1 200 OK\r\nContent-Encoding: {coding}\r\n\r\n");
        let until_close = Reply::Close([until_close.as_bytes(), body].concat());
        for (reply, connections) in [(coded(coding, body), 1), (until_close, 2)] {
            let (server, ask, url) = ask_for(&client, reply.clone());
            let error = check_fails::<F>(ask, &url, kind, &words);
            assert_eq!(error.is_transient(), kind == Incomplete, "{error:?}");
            assert_eq!(error.request_sent(), Some(RequestSent::Complete));
            assert_eq!(error.to_string().contains("decompress(false)"), kind == Decode, "{error}");
            check_connections(&client, &server, connections);

            // Streamed, the error comes instead of the head, or after the bytes that could be decoded.
            let (server, ask, url) = ask_for(&client, reply);
            let error = match F::stream(ask) {
                Ok(mut streamed) => F::drain(&mut streamed).1.unwrap_err(),
                Err(error) => error,
            };
            check(&error, kind, &words);
            assert_eq!(error.url(), Some(&*url), "{error:?}");
            check_connections(&client, &server, connections);
        }
    }
    let twice = gzip(&gzip(b"hello"));
    for (coding, body) in [
        ("gzip", gzip(b"hello")),
        ("x-gzip", gzip(b"hello")),
        ("GZIP", gzip(b"hello")),
        ("gzip, gzip", twice),
        ("gzip", [gzip(b"hel"), gzip(b""), gzip(b"lo")].concat()),
        ("gzip", [&gzip(b"hello")[..], b"what follows is ignored"].concat()),
        ("deflate", zlib(b"hello")),
        ("deflate", raw_deflate(b"hello")),
        ("deflate", [&zlib(b"hello")[..], b"what follows is ignored"].concat()),
        ("deflate", [&raw_deflate(b"hello")[..], b"what follows is ignored"].concat()),
        ("identity", b"hello".to_vec()),
    ] {
        let (server, ask, _) = ask_for(&client, coded(coding, &body));
        let response = F::send(ask).unwrap();
        assert_eq!(response.text(), "hello", "{coding}");
        assert_eq!(response.headers().contains("Content-Encoding"), coding == "identity");
        check_connections(&client, &server, 1);
    }
    // Not decoded.
    let (_server, ask, _) = ask_for(&client, coded("gzip", &whole));
    let response = F::send(ask.decompress(false)).unwrap();
    assert_eq!(response.headers().get("Content-Encoding").unwrap(), "gzip");
    assert_eq!(response.bytes(), &whole);
}

fn too_large<F: Flavour>() {
    let client = F::with(|client| client.max_body_bytes(4));
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    let words = ["limit of 4 bytes", "raise it with max_body_bytes()", "stream the body"];
    for (reply, connections) in [
        // Announced, and not read at all.
        (Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n".into()), 2),
        (Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\n".into()), 2),
        (Reply::full("200 OK", "", "hello"), 1),
        // Not announced.
        (Reply::Close(b"HTTP/1.1 200 OK\r\n\r\nhello".into()), 2),
        // Nobody knows how much of it is left.
        (Reply::Keep(chunked.into()), 2),
        (Reply::Endless(b"HTTP/1.1 200 OK\r\n\r\n".into(), b"x".repeat(1000)), 2),
        // Once decoded.
        (coded("gzip", &gzip(b"hello")), 1),
    ] {
        let (server, ask, url) = ask_for(&client, reply);
        check_fails::<F>(ask, &url, ErrorKind::TooLarge, &words);
        check_connections(&client, &server, connections);
    }
    let (_server, ask, _) = ask_for(&client, coded("gzip", &gzip(b"fine")));
    assert_eq!(F::send(ask).unwrap().text(), "fine");
    // A stream has no limit.
    let (_server, ask, _) = ask_for(&client, Reply::ok("hello"));
    assert_eq!(F::drain(&mut F::stream(ask).unwrap()).0, b"hello");
}

/// 1 GiB of zeros in 1 MiB: members of 1 MiB each.
fn bomb() -> Reply {
    let member = gzip(&vec![0; 1 << 20]);
    Reply::Endless(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".into(), member)
}

/// The peak memory of this process, in KiB, if the system reports it.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or(0, |line| line.trim().trim_end_matches(" kB").parse().unwrap())
}

fn a_bomb_stops_early<F: Flavour>() {
    let client = F::new();
    let (server, ask, url) = ask_for(&client, bomb());
    let before = peak_memory();
    check_fails::<F>(ask.max_body_bytes(1 << 20), &url, ErrorKind::TooLarge, &["limit of 1048576 bytes"]);
    // Other tests run beside this one; some of them hold an upload of 64 MiB.
    assert!(peak_memory() < before + (200 << 10), "{before} KiB before, {} KiB after", peak_memory());
    check_usable(&client, &server);
}

fn a_streamed_bomb_takes_no_memory<F: Flavour>() {
    let client = F::new();
    let (server, ask, _) = ask_for(&client, bomb());
    let before = peak_memory();
    let mut streamed = F::stream(ask).unwrap();
    let mut read = 0;
    while read < 64 << 20 {
        let some = F::read_some(&mut streamed, 64 << 10).unwrap();
        assert!(!some.is_empty() && some.iter().all(|&byte| byte == 0));
        read += some.len();
    }
    assert!(peak_memory() < before + (200 << 10), "{before} KiB before, {} KiB after", peak_memory());
    // The body has no end. It is dropped, which does not wait.
    drop(streamed);
    check_usable(&client, &server);
}

/// Each byte of the body costs 950 KB of empty blocks, so that it stays below every limit on the decoded bytes.
fn a_nested_bomb_is_refused<F: Flavour>() {
    let client = F::new();
    let blocks = [0, 0, 0, 0xff, 0xff].repeat(190_000);
    let one = [&blocks[..], &[0, 1, 0, 0xfe, 0xff, b'x']].concat();
    let inner = [&gzip(b"")[..10], &one.repeat(20)].concat();
    let (server, ask, url) = ask_for(&client, coded("gzip, gzip, gzip", &gzip(&gzip(&inner))));
    check_fails::<F>(ask, &url, ErrorKind::Decode, &["gzip, gzip, gzip", "far more than the body itself"]);
    check_usable(&client, &server);
}

/// The whole response has arrived, and decoding it would take long.
fn the_total_timeout_ends_decoding<F: Flavour>() {
    let client = F::new();
    let gibibyte = gzip(&vec![0; 16 << 20]).repeat(64);
    let (_server, ask, url) = ask_for(&client, coded("gzip, gzip", &gzip(&gibibyte)));
    let ask = ask.max_body_bytes(u64::MAX).timeout(std::time::Duration::from_millis(100));
    check_fails::<F>(ask, &url, ErrorKind::Timeout(httpx::models::Timeout::Total), &["within 100ms"]);
}
