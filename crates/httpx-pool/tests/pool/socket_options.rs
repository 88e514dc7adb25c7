//! Options of sockets, as a server and the errors show them. `sys/connect.rs` tests the others.

#[cfg(target_os = "linux")]
use std::io::{Read, Write};
#[cfg(target_os = "linux")]
use std::net::TcpListener;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
#[cfg(target_os = "linux")]
use std::thread;

use httpx_core::ErrorKind;
use httpx_pool::ConnectOptions;

use crate::support::*;

both_flavours! {
    #[cfg(target_os = "linux")]
    a_local_address,
    local_addresses_that_cannot_be_used,
    an_interface,
    #[cfg(target_os = "linux")]
    the_loopback_interface,
}

/// Other systems have only one loopback address.
#[cfg(target_os = "linux")]
fn a_local_address<F: Flavour>() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    // Keeps its connections open.
    let server = thread::spawn(move || {
        let accept = |_| {
            let (mut socket, peer) = listener.accept().unwrap();
            assert!(socket.read(&mut [0; 4096]).unwrap() > 0);
            socket.write_all(OK.as_bytes()).unwrap();
            (socket, peer.ip())
        };
        [0, 1].map(accept)
    });
    let pool = F::make(|pool| pool.connect_options(ConnectOptions::new().local_address([127, 0, 0, 3])));
    pool.get_ok(&url);
    // A request with another address has a separate connection.
    let other = ConnectOptions::new().local_address([127, 0, 0, 4]);
    pool.exchange(request_with(&url, other)).unwrap();
    let [(_one, first), (_other, second)] = server.join().unwrap();
    assert_eq!([first, second], [IpAddr::from([127, 0, 0, 3]), IpAddr::from([127, 0, 0, 4])]);
}

fn local_addresses_that_cannot_be_used<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    let rows = [
        (IpAddr::from(Ipv4Addr::new(192, 0, 2, 1)), "cannot use the local address 192.0.2.1: "),
        (Ipv6Addr::LOCALHOST.into(), "the local address ::1 is of the other family"),
    ];
    for (local, text) in rows {
        let options = ConnectOptions::new().local_address(local);
        let error = pool.exchange(request_with(&server.url(), options)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
        assert!(error.to_string().contains(text), "{error}");
    }
    pool.get_ok(&server.url());
}

fn an_interface<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    let options = ConnectOptions::new().interface("no-such-one");
    let error = pool.exchange(request_with(&server.url(), options)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect, "{error}");
    assert!(error.to_string().contains("network interface no-such-one"), "{error}");
    pool.get_ok(&server.url());
}

/// A request with an interface has a separate connection.
#[cfg(target_os = "linux")]
fn the_loopback_interface<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let pool = F::new();
    pool.get_ok(&server.url());
    let request = request_with(&server.url(), ConnectOptions::new().interface("lo"));
    assert_eq!(pool.exchange(request).unwrap().text(), "hello");
    assert_eq!(server.connections(), 2);
}
