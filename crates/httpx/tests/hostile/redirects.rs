//! Redirects to other hosts, and redirects whose URLs grow.

use std::time::Instant;

use httpx::ErrorKind;

use crate::support::flavour::Ask;
use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{AGES, check_usable, printable};

both_flavours!(redirects_that_grow, redirects_to_other_hosts, from_https_to_http_and_back,);

fn redirects_that_grow<F: Flavour>() {
    let client = F::new();
    for grow in [
        |target: String| format!("{target}{}", "/x".repeat(1000)),
        |target: String| format!("{target}{target}"),
        |target: String| format!("{}#{}", target, "f".repeat(60_000)),
        |target: String| format!("?{}", "\u{fc}".repeat(20_000 + target.len() % 2)),
        |_: String| "../".repeat(20_000),
        |_: String| format!("//{}/", "a.".repeat(200)),
        |_: String| format!("//{}", "@".repeat(60_000)),
        |_: String| format!("//{}.example/", "\u{fc}".repeat(20_000)),
        |_: String| format!("http:{}", "/".repeat(60_000)),
        |_: String| format!("x:{}", "y".repeat(60_000)),
    ] {
        let server = Server::new(move |seen| match &*seen.target() {
            "/good" => Reply::ok("good"),
            _ => Reply::redirect("302 Found", &grow(seen.target())),
        });
        let began = Instant::now();
        let error = F::send(client.get(&server.url("/bad"))).unwrap_err();
        assert!(began.elapsed() < AGES, "{error}");
        let text = format!("{error:#}");
        assert!(printable(&text) && text.len() < 2000, "{} bytes: {text:.200}", text.len());
        check_usable(&client, &server);
    }
}

/// A client with a secret of each kind.
fn secretive<F: Flavour>(client: &F, url: &str) -> Ask<F> {
    client
        .get(url)
        .header("Authorization", "s3cret-1")
        .header("Proxy-Authorization", "s3cret-2")
        .header("Cookie", "s3cret=3")
        .secret_header("X-Key", "s3cret-4")
}

fn redirects_to_other_hosts<F: Flavour>() {
    let stranger = Server::fine();
    let home = Server::new({
        let evil = stranger.authority();
        move |seen| {
            let here = seen.header("Host").unwrap();
            let port = here.rsplit(':').next().unwrap().to_owned();
            let to = match &*seen.target() {
                "/user" => format!("http://{here}@{evil}/"),
                "/user-and-password" => format!("http://{here}:80@{evil}/"),
                "/backslash" => format!("http:\\\\{evil}\\@{here}/"),
                "/no-scheme" => format!("//{evil}/"),
                "/one-slash" => format!("http:\\/{evil}/"),
                "/tab" => format!("/\t/{evil}/"),
                "/encoded" => format!("//{}/", evil.replace('.', "%2E")),
                "/wide" => format!("//{}/", evil.replace("127", "\u{ff11}27")),
                "/login" => format!("http://evil:password@{evil}/"),
                "/name" => format!("http://localhost:{port}/end"),
                "/mapped" => format!("http://[::ffff:127.0.0.1]:{port}/end"),
                "/other-address" => format!("http://127.0.0.2:{port}/end"),
                _ => return Reply::ok("end"),
            };
            Reply::redirect("302 Found", &to)
        }
    });
    let client = F::new();
    for path in [
        "/user",
        "/user-and-password",
        "/backslash",
        "/no-scheme",
        "/one-slash",
        "/tab",
        "/encoded",
        "/wide",
        "/login",
        "/name",
        "/mapped",
        "/other-address",
    ] {
        let result = F::send(secretive(&client, &home.url(path)));
        let seen = [stranger.take(), home.take()].concat();
        for seen in seen.iter().filter(|seen| seen.target() != path) {
            let text = seen.text();
            assert!(!text.contains("s3cret") && !text.contains("Authorization"), "{path}: {text}");
        }
        if path != "/other-address" && path != "/mapped" {
            assert_eq!(seen.len(), 2, "{path}: {result:?}");
        }
    }
    // The same server, however it is written.
    let home = Server::new(move |seen| match &*seen.target() {
        "/end" => Reply::ok("end"),
        target => Reply::redirect(
            "302 Found",
            &target[1..].replace("PORT", seen.header("Host").unwrap().rsplit(':').next().unwrap()),
        ),
    });
    for to in ["HTTP://127.0.0.1:PORT/end", "http://0x7f.1:PORT/end", "http://127.0.0.1.:PORT/end", "/end"] {
        F::send(secretive(&client, &home.url(&format!("/{to}")))).unwrap();
        assert_eq!(home.take().last().unwrap().text().matches("s3cret").count(), 4, "{to}");
    }
    // There and back again.
    let there = std::sync::Arc::new(std::sync::OnceLock::new());
    let home = Server::new({
        let there = std::sync::Arc::clone(&there);
        move |seen| match &*seen.target() {
            "/start" => Reply::redirect("307 Go", there.get().map_or("", |url: &String| url)),
            _ => Reply::ok("back"),
        }
    });
    let back = home.url("/back");
    let stranger = Server::new(move |_| Reply::redirect("307 Go", &back));
    there.set(stranger.url("/")).unwrap();
    assert_eq!(F::send(secretive(&client, &home.url("/start"))).unwrap().text(), "back");
    let seen = home.take();
    assert!(seen[0].text().contains("s3cret") && !seen[1].text().contains("s3cret"), "{}", seen[1].text());
}

fn from_https_to_http_and_back<F: Flavour>() {
    let authority = Authority::new();
    let plain_to = std::sync::Arc::new(std::sync::OnceLock::<String>::new());
    let plain = Server::new({
        let to = std::sync::Arc::clone(&plain_to);
        move |_| Reply::redirect("302 Found", to.get().unwrap())
    });
    let through = plain.url("/");
    let secure = Server::tls(authority.server("localhost"), move |seen| match &*seen.target() {
        "/start" => Reply::redirect("302 Found", &through),
        _ => Reply::ok("back"),
    });
    plain_to.set(secure.url("/back")).unwrap();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    let jar = secretive(&client, &secure.url("/start")).allow_https_to_http(true);
    assert_eq!(F::send(jar).unwrap().text(), "back");
    for seen in plain.take().iter().chain(&secure.take()[1..]) {
        assert!(!seen.text().contains("s3cret"), "{}", seen.text());
    }
    let error = F::send(secretive(&client, &secure.url("/start"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(plain.take().is_empty());
}
