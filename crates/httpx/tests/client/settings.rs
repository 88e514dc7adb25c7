//! Settings of the client, of its pool and of one request.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx::{ErrorKind, Response, Timeouts};

use crate::support::flavour::BodyOf;
use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    default_headers_and_base_url,
    unverified_tls,
    unclean_ends_and_header_limits,
    options_of_the_client_and_of_one_request,
    timeouts_at_once,
);

fn default_headers_and_base_url<F: Flavour>() {
    let server = Server::new(|seen| {
        Reply::full("200 OK", "Content-Type: application/json\r\n", {
            format!(
                "{{\"target\": {:?}, \"agent\": {:?}}}",
                seen.target(),
                seen.header("User-Agent").unwrap()
            )
        })
    });
    let client = F::with(|builder| {
        builder.url(server.url("/v1/")).headers([("User-Agent", "dev"), ("Accept-Encoding", "gzip")])
    });
    let response = F::send(client.get("json")).unwrap();
    let json: std::collections::HashMap<String, String> = response.json().unwrap();
    assert_eq!((&*json["target"], &*json["agent"]), ("/v1/json", "dev"));
}

fn unverified_tls<F: Flavour>() {
    let server =
        Server::tls(Authority::new().server_until("elsewhere.example", 1990), |_| Reply::ok("hello"));
    let error = F::send(F::new().get(&server.url("/"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    let no_verify = httpx::tls::TlsConfig::builder().danger_accept_invalid_certs().build().unwrap();
    let client = F::pooled(|pool| pool.tls(no_verify));
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap().text(), "hello");
}

fn unclean_ends_and_header_limits<F: Flavour>() {
    let authority = Authority::new();
    let until_close = b"HTTP/1.1 200 OK\r\n\r\nhello".to_vec();
    let server = Server::tls(authority.server("localhost"), move |_| Reply::Cut(until_close.clone()));
    for (unclean_ends, expected) in [
        (httpx_proto::UncleanEnds::Refuse, Err(ErrorKind::Incomplete)),
        (httpx_proto::UncleanEnds::Accept, Ok("hello".to_owned())),
    ] {
        let tls = authority.trusted();
        let client = F::pooled(|pool| pool.tls(tls).unclean_ends(unclean_ends));
        let response = F::send(client.get(&server.url("/")));
        assert_eq!(response.map(|it| it.text().into_owned()).map_err(|error| error.kind()), expected);
    }
    let server = Server::new(|_| Reply::full("200 OK", "A: 1\r\nB: 2\r\n", ""));
    let mut limits = httpx_proto::Limits::default();
    limits.header_count = 2;
    let client = F::pooled(|pool| pool.limits(limits));
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap_err().kind(), ErrorKind::Protocol);
}

/// Options of the client hold for all requests; options of a request hold for that request.
fn options_of_the_client_and_of_one_request<F: Flavour>() {
    let server = Server::routes([("/away", Reply::redirect("302", "/"))]);
    let client = F::with(|builder| builder.max_body_bytes(3).max_redirects(0));
    assert_eq!(F::send(client.get(&server.url("/"))).unwrap_err().kind(), ErrorKind::TooLarge);
    assert_eq!(F::send(client.get(&server.url("/")).max_body_bytes(4)).unwrap().text(), "good");
    assert_eq!(F::send(client.get(&server.url("/away"))).unwrap().status(), 302);
    assert_eq!(
        F::send(client.get(&server.url("/away")).max_redirects(1).max_body_bytes(4)).unwrap().status(),
        200
    );
}

/// Those that are set; the others stay.
fn timeouts_at_once<F: Flavour>() {
    let [one, two, three, four] = [1, 2, 3, 4].map(Duration::from_secs);
    let seen = Arc::new(Mutex::new(Timeouts::new()));
    let log = Arc::clone(&seen);
    let answer = move |request: &httpx_core::Request<BodyOf<F>>| {
        *log.lock().unwrap() = request.head().options().timeouts;
        Response::new(200, ())
    };
    let of_client = Timeouts::new().connect(one).read(one);
    let client = F::answered(answer, |client| client.head_timeout(two).timeouts(of_client)).unwrap();
    let ask = client.get("http://h/").read_timeout(two).timeouts(Timeouts::new().read(three).total(four));
    F::send(ask.write_timeout(four)).unwrap();
    let expected = Timeouts::new().connect(one).head(two).read(three).total(four).write(four);
    assert_eq!(*seen.lock().unwrap(), expected);
}
