//! HTTP proxies that answer forwarded requests wrongly.

use httpx::ErrorKind;
use httpx_testing::{Act, Script, ScriptedServer, answer, send};

use crate::support::{Flavour, both_flavours};
use crate::{OK, check_error, check_no_secrets, check_nothing_left, logged, proxy};

both_flavours!(answers, refusals_are_responses);

/// Each is an error that names the proxy; the next connection is used.
fn answers<F: Flavour>() {
    let take = |text: &str| vec![Act::Take, send(text), Act::Eof];
    let cut = |text: &str| vec![Act::Take, send(text)];
    let rows: [(Script, ErrorKind); 7] = [
        (take("\0\u{1}\u{2}\r\n\r\n"), ErrorKind::Protocol),
        (take("SSH-2.0-OpenSSH_9.9\r\n"), ErrorKind::Protocol),
        (take("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), ErrorKind::Protocol),
        (take(&("HTTP/1.1 200 OK\r\n".to_owned() + &"A: b\r\n".repeat(1 << 17))), ErrorKind::Protocol),
        (cut(""), ErrorKind::Io),
        (cut("HTTP/1.1 200 O"), ErrorKind::Incomplete),
        (cut("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"), ErrorKind::Incomplete),
    ];
    for (n, (script, kind)) in rows.into_iter().enumerate() {
        let server = ScriptedServer::new([script, answer(OK)]);
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
        let error = F::send(client.get("http://origin.test/")).err().unwrap_or_else(|| panic!("row {n}"));
        // The body is read when the proxy is known no more.
        let through = format!("through the proxy http://{}", server.addr());
        let named = if n == 6 { "after 4 of 9 bytes" } else { &through };
        check_error(&error, kind, named, &["origin.test"]);
        server.end_of(0);
        check_nothing_left(&client);
        assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
        check_no_secrets(&log.text());
    }
}

/// It is not known whether proxy or origin wrote a response, so each is a normal one. After a 407 nothing is sent again.
fn refusals_are_responses<F: Flavour>() {
    let refusal = "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 2\r\n\r\nno";
    let server = ScriptedServer::repeat(vec![Act::Serve(refusal.into())]);
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    for _ in 0..3 {
        let response = F::send(client.get("http://origin.test/")).unwrap();
        assert_eq!((response.status().as_u16(), &*response.text()), (407, "no"));
    }
    let received = String::from_utf8(server.when(|records| !records.is_empty())[0].received.clone()).unwrap();
    assert_eq!((received.matches("GET http://origin.test/ ").count(), server.connections()), (3, 1));
    check_no_secrets(&log.text());
}
