//! The cache of a client, over real connections.

#![cfg(all(
    any(feature = "blocking", feature = "async"),
    feature = "cache",
    feature = "cookies",
    feature = "gzip"
))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use httpx::cache::{Cache, CacheHit, CacheMode, MemoryStore};
use httpx::cookies::CookieJar;
use httpx::{Bytes, Response};
use httpx_testing::TempDir;

mod support;

use support::{Flavour, Reply, Server, both_flavours, encode};

both_flavours!(
    redirects_are_cached_with_their_targets,
    decoded_and_raw_bodies_are_apart,
    only_a_whole_body_is_stored,
    a_long_body_is_passed_on,
    a_directory_serves_the_next_client,
    a_broken_directory_fails_no_request,
    a_directory_that_becomes_a_file_fails_no_request,
    requests_with_their_own_connection_bypass_the_cache,
    requests_with_their_own_cookies_bypass_the_cache,
    cookies_of_a_request_select_and_those_of_the_client_do_not,
    a_request_with_a_body_bypasses_the_cache,
    modes_of_a_request,
);

const FRESH: &str = "Cache-Control: max-age=3600\r\n";
const PUBLIC: &str = "Cache-Control: max-age=3600, public\r\n";

fn cached<F: Flavour>(cache: &Cache) -> F {
    F::with(|client| client.cache(cache.clone()))
}

fn get<F: Flavour>(client: &F, url: &str) -> Response<Bytes> {
    F::send(client.get(url)).unwrap()
}

/// Answers with the number of the request.
fn counting(lines: &'static str) -> Server {
    let count = AtomicUsize::new(0);
    Server::new(move |_| Reply::full("200 OK", lines, count.fetch_add(1, Ordering::Relaxed).to_string()))
}

fn redirects_are_cached_with_their_targets<F: Flavour>() {
    let count = AtomicUsize::new(0);
    let server = Server::new(move |request| match request.target().as_str() {
        "/old" => Reply::full("301 Moved Permanently", &format!("Location: /new\r\n{FRESH}"), "moved"),
        _ => {
            let number = count.fetch_add(1, Ordering::Relaxed);
            Reply::full("200 OK", &format!("Set-Cookie: n={number}\r\n{FRESH}"), "new")
        }
    });
    let cache = Cache::in_memory();
    let client = cached::<F>(&cache);
    let first = get(&client, &server.url("/old"));
    assert_eq!((first.from_cache(), first.history()[0].from_cache()), (None, None));
    assert_eq!(first.headers().get("set-cookie").unwrap(), "n=0");
    let second = get(&client, &server.url("/old"));
    assert_eq!(second.from_cache(), Some(CacheHit::Fresh));
    assert_eq!(second.history()[0].from_cache(), Some(CacheHit::Fresh));
    assert_eq!((&*second.text(), second.url().unwrap().path()), ("new", "/new"));
    assert!(!second.headers().contains("set-cookie"));
    let targets: Vec<_> = server.take().iter().map(support::Seen::target).collect();
    assert_eq!(targets, ["/old", "/new"]);
    let stats = cache.stats();
    assert_eq!((stats.misses, stats.stored, stats.fresh, stats.store_errors), (2, 2, 2, 0));
    // A change of the resource removes what is stored.
    F::send(client.post(&server.url("/new")).body("x")).unwrap();
    assert_eq!(get(&client, &server.url("/new")).from_cache(), None);
}

fn decoded_and_raw_bodies_are_apart<F: Flavour>() {
    let encoded = encode::gzip(b"hello");
    let body = encoded.clone();
    let server = Server::new(move |_| {
        let lines = format!("Content-Encoding: gzip\r\nVary: Accept-Encoding\r\n{FRESH}");
        Reply::full("200 OK", &lines, &body)
    });
    let client = cached::<F>(&Cache::in_memory());
    for hit in [None, Some(CacheHit::Fresh)] {
        let decoded = get(&client, &server.url("/"));
        assert_eq!((&*decoded.text(), decoded.from_cache()), ("hello", hit));
        assert!(!decoded.headers().contains("content-encoding"));
        assert!(!decoded.headers().contains("content-length"));
        let raw = F::send(client.get(&server.url("/")).decompress(false)).unwrap();
        assert_eq!((raw.bytes(), raw.from_cache()), (&Bytes::from(encoded.clone()), hit));
        assert_eq!(raw.headers().get("content-encoding").unwrap(), "gzip");
        assert_eq!(raw.content_length(), Some(encoded.len() as u64));
    }
    assert_eq!(server.take().len(), 2);
}

