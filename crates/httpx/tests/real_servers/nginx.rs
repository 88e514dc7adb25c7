//! nginx over http: files, connections, uploads, redirects.

use std::io::{Cursor, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use httpx::ErrorKind;
use httpx_testing::{PATIENCE, TempDir};

use crate::support::{Flavour, both_flavours, partial_download};
use crate::{fields, get, one_mebibyte, server, trusting};

both_flavours!(
    nginx_files,
    nginx_gzip,
    nginx_keeps_connections,
    nginx_ends_connections,
    nginx_uploads,
    nginx_refuses_early,
    nginx_refuses_in_the_middle,
    nginx_redirects,
    nginx_redirects_elsewhere,
    nginx_private,
    nginx_ranges,
);

fn nginx_files<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let small = get(&client, &format!("{nginx}/small.txt"));
    assert_eq!((small.status().as_u16(), &*small.text()), (200, "Hello, world!\n"));
    assert!(small.headers().get("Server").unwrap().to_str().unwrap().starts_with("nginx"));
    assert!(small.remote_addr().unwrap().ip().is_loopback());
    assert!(small.elapsed().unwrap() < Duration::from_secs(30));
    assert_eq!(get(&client, &format!("{nginx}/empty.txt")).bytes().len(), 0);
    assert!(get(&client, &format!("{nginx}/1m.bin")).bytes() == &one_mebibyte());
    let missing = get(&client, &format!("{nginx}/missing"));
    assert_eq!(missing.error_for_status().unwrap_err().status().unwrap(), 404);

    let streamed = F::stream(client.get(&format!("{nginx}/1m.bin")));
    let mut streamed = streamed.unwrap();
    let (bytes, result) = F::drain(&mut streamed);
    result.unwrap();
    assert!(bytes == one_mebibyte());

    let head = F::send(client.request("HEAD", &format!("{nginx}/1m.bin"))).unwrap();
    assert_eq!((head.content_length(), head.bytes().len()), (Some(1 << 20), 0));
    let part = F::send(client.get(&format!("{nginx}/1m.bin")).header("Range", "bytes=250-252")).unwrap();
    assert_eq!((part.status().as_u16(), &part.bytes()[..]), (206, &[250, 0, 1][..]));
    assert_eq!(part.headers().get("Content-Range").unwrap(), "bytes 250-252/1048576");
    let etag = small.headers().get("ETag").unwrap().to_str().unwrap();
    let same = F::send(client.get(&format!("{nginx}/small.txt")).header("If-None-Match", etag)).unwrap();
    assert_eq!((same.status().as_u16(), same.bytes().len()), (304, 0));
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn nginx_gzip<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let text: String = (1..=4000).map(|n| format!("line {n} of a text that compresses well\n")).collect();
    let coded = get(&client, &format!("{nginx}/text.txt"));
    assert_eq!(coded.text(), text);
    assert_eq!(coded.headers().get("Transfer-Encoding").unwrap(), "chunked");
    let raw = F::send(client.get(&format!("{nginx}/text.txt")).decompress(false)).unwrap();
    assert_eq!(raw.headers().get("Content-Encoding").unwrap(), "gzip");
    assert!(raw.bytes().len() < text.len() / 5 && raw.bytes().starts_with(b"\x1f\x8b"));
    let plain = F::send(client.get(&format!("{nginx}/text.txt")).header("Accept-Encoding", "identity"));
    assert_eq!(plain.unwrap().text(), text);
    let chunked = get(&client, &format!("{nginx}/chunked/text.txt"));
    assert_eq!(chunked.text(), text);
    assert_eq!(chunked.headers().get("Transfer-Encoding").unwrap(), "chunked");
    let limited = F::send(client.get(&format!("{nginx}/text.txt")).max_body_bytes(1000)).unwrap_err();
    assert_eq!(limited.kind(), ErrorKind::TooLarge);
    assert_eq!(get(&client, &format!("{nginx}/text.txt")).text(), text);
}

fn nginx_keeps_connections<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let first = fields(&get(&client, &format!("{nginx}/connection")));
    get(&client, &format!("{nginx}/text.txt"));
    get(&client, &format!("{nginx}/missing"));
    // Dropped early, and short: drained.
    drop(F::stream(client.get(&format!("{nginx}/small.txt"))).unwrap());
    let last = fields(&get(&client, &format!("{nginx}/connection")));
    assert_eq!((&last["connection"], &*last["requests"]), (&first["connection"], "5"));
    // Dropped early, and long: closed.
    drop(F::stream(client.get(&format!("{nginx}/1g.bin"))).unwrap());
    let other = fields(&get(&client, &format!("{nginx}/connection")));
    assert_ne!(other["connection"], first["connection"]);
}

