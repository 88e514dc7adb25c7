//! A single connection, without a pool.

use httpx_core::{ErrorKind, RequestSent};
use httpx_pool::Proxy;

use crate::support::*;

both_flavours! {
    a_single_connection,
    a_single_connection_that_the_server_ends,
    a_single_connection_that_cannot_be,
    a_single_connection_through_a_proxy,
}

fn a_single_connection<F: Flavour>() {
    let other = Server::repeat(serve(OK));
    let server = Server::repeat(serve(OK));
    let connection = F::open_connection(&server.url()).unwrap();
    assert!(F::is_ready(&connection));
    let name = format!("<Connection \"{}\" ", server.url().trim_end_matches('/'));
    assert_eq!(format!("{connection:?}"), format!("{name}[0 active, 1 idle]>"));
    connection.get_ok(&server.url());
    let held = connection.stream(&server.url()).unwrap();
    assert!(!F::is_ready(&connection));
    assert_eq!(format!("{connection:?}"), format!("{name}[1 active]>"));
    let error = connection.get(&server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::InvalidRequest, Some(RequestSent::Nothing)));
    assert!(
        error
            .to_string()
            .ends_with("this connection is busy; read its last response to the end, or open another one")
    );
    drop(held);
    let error = connection.get(&other.url()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(error.to_string().contains("leads to"), "{error}");
    connection.get_ok(&server.url());
    assert_eq!((server.connections(), other.connections()), (1, 0));
    connection.close();
    assert_eq!(server.end_of(0), End::Closed);
    assert!(!F::is_ready(&connection));
    assert_eq!(format!("{connection:?}"), format!("{name}[0 active]>"));
    let error = connection.get(&server.url()).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Closed, Some(RequestSent::Nothing)));
    assert!(error.to_string().ends_with("this connection is closed; open another one"));
}

fn a_single_connection_that_the_server_ends<F: Flavour>() {
    let gate = Gate::default();
    let unasked = [answer(OK), vec![send(OK), Act::Open(gate.clone()), Act::Eof]].concat();
    for script in [answer("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"), unasked]
    {
        let server = Server::repeat(script.clone());
        let connection = F::open_connection(&server.url()).unwrap();
        connection.get_ok(&server.url());
        if script.len() > 2 {
            gate.wait();
        }
        until(|| !F::is_ready(&connection));
        let error = connection.get(&server.url()).unwrap_err();
        assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Closed, Some(RequestSent::Nothing)));
    }
}

fn a_single_connection_that_cannot_be<F: Flavour>() {
    let port = closed_port();
    let error = F::open_connection(&format!("http://127.0.0.1:{port}/")).unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Connect, Some(RequestSent::Nothing)));
    // The rest is the text of the system's error.
    let begin =
        format!("cannot connect to 127.0.0.1 (tried 127.0.0.1:{port}); does a server listen there?: ");
    assert!(format!("{error:#}").starts_with(&begin), "{error:#}");
    assert_eq!(F::open_connection("ftp://127.0.0.1/").unwrap_err().kind(), ErrorKind::InvalidUrl);
}

/// It is one to its origin, whether the proxy forwards or opens a tunnel, and its errors name the proxy.
fn a_single_connection_through_a_proxy<F: Flavour>() {
    let open = "HTTP/1.1 200 OK\r\n\r\n";
    let rows = [(vec![], "http://origin.test/"), (vec![Act::TakeHead, send(open)], "/")];
    for (first, target) in rows {
        let is_tunnel = !first.is_empty();
        let server = Server::new([[first, answer(OK), answer("nonsense\r\n\r\n")].concat()]);
        let proxy = Proxy::all(&format!("http://user:secret@{}", server.addr())).unwrap();
        let proxy = if is_tunnel { proxy.tunnel_http() } else { proxy };
        let connection = F::open(|builder| builder.proxy(proxy), "http://origin.test/").unwrap();
        connection.get_ok("http://origin.test/");
        let error = connection.get("http://other.test/").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
        let error = connection.get("http://origin.test/").unwrap_err();
        let named = format!("through the proxy http://{}: ", server.addr());
        assert!(error.kind() == ErrorKind::Protocol && error.to_string().contains(&named), "{error}");
        let received = String::from_utf8(server.ended()[0].received.clone()).unwrap();
        assert_eq!(received.matches(&format!("GET {target} HTTP/1.1\r\n")).count(), 2, "{received}");
        assert_eq!(received.starts_with("CONNECT origin.test:80 "), is_tunnel, "{received}");
    }
}
