//! Measures the cost of httpx. `scripts/cost.sh` runs this under callgrind and strace, and compares with `limits.txt`.
//!
//! ```text
//! cost serve                      a server; prints its port, serves until it is ended
//! cost httparse CASE N            N times the floor: a response through httparse alone; see cases.rs
//! cost codec CASE N               N times the same response through the codec
//! cost head CASE N                N times its head alone
//! cost encode N                   N times a request
//! cost body KIND MIB N            N times a long response; its body is read past the codec (`direct`) or through its
//!                                 buffer (`buffered`), arrives in `chunks` of 16 KiB, or in a fixed number of chunks
//!                                 (`bytes`)
//! cost client PORT URL N          N times a small GET through the client; the URL is given as `text` (always the
//!                                 same), as `texts` (of changing paths) or as a `url` that has been parsed; with
//!                                 `progress` there is a callback, and with `json` 2 KiB of JSON are parsed
//! cost async PORT N               N times the same GET through the async client
//! cost allocations PORT           the allocations of each of these
//! cost serve-tls CERT KEY TICKETS the same server over TLS, with this many session tickets for each connection
//! cost connect FLAVOUR URL CERT N N times the same GET over a new connection, through the `blocking` or the `async`
//!                                 client; `-` is no certificate
//! cost lookups PORT               the allocations of a new connection to an address, and to a name in the cache
//! cost upload FLAVOUR URL CERT    a whole upload and a streamed one, through the `blocking` or the `async` client
//! cost file FLAVOUR up|down URL PATH  sends or saves a file; prints the peak of the memory in use
//! cost stream PORT PATH           a long body read in pieces; prints the peak of the memory in use
//! ```
//!
//! Only functions named `measured` are counted, after a first run that is not.

mod ahttpx;
mod allocations;
mod client;
mod codec;
mod connects;
mod files;
mod server;
mod stream;
mod uploads;

use httpx_bench::Result;
use httpx_bench::cases::Case;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["serve"] => server::serve()?,
        ["serve-tls", certificate, key, tickets] => uploads::serve(certificate, key, tickets.parse()?)?,
        ["connect", flavour, url, certificate, n] => connects::run(flavour, url, certificate, n.parse()?)?,
        ["lookups", port] => connects::lookups(port)?,
        ["upload", flavour, url, certificate] => uploads::run(flavour, url, certificate)?,
        ["file", flavour, direction, url, path] => println!("{}", files::run(flavour, direction, url, path)?),
        ["httparse", name, n] => codec::floor(&case(name)?, n.parse()?)?,
        ["codec", name, n] => codec::run(&case(name)?, n.parse()?)?,
        ["head", name, n] => codec::head(&case(name)?, n.parse()?)?,
        ["encode", n] => codec::encode(n.parse()?)?,
        ["body", kind, mib, n] => codec::body(kind, mib.parse()?, n.parse()?)?,
        ["client", port, url, n] => client::run(&small(port), url.parse()?, n.parse()?)?,
        ["async", port, n] => ahttpx::run(&small(port), n.parse()?)?,
        ["allocations", port] => {
            for (name, count) in codec::allocations()? {
                println!("{name} {count}");
            }
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

fn case(name: &str) -> Result<Case> {
    Ok(Case::named(name).ok_or("no such case")?)
}

fn small(port: &str) -> String {
    format!("http://127.0.0.1:{port}/small")
}
