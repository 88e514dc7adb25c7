//! squid, tinyproxy, nginx with TLS in front of squid, microsocks and dante.

use httpx::network::Proxy;
use httpx::tls::{TlsConfig, TlsErrorKind};
use httpx::{Bytes, ErrorKind, Response};

use crate::support::{Flavour, both_flavours};
use crate::websockets::{Messages, echo};
use crate::{fields, get, json, one_mebibyte, server};

both_flavours!(
    squid_forwards,
    squid_tunnels,
    squid_fails,
    squid_and_passwords,
    squid_and_digests,
    tinyproxy_and_passwords,
    proxies_over_tls,
    socks,
    socks_and_passwords,
    socks_fails,
    proxies_of_one_request,
    websockets_through_proxies,
);

/// Trusts the CA of the servers.
fn tls() -> TlsConfig {
    let ca = std::env::var("HTTPX_CA").unwrap();
    TlsConfig::builder().only_given_roots().root(std::fs::read(ca).unwrap()).build().unwrap()
}

fn through<F: Flavour>(proxy: Proxy) -> F {
    F::own(|client| client.tls(tls()).proxy(proxy))
}

fn all(proxy: &str) -> Proxy {
    Proxy::all(proxy).unwrap()
}

/// The proxy's URL with this user information.
fn with_user(proxy: &str, user: &str) -> String {
    proxy.replacen("://", &format!("://{user}@"), 1)
}

/// The name that the proxy gave to itself in the response. `None` if it did not see the response.
fn via(response: &Response<Bytes>) -> Option<&str> {
    response.headers().get("Via").map(|via| via.to_str().unwrap())
}

/// The error of a GET, which is the proxy's. It names the proxy, and shows no password.
#[track_caller]
fn refused<F: Flavour>(client: &F, url: &str, proxy: &str, part: &str) {
    let error = F::send(client.get(url)).unwrap_err();
    let shown = format!("{error} {error:?}");
    let address = proxy.rsplit(['@', '/']).next().unwrap();
    assert_eq!(error.kind(), ErrorKind::Proxy, "{shown}");
    assert!(shown.contains(address) && shown.contains(part) && !shown.contains("wrong"), "{shown}");
}

fn squid_forwards<F: Flavour>() {
    let (squid, nginx, httpbin) = (server!("HTTPX_SQUID"), server!("HTTPX_NGINX"), server!("HTTPX_HTTPBIN"));
    let client = through::<F>(all(&squid));
    let response = get(&client, &format!("{nginx}/request?a=b"));
    assert!(via(&response).unwrap().contains("squid"), "{:?}", response.headers());
    let seen = fields(&response);
    assert_eq!((&*seen["uri"], &*seen["host"]), ("/request?a=b", &nginx["http://".len()..]));
    assert!(get(&client, &format!("{nginx}/1m.bin")).bytes() == &one_mebibyte());
    assert_eq!(get(&client, &format!("{nginx}/text.txt")).text().lines().count(), 4000);
    assert_eq!(get(&client, &format!("{nginx}/redirect/302")).text().lines().next(), Some("method: GET"));
    let head = F::send(client.request("HEAD", &format!("{nginx}/1m.bin"))).unwrap();
    assert_eq!((head.content_length(), head.bytes().len()), (Some(1 << 20), 0));

    let upload = format!("{nginx}/upload/{}-squid", F::NAME);
    let reader = || F::reader(std::io::Cursor::new(one_mebibyte()));
    assert!(F::send(client.put(&upload).body(reader())).unwrap().status().is_success());
    assert!(get(&client, &upload).bytes() == &one_mebibyte());
    // One connection to the proxy is enough for all origins.
    assert_eq!(json(&get(&client, &format!("{httpbin}/get?a=b")))["args"]["a"], "b");
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn squid_tunnels<F: Flavour>() {
    let (squid, nginx) = (server!("HTTPX_SQUID"), server!("HTTPX_NGINX"));
    let client = through::<F>(all(&squid).tunnel_http());
    for base in [server!("HTTPX_NGINX_TLS"), server!("HTTPX_NGINX_TLS12"), nginx] {
        let first = get(&client, &format!("{base}/connection"));
        assert_eq!(via(&first), None);
        assert!(get(&client, &format!("{base}/1m.bin")).bytes() == &one_mebibyte());
        // The same tunnel.
        let [first, last] = [first, get(&client, &format!("{base}/connection"))].map(|one| fields(&one));
        assert_eq!((&last["connection"], &*last["requests"]), (&first["connection"], "3"), "{base}");
    }
    assert_eq!(client.shown(), "<Client [0 active, 3 idle]>");
    // The origin's certificate is checked.
    let error = F::send(client.get(&server!("HTTPX_NGINX_EXPIRED"))).unwrap_err();
    assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::Expired));
}

