//! How connections are made, for a pool and for one request, and which requests share them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use bytes::Bytes;
use httpx_core::{ErrorKind, Request, RequestSent};
use httpx_pool::{AddressRefused, ConnectOptions, PublicOnly};

use httpx_proto::Limits;

use crate::support::*;

both_flavours! {
    overrides_of_names,
    overrides_of_a_request_win,
    a_name_without_addresses,
    equal_options_share_connections_and_others_do_not,
    keys_of_closed_connections_are_dropped,
    a_single_connection_with_an_override,
    limits_of_one_request,
}

fn overrides_of_names<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let port = server.addr().port();
    let pool = F::make(|pool| {
        pool.resolve("Port.Test", [server.addr()])
            .resolve("no-port.test", [Ipv4Addr::LOCALHOST])
            .resolve("zero.test", [SocketAddr::from((Ipv4Addr::LOCALHOST, 0))])
            .resolve("b\u{fc}cher.test", [IpAddr::from(Ipv4Addr::LOCALHOST)])
            .resolve("192.0.2.1", [Ipv4Addr::LOCALHOST])
            .resolve("2001:db8::1", [Ipv4Addr::LOCALHOST])
            .resolve("[2001:db8::2]", [Ipv4Addr::LOCALHOST])
    });
    // The URL, and the host that the server sees.
    let rows = [
        ("http://port.test/".to_owned(), "port.test".to_owned()),
        ("http://PORT.test:9/".to_owned(), "port.test:9".to_owned()),
        (format!("http://no-port.test:{port}/"), format!("no-port.test:{port}")),
        (format!("http://zero.test:{port}/"), format!("zero.test:{port}")),
        (format!("http://b\u{fc}cher.test:{port}/"), format!("xn--bcher-kva.test:{port}")),
        (format!("http://192.0.2.1:{port}/"), format!("192.0.2.1:{port}")),
        (format!("http://[2001:db8::1]:{port}/"), format!("[2001:db8::1]:{port}")),
        (format!("http://[2001:DB8:0::2]:{port}/"), format!("[2001:db8::2]:{port}")),
    ];
    for (n, (url, host)) in rows.into_iter().enumerate() {
        pool.get_ok(&url);
        let records = server.when(|records| records.len() == n + 1);
        let received = String::from_utf8_lossy(&records[n].received).into_owned();
        assert!(received.contains(&format!("Host: {host}\r\n")), "{url}: {received}");
    }
}

fn overrides_of_a_request_win<F: Flavour>() {
    let [of_pool, of_request] = [(); 2].map(|()| Server::repeat(serve(OK)));
    let pool = F::make(|pool| pool.resolve("a.test", [of_pool.addr()]).resolve("b.test", [of_pool.addr()]));
    let options = ConnectOptions::new().resolve("A.test", [of_request.addr()]);
    for (url, expected) in
        [("http://a.test/", (0, 1)), ("http://b.test/", (1, 1)), ("http://a.test/", (1, 1))]
    {
        assert_eq!(pool.exchange(request_with(url, options.clone())).unwrap().bytes(), "hello");
        assert_eq!((of_pool.connections(), of_request.connections()), expected, "{url}");
    }
    pool.get_ok("http://a.test/");
    assert_eq!((of_pool.connections(), of_request.connections()), (2, 1));
}

fn a_name_without_addresses<F: Flavour>() {
    let pool = F::make(|pool| pool.resolve("none.test", [] as [IpAddr; 0]));
    let error = pool.get("http://none.test/").unwrap_err();
    assert_eq!((error.kind(), error.request_sent()), (ErrorKind::Resolve, Some(RequestSent::Nothing)));
    assert!(error.to_string().contains("cannot resolve the name none.test"), "{error}");
    assert!(error.to_string().ends_with("the name has no address"), "{error}");
    assert!(!error.is_transient());
    let server = Server::repeat(serve(OK));
    pool.get_ok(&server.url());
}

