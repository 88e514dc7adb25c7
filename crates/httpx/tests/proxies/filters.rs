//! The address filter is asked about the proxy's address, and about the origin's where it is known on this side.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use httpx::ErrorKind;
use httpx::network::AddressRefused;
use httpx_testing::{ScriptedServer, serve};

use crate::support::{Flavour, both_flavours};
use crate::{OK, check_no_secrets, check_nothing_left, logged, proxy};

both_flavours!(addresses_that_are_asked_about, refused_proxies, refused_origins);

fn addresses_that_are_asked_about<F: Flavour>() {
    let server = ScriptedServer::repeat(serve(OK));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&asked);
    let filter = move |address: SocketAddr| {
        log.lock().unwrap().push(address);
        Ok(())
    };
    let client = F::pooled(|pool| pool.proxy(proxy("http", &server)).address_filter(filter));
    F::send(client.get("http://origin.test/")).unwrap();
    let mut seen = std::mem::take(&mut *asked.lock().unwrap());
    seen.dedup();
    assert_eq!(seen, [server.addr()], "a name is the proxy's affair");
    F::send(client.get("http://192.0.2.1:81/")).unwrap();
    assert_eq!(*asked.lock().unwrap(), ["192.0.2.1:81".parse().unwrap()], "the connection is kept");
}

fn refused_proxies<F: Flavour>() {
    let server = ScriptedServer::repeat(serve(OK));
    for scheme in ["http", "https", "socks4a", "socks5h"] {
        let refused = server.addr();
        let filter = move |address: SocketAddr| {
            if address == refused { Err(AddressRefused::new("no proxies here")) } else { Ok(()) }
        };
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy(scheme, &server)).address_filter(filter));
        let error = F::send(client.get("http://origin.test/")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddressRefused, "{error:?}");
        let text = format!("{error:#}");
        assert!(
            text.contains("no proxies here") && text.contains(&format!("the proxy {scheme}://")),
            "{text}"
        );
        check_no_secrets(&crate::texts(&error));
        check_nothing_left(&client);
        check_no_secrets(&log.text());
    }
    assert_eq!(server.connections(), 0);
}

/// Literals of the origin, in each spelling, also on a kept connection, and names that this side looks up.
fn refused_origins<F: Flavour>() {
    let server = ScriptedServer::repeat(serve(OK));
    let refused = |address: SocketAddr| match address.ip().to_string().as_str() {
        "192.0.2.1" | "2001:db8::1" => Err(AddressRefused::new("not this one")),
        _ => Ok(()),
    };
    for (scheme, urls) in [
        (
            "http",
            &[
                "http://192.0.2.1/",
                "https://192.0.2.1/",
                "http://0xc0000201/",
                "http://[2001:db8::1]/",
                "http://resolved.test/",
            ][..],
        ),
        ("socks4", &["http://192.0.2.1/", "http://resolved.test/"]),
        ("socks5", &["https://[2001:db8::1]/", "http://resolved.test/"]),
        ("socks5h", &["http://192.0.2.1/", "http://[2001:db8::1]/", "http://resolved.test/"]),
    ] {
        let (client, _) = logged::<F>(|pool| {
            let pool = pool
                .resolve("resolved.test", [std::net::Ipv4Addr::new(192, 0, 2, 1)])
                .proxy(proxy(scheme, &server));
            pool.address_filter(refused)
        });
        if scheme == "http" {
            F::send(client.get("http://origin.test/")).unwrap();
        }
        for url in urls {
            let error = F::send(client.get(url)).err().unwrap_or_else(|| panic!("{scheme} {url}"));
            assert_eq!(error.kind(), ErrorKind::AddressRefused, "{scheme} {url}: {error:?}");
            assert!(error.to_string().contains("not this one"), "{error}");
        }
        assert_eq!(client.pool_stats().active, 0);
    }
    assert_eq!(server.connections(), 1);
}
