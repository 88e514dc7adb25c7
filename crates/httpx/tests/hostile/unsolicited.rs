//! Bytes that no request asked for.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::time::Instant;

use httpx::ErrorKind;

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, Reply, Seen, Server, both_flavours};
use crate::{AGES, check_usable, head, wire};

both_flavours!(unsolicited_responses, bytes_on_an_idle_connection, refused_and_reset_during_the_upload,);

const EVIL: &str = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil";

fn unsolicited_responses<F: Flavour>() {
    let rows: [(&str, &str, u16); 13] = [
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200),
        ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 204 No Content\r\n\r\n", 204),
        ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 45\r\n\r\n", 204),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 45\r\n\r\n", 304),
        ("GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 304),
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 45\r\n\r\n", 200),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 200),
        ("GET", "HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 302 Found\r\nLocation: /good\r\nContent-Length: 2\r\n\r\nok", 200),
        ("GET", "HTTP/1.1 307 Go\r\nLocation: /good\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 200),
        ("GET", "HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", 200),
    ];
    let authority = Authority::new();
    let client = F::pooled(|pool| pool.tls(authority.trusted()));
    for (method, asked, status) in rows {
        for tail in [EVIL, "H", "\r\n", "0\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n"] {
            let reply = Reply::Keep(format!("{asked}{tail}").into());
            let script = move |seen: &Seen| match &*seen.target() {
                "/bad" => reply.clone(),
                _ => Reply::ok("good"),
            };
            let tls = tail == EVIL;
            let server =
                if tls { Server::tls(authority.server("localhost"), script) } else { Server::new(script) };
            let response = F::send(client.request(method, &server.url("/bad"))).unwrap();
            assert_eq!(response.status(), status);
            assert!(!response.text().contains("evil"), "{asked:?} {tail:?}");
            check_usable(&client, &server);
            assert!(server.opened() >= 2, "{asked:?} {tail:?}: such a connection is not used again");
            // Read in small steps, past our buffer, and dropped early.
            if let Ok(mut streamed) = F::stream(client.request(method, &server.url("/bad"))) {
                let some = F::read_some(&mut streamed, 1).unwrap();
                assert!(some.len() <= 1);
            }
            check_usable(&client, &server);
            if let Ok(mut streamed) = F::stream(client.request(method, &server.url("/bad"))) {
                let (all, _) = F::drain(&mut streamed);
                assert!(!String::from_utf8_lossy(&all).contains("evil"));
            }
            check_usable(&client, &server);
        }
    }
}

/// Bytes between two requests are found before the second request is written.
fn bytes_on_an_idle_connection<F: Flavour>() {
    for tail in [EVIL, "\r\n", "x", ""] {
        let client = F::new();
        let (go, wait) = mpsc::channel::<mpsc::Sender<()>>();
        let wait = std::sync::Mutex::new(wait);
        let url = wire(move |mut socket| {
            let first = head(&mut socket)?;
            let first = String::from_utf8_lossy(&first).starts_with("GET /first ");
            socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood").ok()?;
            if first {
                let done = wait.lock().unwrap().recv().ok()?;
                socket.write_all(tail.as_bytes()).ok()?;
                if tail.is_empty() {
                    socket.shutdown(std::net::Shutdown::Write).ok()?;
                }
                done.send(()).ok()?;
            }
            // A second request on this connection gets no answer.
            let _ = head(&mut socket);
            None
        });
        assert_eq!(F::send(client.get(&format!("{url}first"))).unwrap().text(), "good");
        let (done, is_done) = mpsc::channel();
        go.send(done).unwrap();
        is_done.recv().unwrap();
        // Not safe to repeat, so that it fails if it goes over the old connection.
        let ask = client.post(&format!("{url}second")).body(F::bytes(""));
        assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{tail:?}: {error:?}")).text(), "good");
    }
}

/// The answer may be lost with the connection, but nothing else is.
fn refused_and_reset_during_the_upload<F: Flavour>() {
    let client = F::new();
    for answer in
        ["HTTP/1.1 413 No\r\nContent-Length: 2\r\n\r\nno", "HTTP/1.1 413 No\r\n\r\nno", "HTTP/1.1 4", ""]
    {
        let url = wire(move |mut socket| {
            head(&mut socket)?;
            socket.write_all(answer.as_bytes()).ok()
            // Unread bytes turn the close into a reset.
        });
        for body in [F::bytes(vec![0; 4 << 20]), F::reader(std::io::repeat(0).take(4 << 20))] {
            let began = Instant::now();
            match F::send(client.put(&url).body(body)) {
                Ok(response) => assert_eq!((response.status().as_u16(), &*response.text()), (413, "no")),
                Err(error) => assert!(
                    matches!(error.kind(), ErrorKind::Io | ErrorKind::Incomplete),
                    "{answer:?}: {error:?}"
                ),
            }
            assert!(began.elapsed() < AGES);
            // If the network took the whole request, the connection may be kept until it is checked.
            assert!(client.shown().starts_with("<Client [0 active"), "{}", client.shown());
        }
    }
}
