//! Recorders and players: what is written, what is played, and what is an error.

use std::fs;
use std::path::Path;

use httpx::logging::Redaction;
use httpx::testing::{Cassette, Mock, Player, RecordMode, Reply};
use httpx::{Bytes, ErrorKind};
use httpx_testing::TempDir;

use crate::kit::{Kit, panic_text};
use crate::support::both_flavours;

both_flavours!(
    exchanges_are_written_and_played,
    secrets_are_hidden,
    parameters_are_hidden_however_they_are_written,
    a_cassette_without_settings_hides_secrets,
    the_redaction_of_a_cassette,
    any_order,
    strict_order,
    what_was_not_recorded_is_an_error,
    each_mode,
    a_test_that_fails_records_nothing,
    files_that_cannot_be_used,
);

fn site() -> Mock {
    let mock = Mock::new();
    mock.post("/users")
        .reply(Reply::new(201).header("Content-Type", "application/json").body("{\n  \"id\": 7\n}\n"));
    mock.get("/logo").reply(Reply::new(200).body(b"\x89PNG\r\n\0"));
    mock.get("/csv").reply(Reply::new(200).body("a,b\r\n1,2 \r\n"));
    mock.get("/old").reply(Reply::new(302).header("Location", "/csv"));
    mock.any("/*").reply(404);
    mock
}

/// Returns the text of the cassette without the headers that every client sends.
fn text(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let usual = ["> Accept: ", "> Accept-Encoding: ", "> Connection: ", "> User-Agent: "];
    let kept = text.lines().filter(|line| !usual.iter().any(|usual| line.starts_with(usual)));
    kept.map(|line| format!("{line}\n")).collect()
}

fn exchanges_are_written_and_played<F: Kit>() {
    let dir = TempDir::new();
    // The folder is made.
    let path = dir.path("cassettes").join("site.txt");
    let ask = |client: &F| {
        let mut texts =
            vec![client.ask("POST", "http://h/users#x", &[("X-A", r"C:\caf")], "Ann\nBob").unwrap()];
        for path in ["/logo", "/old", "/none"] {
            texts.push(F::send(client.get(&format!("http://h{path}"))).unwrap());
        }
        texts
            .into_iter()
            .map(|response| (response.status().as_u16(), response.into_bytes()))
            .collect::<Vec<_>>()
    };
    let mock = site();
    let recorder = Cassette::new(&path).recorder(mock.clone()).unwrap();
    assert!(recorder.is_recording());
    let live = ask(&F::recording(recorder));
    assert_eq!(mock.requests().len(), 5);
    assert_eq!(
        text(&path),
        r#"httpx cassette 1

[1]
> POST http://h/users
> X-A: C:\\caf
>| Ann
>| Bob
< HTTP/1.1 201 Created
< Content-Type: application/json
<| {
<|   "id": 7
<| }
<|
[end 1]

[2]
> GET http://h/logo
< HTTP/1.1 200 OK
<= iVBORw0KAA==
[end 2]

[3]
> GET http://h/old
< HTTP/1.1 302 Found
< Location: /csv
[end 3]

[4]
> GET http://h/csv
< HTTP/1.1 200 OK
<\ a,b\u{d}
<\ 1,2\u{20}\u{d}
<|
[end 4]

[5]
> GET http://h/none
< HTTP/1.1 404 Not Found
[end 5]
"#
    );
    // No file but the cassette is left.
    assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
    assert_eq!(ask(&F::playing(Player::new(&path).unwrap())), live);
    // The second run of the recorder plays.
    let unused = Mock::new();
    let recorder = Cassette::new(&path).recorder(unused.clone()).unwrap();
    assert!(!recorder.is_recording());
    assert_eq!(ask(&F::recording(recorder)), live);
    assert!(unused.requests().is_empty());
}

