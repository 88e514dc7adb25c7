//! Numbers and times at the ends of their types.

use std::thread;
use std::time::Duration;

use httpx::ErrorKind;

use crate::support::tls::{Authority, Trusting};
use crate::support::{Flavour, Reply, Server, both_flavours};
use crate::{SHORT, bad, check_usable};

both_flavours!(huge_numbers, extreme_times,);

fn huge_numbers<F: Flavour>() {
    let client = F::new();
    for lines in [
        "Keep-Alive: timeout=4294967295",
        "Keep-Alive: timeout=18446744073709551615, max=18446744073709551616",
        "Keep-Alive: timeout=-1",
        "Keep-Alive: timeout=1e99",
        "Set-Cookie: a=b; Max-Age=18446744073709551616",
        "Set-Cookie: a=b; Max-Age=-9223372036854775809",
        "Set-Cookie: a=b; Expires=Thu, 99 Jan 99999 99:99:99 GMT",
        "Retry-After: 99999999999999999999999",
        "Age: 18446744073709551616",
        "Date: Thu, 01 Jan 0000 00:00:00 GMT",
    ] {
        let server = bad(Reply::full("200 OK", &format!("{lines}\r\n"), "ok"));
        assert_eq!(F::send(client.get(&server.url("/bad"))).unwrap().text(), "ok");
        check_usable(&client, &server);
    }
    for (bytes, kinds) in [
        ("Content-Length: 18446744073709551615\r\n\r\nx", [ErrorKind::Protocol; 2]),
        ("Content-Length: 9999999999999999999\r\n\r\nx", [ErrorKind::Protocol; 2]),
        ("Content-Length: 9223372036854775808\r\n\r\nx", [ErrorKind::Protocol; 2]),
        ("Content-Length: 9223372036854775807\r\n\r\nx", [ErrorKind::TooLarge, ErrorKind::Incomplete]),
        ("Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", [ErrorKind::Incomplete; 2]),
        ("Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx", [ErrorKind::Incomplete; 2]),
        ("Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\nx", [ErrorKind::Protocol; 2]),
        ("Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\nffffffffffffffff\r\nx", [ErrorKind::Incomplete; 2]),
    ] {
        let server = bad(Reply::Close(format!("HTTP/1.1 200 OK\r\n{bytes}").into()));
        let error = F::send(client.get(&server.url("/bad"))).unwrap_err();
        assert_eq!(error.kind(), kinds[0], "{bytes:?}: {error:?}");
        for most in [1, 100, 100_000] {
            let error = match F::stream(client.get(&server.url("/bad")).max_body_bytes(u64::MAX)) {
                Ok(mut streamed) => loop {
                    match F::read_some(&mut streamed, most) {
                        Ok(some) => assert!(!some.is_empty(), "{bytes:?} ended"),
                        Err(error) => break error,
                    }
                },
                Err(error) => error,
            };
            assert_eq!(error.kind(), kinds[1], "{bytes:?}: {error:?}");
        }
        check_usable(&client, &server);
    }
    // Leading zeros are valid (RFC 9110 §8.6).
    let zeros = format!("HTTP/1.1 200 OK\r\nContent-Length: {}1\r\n\r\nx", "0".repeat(100));
    let server = bad(Reply::Keep(zeros.into()));
    assert_eq!(F::send(client.get(&server.url("/bad"))).unwrap().text(), "x");
    // The longest possible upload.
    let url = Server::hasty(b"HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nno").url("/");
    let body = F::sized_reader(std::io::repeat(0), u64::MAX);
    assert_eq!(F::send(client.put(&url).body(body)).unwrap().text(), "no");
}

fn extreme_times<F: Flavour>() {
    let authority = Authority::new();
    let plain = Server::new(|_| Reply::full("200 OK", "Keep-Alive: timeout=4000000000\r\n", "good"));
    let secure = Server::tls(authority.server("localhost"), |_| Reply::ok("good"));
    for time in [
        Duration::MAX,
        Duration::MAX - Duration::from_nanos(1),
        Duration::from_secs(u64::MAX / 2),
        Duration::from_secs(u64::MAX / 2 - 10_000_000),
        Duration::from_secs(u64::MAX / 4),
        Duration::from_secs(1 << 40),
        Duration::from_millis(u64::MAX),
        Duration::from_nanos(u64::MAX),
    ] {
        let client = F::pooled(|pool| pool.tls(authority.trusted()).idle_timeout(time).max_age(time));
        for server in [&plain, &secure] {
            let url = server.url("/");
            for ask in [
                client.get(&url).timeout(time),
                client.get(&url).connect_timeout(time).pool_timeout(time),
                client.get(&url).head_timeout(time).read_timeout(time).write_timeout(time),
                client.put(&url).body(F::bytes(vec![0; 1 << 20])).timeout(time).write_timeout(time),
                client.put(&url).header("Expect", "100-continue").body(F::bytes("abc")).head_timeout(time),
            ] {
                assert_eq!(F::send(ask).unwrap_or_else(|error| panic!("{time:?}: {error:?}")).text(), "good");
            }
        }
        // A wait that would be useless is not reported as a wait that has ended.
        let narrow = F::pooled(|pool| pool.max_connections(1));
        let held = F::stream(narrow.get(&plain.url("/"))).unwrap();
        let waits = thread::spawn({
            let (narrow, url) = (narrow.clone(), plain.url("/"));
            move || {
                F::send(narrow.get(&url).pool_timeout(time).timeout(time))
                    .map(|response| response.text().into_owned())
            }
        });
        drop(held);
        assert_eq!(waits.join().unwrap().unwrap(), "good");
    }
    // No time at all.
    for time in [Duration::ZERO, Duration::from_nanos(1)] {
        let client = F::pooled(|pool| pool.tls(authority.trusted()).idle_timeout(time).max_age(time));
        let url = secure.url("/");
        for (ask, is_lenient) in [
            (client.get(&url).timeout(time), false),
            (client.get(&url).connect_timeout(time), false),
            // Data that is available at the first look is in time.
            (client.get(&url).head_timeout(time), true),
        ] {
            // A nanosecond becomes a millisecond on the way to the system.
            match F::send(ask) {
                Ok(_) => assert!(is_lenient || !time.is_zero()),
                Err(error) => assert!(error.is_timeout(), "{error:?}"),
            }
        }
        let _ = F::send(client.get(&url).read_timeout(time).write_timeout(time).pool_timeout(time));
        assert_eq!(client.shown(), "<Client [0 active]>");
        assert_eq!(F::send(client.get(&url)).unwrap().text(), "good");
    }
    // Limits of nothing.
    let client = F::pooled(|pool| pool.max_uses(0).max_idle_connections(0));
    assert_eq!(F::send(client.get(&plain.url("/"))).unwrap().text(), "good");
    let client = F::pooled(|pool| pool.max_connections(0));
    let result = F::send(client.get(&plain.url("/")).pool_timeout(SHORT));
    assert!(result.is_ok() || result.unwrap_err().is_timeout());
}
