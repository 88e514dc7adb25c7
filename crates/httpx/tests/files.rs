//! Files as bodies and as parts of forms: what is sent, what is sent again, and what fails.

#![cfg(any(feature = "blocking", feature = "async"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

use std::fs;
use std::io;

use httpx::ErrorKind;
use httpx::models::{Direction, File, IntoBody, Length, MessageBody, Multipart, Part, Progress, RequestSent};
use httpx_testing::{Reply, Server, TempDir, both_flavours};
use support::Flavour;
use support::flavour::{Ask, BodyOf};

both_flavours!(
    what_is_sent,
    a_file_is_opened_again_for_a_redirect,
    a_form_with_files_is_sent_again,
    a_form_whose_file_has_changed_is_not_sent_again,
    what_cannot_be_sent,
    a_file_that_changes_while_it_is_sent,
    a_file_that_changes_during_a_request,
    a_file_that_changes_between_requests,
    a_copy_of_a_request_looks_at_the_file_anew,
    what_a_file_shows,
    an_open_file_is_sent_once,
);

const TEXT: &str = "0123456789";

fn file_with(dir: &TempDir, name: &str, bytes: impl AsRef<[u8]>) -> File {
    let path = dir.path(name);
    fs::write(&path, bytes).unwrap();
    File::new(path)
}

fn what_is_sent<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    let dir = TempDir::new();
    let file = || file_with(&dir, "digits.txt", TEXT);
    let large = "x".repeat(1_000_000);
    let guessed = if cfg!(feature = "mime-guess") { "text/plain" } else { "application/octet-stream" };
    for (file, content_type, expected) in [
        (file(), guessed, TEXT),
        (file().content_type("text/csv"), "text/csv", TEXT),
        (file().range(3..), guessed, "3456789"),
        (file().range(..3), guessed, "012"),
        (file().range(3..=5), guessed, "345"),
        (file().range(10..), guessed, ""),
        (file_with(&dir, "empty", ""), "application/octet-stream", ""),
        (file_with(&dir, "large", &large), "application/octet-stream", &large),
    ] {
        assert_eq!(F::send(client.post(&server.url("/")).content(file)).unwrap().text(), "good");
        let seen = server.take_one();
        assert_eq!(seen.content(), expected.as_bytes());
        assert_eq!(seen.header("content-type").unwrap(), content_type);
        assert_eq!(seen.header("content-length").unwrap(), expected.len().to_string());
    }
    // A body has no media type.
    assert_eq!(F::send(client.post(&server.url("/")).body(file())).unwrap().text(), "good");
    let seen = server.take_one();
    assert_eq!((seen.content(), seen.header("content-type")), (TEXT.into(), None));
}

/// The second time it must have the size that it had the first time.
fn a_file_is_opened_again_for_a_redirect<F: Flavour>() {
    let dir = TempDir::new();
    let file = file_with(&dir, "digits.txt", TEXT);
    for (then, expected) in [("9876543210", Some("9876543210")), ("98765", None)] {
        let path = dir.path("digits.txt");
        let server = Server::new(move |seen| match seen.target().as_str() {
            "/" => {
                fs::write(&path, then).unwrap();
                Reply::full("307 Temporary Redirect", "Location: /next\r\n", "")
            }
            _ => Reply::ok("good"),
        });
        let client = F::new();
        fs::write(dir.path("digits.txt"), TEXT).unwrap();
        let fresh = File::new(file.path());
        let sent = F::send(client.post(&server.url("/")).content(fresh));
        let bodies = server.take().into_iter().map(|seen| seen.content()).collect::<Vec<_>>();
        assert_eq!(bodies[0], TEXT.as_bytes());
        match expected {
            Some(text) => {
                assert_eq!(sent.unwrap().text(), "good");
                assert_eq!(bodies[1], text.as_bytes());
            }
            None => {
                let error = sent.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Body);
                let text = format!("{error:#}");
                assert!(text.contains("its size has changed from 10 to 5 bytes"), "{text}");
                assert_eq!(bodies.len(), 1);
            }
        }
    }
}

