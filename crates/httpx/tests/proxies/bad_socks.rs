//! SOCKS proxies that refuse, speak wrongly, or stop.

use httpx::ErrorKind;
use httpx::models::RequestSent;
use httpx::network::Proxy;
use httpx_testing::{Act, End, Script, ScriptedServer, send};

use crate::socks::{DIALOGUE, socks};
use crate::support::{Flavour, both_flavours};
use crate::{check_error, check_no_secrets, check_nothing_left, logged, origin, proxy};

both_flavours! {
    replies,
    every_code,
    cut_at_each_byte,
    hosts_and_credentials_that_do_not_fit,
}

/// Takes each message of the client, and sends these replies instead of the good ones.
fn replies_to(messages: &[usize], replies: &[&[u8]]) -> Script {
    let turns = messages.iter().zip(replies).flat_map(|(len, reply)| [Act::TakeBytes(*len), send(reply)]);
    turns.chain([Act::Eof]).collect()
}

/// The lengths of the messages of SOCKS5 to `origin.test`, with username and password and without.
const MESSAGES: &[usize] = &[4, 22, 18];
const NO_USER: &[usize] = &[4, 18];

/// Each is an error that names the proxy, the origin and the reason; the next connection is used.
fn replies<F: Flavour>() {
    let rows: [(&str, Script, &str); 14] = [
        ("socks5h", replies_to(MESSAGES, &[b"\x05\xff"]), "accepts neither clients without credentials"),
        ("socks5h", replies_to(MESSAGES, &[b"\x05\x01"]), "was not offered (1)"),
        (
            "socks5h",
            replies_to(MESSAGES, &[b"\x05\x02", b"\x01\x01"]),
            "check them in the proxy's URL or in basic_auth()",
        ),
        ("socks5h", replies_to(MESSAGES, &[b"\x05\x02", b"\x05\x00"]), "begins with the byte 5"),
        ("socks5h", replies_to(MESSAGES, &[b"\x04\x00"]), "begins with the byte 4"),
        ("socks5h", replies_to(MESSAGES, &[b"HTTP/1.1 400 Bad Request\r\n\r\n"]), "begins with the byte 72"),
        ("socks5h", replies_to(NO_USER, &[b"\x05\x00", b"\x04\x00\x00\x01"]), "begins with the byte 4"),
        ("socks5h", replies_to(NO_USER, &[b"\x05\x00", b"\x05\x00\x00\x02\0\0"]), "unknown type 2"),
        // The reason is known although the reply is short.
        ("socks5h", replies_to(NO_USER, &[b"\x05\x00", b"\x05\x05"]), "refused the connection"),
        ("socks4a", replies_to(&[30], &[b"\x05\x00"]), "it speaks SOCKS5: write socks5h:// or"),
        ("socks4a", replies_to(&[30], &[b"\x04\x5a\0\0\0\0\0\0"]), "begins with the byte 4"),
        ("socks4a", replies_to(&[30], &[b"HTTP/1.1 400 Bad Request\r\n\r\n"]), "is it an HTTP proxy"),
        ("socks4a", replies_to(&[30], &[b"\x00\x5b\0\0\0\0\0\0"]), "reply 91"),
        ("socks4a", replies_to(&[30], &[b"\x00\x00"]), "unknown reason (reply 0)"),
    ];
    let plain = origin();
    for (scheme, script, words) in rows {
        let again = match scheme {
            "socks5h" => socks(DIALOGUE, plain.addr()),
            _ => vec![Act::TakeBytes(30), send(b"\x00\x5a\0\0\0\0\0\0"), Act::Relay(plain.addr())],
        };
        let server = ScriptedServer::new([script, again]);
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy(scheme, &server)));
        let error = F::send(client.get("http://origin.test/")).err().unwrap_or_else(|| panic!("{words}"));
        let named = format!("the proxy {scheme}://{} opened no tunnel to origin.test:80", server.addr());
        check_error(&error, ErrorKind::Proxy, &named, &[words]);
        assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing), "{error:?}");
        assert_ne!(server.end_of(0), End::Played);
        check_nothing_left(&client);
        assert_eq!(server.connections(), 1);
        assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
        check_no_secrets(&log.text());
    }
    // Without credentials the advice is to give some.
    let server = ScriptedServer::new([replies_to(&[3], &[b"\x05\xff"])]);
    let client = F::pooled(|pool| pool.proxy(Proxy::all(&format!("socks5h://{}", server.addr())).unwrap()));
    let error = F::send(client.get("http://origin.test/")).unwrap_err();
    check_error(
        &error,
        ErrorKind::Proxy,
        &server.addr().to_string(),
        &["add username and password to its URL"],
    );
}

