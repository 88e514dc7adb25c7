//! Conversations with scripted proxies, each whole and in pieces.

mod model;
mod refusals;

use super::SocksVersion::{V4, V4a, V5, V5h};
use super::*;

type Credentials = Option<(&'static str, &'static str)>;

const USER: Credentials = Some(("zoe", "secret"));

/// A target from its text: an address if it is one.
fn target(text: &str) -> SocksTarget<'_> {
    text.parse().map_or(SocksTarget::Name(text), SocksTarget::Address)
}

/// How a conversation ended.
#[derive(Debug, PartialEq)]
enum Outcome {
    Done,
    Failed(SocksError),
    /// The proxy said no more.
    Cut,
}

/// A conversation: the messages of the client, how many bytes of the proxy it took, and its end.
#[derive(Debug, PartialEq)]
struct Talk {
    sent: Vec<Vec<u8>>,
    taken: usize,
    outcome: Outcome,
}

/// Plays a proxy that sends `replies`. `cuts` has a bit for each byte behind which a read ends; a write ends there, too.
fn talk(mut handshake: SocksHandshake, replies: &[u8], cuts: u64) -> Talk {
    let is_cut = |at: usize| cuts.checked_shr(at as u32).unwrap_or(cuts) & 1 == 1;
    let mut talk = Talk { sent: Vec::new(), taken: 0, outcome: Outcome::Cut };
    // Each turn moves a byte at least.
    for _ in 0..replies.len() + 2 * 779 {
        if handshake.is_done() {
            assert_eq!((handshake.wanted(), handshake.outgoing()), (0, &[][..]));
            talk.outcome = Outcome::Done;
            return talk;
        }
        if !handshake.outgoing().is_empty() {
            assert_eq!(handshake.wanted(), 0);
            let mut message = Vec::new();
            while let [first, ..] = *handshake.outgoing() {
                let n = if is_cut(message.len()) { 1 } else { handshake.outgoing().len() };
                message.push(first);
                message.extend_from_slice(&handshake.outgoing()[1..n]);
                handshake.wrote(n);
            }
            talk.sent.push(message);
            continue;
        }
        let wanted = handshake.wanted();
        assert!((1..=SocksHandshake::MAX_WANTED).contains(&wanted), "{wanted}");
        let rest = &replies[talk.taken..];
        let most = wanted.min(rest.len());
        let n = (1..most).find(|n| is_cut(talk.taken + n - 1)).unwrap_or(most);
        if n == 0 {
            return talk;
        }
        match handshake.received(&rest[..n]) {
            Ok(taken) => {
                assert_eq!(taken, n);
                talk.taken += n;
            }
            Err(error) => {
                assert_eq!(handshake.received(b"more"), Err(error.clone()));
                assert_eq!((handshake.wanted(), handshake.outgoing()), (0, &[][..]));
                talk.outcome = Outcome::Failed(error);
                return talk;
            }
        }
    }
    panic!("it does not end: {handshake:?}");
}

/// A conversation that succeeds.
struct Row {
    version: SocksVersion,
    target: &'static str,
    port: u16,
    credentials: Credentials,
    /// The messages of the client, and the reply to each.
    lines: &'static [(&'static [u8], &'static [u8])],
}

impl Row {
    fn handshake(&self) -> SocksHandshake {
        SocksHandshake::new(self.version, target(self.target), self.port, self.credentials).unwrap()
    }

    fn replies(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|(_, reply)| *reply).copied().collect()
    }

    fn sent(&self) -> Vec<Vec<u8>> {
        self.lines.iter().map(|(message, _)| message.to_vec()).collect()
    }
}

const OK4: &[u8] = b"\x00\x5a\0\0\0\0\0\0";
const OK5: &[u8] = b"\x05\x00\x00\x01\0\0\0\0\0\0";