fn a_form_with_files_is_sent_again<F: Flavour>() {
    let server = Server::new(|seen| match seen.target().as_str() {
        "/" => Reply::full("308 Permanent Redirect", "Location: /next\r\n", ""),
        _ => Reply::ok("good"),
    });
    let dir = TempDir::new();
    let form = Multipart::new()
        .part("file", Part::file(file_with(&dir, "a.txt", TEXT)))
        .text("b", "2")
        .part("part", Part::file(file_with(&dir, "c", TEXT).range(2..4).content_type("x/y")).file_name("d"));
    let sent = F::send(F::new().post(&server.url("/")).multipart(form)).unwrap();
    assert_eq!(sent.text(), "good");
    let seen = server.take();
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].content(), seen[1].content());
    for seen in seen {
        assert!(seen.header("content-length").is_some(), "{}", seen.text());
        let text = String::from_utf8(seen.content()).unwrap();
        let guessed = if cfg!(feature = "mime-guess") { "text/plain" } else { "application/octet-stream" };
        let first =
            format!("name=\"file\"; filename=\"a.txt\"\r\nContent-Type: {guessed}\r\n\r\n{TEXT}\r\n--");
        assert!(text.contains(&first), "{text}");
        assert!(
            text.contains("name=\"part\"; filename=\"d\"\r\nContent-Type: x/y\r\n\r\n23\r\n--"),
            "{text}"
        );
    }
}

fn a_form_whose_file_has_changed_is_not_sent_again<F: Flavour>() {
    let dir = TempDir::new();
    let file = file_with(&dir, "a.txt", TEXT);
    let path = dir.path("a.txt");
    let server = Server::new(move |_| {
        fs::write(&path, "98765").unwrap();
        Reply::full("307 Temporary Redirect", "Location: /next\r\n", "")
    });
    let form = Multipart::new().text("a", "1").part("f", Part::file(file));
    let error = F::send(F::new().post(&server.url("/")).multipart(form)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Body);
    let text = format!("{error:#}");
    assert!(text.contains("its size has changed from 10 to 5 bytes"), "{text}");
    assert!(server.take_one().text().contains(TEXT));
}

/// A template that is sent more than once, while the file grows.
fn a_copy_of_a_request_looks_at_the_file_anew<F: Flavour>() {
    let (server, client, dir) = (Server::new(|_| Reply::ok("good")), F::new(), TempDir::new());
    let file = file_with(&dir, "log.txt", "");
    let ask = || client.post(&server.url("/"));
    let form = || Multipart::new().text("a", "1").part("log", Part::file(file.clone()));
    let templates: [(&str, Ask<F>); 3] = [
        ("content", ask().content(file.clone())),
        ("form", ask().multipart(form())),
        ("with progress", ask().multipart(form()).on_progress(|_| {})),
    ];
    for (name, template) in templates {
        let built = template.try_clone().unwrap().build().unwrap();
        for text in ["one", "one, two", "three"] {
            fs::write(file.path(), text).unwrap();
            F::send(template.try_clone().unwrap()).unwrap_or_else(|error| panic!("{name}: {error:#}"));
            F::by_hand(&client, built.try_clone().unwrap())
                .unwrap_or_else(|error| panic!("{name}: {error:#}"));
            for seen in server.take() {
                assert!(seen.text().contains(text), "{name}: {}", seen.text());
            }
        }
    }
}

/// Nothing is sent, and no connection is opened.
fn what_cannot_be_sent<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    let dir = TempDir::new();
    let missing = File::new(dir.path("missing"));
    let file = || file_with(&dir, "digits.txt", TEXT);
    let in_form = |file: File| Multipart::new().text("a", "1").part("f", Part::file(file));
    #[allow(clippy::reversed_empty_ranges)] // that is what is tested
    let rows = [
        (missing.clone(), "missing"),
        #[cfg(target_os = "linux")]
        (File::new("/proc/self/mem"), "Input/output error"),
        (File::new(dir.as_ref()), "directory"),
        (file().range(11..), "the range 11..10 is not within its 10 bytes"),
        (file().range(..11), "the range 0..11 is not within its 10 bytes"),
        (file().range(5..3), "the range 5..3 is not within its 10 bytes"),
    ];
    for (file, reason) in rows {
        let path = file.path().display().to_string();
        let post = || client.post(&server.url("/"));
        for ask in [post().content(file.clone()), post().multipart(in_form(file.clone()))] {
            let error = F::send(ask).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Body, "{error:#}");
            let text = format!("{error:#}");
            assert!(text.contains(&format!("cannot send the file {path}")), "{text}");
            // Windows cannot open a directory.
            assert!(text.contains(reason) || reason == "directory" && cfg!(windows), "{text}");
        }
    }
    let invalid = Multipart::new().part("f", Part::file(file().content_type("a\r\nb")));
    assert_eq!(
        F::send(client.post(&server.url("/")).multipart(invalid)).unwrap_err().kind(),
        ErrorKind::InvalidHeader
    );
    assert_eq!((server.opened(), server.take().len()), (0, 0));
}

