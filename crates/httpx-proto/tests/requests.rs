//! What a server accepts and refuses: one row for each case, each played whole, byte by byte and cut in two at each
//! place. A row that is refused says with which status.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod common;

use common::End::{self, Eof, Open};
use httpx_proto::{Limits, Server};

/// A name, what came and how it ended, and what was said about it.
type Row = (&'static str, &'static str, End, &'static str);

#[rustfmt::skip]
const LINES: &[Row] = &[
    ("HTTP/1.1", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", Open, "GET / | end | not yet"),
    ("HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", Open, "GET / | end | never: Http10"),
    ("1.0 keeps alive", "GET / HTTP/1.0\r\nConnection: x, Keep-Alive\r\n\r\n", Open, "GET / | end | not yet"),
    ("1.1 closes", "GET / HTTP/1.1\r\nHost: h\r\nConnection: x\r\nconnection: y, Close\r\n\r\n", Open, "GET / | end | never: PeerSaidClose"),
    ("close and keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", Open, "GET / | end | never: PeerSaidClose"),
    ("HTTP/1.2", "GET / HTTP/1.2\r\n", Open, r#"505 Version("HTTP/1.2") | never: RemoteError"#),
    ("HTTP/2.0", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Open, r#"505 Version("HTTP/2.0") | never: RemoteError"#),
    ("HTTP/2", "GET / HTTP/2\r\n\r\n", Open, r#"400 StartLine("GET / HTTP/2") | never: RemoteError"#),
    ("lower case", "GET / http/1.1\r\n\r\n", Open, r#"400 StartLine("GET / http/1.1") | never: RemoteError"#),
    ("HTTP/0.9", "GET /\r\n", Open, r#"400 StartLine("GET /") | never: RemoteError"#),
    ("HTTP/0.9, bare LF", "GET /\n", Open, "400 BareLf | never: RemoteError"),
    ("TLS", "\x16\x03\x01\x02\0\x01\0", Open, r#"400 NotHttp("\x16") | never: RemoteError"#),
    ("no method", " / HTTP/1.1\r\n\r\n", Open, r#"400 NotHttp(" ") | never: RemoteError"#),
    ("a method that is none", "G(T / HTTP/1.1\r\n\r\n", Open, r#"400 NotHttp("G(") | never: RemoteError"#),
    ("any method", "M-SEARCH / HTTP/1.1\r\nHost: h\r\n\r\n", Open, "M-SEARCH / | end | not yet"),
    ("a method in lower case", "get / HTTP/1.1\r\nHost: h\r\n\r\n", Open, "get / | end | not yet"),
    ("32 bytes of method", "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB / HTTP/1.1\r\nHost: h\r\n\r\n", Open, "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB / | end | not yet"),
    ("33", "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBC / HTTP/1.1\r\n", Open, r#"501 Method("AAAAAAAAAAAAAAAABBBBBBBB…") | never: RemoteError"#),
    ("two spaces", "GET  / HTTP/1.1\r\n\r\n", Open, r#"400 StartLine("GET  / HTTP/1.1") | never: RemoteError"#),
    ("two spaces behind", "GET /  HTTP/1.1\r\n\r\n", Open, r#"400 StartLine("GET /  HTTP/1.1") | never: RemoteError"#),
    ("a tab", "GET\t/ HTTP/1.1\r\n\r\n", Open, r#"400 NotHttp("GET\t") | never: RemoteError"#),
    ("space at the end", "GET / HTTP/1.1 \r\n\r\n", Open, r#"400 StartLine("GET / HTTP/1.1 ") | never: RemoteError"#),
    ("no target", "GET HTTP/1.1\r\n\r\n", Open, r#"400 StartLine("GET HTTP/1.1") | never: RemoteError"#),
    ("an empty target", "GET  HTTP/1.1\r\n\r\n", Open, r#"400 Target("") | never: RemoteError"#),
    ("space in the target", "GET /a b HTTP/1.1\r\n\r\n", Open, r#"400 StartLine("GET /a b HTTP/1.1") | never: RemoteError"#),
    ("tab in the target", "GET /a\tb HTTP/1.1\r\n\r\n", Open, r#"400 Target("/a\tb") | never: RemoteError"#),
    ("NUL in the target", "GET /a\0b HTTP/1.1\r\n\r\n", Open, r#"400 Target("/a\x00b") | never: RemoteError"#),
    ("CR in the target", "GET /a\rb HTTP/1.1\r\n\r\n", Open, r#"400 Target("/a\rb") | never: RemoteError"#),
    ("beyond ASCII", "GET /é HTTP/1.1\r\n\r\n", Open, r#"400 Target("/\xc3\xa9") | never: RemoteError"#),
    ("a fragment", "GET /a#b HTTP/1.1\r\n\r\n", Open, r#"400 Target("/a#b") | never: RemoteError"#),
    ("absolute", "GET http://a/b?c HTTP/1.1\r\nHost: h\r\n\r\n", Open, "GET http://a/b?c | end | not yet"),
    ("absolute, a user", "GET http://u:p@a/ HTTP/1.1\r\nHost: h\r\n\r\n", Open, r#"400 Target("http://u:p@a/") | never: RemoteError"#),
    ("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: h\r\n\r\n", Open, "CONNECT a:443 | end | not yet"),
    ("CONNECT with a path", "CONNECT / HTTP/1.1\r\nHost: h\r\n\r\n", Open, r#"400 Target("/") | never: RemoteError"#),
    ("CONNECT without a port", "CONNECT a HTTP/1.1\r\nHost: h\r\n\r\n", Open, r#"400 Target("a") | never: RemoteError"#),
    ("an authority without CONNECT", "GET a:443 HTTP/1.1\r\nHost: h\r\n\r\n", Open, r#"400 Target("a:443") | never: RemoteError"#),
    ("asterisk", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", Open, "OPTIONS * | end | not yet"),
    ("asterisk without OPTIONS", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", Open, r#"400 Target("*") | never: RemoteError"#),
    ("empty lines", "\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", Open, "GET / | end | not yet"),
    ("too many empty lines", "\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\n", Open, "431 Limit(EmptyLines, 8) | never: RemoteError"),
    ("an empty line by LF", "\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", Open, "400 BareLf | never: RemoteError"),
    ("CR before the line", "\rGET / HTTP/1.1\r\nHost: h\r\n\r\n", Open, "400 BareCr | never: RemoteError"),
    ("an empty line at the end", "\r\n", Eof, "closed | never: PeerClosed"),
    ("nothing", "", Eof, "closed | never: PeerClosed"),
    ("nothing yet", "", Open, "ready"),
    ("cut in the line", "GET / HT", Eof, "400 Incomplete(Head) | never: RemoteError"),
    ("cut in the head", "GET / HTTP/1.1\r\nHost: h\r\n", Eof, "400 Incomplete(Head) | never: RemoteError"),
];

/// Behind `GET / HTTP/1.1`.
#[rustfmt::skip]
const FIELDS: &[Row] = &[
    ("fields", "Host: h\r\nA: b\r\nC:\td \r\nE:\r\n\r\n", Open, r#"GET / {"A": "b", "C": "d", "E": ""} | end | not yet"#),
    ("no fields", "\r\n", Open, "400 Host | never: RemoteError"),
    ("no Host", "A: b\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("two Hosts", "Host: h\r\nHost: h\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("two Hosts in one", "Host: a, b\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("an empty Host", "Host:\r\n\r\n", Open, r#"GET / {"Host": ""} | end | not yet"#),
    ("a Host with a port", "Host: [::1]:80\r\n\r\n", Open, r#"GET / {"Host": "[::1]:80"} | end | not yet"#),
    ("a Host with a path", "Host: h/a\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("a Host with a user", "Host: u@h\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("a Host with a space", "Host: a b\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("a Host beyond ASCII", "Host: é\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("bare LF", "Host: h\nA: b\r\n\r\n", Open, "400 BareLf | never: RemoteError"),
    ("bare LF at the end", "Host: h\r\n\n", Open, "400 BareLf | never: RemoteError"),
    ("bare CR", "Host: h\r\nA: b\rc\r\n\r\n", Open, "400 BareCr | never: RemoteError"),
    ("bare CR in a name", "Host: h\r\nA\r: b\r\n\r\n", Open, "400 BareCr | never: RemoteError"),
    ("CR CR LF", "Host: h\r\r\n\r\n", Open, "400 BareCr | never: RemoteError"),
    ("NUL", "Host: h\r\nA: b\0\r\n\r\n", Open, r#"400 HeaderValue("A") | never: RemoteError"#),
    ("DEL", "Host: h\r\nA: \x7f\r\n\r\n", Open, r#"400 HeaderValue("A") | never: RemoteError"#),
    ("obs-text", "Host: h\r\nA: é\r\n\r\n", Open, r#"GET / {"A": "\xc3\xa9"} | end | not yet"#),
    ("obs-fold", "Host: h\r\nA: b\r\n c\r\n\r\n", Open, r#"400 HeaderName(" c") | never: RemoteError"#),
    ("obs-fold by a tab", "Host: h\r\nA: b\r\n\tc: d\r\n\r\n", Open, r#"400 HeaderName("\tc: d") | never: RemoteError"#),
    ("obs-fold of nothing", "Host: h\r\nA: b\r\n \r\n\r\n", Open, r#"400 HeaderName(" ") | never: RemoteError"#),
    ("space before the first field", " Host: h\r\n\r\n", Open, r#"400 HeaderName(" Host") | never: RemoteError"#),
    ("space before the colon", "Host : h\r\n\r\n", Open, r#"400 HeaderName("Host ") | never: RemoteError"#),
    ("space in the name", "Host: h\r\nA b: c\r\n\r\n", Open, r#"400 HeaderName("A b") | never: RemoteError"#),
    ("empty name", "Host: h\r\n: b\r\n\r\n", Open, r#"400 HeaderName("") | never: RemoteError"#),
    ("no token", "Host: h\r\nA[: b\r\n\r\n", Open, r#"400 HeaderName("A[") | never: RemoteError"#),
    ("name beyond ASCII", "Host: h\r\né: b\r\n\r\n", Open, r#"400 HeaderName("\xc3\xa9") | never: RemoteError"#),
    ("no colon", "Host: h\r\nAbc\r\n\r\n", Open, r#"400 HeaderName("Abc") | never: RemoteError"#),
    ("expects", "Host: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nok", Open, r#"GET / {"Expect": "100-Continue"} | "ok" | end | not yet"#),
    ("expects something else", "Host: h\r\nExpect: tea\r\n\r\n", Open, "417 Expect | never: RemoteError"),
    ("expects more", "Host: h\r\nExpect: 100-continue\r\nExpect: 100-continue, tea\r\n\r\n", Open, "417 Expect | never: RemoteError"),
];

/// Behind `POST / HTTP/1.1` and a `Host`.
#[rustfmt::skip]
const FRAMING: &[Row] = &[
    ("none", "\r\n", Open, "end | not yet"),
    ("a length", "Content-Length: 5\r\n\r\nhello", Open, r#""hello" | end | not yet"#),
    ("no length", "Content-Length: 0\r\n\r\n", Open, "end | not yet"),
    ("a length, cut", "Content-Length: 5\r\n\r\nhel", Eof, r#""hel" | 400 Incomplete(Length { expected: 5, got: 3 }) | never: RemoteError"#),
    ("two equal lines", "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", Open, "400 ContentLengths(5, 5) | never: RemoteError"),
    ("a list of equal ones", "Content-Length: 5, 5\r\n\r\n", Open, "400 ContentLengths(5, 5) | never: RemoteError"),
    ("two lines differ", "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", Open, "400 ContentLengths(5, 6) | never: RemoteError"),
    ("a list differs", "Content-Length: 5, 6\r\n\r\n", Open, "400 ContentLengths(5, 6) | never: RemoteError"),
    ("plus", "Content-Length: +5\r\n\r\n", Open, r#"400 ContentLength("+5") | never: RemoteError"#),
    ("minus", "Content-Length: -5\r\n\r\n", Open, r#"400 ContentLength("-5") | never: RemoteError"#),
    ("space inside", "Content-Length: 5 5\r\n\r\n", Open, r#"400 ContentLength("5 5") | never: RemoteError"#),
    ("hex", "Content-Length: 0x5\r\n\r\n", Open, r#"400 ContentLength("0x5") | never: RemoteError"#),
    ("an underscore", "Content-Length: 1_0\r\n\r\n", Open, r#"400 ContentLength("1_0") | never: RemoteError"#),
    ("empty", "Content-Length:\r\n\r\n", Open, r#"400 ContentLength("") | never: RemoteError"#),
    ("an empty element", "Content-Length: 5,\r\n\r\n", Open, r#"400 ContentLength("5,") | never: RemoteError"#),
    ("19 digits", "Content-Length: 9999999999999999999\r\n\r\nab", Open, r#""ab" | not yet"#),
    ("20 digits", "Content-Length: 00000000000000000005\r\n\r\n", Open, r#"400 ContentLength("00000000000000000005") | never: RemoteError"#),
    ("chunked", "Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", Open, r#""hello" | end | not yet"#),
    ("empty elements", "Transfer-Encoding: ,chunked ,\r\n\r\n0\r\n\r\n", Open, "end | not yet"),
    ("gzip before", "Transfer-Encoding: gzip, chunked\r\n\r\n", Open, "501 UnsupportedCoding | never: RemoteError"),
    ("gzip before, two lines", "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n", Open, "501 UnsupportedCoding | never: RemoteError"),
    ("identity before", "Transfer-Encoding: identity, chunked\r\n\r\n", Open, "501 UnsupportedCoding | never: RemoteError"),
    ("chunked twice", "Transfer-Encoding: chunked, chunked\r\n\r\n", Open, "501 UnsupportedCoding | never: RemoteError"),
    ("chunked twice, two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", Open, "501 UnsupportedCoding | never: RemoteError"),
    ("gzip alone", "Transfer-Encoding: gzip\r\n\r\n", Open, r#"400 NotChunked("gzip") | never: RemoteError"#),
    ("chunked not last", "Transfer-Encoding: chunked, gzip\r\n\r\n", Open, r#"400 NotChunked("gzip") | never: RemoteError"#),
    ("with a parameter", "Transfer-Encoding: chunked;q=1\r\n\r\n", Open, r#"400 NotChunked("chunked;q=1") | never: RemoteError"#),
    ("nearly chunked", "Transfer-Encoding: xchunked\r\n\r\n", Open, r#"400 NotChunked("xchunked") | never: RemoteError"#),
    ("empty coding", "Transfer-Encoding:\r\n\r\n", Open, r#"400 NotChunked("") | never: RemoteError"#),
    ("vertical tab", "Transfer-Encoding: \x0bchunked\r\n\r\n", Open, r#"400 HeaderValue("Transfer-Encoding") | never: RemoteError"#),
    ("both", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Open, "400 BothLengths | never: RemoteError"),
    ("both, the other way round", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", Open, "400 BothLengths | never: RemoteError"),
];

/// Behind a head that says `chunked`.
#[rustfmt::skip]
const CHUNKS: &[Row] = &[
    ("two", "2\r\nab\r\nA\r\n0123456789\r\n0\r\n\r\n", Open, r#""ab0123456789" | end | not yet"#),
    ("16 digits", "0000000000000001\r\na\r\n0000000000000000\r\n\r\n", Open, r#""a" | end | not yet"#),
    ("17 digits", "00000000000000001\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("plus", "+1\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("minus", "-1\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("0x", "0x1\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("leading space", " 1\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("inner space", "1 1\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("space behind the size", "1 \r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("tab behind the size", "1\t\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("space before an extension", "1 ;a\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("no size", "\r\n\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("bare LF", "1\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("bare LF behind an extension", "1;a\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("bare CR in an extension", "1;a\rb\r\na\r\n", Open, "400 ChunkSize | never: RemoteError"),
    ("no CRLF behind the data", "1\r\nab\r\n", Open, r#""a" | 400 ChunkEnd | never: RemoteError"#),
    ("LF behind the data", "1\r\na\n0\r\n\r\n", Open, r#""a" | 400 ChunkEnd | never: RemoteError"#),
    ("extensions", "1;a=\"b c\";d\r\na\r\n0;e\r\n\r\n", Open, r#""a" | end | not yet"#),
    ("trailers", "1\r\na\r\n0\r\nX-Sum: 9\r\nY: z\r\n\r\n", Open, r#""a" | end {"X-Sum": "9", "Y": "z"} | not yet"#),
    ("trailers that may not be", "0\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: x\r\nCookie: a\r\nAuthorization: b\r\nX: y\r\n\r\n", Open, r#"end {"X": "y"} | not yet"#),
    ("trailers by bare LF", "0\r\nX-Sum: 9\n\r\n", Open, "400 BareLf | never: RemoteError"),
    ("an end by bare LF", "0\r\n\n", Open, "400 BareLf | never: RemoteError"),
    ("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", Open, r#"400 HeaderName(" c") | never: RemoteError"#),
    ("a trailer that is none", "0\r\nX y: z\r\n\r\n", Open, r#"400 HeaderName("X y") | never: RemoteError"#),
    ("cut in a size", "1", Eof, "400 Incomplete(Chunk) | never: RemoteError"),
    ("cut in a chunk", "5\r\nhel", Eof, r#""hel" | 400 Incomplete(Chunk) | never: RemoteError"#),
    ("cut in the trailers", "0\r\nA: b\r\n", Eof, "400 Incomplete(Trailers) | never: RemoteError"),
    ("the next request behind", "0\r\n\r\nGET /", Open, "end | not yet"),
];

/// HTTP/1.0, behind its request line.
#[rustfmt::skip]
const OLD: &[Row] = &[
    ("no Host", "\r\n", Open, "end | never: Http10"),
    ("two Hosts", "Host: h\r\nHost: h\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("a bad Host", "Host: a b\r\n\r\n", Open, "400 Host | never: RemoteError"),
    ("a length", "Content-Length: 2\r\n\r\nok", Open, r#""ok" | end | never: Http10"#),
    ("chunked", "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Open, "400 TransferEncodingIn10 | never: RemoteError"),
    ("chunked, with a length", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nok", Open, "400 TransferEncodingIn10 | never: RemoteError"),
];

fn check(rows: &[Row], prefix: &str, said: &str) {
    for &(name, bytes, end, expected) in rows {
        let bytes = [prefix, bytes].concat();
        let now = common::play_every_split(|| Server::new(Limits::default()), bytes.as_bytes(), end);
        assert_eq!(now.strip_prefix(said).unwrap_or(&now), expected, "{name}");
    }
}

#[test]
fn lines() {
    check(LINES, "", "");
}

#[test]
fn fields() {
    check(FIELDS, "GET / HTTP/1.1\r\n", "");
}

#[test]
fn framing() {
    check(FRAMING, "POST / HTTP/1.1\r\nHost: h\r\n", "POST / | ");
}

#[test]
fn chunks() {
    check(CHUNKS, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n", "POST / | ");
}

#[test]
fn http_1_0() {
    check(OLD, "POST / HTTP/1.0\r\n", "POST / | ");
}

#[test]
fn limits() {
    const LINE: &str = "GET / HTTP/1.1\r\nHost: h\r\n"; // 25 bytes
    const BYTES: &str = "431 Limit(HeadBytes, 100) | never: RemoteError";
    const TARGET: &str = "414 Limit(TargetBytes, 20) | never: RemoteError";
    let (a19, a20, a68, a69) = ("a".repeat(19), "a".repeat(20), "a".repeat(68), "a".repeat(69));
    #[rustfmt::skip]
    let rows = [
        ("a head", format!("{LINE}A: {a68}\r\n\r\n"), format!("GET / {{\"A\": \"{a68}\"}} | end | not yet")),
        ("a head, one more", format!("{LINE}A: {a69}\r\n\r\n"), BYTES.into()),
        ("fields", format!("{LINE}A:\r\nB:\r\n\r\n"), "GET / {\"A\": \"\", \"B\": \"\"} | end | not yet".into()),
        ("one field more", format!("{LINE}A:\r\nB:\r\nC:\r\n\r\n"), "431 Limit(HeaderCount, 3) | never: RemoteError".into()),
        ("a target", format!("GET /{a19} HTTP/1.1\r\nHost: h\r\n\r\n"), format!("GET /{a19} | end | not yet")),
        ("a target, one more", format!("GET /{a20} HTTP/1.1\r\nHost: h\r\n\r\n"), TARGET.into()),
        ("a target, no end in sight", format!("GET /{a20}{a20}{a69}"), TARGET.into()),
        ("an empty line", format!("\r\n{LINE}\r\n"), "GET / | end | not yet".into()),
        ("one more", format!("\r\n\r\n{LINE}\r\n"), "431 Limit(EmptyLines, 1) | never: RemoteError".into()),
    ];
    let mut limits = Limits::default();
    (limits.head_bytes, limits.header_count, limits.target_bytes, limits.empty_lines) = (100, 3, 20, 1);
    for (name, bytes, expected) in rows {
        let said = common::play_every_split(|| Server::new(limits), bytes.as_bytes(), Open);
        assert_eq!(said, expected, "{name}");
    }
}

/// More than the 64 lines for which there is room on the stack.
#[test]
fn many_fields() {
    for (n, expected) in [(63, "GET /"), (64, "GET /"), (255, "GET /"), (256, "431 Limit(HeaderCount, 256)")]
    {
        let bytes = format!("GET / HTTP/1.1\r\nHost: h\r\n{}\r\n", "A: b\r\n".repeat(n));
        let said = common::play(Server::new(Limits::default()), &[bytes.as_bytes()], Open);
        assert!(said.starts_with(expected), "{n}: {said}");
    }
}
