//! Messages that arrive one byte at a time, and handshakes that do.

use std::io::Write;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use httpx::ErrorKind;
use httpx::models::Timeout;
use httpx_testing::peer_leaves_within;

use crate::support::{Flavour, Reply, both_flavours};
use crate::{AGES, SHORT, bad, head, wire};

both_flavours!(drips, slow_and_endless_handshakes, a_redirect_with_a_stalled_body,);

/// The pause between two bytes. Time really passes until the timeout of the client fires, because the client waits for
/// sockets by the clock of the system. Without pauses, the limits on the sizes of messages would end the call first.
const PACE: Duration = Duration::from_millis(4);

/// Answers at once with the first part, and then with the other byte by byte, again and again.
fn dripping(first: String, again: &'static str) -> String {
    wire(move |mut socket| {
        head(&mut socket)?;
        socket.write_all(first.as_bytes()).ok()?;
        for byte in again.bytes().cycle() {
            socket.write_all(&[byte]).ok()?;
            if peer_leaves_within(&socket, PACE) {
                break;
            }
        }
        None
    })
}

fn drips<F: Flavour>() {
    use Timeout::{Head, Total};
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let client = F::new();
    for (first, again, timeout) in [
        ("", "HTTP/1.1 200 OK\r\nA: b\r\nC: d\r\nE: f\r\nG: h\r\nI: j\r\n", Head),
        ("HTTP/1.1 200 OK\r\n", "Abcdefghijklmnopqrstuvwxyz: b\r\n", Head),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", Head),
        ("HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", "x", Total),
        ("HTTP/1.1 200 OK\r\n\r\n", "x", Total),
        (CHUNKED, "1\r\nx\r\n", Total),
        (CHUNKED, "1;xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", Total),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n", Total),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 99\r\n\r\n", "x", Total),
        ("HTTP/1.1 302 Found\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n", Total),
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n\x1f", "x", Total),
    ] {
        let url = dripping(first.into(), again);
        let ask = client.get(&url);
        let ask = if timeout == Head { ask.head_timeout(SHORT) } else { ask.timeout(SHORT) };
        let began = Instant::now();
        let error = F::send(ask).err().unwrap_or_else(|| panic!("{first:?} {again:?}"));
        assert!(began.elapsed() < AGES, "{first:?} {again:?}");
        if !first.ends_with('\x1f') {
            assert_eq!(error.kind(), ErrorKind::Timeout(timeout), "{first:?} {again:?}: {error:?}");
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
    // The body of the request waits for 100, or is longer than the buffers of the network.
    let url = dripping(String::new(), "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
    let held = client.put(&url).header("Expect", "100-continue").body(F::bytes("abc"));
    let error = F::send(held.timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Total), "{error:?}");
    let large = || client.put(&url).body(F::bytes(vec![0; 32 << 20]));
    let error = F::send(large().timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Total), "{error:?}");
    // A dripping response is not room to write.
    let error = F::send(large().write_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Write), "{error:?}");
}

/// The body is read only to reuse the connection, which is not worth a long wait.
fn a_redirect_with_a_stalled_body<F: Flavour>() {
    let server =
        bad(Reply::Hang(b"HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 5\r\n\r\nhel".into()));
    let client = F::new();
    let began = Instant::now();
    let ask = client.get(&server.url("/bad")).read_timeout(2 * AGES);
    assert_eq!(F::send(ask).unwrap().text(), "good");
    assert!(began.elapsed() < AGES, "{:?}", began.elapsed());
}

fn slow_and_endless_handshakes<F: Flavour>() {
    let client = F::new();
    // Half-open: there is a connection, but the server has not accepted it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let error = F::send(client.get(&url).connect_timeout(SHORT)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Connect), "{error:?}");

    for first in [&b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc"[..], b"\x15", b"\x16\x03\x03\x00\x02\x02\x00"] {
        let url = wire(move |mut socket| {
            socket.write_all(first).ok()?;
            loop {
                socket.write_all(b"\x03").ok()?;
                if peer_leaves_within(&socket, PACE) {
                    return None;
                }
            }
        });
        let began = Instant::now();
        let url = url.replace("http", "https");
        let error = F::send(client.get(&url).connect_timeout(SHORT)).unwrap_err();
        assert!(error.is_connect() && began.elapsed() < AGES, "{error:?}");
        let error = F::send(client.get(&url).timeout(SHORT)).unwrap_err();
        assert!(began.elapsed() < AGES, "{error:?}");
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
    // Endless and fast.
    for again in [
        &b"\x14\x03\x03\x00\x01\x01"[..],
        b"\x16\x03\x03\x00\x04\x00\x00\x00\x00",
        b"\x15\x03\x03\x00\x02\x01\x5a",
    ] {
        let url = wire(move |mut socket| {
            while socket.write_all(again).is_ok() {}
            None
        });
        let began = Instant::now();
        let ask = client.get(&url.replace("http", "https")).connect_timeout(2 * AGES);
        let error = F::send(ask).unwrap_err();
        assert!(error.is_connect() && began.elapsed() < AGES, "{error:?}");
    }
}