const GOOD: &[Row] = &[
    Row {
        version: V4,
        target: "192.0.2.1",
        port: 80,
        credentials: None,
        lines: &[(b"\x04\x01\x00\x50\xc0\x00\x02\x01\x00", OK4)],
    },
    // The password is not sent: SOCKS4 has none. The address in the reply is ignored.
    Row {
        version: V4,
        target: "192.0.2.1",
        port: 443,
        credentials: USER,
        lines: &[(b"\x04\x01\x01\xbb\xc0\x00\x02\x01zoe\x00", b"\x00\x5a\xff\xff\xff\xff\xff\xff")],
    },
    Row {
        version: V4a,
        target: "example.com",
        port: 80,
        credentials: None,
        lines: &[(b"\x04\x01\x00\x50\x00\x00\x00\x01\x00example.com\x00", OK4)],
    },
    Row {
        version: V4a,
        target: "example.com",
        port: 65535,
        credentials: USER,
        lines: &[(b"\x04\x01\xff\xff\x00\x00\x00\x01zoe\x00example.com\x00", OK4)],
    },
    // An address needs no lookup.
    Row {
        version: V4a,
        target: "192.0.2.1",
        port: 80,
        credentials: Some(("", "")),
        lines: &[(b"\x04\x01\x00\x50\xc0\x00\x02\x01\x00", OK4)],
    },
    // 0.0.0.0 announces no name.
    Row {
        version: V4,
        target: "0.0.0.0",
        port: 0,
        credentials: None,
        lines: &[(b"\x04\x01\x00\x00\x00\x00\x00\x00\x00", OK4)],
    },
    Row {
        version: V5,
        target: "192.0.2.1",
        port: 80,
        credentials: None,
        lines: &[(b"\x05\x01\x00", b"\x05\x00"), (b"\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50", OK5)],
    },
    Row {
        version: V5,
        target: "2001:db8::1",
        port: 80,
        credentials: None,
        lines: &[
            (b"\x05\x01\x00", b"\x05\x00"),
            (b"\x05\x01\x00\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x50", OK5),
        ],
    },
    // The reserved byte is ignored, as curl does. The proxy names an IPv6 address.
    Row {
        version: V5h,
        target: "example.com",
        port: 80,
        credentials: None,
        lines: &[
            (b"\x05\x01\x00", b"\x05\x00"),
            (b"\x05\x01\x00\x03\x0bexample.com\x00\x50", b"\x05\x00\xff\x04aaaabbbbccccddddpp"),
        ],
    },
    // The proxy chooses among both methods.
    Row {
        version: V5h,
        target: "example.com",
        port: 80,
        credentials: USER,
        lines: &[
            (b"\x05\x02\x00\x02", b"\x05\x00"),
            (b"\x05\x01\x00\x03\x0bexample.com\x00\x50", b"\x05\x00\x00\x03\x05boundpp"),
        ],
    },
    Row {
        version: V5h,
        target: "h",
        port: 80,
        credentials: USER,
        lines: &[
            (b"\x05\x02\x00\x02", b"\x05\x02"),
            (b"\x01\x03zoe\x06secret", b"\x01\x00"),
            (b"\x05\x01\x00\x03\x01h\x00\x50", OK5),
        ],
    },
    // No password; a bound name of no bytes.
    Row {
        version: V5,
        target: "192.0.2.1",
        port: 80,
        credentials: Some(("zoe", "")),
        lines: &[
            (b"\x05\x02\x00\x02", b"\x05\x02"),
            (b"\x01\x03zoe\x00", b"\x01\x00"),
            (b"\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50", b"\x05\x00\x00\x03\x00pp"),
        ],
    },
    // The text of an address is an address.
    Row {
        version: V5h,
        target: "[::1]",
        port: 80,
        credentials: None,
        lines: &[
            (b"\x05\x01\x00", b"\x05\x00"),
            (b"\x05\x01\x00\x04\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x50", OK5),
        ],
    },
];

