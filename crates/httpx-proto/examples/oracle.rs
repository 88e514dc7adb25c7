//! Prints messages with the codec's verdict on each, one per line. `scripts/oracle.sh` gives the same messages to h11.
//! The messages are the rows of the codec's test tables, and mutations of them.
//!
//! A line is `ROLE ASKED EOF BYTES = VERDICT`, with bytes in hexadecimal. Every run prints the same lines.

#![allow(clippy::print_stdout, clippy::expect_used, clippy::unwrap_used, clippy::panic, dead_code)]

use std::collections::BTreeSet;
use std::fmt::Write;

use httpx_core::{Headers, Version};
use httpx_proto::role::Role;
use httpx_proto::{CloseReason, Connection, Event, Limits, ReceivedRequest, Reuse, Server};

#[path = "../tests/rows/client.rs"]
mod client;
#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/rows/server.rs"]
mod server;

/// The number of mutations of each row.
const MUTANTS: usize = 40;

/// A mutation may take lines from this number of rows after its row.
const NEIGHBOURS: usize = 16;

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const POST: &str = "POST / HTTP/1.1\r\nHost: h\r\n";

fn main() {
    let mut lines = BTreeSet::new();
    let bases = bases();
    for (nth, base) in bases.iter().enumerate() {
        lines.insert(line(base));
        // The seed depends on the row and its neighbours only, so that a new row changes few messages of other rows.
        let mut random = Random::seeded(&base.bytes);
        for _ in 0..MUTANTS {
            let mut mutant = base.clone();
            for _ in 0..1 + random.below(3) {
                let other = &bases[(nth + 1 + random.below(NEIGHBOURS)) % bases.len()].bytes;
                mutate(&mut mutant.bytes, other, &mut random);
            }
            lines.insert(line(&mutant));
        }
    }
    lines.iter().for_each(|line| println!("{line}"));
}

/// A message, and the role that receives it.
#[derive(Clone)]
struct Message {
    /// The request that the client has sent; `-` for a server.
    asked: &'static str,
    bytes: Vec<u8>,
    eof: bool,
}

fn bases() -> Vec<Message> {
    use common::End;
    let mut bases = Vec::new();
    for (prefix, rows) in [
        ("", client::VERSIONS),
        ("", client::STATUS_LINES),
        ("", client::LINES),
        ("", client::LENGTHS),
        ("", client::CODINGS),
        (CHUNKED, client::CHUNKS),
        ("", client::EXCHANGES),
    ] {
        let asked = rows.iter().filter(|row| row.1 != "-");
        bases.extend(asked.map(|&(_, asked, bytes, end, _)| Message {
            asked,
            bytes: [prefix, bytes].concat().into_bytes(),
            eof: end != End::Open,
        }));
    }
    let chunked = [POST, "Transfer-Encoding: chunked\r\n\r\n"].concat();
    for (prefix, rows) in [
        ("", server::LINES),
        ("GET / HTTP/1.1\r\n", server::FIELDS),
        (POST, server::FRAMING),
        (&chunked, server::CHUNKS),
        ("POST / HTTP/1.0\r\n", server::OLD),
    ] {
        bases.extend(rows.iter().map(|&(_, bytes, end, _)| Message {
            asked: "-",
            bytes: [prefix, bytes].concat().into_bytes(),
            eof: end != End::Open,
        }));
    }
    bases
}

/// Changes a byte or a line, or copies a line from another message.
fn mutate(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random) {
    const BYTES: &[u8] = b"\0\t\n\r\r\n  ,;:+-019afxX\"=/*\x0b\x7f\x80\xff";
    const LINES: &[&[u8]] = &[
        b"Content-Length: 2\r\n",
        b"content-length: 3\r\n",
        b"Transfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Connection: close\r\n",
        b"Connection: keep-alive\r\n",
        b"Host: h\r\n",
        b" folded\r\n",
        b"X: y\n",
        b"\r\n",
    ];
    let at = random.below(bytes.len() + 1);
    let byte = BYTES[random.below(BYTES.len())];
    match random.below(8) {
        0 => bytes.insert(at, byte),
        1 if at < bytes.len() => bytes[at] = byte,
        2 if at < bytes.len() => drop(bytes.remove(at)),
        3 if at < bytes.len() => bytes[at] ^= 0x20 * u8::from(bytes[at].is_ascii_alphabetic()),
        4 => {
            if let Some(at) = find(bytes, b"1.1") {
                bytes[at + 2] = b'0';
            }
        }
        5 => bytes.truncate(at),
        6 => insert_line(bytes, LINES[random.below(LINES.len())], random),
        _ => {
            let lines = other.split_inclusive(|&byte| byte == b'\n').collect::<Vec<_>>();
            if !lines.is_empty() {
                insert_line(bytes, lines[random.below(lines.len())], random);
            }
        }
    }
}