fn only_a_whole_body_is_stored<F: Flavour>() {
    let head = format!("HTTP/1.1 200 OK\r\n{FRESH}");
    let cut = format!("{head}Content-Length: 10\r\n\r\nhalf");
    let server = Server::new(move |request| match request.target().as_str() {
        "/cut" => Reply::Close(cut.clone().into()),
        _ => Reply::Keep(format!("{head}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n").into()),
    });
    let cache = Cache::in_memory();
    let client = cached::<F>(&cache);
    for _ in 0..2 {
        assert!(F::send(client.get(&server.url("/cut"))).is_err());
        drop(F::stream(client.get(&server.url("/dropped"))).unwrap());
    }
    assert_eq!((server.take().len(), cache.stats().stored), (4, 0));
    // Piece by piece.
    let mut streamed = F::stream(client.get(&server.url("/whole"))).unwrap();
    while F::chunk(&mut streamed).unwrap().is_some() {}
    assert_eq!(get(&client, &server.url("/whole")).text(), "body");
    assert_eq!((server.take().len(), cache.stats().stored), (1, 1));
}

fn a_long_body_is_passed_on<F: Flavour>() {
    let server = Server::new(|_| Reply::full("200 OK", FRESH, "0123456789"));
    for (max_bytes, stored) in [(9, 0), (10, 1)] {
        let cache = Cache::builder().max_body_bytes(max_bytes).build();
        assert_eq!(get(&cached::<F>(&cache), &server.url("/")).text(), "0123456789");
        assert_eq!(cache.stats().stored, stored);
    }
    let small = Cache::builder().store(MemoryStore::new().max_bytes(100)).build();
    let client = cached::<F>(&small);
    for _ in 0..2 {
        assert_eq!(get(&client, &server.url("/")).from_cache(), None);
    }
}

fn a_directory_serves_the_next_client<F: Flavour>() {
    let directory = TempDir::new();
    let server = counting("Cache-Control: max-age=3600\r\nETag: \"a\"\r\n");
    let url = server.url("/?secret=1");
    assert_eq!(get(&cached::<F>(&Cache::in_directory(directory.path("c"))), &url).text(), "0");
    let cache = Cache::in_directory(directory.path("c"));
    let second = get(&cached::<F>(&cache), &url);
    assert_eq!((&*second.text(), second.from_cache()), ("0", Some(CacheHit::Fresh)));
    assert_eq!(second.headers().get("etag").unwrap(), "\"a\"");
    // A file that is cut short is as good as none.
    let file = fs::read_dir(directory.path("c")).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(get(&cached::<F>(&cache), &url).text(), "1");
    assert_eq!(get(&cached::<F>(&cache), &url).text(), "1");
    // Removed by a change.
    F::send(cached::<F>(&cache).request("DELETE", &url)).unwrap();
    assert_eq!(fs::read_dir(directory.path("c")).unwrap().count(), 0);
    assert_eq!((cache.stats().store_errors, cache.take_last_error().is_none()), (0, true));
}

fn a_broken_directory_fails_no_request<F: Flavour>() {
    let directory = TempDir::new();
    fs::write(directory.path("c"), "a file").unwrap();
    // A file, and a path below one.
    for path in [directory.path("c"), directory.path("c").join("d")] {
        let server = counting(FRESH);
        let cache = Cache::in_directory(path);
        let client = cached::<F>(&cache);
        for number in ["0", "1"] {
            assert_eq!(get(&client, &server.url("/")).text(), number);
        }
        let stats = cache.stats();
        assert!(stats.store_errors >= 2 && stats.stored == 0, "{stats:?}");
        assert!(cache.take_last_error().is_some() && cache.take_last_error().is_none());
    }
}

fn a_directory_that_becomes_a_file_fails_no_request<F: Flavour>() {
    let directory = TempDir::new();
    let server = counting(FRESH);
    let cache = Cache::in_directory(directory.path("c"));
    let client = cached::<F>(&cache);
    assert_eq!(get(&client, &server.url("/")).text(), "0");
    assert_eq!(get(&client, &server.url("/")).text(), "0");
    fs::remove_dir_all(directory.path("c")).unwrap();
    fs::write(directory.path("c"), "a file").unwrap();
    assert_eq!(get(&client, &server.url("/")).text(), "1");
    F::send(client.post(&server.url("/")).body("x")).unwrap();
    assert_eq!(get(&client, &server.url("/")).text(), "3");
    let stats = cache.stats();
    assert!(stats.store_errors >= 1 && stats.stored == 1, "{stats:?}");
}

