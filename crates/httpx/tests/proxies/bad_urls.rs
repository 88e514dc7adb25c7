//! Proxies that cannot be reached, and URLs that are none of a proxy.

use httpx::ErrorKind;
use httpx::models::RequestSent;
use httpx::network::Proxy;
use httpx_testing::sockets::closed_port;

use crate::support::{Flavour, both_flavours};
use crate::{OK, check_error, check_no_secrets, check_nothing_left, logged, proxy_url, texts};
use httpx_testing::{ScriptedServer, serve};

both_flavours!(down, unknown_names);

const SCHEMES: &[&str] = &["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

fn down<F: Flavour>() {
    let origin = ScriptedServer::repeat(serve(OK));
    for scheme in SCHEMES {
        let port = closed_port();
        let url = proxy_url(scheme, ([127, 0, 0, 1], port.port()).into());
        let (client, log) = logged::<F>(|pool| pool.proxy(Proxy::all(&url).unwrap()));
        for origin in ["http://192.0.2.1/", "https://192.0.2.1/"] {
            let error = F::send(client.get(origin)).unwrap_err();
            let named = format!("the proxy {scheme}://127.0.0.1:{port} cannot be reached");
            check_error(&error, ErrorKind::Connect, &named, &["refused", origin]);
            assert!(error.is_connect() && error.request_sent() == Some(RequestSent::Nothing));
            check_nothing_left(&client);
        }
        assert_eq!(F::send(client.get(&origin.url()).no_proxy()).unwrap().text(), "good");
        check_no_secrets(&log.text());
    }
}

fn unknown_names<F: Flavour>() {
    for scheme in SCHEMES {
        let url = format!("{scheme}://{}@nonexistent.invalid:1", crate::URL_CREDENTIALS);
        let (client, log) = logged::<F>(|pool| pool.proxy(Proxy::all(&url).unwrap()));
        let error = F::send(client.get("http://192.0.2.1/")).unwrap_err();
        let named = format!("the proxy {scheme}://nonexistent.invalid:1 cannot be reached");
        check_error(&error, ErrorKind::Resolve, &named, &["cannot resolve the name nonexistent.invalid"]);
        check_nothing_left(&client);
        check_no_secrets(&log.text());
    }
}

/// Errors name the reason, and never the URL, which may hold credentials in unexpected places.
#[test]
fn urls_that_are_none() {
    let rows = [
        "",
        "http://",
        "http://proxyuser:pr0xy@",
        "http://proxyuser:pr0xy@:3128",
        "http://proxyuser:pr0xy@proxy:port",
        "http://proxyuser:pr0xy@proxy:65536",
        "http://proxyuser:pr0xy@proxy:0",
        "http://proxyuser:pr0xy@proxy:-1",
        "http://proxyuser:pr0xy@pro xy:1",
        "http://proxyuser:pr0xy@[::1:1",
        "http://proxyuser:pr0xy@proxy:1/path",
        "http://proxyuser:pr0xy@proxy:1/?query",
        "http://proxyuser:pr0xy@proxy:1/#fragment",
        "http://proxyuser:pr0/xy@proxy:1",
        "ftp://proxyuser:pr0xy@proxy:1",
        "socks6://proxyuser:pr0xy@proxy:1",
        "file:///proxyuser:pr0xy",
        "proxyuser://pr0xy@proxy:1",
        "proxyuser:pr0xy://proxy:1",
        "http://http://proxyuser:pr0xy@proxy:1",
        "http://proxyuser%3Apr0xy@proxy:1",
        "http://proxyuser:pr0xy%ff@proxy:1",
        "http://proxyuser:pr0xy@proxy:1\r\nX: y",
    ];
    for url in rows {
        match Proxy::all(url) {
            Ok(proxy) => panic!("{url:?} is taken for {proxy:?}"),
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::Config, "{url:?}: {error:?}");
                check_no_secrets(&texts(&error));
            }
        }
    }
    let proxy = Proxy::all("http://proxy.test").unwrap();
    let error = proxy.basic_auth("proxyuser:x", "pr0xy").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    check_no_secrets(&texts(&error));
}