/// Each code has its reason and its number in the error.
fn every_code<F: Flavour>() {
    for (scheme, codes) in [("socks5h", 1..=9_u8), ("socks4a", 91..=94)] {
        let scripts: Vec<Script> = codes
            .clone()
            .map(|code| match scheme {
                "socks5h" => replies_to(NO_USER, &[b"\x05\x00", &[5, code, 0, 1, 0, 0, 0, 0, 0, 0]]),
                _ => replies_to(&[30], &[&[0, code, 0, 0, 0, 0, 0, 0]]),
            })
            .collect();
        let server = ScriptedServer::new(scripts);
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy(scheme, &server)));
        for code in codes {
            let error = F::send(client.get("http://origin.test/")).unwrap_err();
            let named = format!("{scheme}://{}", server.addr());
            check_error(&error, ErrorKind::Proxy, &named, &[&format!("reply {code}")]);
            check_nothing_left(&client);
        }
        check_no_secrets(&log.text());
    }
}

/// The proxy closes the connection after each number of bytes.
fn cut_at_each_byte<F: Flavour>() {
    let total = DIALOGUE.iter().map(|(_, reply)| reply.len()).sum();
    let cut = |len: usize| {
        let (mut script, mut left) = (Script::new(), len);
        for (message, reply) in DIALOGUE {
            script.push(Act::TakeBytes(message.len()));
            let n = left.min(reply.len());
            script.push(send(&reply[..n]));
            left -= n;
            if n < reply.len() {
                break;
            }
        }
        script
    };
    let server = ScriptedServer::new((0..total).map(cut).collect::<Vec<_>>());
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy("socks5h", &server)));
    for len in 0..total {
        let error = F::send(client.get("http://origin.test/")).err().unwrap_or_else(|| panic!("{len}"));
        let named = format!("the proxy socks5h://{} opened no tunnel to origin.test:80", server.addr());
        check_error(&error, ErrorKind::Connect, &named, &["closed the connection during the handshake"]);
        check_nothing_left(&client);
    }
    check_no_secrets(&log.text());
}

fn hosts_and_credentials_that_do_not_fit<F: Flavour>() {
    let long = "x".repeat(256);
    let rows = [
        (
            format!("socks5h://proxyuser:{long}@"),
            "http://origin.test/",
            "the password for the SOCKS proxy has 256 bytes",
        ),
        (
            format!("socks5h://{long}:pr0xy@"),
            "http://origin.test/",
            "the username for the SOCKS proxy has 256 bytes",
        ),
        ("socks5h://:pr0xy@".into(), "http://origin.test/", "the username for the SOCKS proxy has 0 bytes"),
        ("socks4://proxyuser%00x@".into(), "http://192.0.2.1/", "contains a NUL"),
        ("socks4://proxyuser@".into(), "http://[2001:db8::1]/", "SOCKS4 cannot connect to IPv6"),
        ("socks4a://proxyuser@".into(), "http://[2001:db8::1]/", "SOCKS4 cannot connect to IPv6"),
        ("socks4a://proxyuser@".into(), "http://0.0.0.7/", "SOCKS4 cannot connect to 0.0.0.7"),
    ];
    for (url, target, words) in rows {
        let server = ScriptedServer::repeat(vec![Act::Eof]);
        let proxy = Proxy::all(&format!("{url}{}", server.addr())).unwrap();
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy));
        let error = F::send(client.get(target)).unwrap_err();
        check_error(&error, error.kind(), &server.addr().to_string(), &[words]);
        assert!(!format!("{error:?}").contains("xxxxx"), "{error:?}");
        check_nothing_left(&client);
        check_no_secrets(&log.text());
        for record in server.ended() {
            assert!(record.received.is_empty(), "{record:?}");
        }
    }
}
