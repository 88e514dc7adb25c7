//! How to test a program that uses a client: with a mock in place of the network, and with a network in memory.
//!
//!     cargo run --release --example testing

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::thread;

use httpx::network::{MockTransport, NetworkStream, memory};
use httpx::{Client, Response, Result, Text};

/// The code to be tested: it takes the client that it is given.
fn greeting(client: &Client, name: &str) -> Result<String> {
    let response = client.get("https://api.example.com/greet").params([("name", name)]).send()?;
    Ok(response.error_for_status()?.text().into_owned())
}

/// A closure answers in place of the network, and the mock records the requests.
fn with_a_mock() -> Result<()> {
    let mock = MockTransport::new(|request| {
        let name = request.url().params().get("name").unwrap_or("nobody").to_owned();
        let status = if name == "Eve" { 403 } else { 200 };
        Response::new(status, Text(format!("Hello, {name}")))
    });
    let client = Client::builder().transport(mock.clone()).build()?;
    assert_eq!(greeting(&client, "Ann")?, "Hello, Ann");
    assert_eq!(greeting(&client, "Eve").unwrap_err().status().unwrap(), 403);
    assert_eq!(mock.requests()[1].url().query(), Some("name=Eve"));
    Ok(())
}

/// The whole client runs, with its pool and its codec, but without sockets. The test sees each byte.
fn with_a_network_in_memory() -> Result<()> {
    let (network, servers) = memory::network();
    let server = thread::spawn(move || {
        let (_, mut stream) = servers.accept().unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request, None).unwrap();
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", None).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let client = Client::builder().backend(network).build()?;
    assert_eq!(client.get("http://api.example.com/greet").send()?.text(), "hi");
    assert!(server.join().unwrap().starts_with("GET /greet HTTP/1.1\r\nHost: api.example.com\r\n"));
    Ok(())
}

fn main() -> Result<()> {
    with_a_mock()?;
    with_a_network_in_memory()?;
    println!("both tests passed");
    Ok(())
}
