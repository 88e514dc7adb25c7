//! Bodies of requests that fail, and early responses.

use std::io::{Cursor, Read};

use httpx::ErrorKind;
use httpx_testing::PATIENCE;

use crate::support::{Flavour, Server, both_flavours};
use crate::{check, check_fails, check_usable};

both_flavours!(request_bodies, refused_before_the_upload, refused_during_the_upload,);

/// Gives three bytes, and then fails.
struct Failing(u8);

impl Read for Failing {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        match self.0 {
            0 => Err(std::io::Error::new(std::io::ErrorKind::NotFound, "the disk is gone")),
            _ => {
                self.0 -= 1;
                buf[0] = b'x';
                Ok(1)
            }
        }
    }
}

fn request_bodies<F: Flavour>() {
    let server = Server::routes([]);
    let client = F::new();
    let url = server.url("/");
    let rows = [
        (F::reader(Failing(3)), ErrorKind::Body, &["POST", "body of the request", "the disk is gone"][..]),
        (F::reader(Failing(0)), ErrorKind::Body, &["the disk is gone"]),
        (F::sized_reader(Failing(3), 5), ErrorKind::Body, &["the disk is gone"]),
    ];
    for (body, kind, words) in rows {
        check_fails::<F>(client.post(&url).body(body), &url, kind, words);
        check_usable(&client, &server);
        assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
    }
    let error = F::send(client.post(&url).body(F::sized_reader(Cursor::new("abc"), 5))).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Body | ErrorKind::InvalidRequest), "{error:?}");
    check(&error, error.kind(), &["POST", &url, "after 3 of the 5 bytes"]);
    check_usable(&client, &server);
    // A reader has to end after its length.
    let error = F::send(client.post(&url).body(F::sized_reader(Cursor::new("abcd"), 3))).unwrap_err();
    check(&error, ErrorKind::Body, &["POST", &url, "longer than announced", "send exactly as many bytes"]);
    check_usable(&client, &server);
    server.take();
    F::send(client.post(&url).body(F::sized_reader(Failing(3).take(3), 3))).unwrap();
    assert_eq!(server.take_one().body(), b"xxx");
}

/// An early refusal is delivered, and the rest of the body is not sent.
fn refused_before_the_upload<F: Flavour>() {
    let server = Server::hasty(b"HTTP/1.1 417 Expectation Failed\r\nContent-Length: 2\r\n\r\nno");
    let client = F::new();
    let body = F::sized_reader(Failing(0), 5);
    let ask = client.put(&server.url("/")).header("Expect", "100-continue").body(body);
    let response = F::send(ask).unwrap();
    assert_eq!((response.status().as_u16(), &*response.text()), (417, "no"));
    assert_eq!(client.shown(), "<Client [0 active]>");
}

fn refused_during_the_upload<F: Flavour>() {
    let server = Server::hasty(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno");
    let client = F::new();
    for body in [F::reader(std::io::repeat(0)), F::sized_reader(std::io::repeat(0), 1 << 40)] {
        let ask = client.put(&server.url("/")).body(body).timeout(PATIENCE);
        let response = F::send(ask).unwrap_or_else(|error| panic!("{error:?}"));
        assert_eq!((response.status().as_u16(), &*response.text()), (413, "no"));
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}