/// A name in a URL can be written in many ways, and a URL stands in several headers.
fn parameters_are_hidden_however_they_are_written<F: Kit>() {
    let dir = TempDir::new();
    let path = dir.path("params.txt");
    let cassette = || Cassette::new(&path).hide_param("user[token]").hide_param("my key");
    for written in ["user[token]", "user%5Btoken%5D", "us%65r%5btoken%5d", "my+key", "my%20key"] {
        let mock = Mock::new();
        let url = format!("/next?a=1&{written}=s3cret&b");
        let linked = Reply::text("good")
            .header("Location", &*url)
            .header("Content-Location", &*url)
            .header("Link", format!("<{url}>; rel=next"))
            .header("Refresh", format!("5; url={url}"));
        mock.get("/page").reply(linked);
        let client = F::recording(cassette().mode(RecordMode::All).recorder(mock).unwrap());
        let ask = |client: &F| {
            let target = format!("http://h/page?{written}=s3cret");
            client.ask("GET", &target, &[("Referer", &*format!("http://h{url}"))], "").unwrap()
        };
        ask(&client);
        drop(client);
        let text = text(&path);
        assert!(!text.contains("s3cret") && text.matches("[secret]").count() == 6, "{text}");
        assert_eq!(ask(&F::playing(cassette().player().unwrap())).text(), "good");
    }
}

fn secrets_are_hidden<F: Kit>() {
    let dir = TempDir::new();
    let path = dir.path("secret.txt");
    let cassette = || {
        Cassette::new(&path)
            .hide_header("X-Key")
            .hide_param("token")
            .filter_request(|request| {
                let hidden = String::from_utf8_lossy(request.body()).replace("s3cret", "HIDDEN");
                *request.body_mut() = Bytes::from(hidden);
            })
            .filter_response(|response| {
                let hidden = String::from_utf8_lossy(response.body()).replace("s3cret", "HIDDEN");
                *response.body_mut() = Bytes::from(hidden);
            })
    };
    let mock = Mock::new();
    let login = Reply::text("s3cret").header("Set-Cookie", "sid=s3cret; Path=/").header("X-Key", "s3cret");
    mock.post("/login")
        .reply(login.header("Location", "/next?a=1&token=s3cret#top").header("Content-Length", 6));
    let ask = |client: &F| {
        let headers = [
            ("Authorization", "Bearer s3cret"),
            ("x-key", "s3cret"),
            ("Cookie", "a=s3cret"),
            ("Content-Type", "Application/x-www-form-urlencoded; charset=utf-8"),
        ];
        let form = "user=ann&token=hidden%20too&pw=s3cret";
        client.ask("POST", "http://u:s3cret@h/login?token=s3cret&b=2", &headers, form).unwrap()
    };
    let live = ask(&F::recording(cassette().recorder(mock).unwrap()));
    // The program gets the real response.
    assert_eq!(live.text(), "s3cret");
    let written = text(&path);
    assert!(!written.contains("s3cret"), "{written}");
    for line in [
        "> POST http://h/login?token=[secret]&b=2\n",
        "> Authorization: [secret]\n",
        "> x-key: [secret]\n",
        ">| user=ann&token=[secret]&pw=HIDDEN\n",
        "< Set-Cookie: sid=[secret]; Path=/\n",
        "< Location: /next?a=1&token=[secret]#top\n",
        "<| HIDDEN\n",
    ] {
        assert!(written.contains(line), "{line}{written}");
    }
    // The secrets of the request do not count when it is compared.
    assert_eq!(ask(&F::playing(cassette().player().unwrap())).text(), "HIDDEN");
}

