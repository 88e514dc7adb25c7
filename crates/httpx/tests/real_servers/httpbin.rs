//! httpbin.

use std::io::Cursor;
use std::time::Duration;

use httpx::models::{Coding, File, Multipart, Part, Timeout};
use httpx::{Bytes, ErrorKind, Form, Json, Response};
use httpx_testing::{PATIENCE, TempDir};

use crate::support::flavour::Ask;
use crate::support::{Flavour, both_flavours};
use crate::{get, json, server};

both_flavours!(
    httpbin_contents,
    httpbin_redirects,
    httpbin_cookies,
    httpbin_codings,
    httpbin_streams,
    httpbin_statuses,
    httpbin_delays,
    httpbin_knows_who_asks,
    #[cfg(feature = "cache")]
    httpbin_caching,
);

fn httpbin_contents<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::with(|client| client.url(&httpbin));
    let got = json(&F::send(client.get("/get?a=1").params([("b", "ü &")])).unwrap());
    assert_eq!(got["args"], serde_json::json!({"a": "1", "b": "ü &"}));
    assert_eq!(got["headers"]["Accept"], "*/*");
    assert!(got["headers"]["User-Agent"].as_str().unwrap().starts_with("rust-httpx/"));
    let sent = serde_json::json!({"name": "ü", "list": [1, 2]});
    let got = json(&F::send(client.post("/post").content(Json(&sent))).unwrap());
    assert_eq!((&got["json"], &got["headers"]["Content-Type"]), (&sent, &"application/json".into()));
    let got = json(&F::send(client.put("/put").content(Form([("a", "1 2"), ("b", "&ü")]))).unwrap());
    assert_eq!(got["form"], serde_json::json!({"a": "1 2", "b": "&ü"}));
    let file = Part::new(F::reader(Cursor::new("xyz"))).file_name("\u{fc} \"1\".txt");
    // werkzeug undoes the escapes of browsers.
    let form = Multipart::new().text("a\"b", "1").text("c", "\u{fc}\r\n").part("f", file);
    let got = json(&F::send(client.post("/post").multipart(form)).unwrap());
    assert_eq!(got["form"], serde_json::json!({"a\"b": "1", "c": "\u{fc}\r\n"}));
    assert_eq!(got["files"], serde_json::json!({"f": "xyz"}));
    let got = json(&F::send(client.post("/post").form([("a", "1 2"), ("b", "&ü"), ("a", "3")])).unwrap());
    assert_eq!(got["form"], serde_json::json!({"a": ["1 2", "3"], "b": "&ü"}));
    let dir = TempDir::new();
    let path = dir.path("a.txt");
    std::fs::write(&path, "from a file").unwrap();
    let form = Multipart::new().text("a", "1").part("f", Part::file(&path));
    let got = json(&F::send(client.post("/post").multipart(form)).unwrap());
    assert_eq!((&got["form"]["a"], &got["files"]["f"]), (&"1".into(), &"from a file".into()));
    let file = File::new(path).content_type("text/plain");
    let got = json(&F::send(client.post("/post").content(file)).unwrap());
    assert_eq!((&got["data"], &got["headers"]["Content-Length"]), (&"from a file".into(), &"11".into()));
    assert_eq!(got["headers"]["Content-Type"], "text/plain");
    let got = json(&F::send(client.request("PATCH", "/patch").body(F::reader(Cursor::new("xyz")))).unwrap());
    assert_eq!(got["data"], "xyz");
    let expecting = client.put("/put").body(F::bytes("xyz")).expect_continue().continue_timeout(PATIENCE);
    let got = json(&F::send(expecting).unwrap());
    assert_eq!((&got["data"], &got["headers"]["Expect"]), (&"xyz".into(), &"100-continue".into()));
    assert_eq!(F::send(client.request("DELETE", "/delete")).unwrap().status(), 200);
    assert_eq!(F::send(client.request("HEAD", "/get")).unwrap().bytes().len(), 0);
    assert!(F::send(client.request("OPTIONS", "/get")).unwrap().headers().contains("Allow"));
    assert!(get(&client, "/html").text().contains("Herman Melville"));
    assert!(get(&client, "/encoding/utf8").text_strict().unwrap().contains("∮"));
}

