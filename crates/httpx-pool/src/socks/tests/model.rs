//! Any bytes, and a small server that reads what any client sends.

use std::net::{Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;

use super::*;

/// A proxy as the RFCs describe it: it reads messages whole, and keeps what they say.
#[derive(Debug, Default, PartialEq)]
struct Asked {
    user: Option<Vec<u8>>,
    password: Option<Vec<u8>>,
    host: String,
    port: u16,
}

/// How the proxy behaves.
#[derive(Debug, Clone)]
struct Manners {
    wants_credentials: bool,
    /// The type of the address in the reply, and the address.
    bound: (u8, Vec<u8>),
    /// The bytes of the tunnel that come with the reply.
    tunnel: Vec<u8>,
}

/// Reads a message of the client and returns its reply.
fn serve(asked: &mut Asked, turn: usize, message: &[u8], manners: &Manners) -> Vec<u8> {
    match message {
        [4, 1, p, q, a, b, c, d, rest @ ..] => {
            let mut texts = rest.split(|byte| *byte == 0);
            asked.user = texts.next().filter(|user| !user.is_empty()).map(<[u8]>::to_vec);
            asked.port = u16::from_be_bytes([*p, *q]);
            asked.host = match [*a, *b, *c, *d] {
                [0, 0, 0, 1..=255] => String::from_utf8(texts.next().unwrap().to_vec()).unwrap(),
                address => Ipv4Addr::from(address).to_string(),
            };
            assert_eq!((texts.next(), texts.next()), (Some(&[][..]), None), "bytes behind the request");
            [b"\x00\x5aPPAAAA", &*manners.tunnel].concat()
        }
        [5, n, methods @ ..] if turn == 0 => {
            assert_eq!(usize::from(*n), methods.len());
            let method = if manners.wants_credentials && methods.contains(&2) { 2 } else { 0 };
            assert!(methods.contains(&method));
            vec![5, method]
        }
        [1, len, rest @ ..] => {
            let (user, rest) = rest.split_at((*len).into());
            let (len, password) = rest.split_first().unwrap();
            assert_eq!(usize::from(*len), password.len());
            asked.user = Some(user.to_vec());
            asked.password = Some(password.to_vec());
            vec![1, 0]
        }
        [5, 1, 0, kind, rest @ .., p, q] => {
            asked.port = u16::from_be_bytes([*p, *q]);
            asked.host = match (kind, rest) {
                (1, _) => Ipv4Addr::from(<[u8; 4]>::try_from(rest).unwrap()).to_string(),
                (4, _) => Ipv6Addr::from(<[u8; 16]>::try_from(rest).unwrap()).to_string(),
                (3, [len, name @ ..]) if usize::from(*len) == name.len() => {
                    String::from_utf8(name.to_vec()).unwrap()
                }
                _ => panic!("{message:x?}"),
            };
            let (kind, address) = &manners.bound;
            [&[5, 0, 0, *kind], &**address, b"PP", &*manners.tunnel].concat()
        }
        _ => panic!("no message in turn {turn}: {message:x?}"),
    }
}

fn manners() -> impl Strategy<Value = Manners> {
    let bound = prop_oneof![
        any::<[u8; 4]>().prop_map(|address| (1, address.to_vec())),
        any::<[u8; 16]>().prop_map(|address| (4, address.to_vec())),
        proptest::collection::vec(any::<u8>(), 0..=255)
            .prop_map(|name| (3, [vec![u8::try_from(name.len()).unwrap()], name].concat())),
    ];
    (any::<bool>(), bound, proptest::collection::vec(any::<u8>(), 0..20))
        .prop_map(|(wants_credentials, bound, tunnel)| Manners { wants_credentials, bound, tunnel })
}

fn versions() -> impl Strategy<Value = SocksVersion> {
    prop_oneof![Just(V4), Just(V4a), Just(V5), Just(V5h)]
}

fn hosts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<Ipv4Addr>().prop_map(|address| address.to_string()),
        any::<Ipv6Addr>().prop_map(|address| address.to_string()),
        "[a-z][a-z0-9.-]{0,254}",
        ".{0,260}",
    ]
}

fn credentials() -> impl Strategy<Value = Option<(String, String)>> {
    proptest::option::of(("[a-z]{0,10}|.{0,260}", ".{0,260}"))
}

/// How replies begin that go on.
const STARTS: &[&[u8]] = &[
    b"",
    b"\x05\x00",
    b"\x05\x02",
    b"\x05\x02\x01\x00",
    b"\x05\x00\x05\x00\x00",
    b"\x05\x02\x01\x00\x05\x00\x00",
    b"\x00\x5a",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// The server reads what the client was told, and the client leaves the tunnel's bytes.
    #[test]
    fn the_server_reads_what_is_asked(
        version in versions(),
        host in hosts(),
        port in any::<u16>(),
        credentials in credentials(),
        manners in manners(),
        piece in 1..300_usize,
    ) {
        let credentials = credentials.as_ref().map(|(user, password)| (&**user, &**password));
        let Ok(mut handshake) = SocksHandshake::new(version, target(&host), port, credentials) else { return Ok(()) };
        let (mut asked, mut turn) = (Asked::default(), 0);
        let mut rest = Vec::new();
        while !handshake.is_done() {
            if !handshake.outgoing().is_empty() {
                prop_assert!(rest.is_empty());
                let message = handshake.outgoing().to_vec();
                handshake.wrote(message.len());
                rest = serve(&mut asked, turn, &message, &manners);
                turn += 1;
            }
            let n = handshake.wanted().min(piece).min(rest.len());
            prop_assert!(n > 0);
            prop_assert_eq!(handshake.received(&rest[..n]), Ok(n));
            rest.drain(..n);
        }
        prop_assert_eq!(rest, manners.tunnel);
        let is_5 = matches!(version, V5 | V5h);
        let shown = credentials.filter(|(user, _)| if is_5 { manners.wants_credentials } else { !user.is_empty() });
        let expected = Asked {
            user: shown.map(|(user, _)| user.into()),
            password: shown.filter(|_| is_5).map(|(_, password)| password.into()),
            host,
            port,
        };
        prop_assert_eq!(asked, expected);
    }

    /// Any replies: no panic, and `wanted` bounds what is taken.
    #[test]
    fn any_replies(
        version in versions(),
        credentials in any::<bool>(),
        start in proptest::sample::select(STARTS),
        more in proptest::collection::vec(prop_oneof![0..6_u8, any::<u8>()], 0..300),
        cuts in any::<u64>(),
    ) {
        let handshake =
            SocksHandshake::new(version, target("192.0.2.1"), 80, USER.filter(|_| credentials)).unwrap();
        let replies = [start, &more].concat();
        let whole = talk(handshake.clone(), &replies, 0);
        prop_assert!(whole.taken <= 2 + 2 + 4 + 1 + 255 + 2);
        prop_assert!(whole.sent.concat().len() <= 4 + 12 + 10);
        let cut = talk(handshake, &replies, cuts);
        prop_assert_eq!((cut.sent, cut.outcome == Outcome::Done), (whole.sent, whole.outcome == Outcome::Done));
    }
}