fn requests_with_their_own_connection_bypass_the_cache<F: Flavour>() {
    let (one, two) = (counting(FRESH), counting(FRESH));
    let client = cached::<F>(&Cache::in_memory());
    get(&client, &one.url("/"));
    let elsewhere = client.get(&one.url("/")).resolve("unused.example", [std::net::Ipv4Addr::LOCALHOST]);
    assert_eq!(F::send(elsewhere).unwrap().from_cache(), None);
    assert_eq!(get(&client, &one.url("/")).from_cache(), Some(CacheHit::Fresh));
    assert_eq!(get(&client, &two.url("/")).from_cache(), None);
}

fn requests_with_their_own_cookies_bypass_the_cache<F: Flavour>() {
    let server = counting(FRESH);
    let client = cached::<F>(&Cache::in_memory());
    let url = server.url("/");
    let (ann, bob) = (CookieJar::new(), CookieJar::new());
    let with = |jar: &CookieJar| F::send(client.get(&url).cookie_jar(jar)).unwrap();
    assert_eq!((&*with(&ann).text(), &*with(&bob).text()), ("0", "1"));
    assert_eq!(get(&client, &url).text(), "2"); // those have not filled the cache
    assert_eq!(get(&client, &url).text(), "2");
    assert_eq!(F::send(client.get(&url).no_cookies()).unwrap().text(), "3");
    assert_eq!(with(&ann).text(), "4");
    // A change is one for all users.
    F::send(client.post(&url).cookie_jar(&bob)).unwrap();
    assert_eq!(get(&client, &url).text(), "6");
}

fn cookies_of_a_request_select_and_those_of_the_client_do_not<F: Flavour>() {
    for (directives, expected) in [(FRESH, ["0", "0", "1", "2", "1", "0"]), (PUBLIC, ["0"; 6])] {
        let server = counting(directives);
        let jar = CookieJar::new();
        let client = F::with(|client| client.cache(Cache::in_memory()).cookie_jar(jar.clone()));
        let url = server.url("/");
        let own = |cookie: &str| F::send(client.get(&url).header("Cookie", cookie)).unwrap();
        let first = get(&client, &url);
        // The session of the client's user goes on.
        jar.store(&httpx::Url::parse(&url).unwrap(), "a=1").unwrap();
        let responses = [
            first,
            get(&client, &url),
            own("user=ann"),
            own("user=bob"),
            own("user=ann"),
            get(&client, &url),
        ];
        assert_eq!(responses.each_ref().map(|response| response.text().into_owned()), expected);
        let cookies: Vec<_> = server.take().iter().map(|seen| seen.header("Cookie")).collect();
        assert_eq!(cookies.len(), if directives == PUBLIC { 1 } else { 3 }, "{cookies:?}");
    }
}

fn a_request_with_a_body_bypasses_the_cache<F: Flavour>() {
    let server = counting(FRESH);
    let client = cached::<F>(&Cache::in_memory());
    let search = || F::send(client.request("GET", &server.url("/")).body("query")).unwrap();
    assert_eq!((search().from_cache(), search().from_cache()), (None, None));
    assert_eq!(get(&client, &server.url("/")).from_cache(), None);
    assert_eq!(search().from_cache(), None);
    assert_eq!(server.take().len(), 4);
}

fn modes_of_a_request<F: Flavour>() {
    let server = counting(FRESH);
    let client = cached::<F>(&Cache::in_memory());
    let get = |mode: CacheMode| F::send(client.get(&server.url("/")).cache_mode(mode)).unwrap();
    assert_eq!(get(CacheMode::OnlyIfCached).status(), 504);
    assert_eq!(get(CacheMode::ForceCache).text(), "0");
    assert_eq!(get(CacheMode::Default).text(), "0");
    assert_eq!(get(CacheMode::NoStore).text(), "1");
    assert_eq!(get(CacheMode::OnlyIfCached).text(), "0");
    assert_eq!(get(CacheMode::Reload).text(), "2");
    assert_eq!(get(CacheMode::NoCache).text(), "3");
    assert_eq!(get(CacheMode::ForceCache).text(), "3");
    let controls: Vec<_> = server.take().iter().map(|seen| seen.header("Cache-Control")).collect();
    assert_eq!(controls, [None, None, Some("no-cache".to_owned()), Some("no-cache".to_owned())]);
}