fn httpbin_redirects<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    for (path, steps) in [("/redirect/5", 5), ("/relative-redirect/3", 3), ("/absolute-redirect/2", 2)] {
        let response = get(&client, &format!("{httpbin}{path}"));
        assert_eq!((response.status().as_u16(), response.history().len()), (200, steps), "{path}");
        assert_eq!(response.url().unwrap().as_str(), format!("{httpbin}/get"));
    }
    let ask = client.get(&format!("{httpbin}/redirect/5")).max_redirects(4);
    assert_eq!(F::send(ask).unwrap_err().kind(), ErrorKind::TooManyRedirects);
    for (code, then) in [(301, "GET"), (302, "GET"), (303, "GET"), (307, "POST"), (308, "POST")] {
        let url = format!("{httpbin}/redirect-to");
        let to = format!("{httpbin}/anything");
        let params = [("url", to), ("status_code", code.to_string())];
        let response = F::send(client.post(&url).params(params).form([("a", "1")])).unwrap();
        let got = json(&response);
        assert_eq!(got["method"], then, "{code}");
        assert_eq!(got["form"]["a"], if then == "POST" { "1".into() } else { serde_json::Value::Null });
    }
}

fn httpbin_cookies<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let cookies = |response: &Response<Bytes>| json(response)["cookies"].clone();
    let set = get(&client, &format!("{httpbin}/cookies/set?a=1&b=2"));
    assert_eq!(cookies(&set), serde_json::json!({"a": "1", "b": "2"}));
    let kept = get(&client, &format!("{httpbin}/cookies"));
    assert_eq!(cookies(&kept), serde_json::json!({"a": "1", "b": "2"}));
    let deleted = get(&client, &format!("{httpbin}/cookies/delete?a="));
    assert_eq!(cookies(&deleted), serde_json::json!({"b": "2"}));
    let own = F::send(client.get(&format!("{httpbin}/cookies")).header("Cookie", "c=3")).unwrap();
    assert_eq!(cookies(&own), serde_json::json!({"c": "3"}));
    // Another host of this machine, and another client, know nothing of them.
    let elsewhere = get(&client, &format!("{}/cookies", httpbin.replace("127.0.0.1", "localhost")));
    assert_eq!(cookies(&elsewhere), serde_json::json!({}));
    assert_eq!(cookies(&get(&F::new(), &format!("{httpbin}/cookies"))), serde_json::json!({}));
}

fn httpbin_codings<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    assert_eq!(json(&get(&client, &format!("{httpbin}/gzip")))["gzipped"], true);
    assert_eq!(json(&get(&client, &format!("{httpbin}/deflate")))["deflated"], true);
    let brotli = client.get(&format!("{httpbin}/brotli")).accept_encodings([Coding::Brotli]);
    let decoded = F::send(brotli.try_clone().unwrap()).unwrap();
    assert_eq!(
        (&json(&decoded)["brotli"], &json(&decoded)["headers"]["Accept-Encoding"]),
        (&true.into(), &"br".into())
    );
    let undecoded = F::send(brotli.decompress(false)).unwrap();
    assert_eq!(undecoded.headers().get("Content-Encoding").unwrap(), "br");
    assert_eq!(undecoded.json::<serde_json::Value>().unwrap_err().kind(), ErrorKind::Json);
}

/// The ids of a response of lines of JSON, taken while it arrives.
trait Ids: Flavour {
    fn ids(ask: Ask<Self>) -> Vec<u64>;
}

#[cfg(feature = "blocking")]
impl Ids for crate::support::Blocking {
    fn ids(ask: Ask<Self>) -> Vec<u64> {
        let lines = ask.stream().unwrap().json_lines::<serde_json::Value>();
        lines.map(|value| value.unwrap()["id"].as_u64().unwrap()).collect()
    }
}

#[cfg(feature = "async")]
impl Ids for crate::support::Async {
    fn ids(ask: Ask<Self>) -> Vec<u64> {
        crate::support::flavour::RUNTIME.block_on(async {
            let mut lines = ask.stream().await.unwrap().json_lines::<serde_json::Value>();
            let mut ids = Vec::new();
            while let Some(value) = lines.next().await {
                ids.push(value.unwrap()["id"].as_u64().unwrap());
            }
            ids
        })
    }
}

