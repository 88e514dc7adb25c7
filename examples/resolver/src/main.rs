//! Names are looked up by `hickory-resolver` instead of the system: without a thread, with the time to live of DNS.
//!
//!     cargo run --manifest-path examples/resolver/Cargo.toml [-- URL]
//!
//! Without a URL it needs no network: it asks a small name server in this program, which knows one name.

use std::error::Error;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::thread;
use std::time::Instant;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::{CLOUDFLARE, ConnectionConfig, NameServerConfig, ResolverConfig};
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use httpx::ahttpx::Client;
use httpx::ahttpx::network::{Resolved, Resolver, Resolving};

/// The resolver of hickory, as httpx asks it.
struct Hickory(TokioResolver);

impl Hickory {
    fn new(config: ResolverConfig) -> Result<Self, Box<dyn Error>> {
        let resolver = TokioResolver::builder_with_config(config, TokioRuntimeProvider::default());
        Ok(Hickory(resolver.build()?))
    }
}

impl Resolver for Hickory {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            // The final dot keeps the search list of the system out.
            let name = format!("{}.", name.trim_end_matches('.'));
            match self.0.lookup_ip(name).await {
                Ok(found) => {
                    let time = found.valid_until().saturating_duration_since(Instant::now());
                    Ok(Resolved::new(found.iter()).time_to_live(time))
                }
                // httpx remembers for a short time that there is no such name.
                Err(error) if error.is_no_records_found() => Err(io::Error::new(ErrorKind::NotFound, error)),
                Err(error) => Err(io::Error::other(error)),
            }
        })
    }
}

impl std::fmt::Debug for Hickory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hickory")
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if let Some(url) = std::env::args().nth(1) {
        let client =
            Client::builder().resolver(Hickory::new(ResolverConfig::udp_and_tcp(&CLOUDFLARE))?).build()?;
        let response = client.get(&*url).send().await?;
        println!("{response:?} from {:?}", response.remote_addr());
        return Ok(());
    }
    let mut connection = ConnectionConfig::udp();
    connection.port = name_server()?.port();
    let server = NameServerConfig::new(Ipv4Addr::LOCALHOST.into(), true, vec![connection]);
    let resolver = Hickory::new(ResolverConfig::from_name_servers(vec![server]))?;
    let client = Client::builder().resolver(resolver).build()?;

    let port = web_server()?.port();
    let response = client.get(format!("http://known.example:{port}/")).send().await?;
    println!("{response:?} {}", response.text()); // <Response [200 OK]> hello
    let error = client.get("http://unknown.example/").send().await.unwrap_err();
    println!("{error}");
    assert!(error.to_string().contains("cannot resolve the name unknown.example"));
    Ok(())
}

/// A name server on this machine (RFC 1035 §4): `known.example` is 127.0.0.1, and there are no other names.
fn name_server() -> io::Result<SocketAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = socket.local_addr()?;
    thread::spawn(move || {
        let mut query = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut query) {
            if let Some(answer) = answer(&query[..length]) {
                let _ = socket.send_to(&answer, from);
            }
        }
    });
    Ok(address)
}

/// The answer to a query with one question.
fn answer(query: &[u8]) -> Option<Vec<u8>> {
    const HEADER: usize = 12;
    const NAME: &[u8] = b"\x05known\x07example\0";

    // The name ends with an empty label, and its type and class follow.
    let name_length = query.get(HEADER..)?.iter().position(|byte| *byte == 0)? + 1;
    let question = query.get(HEADER..HEADER + name_length + 4)?;
    let is_known = question[..name_length].eq_ignore_ascii_case(NAME);
    let has_address = is_known && question[name_length..] == [0, 1, 0, 1];
    // A response, authoritative; code 3 is a name that does not exist.
    let flags = [0x84, if is_known { 0 } else { 3 }];
    let mut answer = [&query[..2], &flags, &[0, 1, 0, u8::from(has_address), 0, 0, 0, 0], question].concat();
    if has_address {
        // The name of the question, type A, class IN, 60 s, four bytes.
        answer.extend([0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    }
    Some(answer)
}

/// A web server on this machine that answers one request.
fn web_server() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || -> io::Result<()> {
        let (mut socket, _) = listener.accept()?;
        let _request = socket.read(&mut [0; 4096])?;
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    });
    Ok(address)
}
