//! However a SOCKS proxy's replies are split, the handshake ends as a simple reader of the complete replies says, and
//! takes no byte of the tunnel.

#![no_main]

use httpx_fuzz::{Cut, pieces};
use httpx_pool::socks::{SocksError, SocksHandshake, SocksTarget, SocksVersion};
use libfuzzer_sys::fuzz_target;

/// How the replies end, and how many bytes they have.
#[derive(Debug, PartialEq)]
enum End {
    Connected(usize),
    Refused,
    OtherVersion,
    Incomplete,
}

// The first byte chooses version, credentials and split; the rest is sent by the proxy.
fuzz_target!(|data: &[u8]| {
    let [how, replies @ ..] = data else { return };
    let version = match how & 3 {
        0 => SocksVersion::V4,
        1 => SocksVersion::V4a,
        2 => SocksVersion::V5,
        _ => SocksVersion::V5h,
    };
    let credentials = (how & 4 != 0).then_some(("user", "password"));
    let expected = match version {
        SocksVersion::V4 | SocksVersion::V4a => read4(replies),
        _ => read5(replies, credentials.is_some()),
    };
    for cut in [Cut::Whole, Cut::EachByte, Cut::Some(u64::from(*how))] {
        assert_eq!(run(version, credentials, &pieces(replies, cut)), expected, "{cut:?}");
    }
});

fn run(version: SocksVersion, credentials: Option<(&str, &str)>, pieces: &[&[u8]]) -> End {
    let target = SocksTarget::Address([192, 0, 2, 1].into());
    let mut handshake = SocksHandshake::new(version, target, 80, credentials).expect("a request");
    let mut taken = 0;
    for piece in pieces {
        let mut rest = *piece;
        loop {
            handshake.wrote(handshake.outgoing().len());
            if handshake.is_done() {
                return End::Connected(taken);
            }
            let wanted = handshake.wanted();
            assert!((1..=SocksHandshake::MAX_WANTED).contains(&wanted));
            if rest.is_empty() {
                break;
            }
            match handshake.received(&rest[..wanted.min(rest.len())]) {
                Ok(n) => {
                    assert_eq!(n, wanted.min(rest.len()));
                    taken += n;
                    rest = &rest[n..];
                }
                Err(error) => {
                    assert_eq!(handshake.received(rest), Err(error.clone()), "an error repeats");
                    return match error {
                        SocksError::WrongVersion { .. } => End::OtherVersion,
                        _ => End::Refused,
                    };
                }
            }
        }
    }
    handshake.wrote(handshake.outgoing().len());
    if handshake.is_done() { End::Connected(taken) } else { End::Incomplete }
}

fn read4(replies: &[u8]) -> End {
    match replies {
        [] | [0] => End::Incomplete,
        [0, 90, rest @ ..] if rest.len() < 6 => End::Incomplete,
        [0, 90, ..] => End::Connected(8),
        [0, ..] => End::Refused,
        _ => End::OtherVersion,
    }
}

fn read5(replies: &[u8], has_credentials: bool) -> End {
    match replies {
        [] | [5] => End::Incomplete,
        [5, 0, reply @ ..] => read_reply(reply, 2),
        [5, 2, answer @ ..] if has_credentials => match answer {
            [] | [1] => End::Incomplete,
            [1, 0, reply @ ..] => read_reply(reply, 4),
            [1, ..] => End::Refused,
            _ => End::OtherVersion,
        },
        [5, ..] => End::Refused,
        _ => End::OtherVersion,
    }
}

fn read_reply(reply: &[u8], before: usize) -> End {
    let len = match reply {
        [] | [5] | [5, 0] | [5, 0, _] | [5, 0, _, 3] => return End::Incomplete,
        [5, 0, _, 1, ..] => 4 + 4 + 2,
        [5, 0, _, 4, ..] => 4 + 16 + 2,
        [5, 0, _, 3, len, ..] => 5 + usize::from(*len) + 2,
        [5, ..] => return End::Refused,
        _ => return End::OtherVersion,
    };
    if reply.len() < len { End::Incomplete } else { End::Connected(before + len) }
}
