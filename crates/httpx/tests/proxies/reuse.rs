//! Which requests share a connection.

use httpx::network::Proxy;
use httpx_testing::{Act, ScriptedServer, answer, send, serve};

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, both_flavours};
use crate::{OK, OPEN, check_no_secrets, check_origin, connect_to, logged, origin, proxy, texts};

both_flavours! {
    one_tunnel_for_one_origin,
    one_connection_for_all_forwarded,
    other_routes_share_nothing,
    a_stale_tunnel_is_replaced,
    proxies_by_function,
    connections_ahead_of_need,
    other_settings_of_tls,
    many_callers,
    a_stale_forwarding_connection,
    schemes_and_their_order,
    failures_let_others_in,
}

fn one_tunnel_for_one_origin<F: Flavour>() {
    let authority = Authority::new();
    let [one, other] = ["one.test", "other.test"]
        .map(|host| ScriptedServer::tls(authority.server(host), std::iter::repeat(serve(OK))));
    let server = ScriptedServer::new([connect_to(one.addr()), connect_to(other.addr())]);
    let (client, _) = logged::<F>(|pool| pool.tls(authority.trusted()).proxy(proxy("http", &server)));
    for (url, is_reused) in [
        ("https://one.test/1", false),
        ("https://one.test/2", true),
        ("https://other.test/1", false),
        ("https://other.test:443/2", true),
        ("https://one.test/3", true),
    ] {
        assert_eq!(F::send(client.get(url)).unwrap().is_reused(), is_reused, "{url}");
    }
    assert_eq!((server.connections(), one.connections(), other.connections()), (2, 1, 1));
    let stats = client.pool_stats();
    assert_eq!((stats.opened, stats.reused, stats.idle), (2, 3, 2));
}

fn one_connection_for_all_forwarded<F: Flavour>() {
    let server = ScriptedServer::repeat(serve(OK));
    let (client, _) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    for (n, url) in
        ["http://one.test/", "http://other.test/", "http://one.test:81/", "http://[::1]/"].iter().enumerate()
    {
        assert_eq!(F::send(client.get(url)).unwrap().is_reused(), n > 0, "{url}");
    }
    assert_eq!((server.connections(), client.pool_stats().idle), (1, 1));
}

/// One origin, by a different route each time, twice.
fn other_routes_share_nothing<F: Flavour>() {
    let plain = origin();
    let scripts = |opening: Vec<Act>| std::iter::repeat([opening, vec![Act::Relay(plain.addr())]].concat());
    let one = ScriptedServer::new(scripts(vec![]));
    let other = ScriptedServer::new(scripts(vec![]));
    let tunnels = ScriptedServer::new(scripts(vec![Act::TakeHead, send(OPEN)]));
    let proxy_at = |server: &ScriptedServer, user: &str| {
        Proxy::all(&format!("http://{user}@{}", server.addr())).unwrap()
    };
    let client = F::new();
    let url = plain.url();
    let routes = [
        Some(proxy_at(&one, "a:1")),
        Some(proxy_at(&one, "a:2")),
        Some(proxy_at(&one, "b:1")),
        Some(proxy_at(&other, "a:1")),
        Some(proxy_at(&tunnels, "a:1").tunnel_http()),
        Some(proxy_at(&tunnels, "b:1").tunnel_http()),
        None,
    ];
    for is_reused in [false, true] {
        for route in &routes {
            let ask = client.get(&url);
            let ask = match route {
                Some(proxy) => ask.proxy(proxy.clone()),
                None => ask.no_proxy(),
            };
            assert_eq!(F::send(ask).unwrap().is_reused(), is_reused, "{route:?}");
        }
    }
    assert_eq!((one.connections(), other.connections(), tunnels.connections()), (3, 1, 2));
    assert_eq!((plain.connections(), client.pool_stats().idle), (7, 7));
    // An equal proxy is the same one.
    assert!(F::send(client.get(&url).proxy(proxy_at(&one, "a:2"))).unwrap().is_reused());
}

