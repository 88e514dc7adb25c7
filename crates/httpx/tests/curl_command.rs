//! Commands of `to_curl`: their text, and what a real curl sends for them.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "json", feature = "gzip"))]
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stderr)] // helpers of tests are tests

mod support;

use std::fs;
use std::io::Cursor;
use std::process::Command;
use std::time::Duration;

use httpx::logging::Redaction;
use httpx::models::{Coding, File, Multipart, Part};
use httpx::{ErrorKind, Text};
use httpx_testing::TempDir;
use support::flavour::Ask;
use support::{Flavour, Reply, Seen, Server, both_flavours};

both_flavours!(the_text_of_commands, a_real_curl_sends_the_same, an_invalid_request);

fn plain<F: Flavour>() -> F {
    F::with(|client| client.headers([("User-Agent", "dev"), ("Accept", "*/*")]).no_cookies())
}

/// The lines after the first, without those of the client's headers.
fn the_text_of_commands<F: Flavour>() {
    let (client, dir) = (plain::<F>(), TempDir::new());
    let file = dir.path("a b.txt");
    fs::write(&file, "content").unwrap();
    let path = file.display();
    // `-F` needs two backslashes for one of Windows.
    let escaped = path.to_string().replace('\\', r"\\");
    let rows: Vec<(Ask<F>, String)> = vec![
        (client.get("http://h/a?b=c&token=t"), "curl -g 'http://h/a?b=c&token=[secret]'".into()),
        (client.request("HEAD", "http://h/"), "curl -I http://h/".into()),
        (client.request("DELETE", "http://h/"), "curl -X DELETE http://h/".into()),
        (
            client.get("http://h/").timeout(Duration::from_millis(1500)),
            "curl http://h/|--max-time 1.5".into(),
        ),
        (
            client.get("http://h/").connect_timeout(Duration::from_secs(5)).header("Accept-Encoding", "gzip"),
            "curl http://h/|-H 'Accept-Encoding: gzip'|--compressed|--connect-timeout 5".into(),
        ),
        (client.get("http://h/").header("X-Empty", ""), "curl http://h/|-H 'X-Empty;'".into()),
        (
            client.get("http://ann:s3cret@h/").header("X-Odd", &b"\xff!"[..]),
            r#"curl http://h/|-H 'Authorization: [secret]'|-H "$(printf 'X-Odd: \377\041')""#.into(),
        ),
        (client.post("http://h/"), "curl http://h/|-H 'Content-Type:'|--data-raw ''".into()),
        (
            client.put("http://h/").content(Text("it's\n")),
            r"curl -X PUT http://h/|-H 'Content-Type: text/plain; charset=utf-8'|--data-raw 'it'\''s
'"
            .into(),
        ),
        (
            client.post("http://h/").body("\0\u{1b}%"),
            r"printf '\000\033%%' | curl http://h/|-H 'Content-Type:'|-H 'Expect:'|--data-binary @-".into(),
        ),
        (
            client.post("http://h/").body(F::sized_reader(Cursor::new("abc"), 3)).on_progress(|_| ()),
            "curl http://h/|-H 'Content-Type:'|-H 'Expect:'|--data-binary @BODY_OF_3_BYTES".into(),
        ),
        (
            client.post("http://h/").body(F::reader(Cursor::new("abc"))),
            "curl http://h/|-H 'Content-Type:'|-H 'Expect:'|--data-binary @BODY".into(),
        ),
        (
            client.post("http://h/").body(File::new(&file).range(1..)),
            "curl http://h/|-H 'Content-Type:'|-H 'Expect:'|--data-binary @BODY".into(),
        ),
        (
            client.post("http://h/").body("x".repeat(65_537)).on_progress(|_| ()),
            "curl http://h/|-H 'Content-Type:'|-H 'Expect:'|--data-binary @BODY_OF_65537_BYTES".into(),
        ),
        (
            client.post("http://h/").content(File::new(&file).content_type("text/plain")),
            format!("curl http://h/|-H 'Content-Type: text/plain'|-H 'Expect:'|--data-binary '@{path}'"),
        ),
        (
            client.post("http://h/").multipart(
                Multipart::new()
                    .text("a", "@1")
                    .text("password", "s3cret")
                    .part("f", Part::file(File::new(&file).content_type("text/plain")).file_name("n\"m"))
                    .part("s", Part::new(F::reader(Cursor::new("abc")))),
            ),
            format!(
                "curl http://h/|-H 'Expect:'|--form-string a=@1|-F 'password=[secret]'|\
                 -F 'f=@\"{escaped}\";type=text/plain;filename=\"n\\\"m\"'|-F s=@BODY"
            ),
        ),
        // The option `-F` cannot send this form, whose bytes hold the secret.
        (
            client.post("http://h/").header("Content-Type", "multipart/form-data; boundary=b").body(
                "--b\r\nContent-Disposition: form-data; name=\"a=b\"\r\n\r\n1\r\n--b\r\n\
                 Content-Disposition: form-data; name=\"password\"\r\n\r\ns3cret\r\n--b--\r\n",
            ),
            "curl http://h/|-H 'Content-Type: multipart/form-data; boundary=b'|-H 'Expect:'|\
             --data-binary @BODY_OF_125_BYTES"
                .into(),
        ),
        (
            client.post("http://h/").multipart(
                Multipart::new().part("a", Part::new(r#"{"key":1}"#).header("Content-Type", "application/json").unwrap()),
            ),
            r#"curl http://h/|-F 'a="{\"key\":\"[secret]\"}";type=application/json'"#.into(),
        ),
        (
            client.post("http://h/").json(serde_json::json!({ "user": "ann", "password": "s3cret" })),
            r#"curl http://h/|-H 'Content-Type: application/json'|--data-raw '{"password":"[secret]","user":"ann"}'"#.into(),
        ),
        (
            client.post("http://h/").header("Content-Type", "application/json").body("{'password': 's3cret'}"),
            "curl http://h/|-H 'Content-Type: application/json'|-H 'Expect:'|--data-binary @BODY_OF_22_BYTES".into(),
        ),
        (
            client.post("http://h/").header("Content-Type", "application/x-www-form-urlencoded").body("a=\u{1}&password=s3cret"),
            r"printf 'a=\001&password=[secret]' | curl http://h/|-H 'Content-Type: application/x-www-form-urlencoded'|-H 'Expect:'|--data-binary @-".into(),
        ),
    ];
    for (ask, expected) in rows {
        let command = ask.to_curl().unwrap();
        let lines =
            command.split(" \\\n  ").filter(|line| !line.contains("-Agent: ") && !line.contains("Accept: "));
        assert_eq!(lines.collect::<Vec<_>>().join("|"), expected);
    }
}

/// The request as received, without what may differ: the order of headers, and the boundary of a form.
fn comparable(seen: &Seen) -> (String, Vec<String>, Vec<u8>) {
    let text = seen.text();
    let head = text.split("\r\n\r\n").next().unwrap();
    let boundary =
        seen.header("Content-Type").and_then(|value| Some(value.split_once("boundary=")?.1.to_owned()));
    let without =
        |text: &str| boundary.as_ref().map_or(text.to_owned(), |boundary| text.replace(boundary, "B"));
    let mut lines = head.lines().map(|line| without(line.trim_end())).collect::<Vec<_>>();
    let first = lines.remove(0);
    lines.retain(|line| boundary.is_none() || !line.starts_with("Content-Length: "));
    lines.sort();
    let body = match &boundary {
        Some(_) => without(std::str::from_utf8(seen.body()).unwrap()).into_bytes(),
        None => seen.body().to_vec(),
    };
    (first, lines, body)
}

fn a_real_curl_sends_the_same<F: Flavour>() {
    if !cfg!(unix) || Command::new("curl").arg("--version").output().is_err() {
        assert!(std::env::var_os("CI").is_none() || !cfg!(unix), "there is no curl");
        eprintln!("skipped: there is no curl");
        return;
    }
    let (client, server, dir) = (plain::<F>(), Server::new(|_| Reply::ok("good")), TempDir::new());
    let file = dir.path("it's $a.txt");
    fs::write(&file, "line\r\n\0").unwrap();
    let url = |path: &str| server.url(path);
    let form = || Multipart::new().text("a b", "it's; @x").text("c", "");
    let rows: Vec<Ask<F>> = vec![
        client.get(&url("/a%20b?c=[1]{2}&token='t'")),
        client.get(&url("/")).header("X-Empty", "").header("X-Odd", &b"a\xff'\"!"[..]).bearer_auth("s3cret"),
        client.request("DELETE", &url("/")).header("Accept-Encoding", "gzip"),
        client.request("PROPFIND", &url("/")).body("<x/>"),
        client.request("GET", &url("/")).json(["a"]).timeout(Duration::from_secs(30)),
        client.post(&url("/")),
        client.put(&url("/")),
        client.post(&url("/")).json([("it's", "\u{fc}$HOME\\`!")]),
        client.post(&url("/")).form([("password", "a&b")]),
        client.post(&url("/")).body("@not-a-file"),
        client.post(&url("/")).body((0..=255).collect::<Vec<u8>>()),
        client.post(&url("/")).body("two\nlines\n\n"),
        client.put(&url("/")).body("x".repeat(1000)).compress(Coding::Gzip),
        client.put(&url("/")).content(File::new(&file)),
        client.post(&url("/")).multipart(form()),
        client.post(&url("/")).multipart(
            form()
                .part("f", Part::file(File::new(&file).content_type("text/plain")))
                .part("g", Part::new("text").file_name("x;y\"z").header("Content-Type", "text/csv").unwrap()),
        ),
        client.post(&url("/")).multipart(form().part("f=g", Part::new("x").header("X-A", "b").unwrap())),
    ];
    for ask in rows {
        let command = ask.to_curl_with(&Redaction::show_all()).unwrap();
        F::send(ask).unwrap();
        let ours = server.take_one();
        let script = command.replacen("curl ", "curl -s --noproxy '*' ", 1);
        let output = Command::new("sh").arg("-c").arg(&script).output().unwrap();
        assert!(output.status.success(), "{script}: {output:?}");
        let curls = server.take_one();
        assert_eq!(comparable(&curls), comparable(&ours), "{script}");
    }
}

fn an_invalid_request<F: Flavour>() {
    let ask = F::new().get("http://h/").header("X\n", "1");
    assert_eq!(ask.to_curl().unwrap_err().kind(), ErrorKind::InvalidHeader);
}