/// What a cassette without settings hides: the request's method, URL, header and body, the response's header and body, and the
/// lines in the file.
struct SecretExchange {
    url: &'static str,
    sent: (&'static str, &'static str, &'static str),
    received: (&'static str, &'static str, &'static str),
    lines: &'static [&'static str],
}

const SECRET_EXCHANGES: [SecretExchange; 6] = [
    SecretExchange {
        url: "/key",
        sent: ("X-Api-Key", "s3cret", ""),
        received: ("X-Auth-Token", "s3cret", ""),
        lines: &["> X-Api-Key: [secret]", "< X-Auth-Token: [secret]"],
    },
    SecretExchange {
        url: "/query?access_token=s3cret&page=2",
        sent: ("Referer", "http://h/?api_key=s3cret", ""),
        received: ("Link", "<http://h/?access_token=s3cret&page=3>; rel=next", ""),
        lines: &[
            "> GET http://h/query?access_token=[secret]&page=2",
            "> Referer: http://h/?api_key=[secret]",
            "< Link: <http://h/?access_token=[secret]&page=3>; rel=next",
        ],
    },
    SecretExchange {
        url: "/form",
        sent: ("Content-Type", "application/x-www-form-urlencoded", "user=ann&password=s3cret"),
        received: ("Content-Type", "application/x-www-form-urlencoded", "access_token=s3cret&scope=a"),
        lines: &[">| user=ann&password=[secret]", "<| access_token=[secret]&scope=a"],
    },
    SecretExchange {
        url: "/json",
        sent: ("Content-Type", "application/json", r#"{"client_secret": "s3cret"}"#),
        received: ("Content-Type", "application/json", r#"{"access_token": "s3cret", "expires_in": 60}"#),
        lines: &[
            r#">| {"client_secret": "[secret]"}"#,
            r#"<| {"access_token": "[secret]", "expires_in": 60}"#,
        ],
    },
    SecretExchange {
        url: "/fragment",
        sent: ("A", "b", ""),
        received: ("Content-Location", "http://app/cb#access_token=s3cret&state=1", ""),
        lines: &["< Content-Location: http://app/cb#access_token=[secret]&state=1"],
    },
    SecretExchange {
        url: "/parts",
        sent: ("Content-Type", "multipart/form-data; boundary=b", "--b password s3cret"),
        received: ("Content-Type", "application/json", "{'key': 's3cret'}"),
        lines: &[
            ">| [left out, because its secrets cannot be found]",
            "<| [left out, because its secrets cannot be found]",
        ],
    },
];

fn a_cassette_without_settings_hides_secrets<F: Kit>() {
    for SecretExchange { url, sent, received, lines } in SECRET_EXCHANGES {
        let dir = TempDir::new();
        let path = dir.path("bare.txt");
        let mock = Mock::new();
        let length = received.2.len();
        let reply = Reply::new(200).header(received.0, received.1).header("Content-Length", length);
        mock.any("/*").reply(reply.body(received.2));
        let ask = |client: &F, url: &str, body: &'static str| {
            client.ask("GET", &format!("http://h{url}"), &[(sent.0, sent.1)], body).unwrap()
        };
        let live = ask(&F::recording(Cassette::new(&path).recorder(mock).unwrap()), url, sent.2);
        assert_eq!(
            (live.headers().get(received.0).unwrap().to_string(), live.text()),
            (received.1.to_owned(), received.2.into())
        );
        let written = text(&path);
        assert!(!written.contains("s3cret"), "{written}");
        for line in lines {
            assert!(written.lines().any(|written| written == *line), "{line} {written}");
        }
        // A secret of another value is not compared, also not with one that somebody wrote into the file.
        let other = |text: &'static str| text.replace("s3cret", "0ther");
        let strict = || F::playing(Cassette::new(&path).strict().player().unwrap());
        let body: &'static str = other(sent.2).leak();
        let played = ask(&strict(), &other(url), body);
        assert_eq!(played.status().as_u16(), 200, "{url}");
        fs::write(&path, fs::read_to_string(&path).unwrap().replace("[secret]", "by-hand")).unwrap();
        ask(&strict(), &other(url), body);
        // What is no secret is compared.
        let client = F::playing(Cassette::new(&path).strict().player().unwrap());
        client.ask("GET", &format!("http://h{url}"), &[("Content-Type", "text/plain")], "else").unwrap_err();
        ask(&client, url, sent.2);
    }
}

type SetRedaction = fn(Cassette, Redaction) -> Cassette;

fn the_redaction_of_a_cassette<F: Kit>() {
    let shows = || Redaction::new().show_param("token");
    let cases: [(SetRedaction, &str); 4] = [
        (|cassette, _| cassette, "token=[secret]&user=ann"),
        (|cassette, shows| cassette.redaction(shows), "token=t&user=ann"),
        // The order of the settings does not count.
        (|cassette, shows| cassette.redaction(shows).hide_param("user"), "token=t&user=[secret]"),
        (|cassette, shows| cassette.hide_param("user").redaction(shows), "token=t&user=[secret]"),
    ];
    for (set, query) in cases {
        let dir = TempDir::new();
        let path = dir.path("set.txt");
        let recorder = set(Cassette::new(&path), shows()).recorder(site()).unwrap();
        F::send(F::recording(recorder).get("http://h/none?token=t&user=ann")).unwrap();
        assert!(text(&path).contains(&format!("> GET http://h/none?{query}\n")), "{query} {}", text(&path));
    }
}

/// A cassette of GETs, each with its path, the request's body and the response's body.
fn cassette_of(path: &Path, exchanges: &[(&str, &str, &str)]) -> Cassette {
    let mut text = "httpx cassette 1\n".to_owned();
    for (n, (target, asked, answered)) in (1..).zip(exchanges) {
        let asked = if asked.is_empty() { String::new() } else { format!(">| {asked}\n") };
        text.push_str(&format!(
            "[{n}]\n> GET http://h{target}\n{asked}< HTTP/1.1 200 OK\n<| {answered}\n[end {n}]\n"
        ));
    }
    fs::write(path, text).unwrap();
    Cassette::new(path)
}

fn any_order<F: Kit>() {
    let dir = TempDir::new();
    let cassette = cassette_of(
        &dir.path("any.txt"),
        &[("/a", "", "a1"), ("/a", "x", "ax"), ("/a", "", "a2"), ("/b", "y", "by")],
    );
    let client = F::playing(cassette.player().unwrap());
    for (path, body, expected) in [
        ("/b", "y", "by"),
        // The body does not count if no other was recorded.
        ("/b", "z", "by"),
        ("/a", "", "a1"),
        ("/a", "", "a2"),
        ("/a", "x", "ax"),
        // The last one is repeated.
        ("/a", "", "a2"),
    ] {
        assert_eq!(client.ask("GET", &format!("http://h{path}"), &[], body).unwrap().text(), expected);
    }
}

fn strict_order<F: Kit>() {
    let dir = TempDir::new();
    let path = dir.path("strict.txt");
    let cassette = || cassette_of(&path, &[("/a", "", "1"), ("/b", "x", "2")]).strict();
    let client = F::playing(cassette().player().unwrap());
    let ask = |path: &str, body: &'static str| client.ask("GET", &format!("http://h{path}"), &[], body);
    let advice = format!("; record the cassette {} again with HTTPX_RECORD=all", path.display());
    let message = |outcome: httpx::Result<httpx::Response>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Other);
        error.message().strip_suffix(&*advice).unwrap().to_owned()
    };
    assert_eq!(
        message(ask("/b", "x")),
        "this request is not the next one that was recorded, which is exchange 1, GET http://h/a: the URL differs, and \
         the body \"x\" differs"
    );
    assert_eq!(ask("/a", "").unwrap().text(), "1");
    assert_eq!(ask("/b", "x").unwrap().text(), "2");
    assert_eq!(message(ask("/b", "x")), "this request was not recorded: all 2 exchanges have been played");