fn nginx_ends_connections<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    for directory in ["three", "close", "idle"] {
        for n in 0..10 {
            let response = get(&client, &format!("{nginx}/{directory}/small.txt"));
            assert_eq!(response.text(), "Hello, world!\n", "{directory} {n}");
        }
    }
    // nginx has closed this one when it is asked again; a POST may not be sent twice, and needs not be.
    get(&client, &format!("{nginx}/idle/small.txt"));
    wait_for_idle_end(&nginx);
    assert_eq!(F::send(client.post(&format!("{nginx}/request"))).unwrap().status(), 200);
}

/// Waits until nginx has closed another connection that became idle now.
fn wait_for_idle_end(nginx: &str) {
    let authority = nginx.strip_prefix("http://").unwrap();
    let mut socket = TcpStream::connect(authority).unwrap();
    write!(socket, "GET /idle/small.txt HTTP/1.1\r\nHost: {authority}\r\n\r\n").unwrap();
    assert!(socket.read_to_end(&mut Vec::new()).unwrap() > 0);
}

fn nginx_uploads<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let bytes = one_mebibyte();
    let reader = || Cursor::new(one_mebibyte());
    let url = |name: &str| format!("{nginx}/upload/{}-{name}", F::NAME);
    let put = |name: &str| client.put(&url(name));
    for (name, ask) in [
        ("bytes", put("bytes").body(F::bytes(bytes.clone()))),
        ("sized", put("sized").body(F::sized_reader(reader(), 1 << 20))),
        ("chunked", put("chunked").body(F::reader(reader()))),
        ("own-expect", put("own-expect").header("Expect", "100-continue").body(F::bytes(bytes.clone()))),
        ("expect", put("expect").expect_continue().continue_timeout(PATIENCE).body(F::bytes(bytes.clone()))),
        ("expect-chunked", put("expect-chunked").expect_continue_above(0).body(F::reader(reader()))),
    ] {
        let url = url(name);
        assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{error:?}")).status(), 201, "{name}");
        assert!(get(&client, &url).bytes() == &bytes, "{name}");
        assert_eq!(F::send(client.request("DELETE", &url)).unwrap().status(), 204);
    }
    let url = url("empty");
    assert_eq!(F::send(client.put(&url)).unwrap().status(), 201);
    assert_eq!(get(&client, &url).bytes().len(), 0);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

/// nginx answers as soon as it has seen the length.
fn nginx_refuses_early<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let url = format!("{nginx}/limit/x");
    for ask in [
        client.put(&url).body(F::bytes(vec![0; 2000])),
        client.put(&url).body(F::bytes(one_mebibyte())).header("Expect", "100-continue"),
        client.put(&url).body(F::bytes(one_mebibyte())).expect_continue().continue_timeout(PATIENCE),
    ] {
        assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{error:?}")).status(), 413);
    }
    assert_eq!(get(&client, &format!("{nginx}/small.txt")).text(), "Hello, world!\n");
}

/// The response arrives long before the end of the upload, and is delivered, although nginx continues to read for 30 s.
fn nginx_refuses_in_the_middle<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let url = format!("{nginx}/limit/x");
    for (name, body) in [
        ("bytes", F::bytes(vec![0; 64 << 20])),
        ("sized", F::sized_reader(std::io::repeat(0).take(1 << 30), 1 << 30)),
        ("chunked", F::reader(std::io::repeat(0))),
    ] {
        let response = F::send(client.put(&url).body(body).timeout(PATIENCE));
        assert_eq!(response.unwrap_or_else(|error| panic!("{name}: {error:?}")).status(), 413, "{name}");
        assert_eq!(get(&client, &format!("{nginx}/small.txt")).text(), "Hello, world!\n");
    }
}

