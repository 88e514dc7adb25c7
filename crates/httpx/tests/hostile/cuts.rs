//! A connection that ends within the response.

use crate::printable;
use crate::support::encode::gzip;
use crate::support::{Flavour, Reply, Server, both_flavours};

both_flavours!(a_response_cut_at_each_byte,);

fn a_response_cut_at_each_byte<F: Flavour>() {
    let coded = gzip(b"hello");
    let coded = [
        format!("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n", coded.len())
            .as_bytes(),
        &coded,
    ]
    .concat();
    let undelimited = [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..], &gzip(b"hello")].concat();
    let client = F::pooled(|pool| pool.max_idle_connections(0));
    for response in [
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_vec(),
        b"HTTP/1.1 103 Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello".to_vec(),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x\r\nllo\r\n0\r\nA: b\r\n\r\n"
            .to_vec(),
        coded,
        undelimited,
    ] {
        let whole = response.clone();
        let server = Server::new(move |seen| {
            let n: usize = seen.target().trim_start_matches('/').parse().unwrap();
            Reply::Close(response[..n].to_vec())
        });
        let ends_with_connection = !whole.windows(6).any(|six| six == b"Length" || six == b"chunke");
        for n in 0..=whole.len() {
            match F::send(client.get(&server.url(&format!("/{n}")))) {
                Ok(response) if n == whole.len() => assert_eq!(response.text(), "hello"),
                // Without any byte of the coding, the body is empty.
                Ok(response) if ends_with_connection => assert_eq!(response.text(), ""),
                Ok(response) => panic!("{n} of {}: {:?}", whole.escape_ascii(), response.text()),
                Err(error) => assert!(n < whole.len() && printable(&format!("{error:#}")), "{error:?}"),
            }
        }
        assert_eq!(client.shown(), "<Client [0 active]>");
    }
}