fn a_file_that_changes_while_it_is_sent<F: Flavour>() {
    let dir = TempDir::new();
    let path = dir.path("large");
    let size = 1_000_000;
    let open = || fs::OpenOptions::new().write(true).open(&path).unwrap();
    for (new_size, reason) in [
        (size - 1, "large: it became shorter while it was sent (it had 1000000 bytes)"),
        (size + 1, "large: it became longer while it was sent (it had 1000000 bytes)"),
    ] {
        fs::write(&path, vec![b'x'; size]).unwrap();
        let mut body: BodyOf<F> = File::new(&path).into_body();
        assert_eq!(body.length(), Length::Unknown);
        let first = F::body_chunk(&mut body).unwrap().unwrap();
        assert_eq!(body.length(), Length::Known((size - first.len()) as u64));
        open().set_len(new_size as u64).unwrap();
        let error = loop {
            match F::body_chunk(&mut body) {
                Ok(chunk) => assert!(chunk.is_some(), "no error"),
                Err(error) => break error,
            }
        };
        assert!(format!("{error:#}").contains(reason), "{error:#}");
        assert!(F::body_chunk(&mut body).is_err());
    }
    // A range is sent as it is.
    fs::write(&path, vec![b'x'; size]).unwrap();
    let mut body: BodyOf<F> = File::new(&path).range(..size as u64).into_body();
    let mut read = F::body_chunk(&mut body).unwrap().unwrap().len();
    open().set_len(size as u64 + 1).unwrap();
    while let Some(chunk) = F::body_chunk(&mut body).unwrap() {
        read += chunk.len();
    }
    assert_eq!(read, size);
}

/// The server has a part of it, so the connection is of no use.
fn a_file_that_changes_during_a_request<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let dir = TempDir::new();
    let (path, size) = (dir.path("large"), 8 << 20);
    for (new_size, reason) in
        [(1, "it became shorter while it was sent"), (size + 1, "it became longer while it was sent")]
    {
        fs::write(&path, vec![b'x'; size as usize]).unwrap();
        let client = F::new();
        let changing = path.clone();
        let change = move |progress: Progress| {
            if progress.direction == Direction::Upload && progress.bytes > 0 {
                fs::OpenOptions::new().write(true).open(&changing).unwrap().set_len(new_size).unwrap();
            }
        };
        let ask = client.post(&server.url("/")).content(File::new(&path)).on_progress(change);
        let error = F::send(ask).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Body, "{error:#}");
        assert!(format!("{error:#}").contains(reason), "{error:#}");
        assert_eq!(error.request_sent(), Some(RequestSent::Partial), "{reason}");
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
    assert_eq!(server.take().len(), 0);
}

/// The clones of a file are not one content.
fn a_file_that_changes_between_requests<F: Flavour>() {
    let server = Server::new(|_| Reply::ok("good"));
    let client = F::new();
    let dir = TempDir::new();
    let file = file_with(&dir, "log", "");
    let post = || client.post(&server.url("/"));
    let asks: [&dyn Fn(File) -> Ask<F>; 3] =
        [&|file| post().content(file), &|file| post().body(file), &|file| {
            post().multipart(Multipart::new().part("f", Part::file(file)))
        }];
    for (n, ask) in asks.into_iter().cycle().take(6).enumerate() {
        fs::write(file.path(), "~".repeat(n)).unwrap();
        F::send(ask(file.clone())).unwrap();
        let text = server.take_one().text();
        assert_eq!(text.matches('~').count(), n, "{text}");
    }
}

fn what_a_file_shows<F: Flavour>() {
    let body: BodyOf<F> = File::new("a.txt").into_body();
    assert_eq!(format!("{body:?}"), "Body(File \"a.txt\")");
    let error = httpx::Response::new(200, File::new("a.txt")).unwrap_err();
    assert!(error.to_string().contains("File(\"a.txt\")"), "{error}");
}

fn an_open_file_is_sent_once<F: Flavour>() {
    let server = Server::new(|_| Reply::full("307 Temporary Redirect", "Location: /next\r\n", ""));
    let reader = F::sized_reader(io::Cursor::new(TEXT), 10);
    let error = F::send(F::new().post(&server.url("/")).body(reader)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert_eq!(error.status().unwrap(), 307);
}