/// Nothing listens on the port of the origin.
fn squid_fails<F: Flavour>() {
    let squid = server!("HTTPX_SQUID");
    let client = through::<F>(all(&squid));
    let response = get(&client, "http://127.0.0.1:1/");
    assert_eq!(response.status(), 503);
    assert!(
        response.headers().get("X-Squid-Error").unwrap().to_str().unwrap().starts_with("ERR_CONNECT_FAIL")
    );
    refused(&client, "https://127.0.0.1:1/", &squid, "503");
}

fn squid_and_digests<F: Flavour>() {
    let (squid, nginx, tls) =
        (server!("HTTPX_SQUID_AUTH"), server!("HTTPX_NGINX"), server!("HTTPX_NGINX_TLS"));
    let digest = |password: &str| all(&squid).digest_auth("user", password);
    let client = through::<F>(digest("secret"));
    for url in [&nginx, &tls, &nginx, &tls] {
        let response = get(&client, &format!("{url}/small.txt"));
        assert_eq!(response.text(), "Hello, world!\n", "{url}");
    }
    let put = client.put(&format!("{nginx}/upload/digest-{}", F::NAME)).body(F::bytes("x"));
    assert!(F::send(put).unwrap().status().is_success());
    // Basic is offered too, but never sent.
    let client = through::<F>(digest("wrong"));
    assert_eq!(get(&client, &format!("{nginx}/small.txt")).status(), 407);
    let error = F::send(client.get(&format!("{tls}/small.txt"))).unwrap_err();
    assert!(error.kind() == ErrorKind::Proxy && error.to_string().contains("407"), "{error}");
}

fn squid_and_passwords<F: Flavour>() {
    passwords::<F>(&server!("HTTPX_SQUID_AUTH"), "407");
}

/// tinyproxy answers a wrong password with 401, for a server and in a tunnel.
fn tinyproxy_and_passwords<F: Flavour>() {
    passwords::<F>(&server!("HTTPX_TINYPROXY"), "401");
}

/// A proxy that wants a password. `wrong` is its status for a wrong one.
fn passwords<F: Flavour>(proxy: &str, wrong: &str) {
    let (http, https) = (server!("HTTPX_NGINX"), server!("HTTPX_NGINX_TLS"));
    let (http, https) = (format!("{http}/request"), format!("{https}/request"));
    for known in [all(&with_user(proxy, "user:secret")), all(proxy).basic_auth("user", "secret").unwrap()] {
        let client = through::<F>(known);
        for url in [&http, &https, &http, &https] {
            let response = get(&client, url);
            assert_eq!(
                (response.status().as_u16(), &*fields(&response)["authorization"]),
                (200, ""),
                "{url}"
            );
        }
        // httpbin shows all fields that it receives.
        let headers =
            json(&get(&client, &format!("{}/headers", server!("HTTPX_HTTPBIN"))))["headers"].clone();
        assert_eq!(headers.get("Proxy-Authorization"), None, "{headers}");
    }
    let rows = [(proxy.to_owned(), "407"), (with_user(proxy, "user:wrong"), wrong)];
    for (proxy, status) in rows {
        let client = through::<F>(all(&proxy));
        assert_eq!(get(&client, &http).status().as_u16().to_string(), status);
        refused(&client, &https, &proxy, status);
        assert_eq!(get(&client, &http).status().as_u16().to_string(), status);
    }
}

fn proxies_over_tls<F: Flavour>() {
    let proxy = server!("HTTPX_TLS_PROXY");
    let (nginx, nginx_tls) = (server!("HTTPX_NGINX"), server!("HTTPX_NGINX_TLS"));
    let client = through::<F>(all(&proxy).tls(tls()));
    for _ in 0..2 {
        assert!(via(&get(&client, &format!("{nginx}/request"))).unwrap().contains("squid"));
        assert!(get(&client, &format!("{nginx}/1m.bin")).bytes() == &one_mebibyte());
    }
    // TLS in TLS.
    let first = fields(&get(&client, &format!("{nginx_tls}/connection")));
    assert!(get(&client, &format!("{nginx_tls}/1m.bin")).bytes() == &one_mebibyte());
    let last = fields(&get(&client, &format!("{nginx_tls}/connection")));
    assert_eq!((&last["connection"], &*last["requests"]), (&first["connection"], "3"));
    assert_eq!(client.shown(), "<Client [0 active, 2 idle]>");

    // The proxy's certificate is checked, and by the proxy's settings alone: those of the client do trust it.
    let client = through::<F>(all(&proxy));
    for url in [nginx, nginx_tls] {
        let error = F::send(client.get(&url)).unwrap_err();
        assert_eq!(TlsErrorKind::find_in(&error), Some(TlsErrorKind::UnknownIssuer), "{error:?}");
        assert!(error.to_string().contains(proxy.trim_start_matches("https://")), "{error}");
    }
}

