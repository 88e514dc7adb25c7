//! What a client accepts and refuses: one row for each case, each played whole, byte by byte and cut in two at each
//! place.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;

use common::End::{self, Cut, Eof, Open};
use httpx_proto::Limits;

/// A name, what was sent (see `client_that_sent`), what came and how it ended, and what was said about it.
type Row = (&'static str, &'static str, &'static str, End, &'static str);

#[rustfmt::skip]
const VERSIONS: &[Row] = &[
    ("HTTP/1.1", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Open, "200 | end | ready"),
    ("HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", Open, "200 | end | never: Http10"),
    ("1.0 keeps alive", "GET", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 2\r\n\r\nok", Open, r#"200 | "ok" | end | ready"#),
    ("1.1 closes", "GET", "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 0\r\n\r\n", Open, "200 | end | never: PeerSaidClose"),
    ("we close", "CLOSE", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Open, "200 | end | never: WeSaidClose"),
    ("HTTP/2.0", "GET", "HTTP/2.0 200 OK\r\n\r\n", Open, r#"error Version("HTTP/2.0") | never: RemoteError"#),
    ("HTTP/2", "GET", "HTTP/2 200\r\n\r\n", Open, r#"error Version("HTTP/2 2") | never: RemoteError"#),
    ("HTTP/1.2", "GET", "HTTP/1.2 200 OK\r\n\r\n", Open, r#"error Version("HTTP/1.2") | never: RemoteError"#),
    ("lower case", "GET", "http/1.1 200 OK\r\n\r\n", Open, r#"error NotHttp("http/1.1") | never: RemoteError"#),
    ("HTTP/0.9", "GET", "<html>hello", Open, r#"error NotHttp("<html>he") | never: RemoteError"#),
    ("0.9, a short line", "GET", "hi\n", Open, r#"error NotHttp("hi\n") | never: RemoteError"#),
    ("0.9, short", "GET", "hi", Eof, r#"error NotHttp("hi") | never: RemoteError"#),
    ("ssh", "GET", "SSH-2.0-OpenSSH_9.6\r\n", Open, r#"error NotHttp("SSH-2.0-") | never: RemoteError"#),
    ("tls alert", "GET", "\x15\x03\x01\0\x02\x02\x46", Eof, r#"error NotHttp("\x15\x03\x01\x00\x02\x02F") | never: RemoteError"#),
];

#[rustfmt::skip]
const STATUS_LINES: &[Row] = &[
    ("no reason, a space", "GET", "HTTP/1.1 204 \r\n\r\n", Open, "204 () | end | ready"),
    ("no reason, no space", "GET", "HTTP/1.1 204\r\n\r\n", Open, "204 () | end | ready"),
    ("another reason", "GET", "HTTP/1.1 204 All  gone\r\n\r\n", Open, "204 (All  gone) | end | ready"),
    ("an unknown code", "GET", "HTTP/1.1 299 X\r\nContent-Length: 0\r\n\r\n", Open, "299 (X) | end | ready"),
    ("599", "GET", "HTTP/1.1 599 X\r\nContent-Length: 0\r\n\r\n", Open, "599 (X) | end | ready"),
    ("600", "GET", "HTTP/1.1 600 X\r\n\r\n", Open, "error Status(600) | never: RemoteError"),
    ("099", "GET", "HTTP/1.1 099 X\r\n\r\n", Open, "error Status(99) | never: RemoteError"),
    ("000", "GET", "HTTP/1.1 000 X\r\n\r\n", Open, "error Status(0) | never: RemoteError"),
    ("two digits", "GET", "HTTP/1.1 20 OK\r\n\r\n", Open, r#"error StartLine("HTTP/1.1 20 OK") | never: RemoteError"#),
    ("four digits", "GET", "HTTP/1.1 2000 OK\r\n\r\n", Open, r#"error StartLine("HTTP/1.1 2000 OK") | never: RemoteError"#),
    ("letters", "GET", "HTTP/1.1 2x0 OK\r\n\r\n", Open, r#"error StartLine("HTTP/1.1 2x0 OK") | never: RemoteError"#),
    ("a sign", "GET", "HTTP/1.1 +20 OK\r\n\r\n", Open, r#"error StartLine("HTTP/1.1 +20 OK") | never: RemoteError"#),
    ("two spaces", "GET", "HTTP/1.1  200 OK\r\n\r\n", Open, r#"error StartLine("HTTP/1.1  200 OK") | never: RemoteError"#),
    ("no space", "GET", "HTTP/1.1200 OK\r\n\r\n", Open, r#"error StartLine("HTTP/1.1200 OK") | never: RemoteError"#),
    ("a tab", "GET", "HTTP/1.1\t200 OK\r\n\r\n", Open, r#"error StartLine("HTTP/1.1\t200 OK") | never: RemoteError"#),
    ("no code", "GET", "HTTP/1.1\r\n\r\n", Open, r#"error StartLine("HTTP/1.1") | never: RemoteError"#),
    ("NUL in the reason", "GET", "HTTP/1.1 200 O\0K\r\n\r\n", Open, r#"error StartLine("HTTP/1.1 200 O\x00K") | never: RemoteError"#),
];

#[rustfmt::skip]
const LINES: &[Row] = &[
    ("bare LF", "GET", "HTTP/1.1 204 No Content\nA: b\n\n", Open, r#"204 {"A": "b"} | end | ready"#),
    ("bare LF, mixed", "GET", "HTTP/1.1 204 No Content\r\nA: b\n\r\n", Open, r#"204 {"A": "b"} | end | ready"#),
    ("bare CR", "GET", "HTTP/1.1 204 No Content\r\nA: b\rc\r\n\r\n", Open, "error BareCr | never: RemoteError"),
    ("bare CR at the end", "GET", "HTTP/1.1 204 No Content\r\nA: b\r\r\n\r\n", Open, "error BareCr | never: RemoteError"),
    ("bare CR in the reason", "GET", "HTTP/1.1 204 No\rContent\r\n\r\n", Open, r#"error StartLine("HTTP/1.1 204 No\rContent") | never: RemoteError"#),
    ("NUL", "GET", "HTTP/1.1 204 No Content\r\nA: b\0\r\n\r\n", Open, r#"error HeaderValue("A") | never: RemoteError"#),
    ("DEL", "GET", "HTTP/1.1 204 No Content\r\nA: \x7f\r\n\r\n", Open, r#"error HeaderValue("A") | never: RemoteError"#),
    ("ESC", "GET", "HTTP/1.1 204 No Content\r\nLong-Name-Of-A-Header: 0123456789abcdef\x1b[31m\r\n\r\n", Open, r#"error HeaderValue("Long-Name-Of-A-Header") | never: RemoteError"#),
    ("obs-text", "GET", "HTTP/1.1 204 No Content\r\nA: é\r\n\r\n", Open, r#"204 {"A": "\xc3\xa9"} | end | ready"#),
    ("tab", "GET", "HTTP/1.1 204 No Content\r\nA:\tb\tc\t\r\n\r\n", Open, r#"204 {"A": "b\tc"} | end | ready"#),
    ("empty value", "GET", "HTTP/1.1 204 No Content\r\nA:\r\nB: \r\n\r\n", Open, r#"204 {"A": "", "B": ""} | end | ready"#),
    ("no space behind the colon", "GET", "HTTP/1.1 204 No Content\r\nA:b\r\n\r\n", Open, r#"204 {"A": "b"} | end | ready"#),
    ("obs-fold", "GET", "HTTP/1.1 204 No Content\r\nA: b\r\n  c\r\n\td \r\nE: f\r\n\r\n", Open, r#"204 {"A": "b c d", "E": "f"} | end | ready"#),
    ("obs-fold of nothing", "GET", "HTTP/1.1 204 No Content\r\nA:\r\n b\r\n \r\n\r\n", Open, r#"204 {"A": "b"} | end | ready"#),
    ("obs-fold by bare LF", "GET", "HTTP/1.1 204 No Content\nA: b\n c\n\n", Open, r#"204 {"A": "b c"} | end | ready"#),
    ("obs-fold of a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length:\r\n 2\r\n\r\nok", Open, r#"200 | "ok" | end | ready"#),
    ("obs-fold inside a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n 3\r\n\r\nok", Open, r#"error ContentLength("2 3") | never: RemoteError"#),
    ("obs-fold inside a coding", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip,\r\n chunked\r\n\r\n", Open, "error UnsupportedCoding | never: RemoteError"),
    ("obs-fold after the start line", "GET", "HTTP/1.1 204 No Content\r\n A: b\r\n\r\n", Open, r#"error HeaderName(" A") | never: RemoteError"#),
    ("tab before the first field", "GET", "HTTP/1.1 204 No Content\r\n\tA: b\r\nB: c\r\n\r\n", Open, r#"error HeaderName("\tA") | never: RemoteError"#),
    ("space before the colon", "GET", "HTTP/1.1 204 No Content\r\nA : b\r\n\r\n", Open, r#"error HeaderName("A ") | never: RemoteError"#),
    ("tab before the colon", "GET", "HTTP/1.1 204 No Content\r\nA\t: b\r\n\r\n", Open, r#"error HeaderName("A\t") | never: RemoteError"#),
    ("space in the name", "GET", "HTTP/1.1 204 No Content\r\nA b: c\r\n\r\n", Open, r#"error HeaderName("A b") | never: RemoteError"#),
    ("empty name", "GET", "HTTP/1.1 204 No Content\r\n: b\r\n\r\n", Open, r#"error HeaderName("") | never: RemoteError"#),
    ("no token", "GET", "HTTP/1.1 204 No Content\r\nB: c\r\nA(b): c\r\n\r\n", Open, r#"error HeaderName("A(b)") | never: RemoteError"#),
    ("name outside ASCII", "GET", "HTTP/1.1 204 No Content\r\né: c\r\n\r\n", Open, r#"error HeaderName("\xc3\xa9") | never: RemoteError"#),
    ("no colon", "GET", "HTTP/1.1 204 No Content\r\nAbc\r\n\r\n", Open, r#"error HeaderName("Abc") | never: RemoteError"#),
    ("empty lines", "GET", "\r\n\n\r\nHTTP/1.1 204 No Content\r\n\r\n", Open, "204 | end | ready"),
    ("too many empty lines", "GET", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", Open, "error Limit(EmptyLines, 8) | never: RemoteError"),
    ("CR before the head", "GET", "\rHTTP/1.1 204 No Content\r\n\r\n", Open, "error BareCr | never: RemoteError"),
    ("space before the head", "GET", " HTTP/1.1 204 No Content\r\n\r\n", Open, r#"error NotHttp(" HTTP/1.") | never: RemoteError"#),
];

#[rustfmt::skip]
const LENGTHS: &[Row] = &[
    ("a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", Open, r#"200 | "hello" | end | ready"#),
    ("two equal lines", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", Open, r#"200 | "ok" | end | ready"#),
    ("a list of equal ones", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2,2 , 2\r\n\r\nok", Open, r#"200 | "ok" | end | ready"#),
    ("two lines differ", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", Open, "error ContentLengths(2, 3) | never: RemoteError"),
    ("a list differs", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2, 3\r\n\r\nok", Open, "error ContentLengths(2, 3) | never: RemoteError"),
    ("plus", "GET", "HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok", Open, r#"error ContentLength("+2") | never: RemoteError"#),
    ("minus", "GET", "HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok", Open, r#"error ContentLength("-2") | never: RemoteError"#),
    ("space inside", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 1 2\r\n\r\nok", Open, r#"error ContentLength("1 2") | never: RemoteError"#),
    ("hex", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 0x2\r\n\r\nok", Open, r#"error ContentLength("0x2") | never: RemoteError"#),
    ("empty", "GET", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nok", Open, r#"error ContentLength("") | never: RemoteError"#),
    ("an empty element", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2,\r\n\r\nok", Open, r#"error ContentLength("2,") | never: RemoteError"#),
    ("19 digits", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n", Open, "200 | end | ready"),
    ("20 digits", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 00000000000000000002\r\n\r\nok", Open, r#"error ContentLength("00000000000000000002") | never: RemoteError"#),
    ("no framing", "GET", "HTTP/1.1 200 OK\r\n\r\nhello", Eof, r#"200 | "hello" | end | never: BodyEndsIt"#),
    ("no framing, no end", "GET", "HTTP/1.1 200 OK\r\n\r\nhello", Open, r#"200 | "hello" | never: BodyEndsIt"#),
    ("no framing, no body", "GET", "HTTP/1.1 200 OK\r\n\r\n", Eof, "200 | end | never: BodyEndsIt"),
    ("no framing, cut under TLS", "GET", "HTTP/1.1 200 OK\r\n\r\nhello", Cut, r#"200 | "hello" | error Incomplete(Unclean) | never: RemoteError"#),
    ("a length, cut under TLS", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Cut, r#"200 | "ok" | end | never: PeerClosed"#),
];

#[rustfmt::skip]
const CODINGS: &[Row] = &[
    ("chunked", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", Open, r#"200 | "hello" | end | ready"#),
    ("Chunked", "GET", "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n0\r\n\r\n", Open, "200 | end | ready"),
    ("an empty element", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: , chunked,\r\n\r\n0\r\n\r\n", Open, "200 | end | ready"),
    ("gzip before", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Open, "error UnsupportedCoding | never: RemoteError"),
    ("gzip before, two lines", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", Open, "error UnsupportedCoding | never: RemoteError"),
    ("identity before", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity, chunked\r\n\r\n", Open, "error UnsupportedCoding | never: RemoteError"),
    ("chunked twice", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", Open, "error UnsupportedCoding | never: RemoteError"),
    ("chunked twice, two lines", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", Open, "error UnsupportedCoding | never: RemoteError"),
    ("gzip alone", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", Open, r#"error NotChunked("gzip") | never: RemoteError"#),
    ("chunked not last", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", Open, r#"error NotChunked("gzip") | never: RemoteError"#),
    ("identity", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 2\r\n\r\nok", Open, r#"error NotChunked("identity") | never: RemoteError"#),
    ("with a parameter", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked;a=b\r\n\r\n", Open, r#"error NotChunked("chunked;a=b") | never: RemoteError"#),
    ("not a token", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: \x0bchunked\r\n\r\n", Open, r#"error HeaderValue("Transfer-Encoding") | never: RemoteError"#),
    ("empty", "GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n", Open, r#"error NotChunked("") | never: RemoteError"#),
    ("with a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", Open, r#"200 | "ok" | end | never: Ambiguous"#),
    ("with a wrong length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: x\r\nTransfer-Encoding: chunked\r\n\r\n", Open, r#"error ContentLength("x") | never: RemoteError"#),
    ("from HTTP/1.0", "GET", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Open, "error TransferEncodingIn10 | never: RemoteError"),
];

/// Behind a head that says `chunked`.
#[rustfmt::skip]
const CHUNKS: &[Row] = &[
    ("two", "GET", "2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n", Open, r#""abcde" | end | ready"#),
    ("hex in both cases", "GET", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n", Open, r#""01234567890123456789" | end | ready"#),
    ("16 digits", "GET", "0000000000000001\r\na\r\n0000000000000000\r\n\r\n", Open, r#""a" | end | ready"#),
    ("17 digits", "GET", "00000000000000001\r\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("the largest", "GET", "FFFFFFFFFFFFFFFF\r\nabc", Open, r#""abc" | not yet"#),
    ("plus", "GET", "+1\r\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("minus", "GET", "-1\r\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("0x", "GET", "0x1\r\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("leading space", "GET", " 1\r\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("inner space", "GET", "1 1\r\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("no size", "GET", "\r\n\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("only an extension", "GET", ";a\r\n\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("bare LF", "GET", "1\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("bare LF behind an extension", "GET", "1;a\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("CR and no LF", "GET", "1\ra", Open, "error ChunkSize | never: RemoteError"),
    ("NUL in an extension", "GET", "1;\0\r\na\r\n", Open, "error ChunkSize | never: RemoteError"),
    ("no CRLF behind the data", "GET", "1\r\nab\r\n", Open, r#""a" | error ChunkEnd | never: RemoteError"#),
    ("LF behind the data", "GET", "1\r\na\n0\r\n\r\n", Open, r#""a" | error ChunkEnd | never: RemoteError"#),
    ("CR behind the data", "GET", "1\r\na\r0\r\n\r\n", Open, r#""a" | error ChunkEnd | never: RemoteError"#),
    ("space behind the size", "GET", "1 \t \r\na\r\n0  \r\n\r\n", Open, r#""a" | end | ready"#),
    ("space before an extension", "GET", "1 ;a\r\na\r\n0\r\n\r\n", Open, r#""a" | end | ready"#),
    ("extensions", "GET", "1;a=\"b c\";d\r\na\r\n0;e\r\n\r\n", Open, r#""a" | end | ready"#),
    ("trailers", "GET", "1\r\na\r\n0\r\nX-Sum: 9\r\nY: z\r\n\r\n", Open, r#""a" | end {"X-Sum": "9", "Y": "z"} | ready"#),
    ("trailers by bare LF", "GET", "0\r\nX-Sum: 9\n\n", Open, r#"end {"X-Sum": "9"} | ready"#),
    ("trailers that may not be", "GET", "0\r\nHost: a\r\nCONTENT-LENGTH: 5\r\nTransfer-Encoding: x\r\nSet-Cookie: a\r\nAuthorization: b\r\nContent-Encoding: c\r\nContent-Type: d\r\nContent-Range: e\r\nTrailer: f\r\nX: y\r\n\r\n", Open, r#"end {"X": "y"} | ready"#),
    ("a trailer that is none", "GET", "0\r\nX y: z\r\n\r\n", Open, r#"error HeaderName("X y") | never: RemoteError"#),
    ("white space before the trailers", "GET", "0\r\n X: z\r\n\r\n", Open, r#"error HeaderName(" X") | never: RemoteError"#),
    ("cut before a size", "GET", "1\r\na\r\n", Eof, r#""a" | error Incomplete(Chunk) | never: RemoteError"#),
    ("cut in a size", "GET", "1", Eof, "error Incomplete(Chunk) | never: RemoteError"),
    ("cut in a chunk", "GET", "5\r\nhel", Eof, r#""hel" | error Incomplete(Chunk) | never: RemoteError"#),
    ("cut behind a chunk", "GET", "1\r\na", Eof, r#""a" | error Incomplete(Chunk) | never: RemoteError"#),
    ("cut before the trailers", "GET", "0\r\n", Eof, "error Incomplete(Trailers) | never: RemoteError"),
    ("cut in the trailers", "GET", "0\r\nA: b\r\n", Eof, "error Incomplete(Trailers) | never: RemoteError"),
    ("cut under TLS", "GET", "5\r\nhel", Cut, r#""hel" | error Incomplete(Chunk) | never: RemoteError"#),
    ("bytes behind", "GET", "0\r\n\r\nx", Open, "end | never: UnaskedBytes"),
    ("a close behind", "GET", "0\r\n\r\n", Eof, "end | never: PeerClosed"),
];

#[rustfmt::skip]
const EXCHANGES: &[Row] = &[
    ("cut before the head", "GET", "", Eof, "error Incomplete(Nothing) | never: RemoteError"),
    ("cut in the start line", "GET", "HTT", Eof, "error Incomplete(Head) | never: RemoteError"),
    ("cut in the head", "GET", "HTTP/1.1 200 OK\r\nA: b\r\n", Eof, "error Incomplete(Head) | never: RemoteError"),
    ("cut in a length", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", Eof, r#"200 | "hel" | error Incomplete(Length { expected: 5, got: 3 }) | never: RemoteError"#),
    ("cut behind an interim", "GET", "HTTP/1.1 103 Early Hints\r\n\r\n", Eof, "interim 103 | error Incomplete(Head) | never: RemoteError"),
    ("interim", "GET", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", Open, r#"interim 100 | interim 103 {"Link": "a"} | 204 | end | ready"#),
    ("interim with a length", "GET", "HTTP/1.1 102 Processing\r\nContent-Length: 9\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", Open, "interim 102 | 204 | end | ready"),
    ("101 unasked", "GET", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n", Open, "error UnaskedSwitch | never: RemoteError"),
    ("101 without Upgrade", "UPGRADE", "HTTP/1.1 101 Switching Protocols\r\n\r\n", Open, "error UnaskedSwitch | never: RemoteError"),
    ("101", "UPGRADE", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n\x01\x02", Open, "101 | never: Switched"),
    ("an upgrade that is declined", "UPGRADE", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Open, r#"200 | "ok" | end | ready"#),
    ("2xx to CONNECT", "CONNECT", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nhello", Open, "200 | never: Switched"),
    ("403 to CONNECT", "CONNECT", "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", Open, r#"403 | "no" | end | ready"#),
    ("bytes behind the end", "GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n", Open, r#"200 | "ok" | end | never: UnaskedBytes"#),
    ("HEAD", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Open, "200 | end | ready"),
    ("HEAD, chunked", "HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", Open, "200 | end | ready"),
    ("HEAD, no framing", "HEAD", "HTTP/1.1 200 OK\r\n\r\n", Open, "200 | end | ready"),
    ("HEAD, with a body", "HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", Open, "200 | end | never: UnaskedBytes"),
    ("204 with a length", "GET", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", Open, "204 | end | ready"),
    ("204 chunked", "GET", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", Open, "204 | end | ready"),
    ("304 with a length", "GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", Open, "304 | end | ready"),
    ("unasked bytes", "-", "HTTP/1.1 408 Request Timeout\r\n\r\n", Eof, "error Unasked | never: RemoteError"),
    ("a close while idle", "-", "", Eof, "closed | never: PeerClosed"),
    ("a cut while idle", "-", "", Cut, "closed | never: PeerClosed"),
    ("idle", "-", "", Open, "ready"),
];

fn check(rows: &[Row], prefix: &str, said: &str) {
    for &(name, sent, bytes, end, expected) in rows {
        let bytes = [prefix, bytes].concat();
        let new = || common::client_that_sent(sent, Limits::default());
        let mut said_now = common::play_every_split(new, bytes.as_bytes(), end);
        if let Some(rest) = said_now.strip_prefix(said) {
            said_now = rest.to_owned();
        }
        assert_eq!(said_now, expected, "{name}");
    }
}

#[test]
fn versions() {
    check(VERSIONS, "", "");
}

#[test]
fn status_lines() {
    check(STATUS_LINES, "", "");
}

#[test]
fn lines() {
    check(LINES, "", "");
}

#[test]
fn lengths() {
    check(LENGTHS, "", "");
}

#[test]
fn codings() {
    check(CODINGS, "", "");
}

#[test]
fn chunks() {
    check(CHUNKS, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "200 | ");
}

#[test]
fn exchanges() {
    check(EXCHANGES, "", "");
}