fn httpbin_streams<F: Ids>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let lines = get(&client, &format!("{httpbin}/stream/20"));
    let ids: Vec<u64> = lines
        .text()
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, (0..20).collect::<Vec<_>>());
    assert_eq!(F::ids(client.get(&format!("{httpbin}/stream/20"))), ids);
    let bytes = get(&client, &format!("{httpbin}/bytes/50000?seed=7"));
    assert_eq!(bytes.bytes().len(), 50_000);
    let streamed = F::stream(client.get(&format!("{httpbin}/stream-bytes/50000?seed=7&chunk_size=77")));
    let (streamed, result) = F::drain(&mut streamed.unwrap());
    result.unwrap();
    assert_eq!(streamed.len(), 50_000);
    let range = F::send(client.get(&format!("{httpbin}/range/1000")).header("Range", "bytes=10-19")).unwrap();
    assert_eq!((range.status().as_u16(), range.bytes().len()), (206, 10));
    let dripped = get(&client, &format!("{httpbin}/drip?numbytes=5&duration=0.1&delay=0"));
    assert_eq!(dripped.text(), "*****");
}

fn httpbin_statuses<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    for status in [200, 201, 204, 304, 400, 401, 404, 418, 429, 500, 503] {
        let response = get(&client, &format!("{httpbin}/status/{status}"));
        assert_eq!(response.status(), status);
        assert_eq!(response.error_for_status().is_err(), status >= 400);
    }
}

fn httpbin_delays<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let short = Duration::from_millis(100);
    let delay = format!("{httpbin}/delay/2");
    let drip = format!("{httpbin}/drip?numbytes=4&duration=8&delay=0");
    for (ask, timeout) in [
        (client.get(&delay).head_timeout(short), Timeout::Head),
        (client.get(&delay).timeout(short), Timeout::Total),
        (client.get(&drip).read_timeout(short), Timeout::Read),
        (client.get(&drip).timeout(short), Timeout::Total),
    ] {
        let error = F::send(ask).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout(timeout), "{error:?}");
    }
    assert_eq!(get(&client, &format!("{httpbin}/get")).status(), 200);
}

fn httpbin_knows_who_asks<F: Flavour>() {
    let httpbin = server!("HTTPX_HTTPBIN");
    let client = F::new();
    let url = format!("{httpbin}/basic-auth/user/pass%20word");
    assert_eq!(get(&client, &url).status(), 401);
    let response = get(&client, &url.replace("://", "://user:pass%20word@"));
    assert_eq!(json(&response)["authenticated"], true);
    let response = F::send(client.get(&format!("{httpbin}/bearer")).bearer_auth("t0ken")).unwrap();
    assert_eq!(json(&response)["token"], "t0ken");
}

/// A lifetime, a validator, a change of it, and a redirect.
#[cfg(feature = "cache")]
fn httpbin_caching<F: Flavour>() {
    use httpx::cache::{Cache, CacheHit};

    let httpbin = server!("HTTPX_HTTPBIN");
    let cache = Cache::in_memory();
    let client = F::with(|client| client.url(&httpbin).cache(cache.clone()));
    let hits = |path: &str| [(); 2].map(|()| get(&client, &format!("{httpbin}{path}")).from_cache());
    assert_eq!(hits("/cache/60"), [None, Some(CacheHit::Fresh)]);
    assert_eq!(hits("/etag/some-tag"), [None, Some(CacheHit::Revalidated)]);
    assert_eq!(hits("/cache"), [None, Some(CacheHit::Revalidated)]);
    assert_eq!(hits("/get"), [None, None]);
    let target = format!("{httpbin}/response-headers?Cache-Control=max-age%3D60&Vary=X-Variant");
    for (variant, hit) in
        [("a", None), ("b", None), ("a", Some(CacheHit::Fresh)), ("b", Some(CacheHit::Fresh))]
    {
        let response = F::send(client.get(&target).header("X-Variant", variant)).unwrap();
        assert_eq!(response.from_cache(), hit, "{variant}");
    }
    assert_eq!(cache.stats().store_errors, 0);
}