/// Inserts the line after one of the line ends.
fn insert_line(bytes: &mut Vec<u8>, line: &[u8], random: &mut Random) {
    let ends = (1..=bytes.len()).filter(|&at| bytes[at - 1] == b'\n').collect::<Vec<_>>();
    if !ends.is_empty() {
        let at = ends[random.below(ends.len())];
        bytes.splice(at..at, line.iter().copied());
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// xorshift64.
struct Random(u64);

impl Random {
    /// FNV-1a.
    fn seeded(bytes: &[u8]) -> Self {
        let seed = bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)
        });
        Random(seed | 1)
    }

    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as usize % n
    }
}

fn line(message: &Message) -> String {
    let Message { asked, bytes, eof } = message;
    let (role, verdict) = match *asked {
        "-" => ("server", verdict(Server::new(Limits::default()), bytes, *eof)),
        asked => ("client", verdict(common::client_that_sent(asked, Limits::default()), bytes, *eof)),
    };
    format!("{role} {asked} {} {} = {verdict}", u8::from(*eof), hex(bytes))
}

/// The verdict: heads with their version, the data, the end, the trailers, and whether the connection can be reused.
fn verdict<R: Role>(mut codec: Connection<R>, bytes: &[u8], eof: bool) -> String
where
    R::Receives: Describe,
{
    codec.receive(bytes);
    if eof {
        codec.receive_eof(true);
    }
    let (mut said, mut data, mut version) = (Vec::new(), Vec::new(), "");
    let end = loop {
        match codec.next_event() {
            Ok(Event::NeedData) => break "more".to_owned(),
            Ok(Event::Paused) => break "switched".to_owned(),
            Ok(Event::Closed) => break "closed".to_owned(),
            Ok(Event::Interim(head)) => said.push(format!("interim {}", head.describe())),
            Ok(Event::Head(head)) => {
                version = head.version().as_str();
                said.push(format!("head {version} {}", head.describe()));
            }
            Ok(Event::Data) => {
                data.extend_from_slice(codec.data());
                codec.consume(usize::MAX);
            }
            Ok(Event::End(trailers)) => {
                said.push(format!("trailers {}", describe_lines(&trailers, |_| true)));
                said.push(format!("reuse {version} {}", describe_reuse(codec.reuse())));
                break "end".to_owned();
            }
            Err(error) => {
                let name = format!("{error:?}");
                break format!("error {}", name.split(['(', ' ']).next().unwrap_or_default());
            }
        }
    };
    said.push(format!("data {}", hex(&data)));
    said.push(end);
    if said.iter().any(|said| said == "end" || said == "switched") {
        said.push(format!("unread {}", codec.unread().len()));
    }
    said.join(" | ")
}

/// The reuse by the headers alone: without the effect of bytes after the response or of the end of the stream.
fn describe_reuse(reuse: Reuse) -> String {
    match reuse {
        Reuse::Ready | Reuse::NotYet => "keep".to_owned(),
        Reuse::Never(CloseReason::UnaskedBytes | CloseReason::PeerClosed) => "keep".to_owned(),
        Reuse::Never(reason) => format!("close {reason:?}"),
    }
}

trait Describe {
    fn describe(&self) -> String;

    fn version(&self) -> Version;
}

impl Describe for httpx_core::ResponseHead {
    fn describe(&self) -> String {
        format!("{} {}", self.status().as_u16(), describe_headers(self.headers()))
    }

    fn version(&self) -> Version {
        self.version()
    }
}

impl Describe for ReceivedRequest {
    fn describe(&self) -> String {
        format!("{} {} {}", self.method(), self.target(), describe_headers(self.headers()))
    }

    fn version(&self) -> Version {
        self.version()
    }
}

/// The headers without those that h11 generates again.
fn describe_headers(headers: &Headers) -> String {
    describe_lines(headers, |name| !matches!(name, "content-length" | "transfer-encoding"))
}

/// In lower case, as in h11.
fn describe_lines(headers: &Headers, counts: fn(&str) -> bool) -> String {
    let mut text = "[".to_owned();
    for (name, value) in headers {
        let name = name.to_ascii_lowercase();
        if counts(&name) {
            write!(text, "{name}={};", hex(value.as_bytes())).expect("text");
        }
    }
    text + "]"
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