    let player = cassette().player().unwrap();
    F::playing(player.clone()).ask("GET", "http://h/a", &[], "").unwrap();
    let expected = format!(
        "the cassette {} was not played to its end: 1 of 2 exchanges were played; the first that was not is exchange 2, \
         GET http://h/b\n",
        path.display()
    );
    assert_eq!(panic_text(|| player.verify()).unwrap(), expected);
    assert_eq!(panic_text(|| drop(player)).unwrap(), expected);
}

fn what_was_not_recorded_is_an_error<F: Kit>() {
    let dir = TempDir::new();
    let path = dir.path("few.txt");
    let cassette = cassette_of(&path, &[("/users/1?page=1", "", "1"), ("/items", "", "2")]);
    let client = F::playing(cassette.player().unwrap());
    let advice = format!("record the cassette {} again with HTTPX_RECORD=all", path.display());
    for (method, url, nearest) in [
        (
            "GET",
            "http://h/users/1?page=2",
            "exchange 1, GET http://h/users/1?page=1: the query is page=2, not page=1",
        ),
        ("PUT", "http://h/items", "exchange 2, GET http://h/items: the method is PUT, not GET"),
        ("GET", "http://h/users/2", "exchange 1, GET http://h/users/1?page=1: the URL differs"),
    ] {
        let error = F::send(client.request(method, url)).unwrap_err();
        let text =
            format!("{method} {url}: this request was not recorded; the nearest one is {nearest}; {advice}");
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Other, text));
    }
    fs::write(&path, "httpx cassette 1\n").unwrap();
    let error = F::send(F::playing(Player::new(&path).unwrap()).get("http://h/")).unwrap_err();
    assert!(error.to_string().contains("the cassette is empty; record"), "{error}");
}

