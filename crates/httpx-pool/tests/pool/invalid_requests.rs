//! Requests that cannot be sent as they are. They cost no connection and do not wait for one.

use httpx_core::{ErrorKind, RequestSent, Timeout, Timeouts};

use crate::support::*;

both_flavours! {
    no_connection_is_opened,
    a_full_pool_is_not_waited_for,
    a_kept_connection_stays,
    a_single_connection_stays,
}

/// Methods, and a header that contradicts a body of one byte.
const ROWS: &[(&str, &str, &str)] = &[
    ("POST", "Content-Length", "9"),
    ("POST", "Content-Length", "x"),
    ("POST", "Transfer-Encoding", "gzip"),
    ("TRACE", "X", "y"),
];

fn fails<S: Sender>(sender: &S, url: &str, (method, name, value): (&str, &str, &str)) {
    let request = request(method, url).with_header(name, value).unwrap().with_body(bytes("x"));
    let error = sender.send(request).unwrap_err();
    assert_eq!(
        (error.kind(), error.request_sent()),
        (ErrorKind::InvalidRequest, Some(RequestSent::Nothing)),
        "{method} {name}: {value}"
    );
}

fn no_connection_is_opened<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::one();
    for &row in ROWS {
        fails(&pool, &server.url(), row);
        assert_eq!((server.connections(), pool.counts()), (0, idle(0)), "{row:?}");
    }
    pool.get_ok(&server.url());
}

fn a_full_pool_is_not_waited_for<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let mut timeouts = Timeouts::default();
    timeouts.pool = Some(100 * MS);
    let pool = F::make(|pool| pool.max_connections(1).timeouts(timeouts));
    let busy = pool.stream(&server.url()).unwrap();
    for &row in ROWS {
        fails(&pool, &server.url(), row);
    }
    assert_eq!(pool.stream(&server.url()).unwrap_err().kind(), ErrorKind::Timeout(Timeout::Pool));
    busy.read_body().unwrap();
    pool.get_ok(&server.url());
    assert_eq!(server.connections(), 1);
}

fn a_kept_connection_stays<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::one();
    for &row in ROWS {
        pool.get_ok(&server.url());
        fails(&pool, &server.url(), row);
        assert_eq!(pool.counts(), idle(1), "{row:?}");
    }
    pool.get_ok(&server.url());
    assert_eq!(server.connections(), 1);
}

fn a_single_connection_stays<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let connection = F::open_connection(&server.url()).unwrap();
    for &row in ROWS {
        fails(&connection, &server.url(), row);
        connection.get_ok(&server.url());
    }
    assert_eq!(server.connections(), 1);
}