fn nginx_redirects<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    for (code, method, then, length) in [
        (301, "GET", "GET", ""),
        (301, "POST", "GET", ""),
        (302, "POST", "GET", ""),
        (302, "PUT", "PUT", "3"),
        (303, "POST", "GET", ""),
        (303, "PUT", "GET", ""),
        (303, "HEAD", "HEAD", ""),
        (307, "POST", "POST", "3"),
        (308, "PUT", "PUT", "3"),
    ] {
        let mut ask = client.request(method, &format!("{nginx}/redirect/{code}"));
        if matches!(method, "POST" | "PUT") {
            ask = ask.body(F::bytes("abc"));
        }
        let response = F::send(ask).unwrap();
        assert_eq!(response.url().unwrap().as_str(), format!("{nginx}/request"));
        assert_eq!(response.history().len(), 1);
        assert_eq!(response.history()[0].status(), code);
        if method != "HEAD" {
            let request = fields(&response);
            assert_eq!((&*request["method"], &*request["length"]), (then, length), "{code} {method}");
        }
    }
    let relative = get(&client, &format!("{nginx}/redirect/relative"));
    assert_eq!(relative.url().unwrap().as_str(), format!("{nginx}/small.txt"));
    let fragment = get(&client, &format!("{nginx}/redirect/fragment"));
    assert_eq!(fragment.url().unwrap().as_str(), format!("{nginx}/small.txt#part"));
    let inherited = get(&client, &format!("{nginx}/redirect/relative#mine"));
    assert_eq!(inherited.url().unwrap().as_str(), format!("{nginx}/small.txt#mine"));
    let absolute = get(&client, &format!("{nginx}/redirect/absolute"));
    assert_eq!(fields(&absolute)["uri"], "/request");
    let error = F::send(client.get(&format!("{nginx}/redirect/loop"))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooManyRedirects);
    assert_eq!(error.response().unwrap().history().len(), 20);
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn nginx_redirects_elsewhere<F: Flavour>() {
    let (nginx, tls, ca) = (server!("HTTPX_NGINX"), server!("HTTPX_NGINX_TLS"), server!("HTTPX_CA"));
    let client = trusting::<F>(&ca);
    let ask = |url: &str| client.get(url).basic_auth("me", "secret").header("Cookie", "a=1");
    // Within the origin, the credentials follow.
    let home = fields(&F::send(ask(&format!("{nginx}/redirect/absolute"))).unwrap());
    assert_eq!((&*home["authorization"], &*home["cookie"]), ("Basic bWU6c2VjcmV0", "a=1"));
    let elsewhere = F::send(ask(&format!("{nginx}/redirect/elsewhere"))).unwrap();
    assert!(elsewhere.url().unwrap().as_str().starts_with("http://localhost:"));
    let request = fields(&elsewhere);
    assert_eq!((&*request["authorization"], &*request["cookie"]), ("", ""));
    // A downgrade.
    let url = format!("{tls}/redirect/elsewhere");
    let error = F::send(ask(&url)).unwrap_err();
    assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Redirect, 302));
    let request = fields(&F::send(ask(&url).allow_https_to_http(true)).unwrap());
    assert_eq!((&*request["authorization"], &*request["cookie"]), ("", ""));
}

fn nginx_private<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let client = F::new();
    let url = format!("{nginx}/private/small.txt");
    assert_eq!(get(&client, &url).status(), 401);
    assert_eq!(get(&client, &url.replace("://", "://user:wrong@")).status(), 401);
    let response = get(&client, &url.replace("://", "://user:secret@"));
    assert_eq!((&*response.text(), response.url().unwrap().as_str()), ("Hello, world!\n", &*url));
    let response = F::send(client.get(&url).basic_auth("user", "secret")).unwrap();
    assert_eq!(response.status(), 200);
}

/// A part of the file is there. nginx sends the rest of it, or all of it if the tag is that of another file.
fn nginx_ranges<F: Flavour>() {
    let nginx = server!("HTTPX_NGINX");
    let (client, dir) = (F::new(), TempDir::new());
    let (url, path) = (format!("{nginx}/1m.bin"), dir.path("a"));
    let file = one_mebibyte();
    let etag = get(&client, &url).headers().get("ETag").unwrap().to_str().unwrap().to_owned();
    // Bytes of another file in the part show which part was kept.
    let other = vec![b'x'; 1000];
    let resumed = [&other[..], &file[1000..]].concat();
    for (part, etag, expected) in [
        (&file[..1000], etag.as_str(), &file),
        (&other, &etag, &resumed),
        (&other, "\"other\"", &file),
        (&file, &etag, &file), // nothing is missing: 416
        (&[], &etag, &file),
    ] {
        partial_download(&path, &url, part, etag);
        assert_eq!(F::resume(client.get(&url), &path).unwrap(), 1 << 20);
        assert!(std::fs::read(&path).unwrap() == *expected);
        assert_eq!(dir.names(), ["a"]);
    }
}