fn each_mode<F: Kit>() {
    use RecordMode::{All, Missing, None, Once};
    let dir = TempDir::new();
    let path = dir.path("mode.txt");
    // The mode, whether there is a file with /a, and what is sent for /a and /b; the paths in the file afterwards.
    for (mode, has_file, sent, kept) in [
        (Once, false, "/a /b", "/a /b"),
        (Once, true, "", "/a"),
        (Missing, false, "/a /b", "/a /b"),
        (Missing, true, "/b", "/a /b"),
        (All, false, "/a /b", "/a /b"),
        (All, true, "/a /b", "/a /b"),
        (None, true, "", "/a"),
    ] {
        drop(fs::remove_file(&path));
        if has_file {
            drop(cassette_of(&path, &[("/a", "", "old")]));
        }
        let mock = site();
        let recorder = Cassette::new(&path).mode(mode).recorder(mock.clone()).unwrap();
        let client = F::recording(recorder);
        for target in ["/a", "/b"] {
            let outcome = F::send(client.get(&format!("http://h{target}")));
            assert_eq!(outcome.is_ok(), !(sent.is_empty() && target == "/b"), "{mode:?} {target}");
        }
        drop(client);
        let paths = |lines: Vec<String>| lines.join(" ");
        let asked = mock.requests().iter().map(|request| request.url().path().to_owned()).collect();
        let written = text(&path);
        let written = written.lines().filter_map(|line| line.strip_prefix("> GET http://h"));
        assert_eq!(
            (paths(asked), paths(written.map(str::to_owned).collect())),
            (sent.to_owned(), kept.to_owned()),
            "{mode:?} {has_file}"
        );
    }
    fs::remove_file(&path).unwrap();
    let error = Cassette::new(&path).mode(None).recorder(site()).unwrap_err();
    let text =
        format!("there is no cassette {}; record it with a recorder, or check the path", path.display());
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Config, text));
}

fn a_test_that_fails_records_nothing<F: Kit>() {
    let dir = TempDir::new();
    let path = dir.path("failed.txt");
    let report = panic_text(|| {
        let client = F::recording(Cassette::new(&path).recorder(site()).unwrap());
        F::send(client.get("http://h/csv")).unwrap();
        panic!("{}", "of the test");
    });
    assert_eq!((report.as_deref(), path.exists()), (Some("of the test\n"), false));

    // A failed request is not recorded, and `save` writes now.
    let mock = Mock::new();
    mock.get("/a").reply(200);
    let recorder = Cassette::new(&path).recorder(mock).unwrap();
    let client = F::recording(recorder.clone());
    F::send(client.get("http://h/none")).unwrap_err();
    F::send(client.get("http://h/a")).unwrap();
    recorder.save().unwrap();
    assert!(text(&path).contains("[1]\n> GET http://h/a\n") && !text(&path).contains("[2]"));
}

fn files_that_cannot_be_used<F: Kit>() {
    let dir = TempDir::new();
    let path = dir.path("bad.txt");
    fs::write(&path, "httpx cassette 1\n[1]\n> GET http://h/\n").unwrap();
    let error = Player::new(&path).unwrap_err();
    let text = format!(
        "the cassette {} cannot be used: line 3: the file ends in the middle of exchange 1; was it cut? Record it again",
        path.display()
    );
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Config, text));
    // A recorder does not overwrite what it cannot read.
    assert_eq!(Cassette::new(&path).recorder(site()).unwrap_err().kind(), ErrorKind::Config);

    // The folder is a file.
    let inside = path.join("inside.txt");
    let recorder = Cassette::new(&inside).mode(RecordMode::All).recorder(site()).unwrap();
    F::send(F::recording(recorder.clone()).get("http://h/csv")).unwrap();
    let error = recorder.save().unwrap_err();
    assert!(
        error.to_string().starts_with(&format!("the cassette {} could not be written", inside.display())),
        "{error}"
    );
    let report = panic_text(|| drop(recorder)).unwrap();
    assert!(report.contains("could not be written"), "{report}");
}