/// The origin closes the kept tunnel: the next request opens another one, and is sent once.
fn a_stale_tunnel_is_replaced<F: Flavour>() {
    let closing = ScriptedServer::repeat(answer(OK));
    let server = ScriptedServer::repeat(connect_to(closing.addr()));
    let (client, _) = logged::<F>(|pool| pool.proxy(proxy("http", &server).tunnel_http()));
    for n in 1..4 {
        assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
        server.when(|records| records.len() == n);
        closing.end_of(n - 1);
    }
    assert_eq!((server.connections(), closing.connections()), (3, 3));
    check_origin(&closing);
}

fn proxies_by_function<F: Flavour>() {
    let plain = origin();
    let server = ScriptedServer::repeat(serve(OK));
    let chosen = proxy("http", &server);
    let (client, _) = logged::<F>(|pool| {
        pool.proxy_by(move |url| url.target().starts_with("/proxied").then(|| chosen.clone()))
    });
    let url = plain.url();
    assert_eq!(F::send(client.get(&url)).unwrap().text(), "good");
    assert_eq!((plain.connections(), server.connections()), (1, 0));
    let proxied = format!("{url}proxied");
    assert_eq!(F::send(client.get(&proxied)).unwrap().text(), "good");
    assert_eq!((plain.connections(), server.connections()), (1, 1));
    // The function of one request replaces that of the client.
    let other = ScriptedServer::repeat(serve(OK));
    let own = proxy("http", &other);
    assert_eq!(F::send(client.get(&proxied).proxy_by(move |_| Some(own.clone()))).unwrap().text(), "good");
    assert_eq!((plain.connections(), server.connections(), other.connections()), (1, 1, 1));
}

/// Ahead of need, a tunnel is opened whole, and a forwarding connection is one for all origins.
fn connections_ahead_of_need<F: Flavour>() {
    let plain = origin();
    let server = ScriptedServer::new([serve(OK), connect_to(plain.addr())]);
    let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
    client.connect("http://one.test/").unwrap();
    client.connect("http://other.test/").unwrap();
    assert!(F::send(client.get("http://other.test/")).unwrap().is_reused());
    let tunnelling = F::pooled(|pool| pool.proxy(proxy("http", &server).tunnel_http()));
    tunnelling.connect("http://origin.test/").unwrap();
    assert_eq!((server.connections(), tunnelling.pool_stats().idle), (2, 1));
    assert!(F::send(tunnelling.get("http://origin.test/")).unwrap().is_reused());
    assert_eq!((server.connections(), plain.connections()), (2, 1));
    check_no_secrets(&log.text());
}

/// Two equal proxies with different TLS share nothing. The name of a proxy can be overridden as any other.
fn other_settings_of_tls<F: Flavour>() {
    let authority = Authority::new();
    let server = ScriptedServer::tls(authority.server("proxy.test"), std::iter::repeat(serve(OK)));
    let client = F::pooled(|pool| pool.resolve("proxy.test", [server.addr()]));
    let proxy = Proxy::all("https://proxy.test").unwrap();
    let [one, other] = [authority.trusted(), authority.trusted()].map(|tls| proxy.clone().tls(tls));
    for is_reused in [false, true] {
        for proxy in [&one, &other] {
            let response = F::send(client.get("http://origin.test/").proxy(proxy.clone())).unwrap();
            assert_eq!(response.is_reused(), is_reused);
        }
    }
    assert_eq!(server.connections(), 2);
}

fn many_callers<F: Flavour>() {
    let authority = Authority::new();
    let secure = ScriptedServer::tls(authority.server("origin.test"), std::iter::repeat(serve(OK)));
    let server = ScriptedServer::repeat(connect_to(secure.addr()));
    let (client, log) =
        logged::<F>(|pool| pool.tls(authority.trusted()).proxy(proxy("http", &server)).max_connections(4));
    client.run_callers(8, 10, || "https://origin.test/".into());
    let stats = client.pool_stats();
    assert!((1..=4).contains(&stats.opened) && stats.opened + stats.reused == 80, "{stats:?}");
    assert_eq!(server.connections() as u64, stats.opened);
    check_no_secrets(&log.text());
    check_origin(&secure);
}

