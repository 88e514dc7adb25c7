//! Certificates and handshakes that fail.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use httpx::ErrorKind;
use httpx::models::{RequestSent, Timeout};
use httpx::tls::TlsErrorKind;

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{SHORT, check, check_fails, check_usable};

both_flavours!(certificates, connections_cut_in_the_handshake, tls_and_not_tls, http_to_a_tls_port, cut_tls,);

fn certificates<F: Flavour>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let good = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    for (config, failure, words) in [
        (Authority::new().server("localhost"), TlsErrorKind::UnknownIssuer, &["localhost", "root(…)"][..]),
        (
            authority.server_until("localhost", 2020),
            TlsErrorKind::Expired,
            &["localhost", "expired", "renew"],
        ),
        (
            authority.server("other.example"),
            TlsErrorKind::WrongHost,
            &["for other.example, not localhost: is the URL's host right?"],
        ),
    ] {
        let server = Server::tls(config, |_| Reply::ok("never"));
        let url = server.url("/");
        let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Tls, words);
        assert_eq!(TlsErrorKind::find_in(&error), Some(failure));
        assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing));
        assert!(!error.is_transient());
        assert_eq!(server.take().len(), 0);
        check_usable(&client, &good);
    }
    // A server that requires a client certificate. In TLS 1.3 its refusal arrives after the request is sent.
    let server = Server::tls(authority.server_for_known("localhost"), |_| Reply::ok("never"));
    let url = server.url("/");
    let words = &["wants a client certificate; give one with"];
    let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Tls, words);
    assert!(!error.is_transient() && !error.is_connect(), "{error:?}");
    check_usable(&client, &good);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

/// The end of a handshake by a server that restarts, or by a proxy in front of it. It passes with a retry.
fn connections_cut_in_the_handshake<F: Flavour>() {
    type End = fn(&mut TcpStream);
    let rows: [(End, &str); 2] = [
        // A socket that is closed with bytes unread resets the connection.
        (|socket| assert_eq!(socket.peek(&mut [0; 1]).unwrap(), 1), "failed during the TLS handshake"),
        (|socket| assert!(socket.read(&mut [0; 16 << 10]).unwrap() > 1), "closed the connection during"),
    ];
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let good = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    for (end, words) in rows {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port());
        let server = std::thread::spawn(move || end(&mut listener.accept().unwrap().0));
        let error = check_fails::<F>(client.get(&url), &url, ErrorKind::Connect, &["127.0.0.1", words]);
        assert!(error.is_transient() && error.is_connect(), "{error:?}");
        assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
        server.join().unwrap();
        check_usable(&client, &good);
    }
}

fn tls_and_not_tls<F: Flavour>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let tls = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    let plain = Server::new(|_| Reply::ok("never"));

    // The TLS server answers with an alert, which is no HTTP.
    let url = tls.url("/").replace("https", "http");
    let error = F::send(client.get(&url)).unwrap_err();
    check(&error, ErrorKind::Protocol, &[&url, "does not speak HTTP"]);

    // The plain server sees no request in the handshake, and waits for more of it.
    let url = plain.url("/").replace("http", "https");
    let words = ["TLS", "127.0.0.1"];
    check_fails::<F>(
        client.get(&url).connect_timeout(SHORT),
        &url,
        ErrorKind::Timeout(Timeout::Connect),
        &words,
    );

    // A server that answers at once, as most do.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://127.0.0.1:{}/", listener.local_addr().unwrap().port());
    let answers = std::thread::spawn(move || {
        let (mut socket, _) = listener.accept().unwrap();
        let _ = socket.read(&mut [0; 1024]);
        let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        let _ = socket.read(&mut [0; 1024]);
    });
    check_fails::<F>(client.get(&url), &url, ErrorKind::Tls, &["127.0.0.1", "is this an http port?"]);
    answers.join().unwrap();
    check_usable(&client, &tls);
}

/// A TLS alert begins with two bytes that cannot begin HTTP: `\x15\x03`.
fn http_to_a_tls_port<F: Flavour>() {
    let tls = Server::tls(Authority::new().server("localhost"), |_| Reply::ok("never"));
    let url = tls.url("/").replace("https", "http");
    check_fails::<F>(F::new().get(&url), &url, ErrorKind::Protocol, &["TLS", "https"]);
}

fn cut_tls<F: Flavour>() {
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let until_close = b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec();
    let known = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello".to_vec();
    let server = Server::tls(
        authority.server("localhost"),
        crate::support::route([
            ("/clean", Reply::Close(until_close.clone())),
            ("/cut", Reply::Cut(until_close)),
            ("/known", Reply::Cut(known)),
        ]),
    );
    assert_eq!(F::send(client.get(&server.url("/clean"))).unwrap().text(), "hello");
    // A body of known length is complete.
    assert_eq!(F::send(client.get(&server.url("/known"))).unwrap().text(), "hello");
    let url = server.url("/cut");
    check_fails::<F>(client.get(&url), &url, ErrorKind::Incomplete, &["without TLS close_notify"]);
    check_usable(&client, &server);
}
