//! Transports and networks of the user.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use httpx::{ErrorKind, Response, Text, Url, memory};

use crate::support::flavour::{BodyOf, Setup};
use crate::support::{Flavour, both_flavours};

both_flavours!(a_transport_of_the_user, a_transport_sees_the_whole_request, a_network_in_memory, hosts,);

/// The page's `MockTransport`.
fn a_transport_of_the_user<F: Flavour>() {
    let hello = Response::new(200, Text("Hello, world")).unwrap();
    let client = F::answered(move |_| Ok(hello.clone()), |client| client).unwrap();
    assert_eq!(client.shown(), "<Client>");
    let response = F::send(client.get("https://www.example.com")).unwrap();
    let shown = format!("{response:?}");
    assert_eq!((&*shown, &*response.text()), ("<Response [200 OK]>", "Hello, world"));
    assert_eq!(response.url().map(Url::as_str), Some("https://www.example.com/"));
    let streamed = F::stream(client.get("https://www.example.com")).unwrap();
    assert_eq!(F::read_body(streamed).unwrap().text(), "Hello, world");
    client.close();
    assert_eq!(F::send(client.get("https://www.example.com")).unwrap_err().kind(), ErrorKind::Closed);
}

/// A transport of the user receives everything that the client adds.
fn a_transport_sees_the_whole_request<F: Flavour>() {
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = Arc::clone(&seen);
    let answer = move |request: &httpx_core::Request<BodyOf<F>>| {
        let head = request.head();
        let entry = format!("{request:?} {:?} {:?}", head.headers(), head.options().timeouts.total);
        record.lock().unwrap().push(entry);
        Response::new(200, ())
    };
    let set = |client: Setup<F>| client.headers([("A", "1")]).timeout(Duration::from_secs(7));
    let client = F::answered(answer, set).unwrap();
    F::send(client.get("http://u:p@h/x").header("B", "2")).unwrap();
    // A request made by hand, through the client as a transport.
    let by_hand = httpx_core::Request::new("GET", "http://h/x").unwrap();
    client.by_hand(by_hand.with_header("A", "3").unwrap()).unwrap();
    assert_eq!(
        *seen.lock().unwrap(),
        [
            r#"<Request [GET "http://h/x"]> {"A": "1", "Authorization": [secret], "B": "2"} Some(7s)"#,
            r#"<Request [GET "http://h/x"]> {"A": "3"} Some(7s)"#,
        ]
    );
}

fn a_network_in_memory<F: Flavour>() {
    let (backend, listener) = memory::network();
    let server = std::thread::spawn(move || {
        let (target, stream) = listener.accept().unwrap();
        let request = F::answer(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        (target.to_string(), request)
    });
    let client = F::in_memory(backend);
    assert_eq!(F::send(client.get("http://no.such.host:81/x")).unwrap().text(), "hello");
    let (target, request) = server.join().unwrap();
    assert_eq!(target, "http://no.such.host:81");
    assert!(request.starts_with("GET /x HTTP/1.1\r\nHost: no.such.host:81\r\n"), "{request}");
}

/// Hosts that no loopback server can have.
fn hosts<F: Flavour>() {
    for (url, host) in [
        ("http://bücher.example/", "xn--bcher-kva.example"),
        ("http://EXAMPLE.com:80/", "example.com"),
        ("http://example.com:443/", "example.com:443"),
        ("http://[::1]/", "[::1]"),
        ("http://[0:0::1]:8080/", "[::1]:8080"),
        ("http://example.com./", "example.com."),
        ("http://ex%41mple.com/", "example.com"),
    ] {
        let (backend, listener) = memory::network();
        let server = std::thread::spawn(move || {
            let (_, stream) = listener.accept().unwrap();
            F::answer(stream, b"HTTP/1.1 204 No Content\r\n\r\n")
        });
        F::send(F::in_memory(backend).get(url)).unwrap();
        let request = server.join().unwrap();
        assert!(request.starts_with(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n")), "{url}: {request}");
    }
}
