//! How connections are made, set on the client and on one request.

use std::net::{IpAddr, SocketAddr};

use httpx::ErrorKind;
use httpx::network::{AddressRefused, ConnectOptions, PublicOnly};
use httpx::tls::TlsConfig;

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, Reply, Server, both_flavours};

both_flavours!(
    overrides_of_names,
    filters_refuse_redirects,
    tls_of_one_request,
    #[cfg(unix)]
    unix_sockets,
);

fn address(server: &Server) -> SocketAddr {
    server.url("").strip_prefix("http://").unwrap().parse().unwrap()
}

fn overrides_of_names<F: Flavour>() {
    let [one, other] = ["one", "other"].map(|body| Server::new(move |_| Reply::ok(body)));
    let client = F::own(|builder| {
        let options = ConnectOptions::new().resolve("b.test", [address(&other)]);
        builder.resolve("a.test", [address(&one)]).connect_options(options)
    });
    let get = |url| F::send(client.get(url)).unwrap().text().into_owned();
    assert_eq!((get("http://a.test/"), get("http://b.test/")), ("one".into(), "other".into()));
    let swapped =
        client.get("http://a.test/").resolve("b.test", [address(&one)]).resolve("a.test", [address(&other)]);
    let again = swapped.try_clone().unwrap();
    assert_eq!(F::send(swapped).unwrap().text(), "other");
    assert_eq!(
        (F::send(again).unwrap().text().into_owned(), get("http://a.test/")),
        ("other".into(), "one".into())
    );
    let none = client.get("http://a.test/").resolve("a.test", [] as [IpAddr; 0]);
    assert_eq!(F::send(none).unwrap_err().kind(), ErrorKind::Resolve);
}

fn filters_refuse_redirects<F: Flavour>() {
    let inner = Server::fine();
    let target = inner.url("/secret");
    let outer = Server::new(move |_| Reply::redirect("302 Found", &target));
    let refused = address(&inner);
    let filter = move |address: SocketAddr| match address == refused {
        true => Err(AddressRefused::new("it is the inner network")),
        false => Ok(()),
    };
    let plain = F::new();
    // Without the filter the redirect is followed, and the connection is kept.
    assert_eq!(F::send(plain.get(&outer.url("/"))).unwrap().status(), 200);
    let filtered = F::own(|builder| builder.address_filter(filter));
    for request in [filtered.get(&outer.url("/")), plain.get(&outer.url("/")).address_filter(filter)] {
        let error = F::send(request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddressRefused, "{error:?}");
        assert!(!error.is_transient() && !error.is_connect(), "{error:?}");
        let said = error.to_string();
        assert!(said.contains(&inner.url("/secret")) && said.ends_with("it is the inner network"), "{said}");
    }
    assert_eq!((inner.take().len(), outer.take().len()), (1, 3));
    // A URL in another spelling of the same address.
    let client = F::own(|builder| builder.address_filter(PublicOnly::new()));
    let error = F::send(client.get(&inner.url("/").replace("127.0.0.1", "0x7f000001"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddressRefused, "{error:?}");
}

fn tls_of_one_request<F: Flavour>() {
    let authority = Authority::new();
    let server = Server::tls(authority.server("localhost"), |_| Reply::ok("hello"));
    let client = F::new();
    let trusting = || client.get(&server.url("/")).tls(authority.trusted());
    assert_eq!(F::send(trusting()).unwrap().text(), "hello");
    for request in [client.get(&server.url("/")), trusting().tls(TlsConfig::default())] {
        assert_eq!(F::send(request).unwrap_err().kind(), ErrorKind::Tls);
    }
    assert_eq!(F::send(trusting()).unwrap().text(), "hello");
}

#[cfg(unix)]
fn unix_sockets<F: Flavour>() {
    let dir = httpx_testing::SocketDir::new();
    let server = Server::new(|seen| match seen.target().as_str() {
        "/v1/old" => Reply::redirect("302 Found", "http://elsewhere.invalid/new"),
        _ => Reply::ok(&seen.header("Host").unwrap()),
    });
    let path = dir.forward("s", address(&server));
    let client = F::own(|builder| builder.unix_socket(&path).url("http://docker/v1/"));
    assert_eq!(F::send(client.get("version")).unwrap().text(), "docker");
    // A redirect stays on the socket.
    let response = F::send(client.get("old")).unwrap();
    assert_eq!(
        (response.text(), response.url().unwrap().as_str()),
        ("elsewhere.invalid".into(), "http://elsewhere.invalid/new")
    );
    let client = F::new();
    let one = client.get("http://docker/").unix_socket(&path);
    assert_eq!(F::send(one).unwrap().text(), "docker");
    let none = client.get("http://docker/").unix_socket(&path).unix_socket(dir.path("none"));
    let error = F::send(none).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert!(error.to_string().contains("/none; does its server run, and is the path right?"), "{error}");
}