fn socks<F: Flavour>() {
    let (microsocks, dante) = (server!("HTTPX_MICROSOCKS"), server!("HTTPX_DANTE"));
    let rows = [
        ("socks5", &microsocks),
        ("socks5h", &microsocks),
        ("socks4", &dante),
        ("socks4a", &dante),
        ("socks5", &dante),
        ("socks5h", &dante),
    ];
    for (scheme, address) in rows {
        let proxy = format!("{scheme}://{address}");
        let client = through::<F>(all(&proxy));
        let named = server!("HTTPX_NGINX").replace("127.0.0.1", "localhost");
        let mut bases = [server!("HTTPX_NGINX"), named, server!("HTTPX_NGINX_TLS")];
        if scheme == "socks4a" {
            // dante rejects the names of SOCKS4a, also from curl.
            bases[1] = server!("HTTPX_NGINX_TLS12").replace("localhost", "127.0.0.1");
            bases[2] = bases[2].replace("localhost", "127.0.0.1");
        }
        for base in bases {
            let first = fields(&get(&client, &format!("{base}/connection")));
            assert!(get(&client, &format!("{base}/1m.bin")).bytes() == &one_mebibyte());
            let last = fields(&get(&client, &format!("{base}/connection")));
            assert_eq!(
                (&last["connection"], &*last["requests"]),
                (&first["connection"], "3"),
                "{proxy} {base}"
            );
        }
        assert_eq!(client.shown(), "<Client [0 active, 3 idle]>", "{proxy}");
    }
}

fn socks_and_passwords<F: Flavour>() {
    let proxy = format!("socks5h://{}", server!("HTTPX_MICROSOCKS_AUTH"));
    let urls = [server!("HTTPX_NGINX"), server!("HTTPX_NGINX_TLS")].map(|base| format!("{base}/small.txt"));
    for known in [all(&with_user(&proxy, "user:secret")), all(&proxy).basic_auth("user", "secret").unwrap()] {
        let client = through::<F>(known);
        for url in &urls {
            assert_eq!(get(&client, url).text(), "Hello, world!\n");
        }
    }
    for proxy in [proxy.clone(), with_user(&proxy, "user:wrong")] {
        let client = through::<F>(all(&proxy));
        for url in &urls {
            refused(&client, url, &proxy, "password");
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}

/// Nothing listens on the port of the origin. SOCKS4 has one reply for all failures.
fn socks_fails<F: Flavour>() {
    let (microsocks, dante) = (server!("HTTPX_MICROSOCKS"), server!("HTTPX_DANTE"));
    let rows = [
        ("socks5h", &microsocks, "refused"),
        ("socks5", &dante, "refused"),
        ("socks4", &dante, "reply 91"),
        ("socks4a", &dante, "reply 91"),
    ];
    for (scheme, address, part) in rows {
        let proxy = format!("{scheme}://{address}");
        let client = through::<F>(all(&proxy));
        for url in ["http://127.0.0.1:1/", "https://127.0.0.1:1/"] {
            refused(&client, url, &proxy, part);
        }
    }
}

fn proxies_of_one_request<F: Flavour>() {
    let (squid, nginx) = (server!("HTTPX_SQUID"), server!("HTTPX_NGINX"));
    let url = format!("{nginx}/redirect/302");
    let client = through::<F>(all(&squid));
    assert!(via(&get(&client, &url)).is_some());
    assert_eq!(via(&F::send(client.get(&url).no_proxy()).unwrap()), None);
    assert!(via(&get(&client, &url)).is_some());
    assert_eq!(client.shown(), "<Client [0 active, 2 idle]>");

    let direct = F::new();
    assert!(via(&F::send(direct.get(&url).proxy(all(&squid))).unwrap()).is_some());
    assert_eq!(via(&get(&direct, &url)), None);

    for (list, is_direct) in [("127.0.0.0/8", true), ("localhost, 127.0.0.1:1", false)] {
        let client = through::<F>(all(&squid).no_proxy(list));
        assert_eq!(via(&get(&client, &url)).is_none(), is_direct, "{list}");
    }
    for (proxy, is_direct) in [(Proxy::https(&squid), true), (Proxy::http(&squid), false)] {
        let client = through::<F>(proxy.unwrap());
        assert_eq!(via(&get(&client, &url)).is_none(), is_direct);
    }
}

fn websockets_through_proxies<F: Messages>() {
    let websockets = server!("HTTPX_WEBSOCKETS");
    let tinyproxy = with_user(&server!("HTTPX_TINYPROXY"), "user:secret");
    let socks = format!("socks5h://{}", server!("HTTPX_MICROSOCKS"));
    for proxy in [server!("HTTPX_SQUID"), tinyproxy, socks] {
        echo(&through::<F>(all(&proxy)), &websockets);
    }
    let over_tls = all(&server!("HTTPX_TLS_PROXY")).tls(tls());
    echo(&through::<F>(over_tls), &websockets);
}
