//! What httpx costs. `scripts/cost.sh` runs this under callgrind and strace, and compares with `limits.txt`.
//!
//! ```text
//! cost serve                      a server; prints its port, serves until it is ended
//! cost httparse N                 N times the floor: the head through httparse alone
//! cost codec N                    N times a response through the codec
//! cost client PORT URL N          N times a small GET through the client; the URL is given as `text` (always the
//!                                 same), as `texts` (of changing paths) or as a `url` that has been parsed
//! cost async PORT N               N times the same GET through the async client
//! cost allocations PORT           the allocations of each of these
//! cost stream PORT PATH           a long body read in pieces; prints the peak of the memory in use
//! ```
//!
//! What is counted happens in functions called `measured`, after a first run that is not.

mod ahttpx;
mod allocations;
mod client;
mod codec;
mod server;
mod stream;

use std::error::Error;

/// A head of 275 bytes and 8 fields, as a common server sends it.
const HEAD: &str = "HTTP/1.1 200 OK\r\n\
    Server: nginx/1.24.0 (Ubuntu)\r\n\
    Date: Sun, 22 Nov 2026 10:55:32 GMT\r\n\
    Content-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 13\r\n\
    Connection: keep-alive\r\n\
    Cache-Control: public, max-age=31536000, immutable\r\n\
    ETag: \"65c3b2f1-d\"\r\n\
    Vary: Accept-Encoding, Origin\r\n\r\n";
const BODY: &str = "Hello, world!";

const _: () = assert!(HEAD.len() == 275);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => server::serve()?,
        ["httparse", n] => codec::floor(n.parse()?),
        ["codec", n] => codec::run(n.parse()?)?,
        ["client", port, url, n] => client::run(&small(port), url.parse()?, n.parse()?)?,
        ["async", port, n] => ahttpx::run(&small(port), n.parse()?)?,
        ["allocations", port] => {
            println!("codec.allocations {}", codec::allocations()?);
            for url in ["text", "texts", "url"] {
                println!("get.{url}.allocations {}", client::allocations(&small(port), url.parse()?)?);
            }
            println!("async.allocations {}", ahttpx::allocations(&small(port))?);
        }
        ["stream", port, path] => println!("{}", stream::run(&format!("http://127.0.0.1:{port}{path}"))?),
        _ => return Err("see the head of bench/src/main.rs".into()),
    }
    Ok(())
}

fn small(port: &str) -> String {
    format!("http://127.0.0.1:{port}/small")
}
