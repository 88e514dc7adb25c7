//! Handshakes with proxies: at each pace, cut after each byte in both directions.

use httpx_pool::Proxy;

use crate::peer::After::{Bytes, Requests};
use crate::peer::{After, PACES, Pace, Script};
use crate::support::{Flavour, OK, both_flavours};
use crate::{Content, Empty, Sized, play_with};

both_flavours! {
    tunnels_and_what_is_sent_in_them,
    replies_that_end_or_stop,
    writes_that_fail,
    no_byte_of_the_tunnel_is_lost,
}

/// A proxy that opens tunnels to `h`, and that never speaks first.
struct Handshake {
    url: &'static str,
    /// Each reply, and after how many bytes or requests it is sent.
    replies: Vec<(After, Vec<u8>)>,
    /// How many bytes the client sends.
    sends: usize,
    /// How many requests precede the first one in the tunnel.
    requests: usize,
}

fn handshakes() -> Vec<Handshake> {
    let connect = "CONNECT h:80 HTTP/1.1\r\nHost: h:80\r\nProxy-Authorization: Basic dTpw\r\n\r\n";
    let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nA: b\r\n\r\n";
    let named = b"\x05\x00\x00\x03\x05boundpp";
    vec![
        Handshake {
            url: "http://u:p@proxy",
            replies: vec![(Requests(1), answer.into())],
            sends: connect.len(),
            requests: 1,
        },
        Handshake {
            url: "socks5h://u:p@proxy",
            replies: vec![
                (Bytes(4), b"\x05\x02".into()),
                (Bytes(4 + 5), b"\x01\x00".into()),
                (Bytes(4 + 5 + 8), named.into()),
            ],
            sends: 4 + 5 + 8,
            requests: 0,
        },
        Handshake {
            url: "socks4a://u@proxy",
            replies: vec![(Bytes(8 + 2 + 2), b"\x00\x5a\0\0\0\0\0\0".into())],
            sends: 8 + 2 + 2,
            requests: 0,
        },
    ]
}

impl Handshake {
    fn len(&self) -> usize {
        self.replies.iter().map(|(_, reply)| reply.len()).sum()
    }

    /// The first `n` bytes of the replies, and when the next one would be sent.
    fn first(&self, mut n: usize) -> (Script, After) {
        let mut script = Script::default();
        for (after, reply) in &self.replies {
            if n < reply.len() {
                return (script.send(*after, &reply[..n]), *after);
            }
            script = script.send(*after, reply);
            n -= reply.len();
        }
        (script, Bytes(self.sends))
    }

    /// All replies, the one with the nth byte in two pieces.
    fn in_two(&self, n: usize) -> Script {
        let (mut script, mut at) = (Script::default(), 0);
        for (after, reply) in &self.replies {
            let (head, tail) = reply.split_at(n.saturating_sub(at).min(reply.len()));
            script = script.send(*after, head).send(*after, tail);
            at += reply.len();
        }
        script
    }

    fn play<F: Flavour>(&self, script: Script, requests: &[(&str, Content)], pace: Pace) -> String {
        let proxy = Proxy::all(self.url).unwrap().tunnel_http();
        play_with::<F>(|pool| pool.proxy(proxy), &[script], requests, pace)
    }
}

fn tunnels_and_what_is_sent_in_them<F: Flavour>() {
    for handshake in handshakes() {
        for pace in PACES {
            let first = handshake.requests + 1;
            let script =
                handshake.first(usize::MAX).0.send(Requests(first), OK).send(Requests(first + 1), OK);
            let said = handshake.play::<F>(script, &[("GET", Empty), ("PUT", Sized(100))], pace);
            assert_eq!(said, "200 hello | 200 hello | 1 made, 1 idle", "{}, {pace:?}", handshake.url);
        }
    }
}

/// An end and a reset are errors before a byte of the request is sent. What only comes late is none.
fn replies_that_end_or_stop<F: Flavour>() {
    for handshake in handshakes() {
        for n in 0..handshake.len() {
            for pace in PACES {
                let (cut, now) = handshake.first(n);
                let is_answer = handshake.requests == 1 && n > 0;
                let ended = if is_answer { "Proxy" } else { "Connect" };
                for (script, kind) in [(cut.clone().end(now), ended), (cut.reset(now), "Connect")] {
                    let said = handshake.play::<F>(script, &[("GET", Empty)], pace);
                    assert_eq!(
                        said,
                        format!("{kind} Nothing | 1 made, 0 idle"),
                        "{}, {n}, {pace:?}",
                        handshake.url
                    );
                }
                let late = handshake.in_two(n);
                let script = late.send(Requests(handshake.requests + 1), OK);
                let said = handshake.play::<F>(script, &[("GET", Empty)], pace);
                assert_eq!(said, "200 hello | 1 made, 1 idle", "{}, {n}, {pace:?}", handshake.url);
            }
        }
    }
}

/// The stream breaks after each byte of the client.
fn writes_that_fail<F: Flavour>() {
    for handshake in handshakes() {
        for n in 0..handshake.sends {
            for pace in PACES {
                let script = handshake.first(usize::MAX).0.takes(n);
                let said = handshake.play::<F>(script, &[("GET", Empty)], pace);
                assert_eq!(said, "Connect Nothing | 1 made, 0 idle", "{}, {n}, {pace:?}", handshake.url);
            }
        }
    }
}

/// An origin that speaks before it is asked: the handshake with a SOCKS proxy ends before its first byte, although both
/// arrive at once.
fn no_byte_of_the_tunnel_is_lost<F: Flavour>() {
    for mut handshake in handshakes().into_iter().filter(|handshake| handshake.requests == 0) {
        handshake.replies.last_mut().unwrap().1.extend_from_slice(OK.as_bytes());
        for pace in PACES {
            let (script, _) = handshake.first(usize::MAX);
            let said = handshake.play::<F>(script, &[("GET", Empty)], pace);
            assert_eq!(said, "200 hello | 1 made, 1 idle", "{}, {pace:?}", handshake.url);
        }
    }
}
