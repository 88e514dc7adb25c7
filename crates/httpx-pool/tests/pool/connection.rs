//! A single connection, without a pool.

use httpx_core::{ErrorKind, RequestSent};

use crate::support::*;

both_flavours! {
    a_single_connection,
    a_single_connection_that_the_server_ends,
    a_single_connection_that_cannot_be,
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