/// The proxy closes a kept connection on the next request: a GET is sent again, a POST is not.
fn a_stale_forwarding_connection<F: Flavour>() {
    for (method, is_resent) in [("GET", true), ("POST", false)] {
        let closing = [answer(OK), vec![Act::Take]].concat();
        let server = ScriptedServer::new([closing, serve(OK)]);
        let (client, log) = logged::<F>(|pool| pool.proxy(proxy("http", &server)));
        assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
        match F::send(client.request(method, "http://origin.test/")) {
            Ok(response) => assert!(is_resent && response.text() == "good", "{method}"),
            Err(error) => {
                assert!(!is_resent, "{method}: {error}");
                let named = format!("through the proxy http://{}", server.addr());
                crate::check_error(&error, httpx::ErrorKind::Io, &named, &[]);
            }
        }
        assert_eq!(server.connections(), if is_resent { 2 } else { 1 });
        check_no_secrets(&log.text());
    }
}

/// The first proxy that is for the scheme is taken; a request's own proxies replace those of the client.
fn schemes_and_their_order<F: Flavour>() {
    let plain = origin();
    let tunnel = || ScriptedServer::repeat(vec![Act::TakeHead, send("HTTP/1.1 403 No\r\n\r\n"), Act::Eof]);
    let (first, second) = (ScriptedServer::repeat(serve(OK)), tunnel());
    let url_of = |server: &ScriptedServer| format!("http://{}", server.addr());
    let client = F::pooled(|pool| {
        let pool = pool.proxy(Proxy::https(&url_of(&second)).unwrap());
        pool.proxy(Proxy::http(&url_of(&first)).unwrap()).proxy(Proxy::all(&url_of(&second)).unwrap())
    });
    assert_eq!(F::send(client.get("http://origin.test/")).unwrap().text(), "good");
    assert_eq!(F::send(client.get("https://origin.test/")).unwrap_err().status().unwrap().as_u16(), 403);
    assert_eq!((first.connections(), second.connections()), (1, 1));
    // Only https is left for the proxy of this request.
    let ask = client.get(&plain.url()).proxy(Proxy::https(&url_of(&second)).unwrap());
    assert_eq!(F::send(ask).unwrap().text(), "good");
    assert_eq!((first.connections(), second.connections(), plain.connections()), (1, 1, 1));
}

/// With room for one connection, each tunnel that is refused, cut or closed lets the next request in.
fn failures_let_others_in<F: Flavour>() {
    let plain = origin();
    let refuse = vec![Act::TakeHead, send("HTTP/1.1 407 No\r\n\r\n"), Act::Eof];
    let cut = vec![Act::TakeHead, send("HTTP/1.1 2")];
    let closing = [vec![Act::TakeHead, send(OPEN)], answer(OK)].concat();
    let scripts = [refuse, cut, vec![], closing, connect_to(plain.addr())].into_iter().cycle();
    let server = ScriptedServer::new(scripts);
    let (client, log) = logged::<F>(|pool| {
        pool.proxy(proxy("http", &server).tunnel_http()).max_connections(1).max_idle_per_origin(0)
    });
    let send_some = || {
        for n in 0..20 {
            let url = format!("http://origin{}.test/", n % 3);
            match F::send(client.get(&url)) {
                Ok(response) => assert_eq!(response.text(), "good"),
                Err(error) => check_no_secrets(&texts(&error)),
            }
        }
    };
    std::thread::scope(|scope| (0..6).for_each(|_| drop(scope.spawn(send_some))));
    let stats = client.pool_stats();
    assert_eq!((stats.active, stats.connecting, stats.waiting), (0, 0, 0), "{stats:?}");
    assert_eq!(stats.opened + stats.failed, server.connections() as u64, "{stats:?}");
    assert!(stats.opened > 0 && stats.failed > 0 && stats.opened == stats.closed.total(), "{stats:?}");
    check_no_secrets(&log.text());
}
