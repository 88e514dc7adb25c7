//! Names: which are looked up, how often, and what happens to requests whose lookup fails.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::thread;
use std::time::Duration;

use httpx_core::{ErrorKind, RequestSent, Timeout};
use httpx_pool::DnsCacheOptions;

use crate::support::*;

both_flavours! {
    a_name_is_looked_up_once,
    addresses_overrides_and_localhost_are_not_looked_up,
    many_requests_share_a_lookup,
    caches_of_names,
    lookups_that_fail,
    a_lookup_that_hangs,
    hung_lookups_do_not_keep_others_out,
}

/// A pool of single-use connections.
fn pool<F: Flavour>(resolver: &StubResolver) -> F {
    F::make(|pool| F::resolver(pool.max_uses(1), resolver.clone()))
}

fn a_name_is_looked_up_once<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::leading_to([Ipv4Addr::LOCALHOST]);
    let pool: F = pool(&resolver);
    for name in ["a.test", "b.test", "a.test", "A.TEST"] {
        pool.get_ok(&format!("http://{name}:{}/", server.addr().port()));
    }
    assert_eq!((resolver.asked(), server.connections()), (vec!["a.test".into(), "b.test".into()], 4));
}

fn addresses_overrides_and_localhost_are_not_looked_up<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::new(|name| panic!("asked for {name}"));
    let pool = F::make(|pool| {
        F::resolver(pool.max_uses(1), resolver.clone()).resolve("override.test", [Ipv4Addr::LOCALHOST])
    });
    for host in ["127.0.0.1", "localhost", "LOCALHOST", "localhost.", "a.b.localhost", "override.test"] {
        pool.get_ok(&format!("http://{host}:{}/", server.addr().port()));
    }
    assert_eq!(resolver.asked(), Vec::<String>::new());
}

fn many_requests_share_a_lookup<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::leading_to([Ipv4Addr::LOCALHOST]);
    let pool: F = pool(&resolver);
    let url = format!("http://a.test:{}/", server.addr().port());
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| pool.get_ok(&url));
        }
    });
    assert_eq!((resolver.asked().len(), server.connections()), (1, 20));
}

fn caches_of_names<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let port = server.addr().port();
    let lifetime = |lifetime| DnsCacheOptions::new().lifetime(lifetime);
    // The options, and which of these requests ask the resolver.
    let names = ["a.test", "b.test", "a.test", "a.test", "none.test", "none.test"];
    for (options, asked) in [
        (DnsCacheOptions::new(), "a b none"),
        (lifetime(PATIENCE), "a b none"),
        (lifetime(Duration::ZERO), "a b a a none"),
        (DnsCacheOptions::new().negative_lifetime(Duration::ZERO), "a b none none"),
        (DnsCacheOptions::new().max_names(0), "a b a a none none"),
        (DnsCacheOptions::new().max_names(1), "a b a none"),
    ] {
        let resolver = StubResolver::new(|name| match name {
            "none.test" => Answer::Addresses(Vec::new()),
            _ => Answer::Addresses(vec![Ipv4Addr::LOCALHOST.into()]),
        });
        let pool = F::make(|pool| F::dns_cache(pool.max_uses(1), resolver.clone(), options));
        for name in names {
            let found = pool.get(&format!("http://{name}:{port}/"));
            assert_eq!(found.is_ok(), name != "none.test", "{found:?}");
        }
        let of_resolver: Vec<_> = resolver.asked().iter().map(|name| name.replace(".test", "")).collect();
        assert_eq!(of_resolver.join(" "), asked, "{options:?}");
    }
}

fn lookups_that_fail<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::new(|name| match name {
        "none.test" => Answer::Addresses(Vec::new()),
        "unknown.test" => Answer::Fails(io::ErrorKind::NotFound),
        "fails.test" => Answer::Fails(io::ErrorKind::TimedOut),
        "panics.test" => Answer::Panics,
        _ => Answer::Addresses(vec![Ipv4Addr::LOCALHOST.into()]),
    });
    let pool: F = pool(&resolver);
    let port = server.addr().port();
    // The host, and how often the resolver is asked in two requests.
    for (name, reason, asked) in [
        ("none.test", "the name has no address", 1),
        ("unknown.test", "entity not found", 1),
        ("fails.test", "timed out", 2),
        ("panics.test", "the resolver panicked: no answer for panics.test", 2),
    ] {
        for _ in 0..2 {
            let error = pool.get(&format!("http://{name}:{port}/")).unwrap_err();
            let text = error.to_string();
            assert_eq!(error.kind(), ErrorKind::Resolve, "{text}");
            assert_eq!(error.request_sent(), Some(RequestSent::Nothing), "{text}");
            assert!(text.contains(&format!("cannot resolve the name {name}")), "{text}");
            assert!(format!("{error:#}").contains(reason) || text.contains(reason), "{text}");
        }
        assert_eq!(resolver.asked().iter().filter(|asked| *asked == name).count(), asked, "{name}");
        pool.get_ok(&format!("http://good.test:{port}/"));
    }
}

fn a_lookup_that_hangs<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::new(|name| match name {
        "hangs.test" => Answer::Hangs,
        _ => Answer::Addresses(vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()]),
    });
    let pool: F = pool(&resolver);
    for _ in 0..2 {
        let request = patient("GET", "http://hangs.test/", |timeouts| timeouts.connect = Some(50 * MS));
        let error = pool.exchange(request).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Connect), "{error}");
        assert!(error.to_string().contains("resolving hangs.test"), "{error}");
    }
    pool.get_ok(&format!("http://good.test:{}/", server.addr().port()));
    resolver.release();
}

/// More names hang than there are threads for lookups that somebody waits for.
fn hung_lookups_do_not_keep_others_out<F: Flavour>() {
    let server = Server::repeat(serve(OK));
    let resolver = StubResolver::new(|name| match name {
        "good.test" => Answer::Addresses(vec![Ipv4Addr::LOCALHOST.into()]),
        _ => Answer::Hangs,
    });
    let pool: F = pool(&resolver);
    thread::scope(|scope| {
        for n in 0..20 {
            let pool = &pool;
            scope.spawn(move || {
                let url = format!("http://hangs-{n}.test/");
                let request = patient("GET", &url, |timeouts| timeouts.connect = Some(20 * MS));
                assert!(pool.exchange(request).unwrap_err().is_timeout());
            });
        }
    });
    pool.get_ok(&format!("http://good.test:{}/", server.addr().port()));
    resolver.release();
}
