//! Small bodies that decode to large ones.

use std::time::Instant;

use httpx::ErrorKind;

use crate::support::encode::gzip;
use crate::support::{Flavour, Reply, both_flavours};
use crate::{AGES, bad, check_usable};

both_flavours!(bombs,);

fn bombs<F: Flavour>() {
    let zeros = gzip(&vec![0; 4 << 20]);
    let bomb = gzip(&zeros.repeat(50));
    let thrice = gzip(&gzip(&zeros.repeat(50)));
    let empty = gzip(b"").repeat(1000);
    let mut named = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff".to_vec();
    named.extend_from_slice(&vec![b'x'; 100_000]);
    let many = ["gzip"; 10_000].join(",");
    let identities = ["identity"; 5_000].join(",");
    send_all::<F>([
        ("error", full("500 Oh", "gzip", &zeros), Some(ErrorKind::TooLarge)),
        ("twice", full("404 No", "gzip, gzip", &bomb), Some(ErrorKind::TooLarge)),
        ("thrice", full("200 OK", "gzip, gzip, gzip", &thrice), Some(ErrorKind::TooLarge)),
        ("empty members", endless("200 OK", "gzip", &empty), Some(ErrorKind::Decode)),
        ("a name", endless("200 OK", "gzip", &named), Some(ErrorKind::Decode)),
        ("padding", endless("200 OK", "gzip", &[0; 4000]), Some(ErrorKind::Decode)),
        ("too many", full("200 OK", &many, b"x"), Some(ErrorKind::Decode)),
        ("identity", full("200 OK", &identities, b"good"), None),
        ("redirect", full("302 Found\r\nLocation: /good", "gzip", &zeros), None),
        ("redirect", endless("302 Found\r\nLocation: /good", "gzip", &bomb), None),
        ("redirect", full("302 Found\r\nLocation: /good", "gzip, gzip", &bomb), None),
    ]);
}

pub(crate) fn endless(status: &str, coding: &str, bytes: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\nContent-Encoding: {coding}\r\n\r\n");
    Reply::Endless(head.into(), bytes.to_vec())
}

pub(crate) fn full(status: &str, coding: &str, bytes: &[u8]) -> Reply {
    Reply::full(status, &format!("Content-Encoding: {coding}\r\n"), bytes)
}

/// Reads each response with a limit of 1 MiB: an error of this kind, or the good response.
pub(crate) fn send_all<F: Flavour>(rows: impl IntoIterator<Item = (&'static str, Reply, Option<ErrorKind>)>) {
    let client = F::with(|client| client.max_body_bytes(1 << 20));
    for (name, reply, kind) in rows {
        let server = bad(reply);
        let began = Instant::now();
        match (F::send(client.get(&server.url("/bad"))), kind) {
            (Ok(response), None) => assert_eq!(response.text(), "good", "{name}"),
            (Err(error), Some(kind)) => assert_eq!(error.kind(), kind, "{name}: {error:?}"),
            (result, _) => panic!("{name}: {result:?}"),
        }
        assert!(began.elapsed() < AGES, "{name}");
        check_usable(&client, &server);
    }
}
