//! Requests through a proxy, forwarded and through a tunnel. The proxy and the server are part of the example.
//!
//!     cargo run --release --example proxy

#![allow(clippy::print_stdout)]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

use httpx::Client;
use httpx::network::Proxy;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = listen(serve)?;
    let proxy = listen(relay)?;

    // One proxy for all URLs but those of the company's own hosts. Without a proxy setting, a client reads HTTP_PROXY,
    // HTTPS_PROXY, ALL_PROXY and NO_PROXY from the environment.
    let proxy =
        Proxy::all(&format!("http://{proxy}"))?.basic_auth("ann", "s3cret")?.no_proxy(".corp.example");
    let client = Client::builder().proxy(proxy.clone()).build()?;

    // An HTTP proxy receives requests to http URLs, and forwards them (this one answers instead).
    let r = client.get(format!("http://{server}/hello")).send()?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), format!("the proxy received: GET http://{server}/hello HTTP/1.1"));

    // Requests to https URLs go through a tunnel, and so do those to http URLs after `tunnel_http()`.
    let r = client.get(format!("http://{server}/hello")).proxy(proxy.tunnel_http()).send()?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), "the server received: GET /hello HTTP/1.1");

    // One request without a proxy.
    let r = client.get(format!("http://{server}/hello")).no_proxy().send()?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), "the server received: GET /hello HTTP/1.1");
    Ok(())
}

/// Serves each connection on a thread.
fn listen(serve: fn(TcpStream) -> io::Result<()>) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    Ok(address)
}

/// A server that answers with the first line of the request.
fn serve(stream: TcpStream) -> io::Result<()> {
    let line = read_head(&mut BufReader::new(stream.try_clone()?))?;
    answer(stream, &format!("the server received: {line}"))
}

/// A proxy that opens tunnels. Instead of forwarding a request, it answers the request itself.
fn relay(mut client: TcpStream) -> io::Result<()> {
    let line = read_head(&mut BufReader::new(client.try_clone()?))?;
    let Some(target) = line.strip_prefix("CONNECT ").and_then(|rest| rest.split(' ').next()) else {
        return answer(client, &format!("the proxy received: {line}"));
    };
    let mut server = TcpStream::connect(target)?;
    client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    thread::spawn(move || io::copy(&mut from_client, &mut to_server));
    io::copy(&mut server, &mut client).map(|_| ())
}

/// Reads the head of a request, and returns its first line.
fn read_head(stream: &mut impl BufRead) -> io::Result<String> {
    let mut lines = stream.lines();
    let first = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    Ok(first)
}

fn answer(mut stream: TcpStream, text: &str) -> io::Result<()> {
    write!(stream, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{text}", text.len())
}
