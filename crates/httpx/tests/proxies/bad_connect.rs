//! HTTP proxies that open no tunnel, or a wrong one.

use httpx::ErrorKind;
use httpx::models::RequestSent;
use httpx_testing::{Act, Script, ScriptedServer, send};

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, both_flavours};
use crate::{OK, OPEN, check_error, check_nothing_left, connect_to, logged, proxy};

both_flavours! {
    answers,
    endless_answers,
    refusals_are_the_proxys,
    a_tunnel_that_does_not_lead_to_tls,
    cut_at_each_byte,
}

/// What the proxy does with CONNECT, the kind of the error, and words of its text.
fn rows() -> Vec<(Script, ErrorKind, &'static [&'static str])> {
    use ErrorKind::{Connect, Proxy};
    let take = |text: &str| vec![Act::TakeHead, send(text), Act::Eof];
    let cut = |text: &str| vec![Act::TakeHead, send(text)];
    vec![
        // Garbage, and other protocols.
        (take("\0\u{1}\u{2}\r\n\r\n"), Proxy, &["cannot be understood", "is it an HTTP proxy?"]),
        (take("SSH-2.0-OpenSSH_9.9\r\n"), Proxy, &["cannot be understood"]),
        (take("\u{5}"), Proxy, &["this looks like a SOCKS5 proxy: write socks5h://"]),
        (take("HTTP/2.0 200 OK\r\n\r\n"), Proxy, &["cannot be understood"]),
        (take("HTTP/1.1 2000 OK\r\n\r\n"), Proxy, &["cannot be understood"]),
        (take("HTTP/1.1 200 OK\r\n\u{1b}[2J: x\r\n\r\n"), Proxy, &["cannot be understood"]),
        (
            vec![send("220 welcome\r\n"), Act::TakeHead, send(OPEN), Act::Eof],
            Proxy,
            &["cannot be understood"],
        ),
        // A switch that was not asked for.
        (take("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), Proxy, &["cannot be understood"]),
        // Bytes in the tunnel before it is used.
        (
            take("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
            Proxy,
            &["sent data right after its response to CONNECT"],
        ),
        (take("HTTP/1.1 200 OK\r\n\r\nx"), Proxy, &["sent data right after its response to CONNECT"]),
        (
            take("HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
            Proxy,
            &["sent data right after its response to CONNECT"],
        ),
        // Refusals.
        (
            take("HTTP/1.1 407 Who are you?\r\nContent-Length: 2\r\n\r\nno"),
            Proxy,
            &["407 Who are you?", "are they correct?"],
        ),
        (take("HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\r\n"), Proxy, &["407 No"]),
        (
            take("HTTP/1.1 401 Unauthorized\r\n\r\n"),
            Proxy,
            &["401 Unauthorized", "it rejected the username and password"],
        ),
        (
            take("HTTP/1.1 405 Method Not Allowed\r\n\r\n"),
            Proxy,
            &["is it a proxy? it does not support CONNECT"],
        ),
        (take("HTTP/1.1 501 No\r\n\r\n"), Proxy, &["501 No", "it does not support CONNECT"]),
        (
            take("HTTP/1.1 403 Forbidden\r\n\r\n"),
            Proxy,
            &["403 Forbidden", "may not allow this host or port"],
        ),
        (take("HTTP/1.1 502 Bad Gateway\r\n\r\n"), Proxy, &["502 Bad Gateway", "is the origin reachable"]),
        (take("HTTP/1.0 500 \u{9b}2J\r\n\r\n"), Proxy, &["500"]),
        (take("HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test/\r\n\r\n"), Proxy, &["302 Found"]),
        (take("HTTP/1.1 304 Not Modified\r\n\r\n"), Proxy, &["304 Not Modified"]),
        // Ends.
        (cut(""), Connect, &["closed the connection without an answer"]),
        (vec![Act::TakeHead, Act::Finish, Act::Eof], Connect, &["closed the connection without an answer"]),
        (cut("HTTP/1.1 200 Conn"), Proxy, &["cannot be understood"]),
        (cut("HTTP/1.1 200 OK\r\nVia: x\r\n"), Proxy, &["cannot be understood"]),
        (cut("HTTP/1.1 100 Continue\r\n\r\n"), Proxy, &["answer"]),
        // Some systems report a reset as an end.
        (vec![Act::TakeHead, Act::Reset], Connect, &[]),
    ]
}

/// Each is an error that names proxy and origin, the connection is closed, and the next one is used.
fn answers<F: Flavour>() {
    let authority = Authority::new();
    let origin =
        ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(httpx_testing::serve(OK)));
    for (n, (script, kind, words)) in rows().into_iter().enumerate() {
        let server = ScriptedServer::new([script, connect_to(origin.addr())]);
        let (client, log) = logged::<F>(|pool| pool.tls(authority.trusted()).proxy(proxy("http", &server)));
        let error = F::send(client.get("https://origin.test/a")).err().unwrap_or_else(|| panic!("row {n}"));
        let named = format!("the proxy http://{} opened no tunnel to origin.test:443", server.addr());
        check_error(&error, kind, &named, words);
        assert!(error.to_string().starts_with("GET https://origin.test/a"), "{error}");
        assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
        assert!(error.is_connect(), "{error:?}");
        server.end_of(0);
        check_nothing_left(&client);
        assert_eq!((client.pool_stats().failed, client.pool_stats().opened), (1, 0));
        // It is sent once: nothing asks again.
        assert_eq!(server.connections(), 1);
        assert_eq!(F::send(client.get("https://origin.test/a")).unwrap().text(), "good");
        crate::check_no_secrets(&log.text());
    }
    crate::check_origin(&origin);
}

fn endless_answers<F: Flavour>() {
    let flood = |text: &str| vec![Act::TakeHead, send(text), Act::Flood(64 << 20), Act::Eof];
    let rows = [
        flood("HTTP/1.1 200 "),
        flood("HTTP/1.1 200 OK\r\nA: "),
        flood(""),
        vec![Act::TakeHead, send("HTTP/1.1 200 OK\r\n".to_owned() + &"A: b\r\n".repeat(1 << 20)), Act::Eof],
        vec![Act::TakeHead, send("HTTP/1.1 100 Continue\r\n\r\n".repeat(1 << 20)), Act::Eof],
    ];
    for script in rows {
        let server = ScriptedServer::new([script]);
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
        let error = F::send(client.get("https://origin.test/")).unwrap_err();
        check_error(&error, ErrorKind::Proxy, &server.addr().to_string(), &["cannot be understood"]);
        server.end_of(0);
        check_nothing_left(&client);
        crate::check_no_secrets(&log.text());
    }
}

/// The refusal is the proxy's response, in each of many tries.
fn refusals_are_the_proxys<F: Flavour>() {
    let refusal = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno";
    let server = ScriptedServer::repeat(vec![Act::TakeHead, send(refusal), Act::Eof]);
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    for n in 1..5 {
        let error = F::send(client.get("https://origin.test/")).unwrap_err();
        let head = error.response().unwrap();
        assert_eq!((error.status().unwrap(), head.status().as_u16()), (407.try_into().unwrap(), 407));
        assert_eq!(head.headers().get("proxy-authenticate").unwrap().to_str(), Some("Basic realm=\"x\""));
        assert!(!error.is_transient());
        assert_eq!(server.connections(), n);
        server.end_of(n - 1);
        check_nothing_left(&client);
    }
    crate::check_no_secrets(&log.text());
    let unavailable = ScriptedServer::new([vec![Act::TakeHead, send("HTTP/1.1 503 Busy\r\n\r\n"), Act::Eof]]);
    let error = F::send(client.get("https://origin.test/").proxy(proxy("http", &unavailable))).unwrap_err();
    assert!(error.is_transient() && error.is_connect(), "{error:?}");
}

/// The tunnel is open, but the origin does not speak TLS in it, or ends it.
fn a_tunnel_that_does_not_lead_to_tls<F: Flavour>() {
    let after = |act: &[Act]| [&[Act::TakeHead, send(OPEN)], act].concat();
    let rows: &[(Script, ErrorKind)] = &[
        (after(&[]), ErrorKind::Connect),
        (after(&[Act::Reset]), ErrorKind::Connect),
        (after(&[Act::TakeBytes(5)]), ErrorKind::Connect),
        (after(&[Act::TakeBytes(5), Act::Finish, Act::Eof]), ErrorKind::Connect),
        (after(&[Act::TakeBytes(5), send("HTTP/1.1 400 Bad Request\r\n\r\n"), Act::Eof]), ErrorKind::Tls),
        (after(&[Act::TakeBytes(5), send("hello"), Act::Eof]), ErrorKind::Tls),
        (after(&[Act::TakeBytes(5), send("\u{15}\u{3}\u{3}\0\u{2}\u{2}("), Act::Eof]), ErrorKind::Tls),
    ];
    for (n, (script, kind)) in rows.iter().enumerate() {
        let server = ScriptedServer::new([script.clone()]);
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
        let error = F::send(client.get("https://origin.test/")).err().unwrap_or_else(|| panic!("row {n}"));
        check_error(&error, *kind, &format!("through the proxy http://{}", server.addr()), &["origin.test"]);
        server.end_of(0);
        check_nothing_left(&client);
        crate::check_no_secrets(&log.text());
    }
}

/// However short the answer is, it is an error of the proxy, and nothing is left.
fn cut_at_each_byte<F: Flavour>() {
    let answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: proxy\r\n\r\n";
    let scripts: Vec<Script> =
        (0..answer.len()).map(|len| vec![Act::TakeHead, send(&answer[..len])]).collect();
    let server = ScriptedServer::new(scripts);
    let (client, _) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    for len in 0..answer.len() {
        let error = F::send(client.get("https://origin.test/")).err().unwrap_or_else(|| panic!("{len}"));
        let kind = if len == 0 { ErrorKind::Connect } else { ErrorKind::Proxy };
        check_error(&error, kind, &server.addr().to_string(), &["opened no tunnel to origin.test:443"]);
        check_nothing_left(&client);
    }
}
