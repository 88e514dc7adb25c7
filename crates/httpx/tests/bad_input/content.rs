//! Bodies that are not the expected JSON or text, and errors that pass through `std::io`.

use std::io::Read;

use httpx::{Error, ErrorKind};

use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{ask_for, check, check_connections, check_usable};

both_flavours!(json_and_text, errors_pass_through_io,);

fn json_and_text<F: Flavour>() {
    type Order = std::collections::HashMap<String, Vec<std::collections::HashMap<String, f64>>>;
    let client = F::new();
    let rows: [(&str, &[&str]); 6] = [
        (r#"{"items": [{"price": 1}, {"price": "dear"}]}"#, &["items[1].price", "dear"]),
        (r#"{"items": [{"price": 1}"#, &["EOF", "line 1"]),
        (r#"{"items": []} more"#, &["follows the JSON"]),
        ("<html>", &["not the expected JSON", "line 1 column 1"]),
        ("", &["the body is empty"]),
        ("[", &["not the expected JSON"]),
    ];
    for (body, words) in rows {
        let (server, ask, url) = ask_for(&client, Reply::ok(body));
        let error = F::send(ask).unwrap().json::<Order>().unwrap_err();
        check(&error, ErrorKind::Json, words);
        assert_eq!(error.url(), Some(&*url));
        check_connections(&client, &server, 1);
    }
    let rows: [(&str, &[u8], &[&str]); 4] = [
        ("text/plain; charset=utf-8", b"ab\xff", &["UTF-8", "2"]),
        ("text/plain", b"\xff", &["UTF-8", "0"]),
        ("text/plain; charset=shift_jis", b"abc\x81", &["Shift_JIS", "3"]),
        ("text/plain; charset=x-unknown", b"abc", &["x-unknown"]),
    ];
    for (content_type, body, words) in rows {
        let reply = Reply::full("200 OK", &format!("Content-Type: {content_type}\r\n"), body);
        let (server, ask, url) = ask_for(&client, reply);
        let response = F::send(ask).unwrap();
        let error = response.text_strict().unwrap_err();
        check(&error, ErrorKind::Text, words);
        assert_eq!(error.url(), Some(&*url));
        assert!(!response.text().is_empty());
        check_connections(&client, &server, 1);
    }
}

/// An error survives code that knows only I/O errors: a download is uploaded, and the download breaks.
fn errors_pass_through_io<F: Flavour>() {
    let (client, server) = (F::new(), Server::routes([]));
    let (_source, ask, url) =
        ask_for(&client, Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into()));
    let mut streamed = F::stream(ask).unwrap();
    let (_, result) = F::drain(&mut streamed);
    let io = std::io::Error::from(result.unwrap_err());
    assert_eq!(io.kind(), std::io::ErrorKind::UnexpectedEof);
    let error = Error::from_io(io, "copying");
    check(&error, ErrorKind::Incomplete, &["after 3 of 5 bytes"]);
    assert_eq!(error.url(), Some(&*url));

    // Through the request's body.
    struct Broken(Option<Error>);
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(self.0.take().unwrap().into())
        }
    }
    let body = F::reader(Broken(Some(error)));
    let error = F::send(client.post(&server.url("/")).body(body)).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Body | ErrorKind::Incomplete), "{error:?}");
    check(&error, error.kind(), &["after 3 of 5 bytes"]);
    check_usable(&client, &server);
}

/// `io::copy` from a streamed body that ends too early.
mod copied {
    use httpx::{Error, ErrorKind};

    use crate::check;
    use crate::support::{Reply, Server};

    fn short() -> Server {
        Server::new(|_| Reply::Close(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".to_vec()))
    }

    fn check_copied(failed: std::io::Error, url: &str) {
        check(&Error::from_io(failed, "copying"), ErrorKind::Incomplete, &["GET", url, "after 3 of 5 bytes"]);
    }

    #[cfg(feature = "blocking")]
    #[test]
    fn blocking() {
        let server = short();
        let url = server.url("/");
        let mut response = httpx::Client::new().get(&url).stream().unwrap();
        check_copied(std::io::copy(&mut response, &mut std::io::sink()).unwrap_err(), &url);
    }

    #[cfg(feature = "async")]
    #[tokio::test]
    async fn ahttpx() {
        let server = short();
        let url = server.url("/");
        let mut response = httpx::ahttpx::Client::new().get(&url).stream().await.unwrap();
        check_copied(tokio::io::copy(&mut response, &mut tokio::io::sink()).await.unwrap_err(), &url);
    }
}

/// Dropping a short body outside a runtime reads the rest if it is there, and never waits.
#[cfg(feature = "async")]
#[test]
fn dropped_outside_its_runtime() {
    let half = Reply::Hang(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel".into());
    let server = Server::routes([("/half", half)]);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    // The timer is there already if the head was waited for: mostly, but not each time.
    for _ in 0..500 {
        let client = httpx::ahttpx::Client::new();
        let response = runtime.block_on(async {
            client.get(server.url("/good")).send().await.unwrap();
            client.get(server.url("/half")).stream().await.unwrap()
        });
        drop(response);
        assert_eq!(format!("{client:?}"), "<Client [0 active]>");
    }
}
