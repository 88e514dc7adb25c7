//! Writes messages, made of the rows of the codec's tables and of mutations of them, and what the codec says of each:
//! one a line, for `scripts/oracle.sh`, which asks h11 the same.
//!
//! A line is `ROLE ASKED EOF BYTES = VERDICT`, with bytes in hexadecimal. The same lines each time.

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

/// How many messages are made of each row, besides itself.
const MUTANTS: usize = 40;

/// How many rows behind it a message may take lines from.
const NEIGHBOURS: usize = 16;

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
const POST: &str = "POST / HTTP/1.1\r\nHost: h\r\n";

fn main() {
    let mut lines = BTreeSet::new();
    let bases = bases();
    for (nth, base) in bases.iter().enumerate() {
        lines.insert(line(base));
        // Of its own bytes and its neighbours', so that a new row changes little of what is made of the others.
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

/// A message, and to whom it comes.
#[derive(Clone)]
struct Message {
    /// What a client has asked; `-` for a server.
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

/// Changes a byte, a line, or takes one over from another message.
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

/// Behind one of the line ends.
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

/// What is said: heads with their version, the data, how it ends, with which trailers, and whether the connection would
/// go on.
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

/// Bytes behind a response are another matter, and so is a stream that has ended.
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

/// Without the fields that h11 makes anew.
fn describe_headers(headers: &Headers) -> String {
    describe_lines(headers, |name| !matches!(name, "content-length" | "transfer-encoding"))
}

/// In lower case, as h11 gives them.
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