fn equal_options_share_connections_and_others_do_not<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let addr = server.addr();
    let any = |_: SocketAddr| Ok::<_, AddressRefused>(());
    let mine = ConnectOptions::new().address_filter(any);
    let rows: &[&dyn Fn() -> ConnectOptions] = &[
        &|| ConnectOptions::new(),
        &|| ConnectOptions::new().resolve("a.test", [addr]),
        &|| ConnectOptions::new().resolve("b.test", [addr]),
        &|| ConnectOptions::new().address_filter(PublicOnly::new().except("127.0.0.0/8").unwrap()),
        &|| ConnectOptions::new().address_filter(PublicOnly::new().except("127.0.0.1").unwrap()),
        &|| mine.clone(),
        &|| mine.clone().resolve("a.test", [addr]),
    ];
    // Twice over one pool: the second time each row finds the connection of the first.
    let pool = F::new();
    for round in 0..2 {
        for (n, options) in rows.iter().enumerate() {
            assert_eq!(pool.exchange(request_with(&server.url(), options())).unwrap().bytes(), "hello");
            assert_eq!(server.connections(), if round == 0 { n + 1 } else { rows.len() }, "{:?}", options());
        }
    }
    // The options of the pool count as those of the request do.
    let server = Server::repeat(serve(OK));
    let pool = F::make(|pool| pool.resolve("a.test", [addr]));
    pool.get_ok(&server.url());
    let same = ConnectOptions::new().resolve("a.test", [addr]);
    assert_eq!(pool.exchange(request_with(&server.url(), same)).unwrap().bytes(), "hello");
    assert_eq!(server.connections(), 1);
}

/// The plan knows only the keys of connections and waiters.
fn keys_of_closed_connections_are_dropped<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::make(|pool| pool.max_connections(3));
    for n in 0..100_u32 {
        let options = ConnectOptions::new().resolve("unused.test", [IpAddr::from(n.to_be_bytes())]);
        assert_eq!(pool.exchange(request_with(&server.url(), options)).unwrap().bytes(), "hello");
    }
    assert_eq!((server.connections(), pool.counts()), (100, idle(3)));
}

fn a_single_connection_with_an_override<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let connection = F::open(|builder| builder.resolve("h.test", [server.addr()]), "http://h.test/").unwrap();
    assert!(F::is_ready(&connection));
    connection.get_ok("http://h.test/");
    // A request may repeat the options of the connection, and not contradict them.
    let same = ConnectOptions::new().resolve("h.test", [server.addr()]);
    assert_eq!(connection.exchange(request_with("http://h.test/", same)).unwrap().bytes(), "hello");
    let other = ConnectOptions::new().resolve("h.test", [Ipv4Addr::LOCALHOST]);
    let error = connection.exchange(request_with("http://h.test/", other)).unwrap_err();
    assert_eq!((error.kind(), server.connections()), (ErrorKind::InvalidRequest, 1));
    connection.get_ok("http://h.test/");
}

/// They apply to that request alone, also on a kept connection.
fn limits_of_one_request<F: Flavour>() {
    let narrow = |set: fn(&mut Limits)| {
        let mut limits = Limits::default();
        set(&mut limits);
        limits
    };
    let rows: [fn(&mut Limits); 2] = [|limits| limits.header_count = 1, |limits| limits.head_bytes = 40];
    for set in rows {
        let server = Server::repeat(serve("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nA: 1\r\n\r\nhello"));
        let with = |limits: Limits| -> Request<F::Body> {
            let mut request = request("GET", &server.url());
            request.head_mut().extensions_mut().insert(limits);
            request
        };
        let exceeds = |result: httpx_core::Result<httpx_core::Response<Bytes>>| {
            let error = result.unwrap_err();
            assert!(error.to_string().contains("the response exceeds a limit"), "{error}");
        };
        // Wider than those of the pool.
        let pool = F::make(|pool| pool.limits(narrow(set)));
        for connections in [1, 2] {
            assert_eq!(pool.exchange(with(Limits::default())).unwrap().bytes(), "hello");
            assert_eq!(pool.exchange(with(Limits::default())).unwrap().bytes(), "hello");
            exceeds(pool.get(&server.url()));
            assert_eq!(server.connections(), connections);
        }
        // Narrower.
        let pool = F::new();
        for connections in [3, 4] {
            pool.get_ok(&server.url());
            exceeds(pool.exchange(with(narrow(set))));
            assert_eq!(server.connections(), connections);
        }
        exceeds(F::open_connection(&server.url()).unwrap().exchange(with(narrow(set))));
    }
}
