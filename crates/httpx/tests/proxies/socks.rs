//! Tunnels through SOCKS proxies: the bytes on the wire.

use std::net::SocketAddr;

use httpx::network::Proxy;
use httpx_testing::{Act, Script, ScriptedServer, send, serve};

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, both_flavours};
use crate::{OK, check_no_secrets, check_origin, logged, origin, proxy};

both_flavours!(bytes_on_the_wire, tls_through_socks, split_replies);

const OK4: &[u8] = b"\x00\x5a\0\0\0\0\0\0";
const OK5: &[u8] = b"\x05\x00\x00\x01\0\0\0\0\0\0";

/// The messages of the client, and the reply to each.
type Dialogue = &'static [(&'static [u8], &'static [u8])];

/// A SOCKS proxy that relays to this origin.
pub(crate) fn socks(dialogue: &[(&[u8], &[u8])], origin: SocketAddr) -> Script {
    let turns = dialogue.iter().flat_map(|(message, reply)| [Act::TakeBytes(message.len()), send(reply)]);
    turns.chain([Act::Relay(origin)]).collect()
}

/// As it is with user and password, to `origin.test:80`.
pub(crate) const DIALOGUE: Dialogue = &[
    (b"\x05\x02\x00\x02", b"\x05\x02"),
    (b"\x01\x09proxyuser\x0apr0xy pass", b"\x01\x00"),
    (b"\x05\x01\x00\x03\x0borigin.test\x00\x50", OK5),
];

const LITERAL4: Dialogue = &[(b"\x04\x01\x00\x50\xc0\x00\x02\x01proxyuser\x00", OK4)];

/// The scheme, the URL of a request, and the whole dialogue. `resolved.test` is 192.0.2.1 on this side.
const ROWS: &[(&str, &str, Dialogue)] = &[
    ("socks4", "http://192.0.2.1/", LITERAL4),
    ("socks4", "http://resolved.test/", LITERAL4),
    ("socks4a", "http://192.0.2.1/", LITERAL4),
    ("socks4a", "http://origin.test:8080/", &[(b"\x04\x01\x1f\x90\0\0\0\x01proxyuser\0origin.test\0", OK4)]),
    (
        "socks5",
        "http://resolved.test/",
        &[(b"\x05\x02\x00\x02", b"\x05\x00"), (b"\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50", OK5)],
    ),
    (
        "socks5",
        "http://[2001:db8::1]/",
        &[
            (b"\x05\x02\x00\x02", b"\x05\x00"),
            (
                b"\x05\x01\x00\x04\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x00\x50",
                b"\x05\0\0\x04aaaabbbbccccddddpp",
            ),
        ],
    ),
    (
        "socks5h",
        "http://192.0.2.1/",
        &[
            (b"\x05\x02\x00\x02", b"\x05\x02"),
            (b"\x01\x09proxyuser\x0apr0xy pass", b"\x01\x00"),
            (b"\x05\x01\x00\x01\xc0\x00\x02\x01\x00\x50", b"\x05\x00\x00\x03\x05boundpp"),
        ],
    ),
    ("socks5h", "http://origin.test/", DIALOGUE),
];

/// The proxy receives exactly these bytes, and then the request in origin form.
fn bytes_on_the_wire<F: Flavour>() {
    for (scheme, url, dialogue) in ROWS {
        let plain = origin();
        let server = ScriptedServer::new([socks(dialogue, plain.addr())]);
        let (client, log) = logged::<F>(|pool| {
            pool.resolve("resolved.test", [std::net::Ipv4Addr::new(192, 0, 2, 1)])
                .proxy(proxy(scheme, &server))
        });
        for is_reused in [false, true] {
            let response = F::send(client.get(url)).unwrap();
            assert_eq!((&*response.text(), response.is_reused()), ("good", is_reused), "{scheme} {url}");
        }
        let asked: Vec<u8> = dialogue.iter().flat_map(|(message, _)| *message).copied().collect();
        let received = server.when(|records| !records.is_empty())[0].received.clone();
        let (handshake, request) = received.split_at(asked.len());
        assert_eq!(handshake, asked, "{scheme} {url}");
        assert!(request.starts_with(b"GET / HTTP/1.1\r\nHost: "), "{scheme} {url}");
        check_origin(&plain);
        check_no_secrets(&log.text());
    }
    // Without credentials.
    let plain = origin();
    let dialogue: Dialogue =
        &[(b"\x05\x01\x00", b"\x05\x00"), (b"\x05\x01\x00\x03\x0borigin.test\x00\x50", OK5)];
    let server = ScriptedServer::new([socks(dialogue, plain.addr())]);
    let url = format!("socks5h://{}", server.addr());
    let client = F::pooled(|pool| pool.proxy(Proxy::all(&url).unwrap()));
    assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
}

fn tls_through_socks<F: Flavour>() {
    let authority = Authority::new();
    let secure = ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(serve(OK)));
    let dialogue: Dialogue = &[(b"\x04\x01\x01\xbb\0\0\0\x01proxyuser\0origin.test\0", OK4)];
    let server = ScriptedServer::new([socks(dialogue, secure.addr())]);
    let (client, log) = logged::<F>(|pool| pool.tls(authority.trusted()).proxy(proxy("socks4a", &server)));
    for is_reused in [false, true] {
        let response = F::send(client.get("https://origin.test/")).unwrap();
        assert_eq!((&*response.text(), response.is_reused()), ("good", is_reused));
    }
    check_origin(&secure);
    check_no_secrets(&log.text());
}

/// The replies arrive one byte at a time.
fn split_replies<F: Flavour>() {
    let plain = origin();
    let script = DIALOGUE.iter().flat_map(|(message, reply)| {
        let bytes = reply.iter().map(|byte| send([*byte]));
        [Act::TakeBytes(message.len())].into_iter().chain(bytes).collect::<Vec<_>>()
    });
    let script = script.chain([Act::Relay(plain.addr())]).collect();
    let server = ScriptedServer::new([script]);
    let client = F::pooled(|pool| pool.proxy(proxy("socks5h", &server)));
    assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
}