/// Each conversation is the same in each way of cutting it, and leaves the tunnel's bytes alone.
#[test]
fn conversations() {
    for row in GOOD {
        let mut replies = row.replies();
        let expected = Talk { sent: row.sent(), taken: replies.len(), outcome: Outcome::Done };
        replies.extend_from_slice(b"tunnel");
        let places = (replies.len() - 6).min(12);
        for cuts in (0..1_u64 << places).chain([u64::MAX]) {
            assert_eq!(talk(row.handshake(), &replies, cuts), expected, "{:?} {cuts:b}", row.target);
        }
        for place in places..replies.len().min(64) {
            assert_eq!(talk(row.handshake(), &replies, 1 << place), expected, "{:?} {place}", row.target);
        }
    }
}

/// A proxy that stops early is no error of the codec, and not the end of the handshake.
#[test]
fn cut_short() {
    for row in GOOD {
        let replies = row.replies();
        for len in 0..replies.len() {
            let Talk { sent, taken, outcome } = talk(row.handshake(), &replies[..len], 0);
            assert_eq!((taken, outcome), (len, Outcome::Cut), "{:?} {len}", row.target);
            assert!(row.sent().starts_with(&sent));
        }
    }
}

/// All bytes at once: those of the tunnel are left, as are replies that come before their message is written.
#[test]
fn more_than_wanted() {
    let mut handshake = SocksHandshake::new(V5h, SocksTarget::Name("h"), 80, None).unwrap();
    let replies = [b"\x05\x00", OK5, b"tunnel"].concat();
    assert_eq!(handshake.received(&replies), Ok(0));
    handshake.wrote(usize::MAX);
    assert_eq!(handshake.received(&replies), Ok(2));
    assert_eq!(handshake.received(&replies[2..]), Ok(0));
    handshake.wrote(7);
    assert_eq!(handshake.wanted(), 0);
    handshake.wrote(1);
    assert_eq!(handshake.received(&replies[2..]), Ok(OK5.len()));
    assert!(handshake.is_done());
    assert_eq!(handshake.received(b"tunnel"), Ok(0));
}

/// The longest messages and the longest reply.
#[test]
fn longest() {
    let (user, password, name) = ("u".repeat(255), "p".repeat(255), "n".repeat(255));
    let credentials = Some((&*user, &*password));
    let handshake = SocksHandshake::new(V5h, SocksTarget::Name(&name), 80, credentials).unwrap();
    let replies = [b"\x05\x02\x01\x00\x05\x00\x00\x03\xff", &[b'n'; 257][..]].concat();
    let Talk { sent, taken, outcome } = talk(handshake, &replies, 0);
    assert_eq!((sent.concat().len(), taken, outcome), (779, 266, Outcome::Done));
    let expected = [b"\x01\xff", user.as_bytes(), b"\xff", password.as_bytes()].concat();
    assert_eq!(sent[1], expected);
    let handshake = SocksHandshake::new(V4a, SocksTarget::Name(&name), 80, credentials).unwrap();
    assert_eq!(talk(handshake, OK4, 0).sent.concat().len(), 8 + 256 + 256);
}

#[test]
fn debug_shows_no_credentials() {
    for version in [V4, V4a, V5, V5h] {
        let mut handshake =
            SocksHandshake::new(version, target("192.0.2.1"), 80, Some(("hidden", "secret"))).unwrap();
        let secrets = ["hidden", "secret", "104, 105, 100", "115, 101, 99"];
        for received in [&b"\x05\x02"[..], b"\x01\x00"] {
            let shown = format!("{handshake:?} {handshake:#?}");
            assert!(secrets.iter().all(|secret| !shown.contains(secret)), "{shown}");
            assert!(shown.starts_with(&format!("<SocksHandshake {version:?}, ")), "{shown}");
            handshake.wrote(usize::MAX);
            let _ = handshake.received(received);
        }
    }
}
