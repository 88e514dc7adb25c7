//! How to test a program that uses a client: with a mock, a server, recorded exchanges, and a network in memory.
//!
//!     cargo run --release --example testing --features testing

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::thread;

use httpx::network::NetworkStream;
use httpx::testing::{Cassette, Fault, Mock, Player, RecordMode, Reply, Script, TestServer, memory};
use httpx::{Client, ClientBuilder, ConnectionPool, ErrorKind, Result};

/// The code to be tested: it takes the client that it is given.
fn greeting(client: &Client, name: &str) -> Result<String> {
    let response = client.get("/greet").params([("name", name)]).send()?;
    Ok(response.error_for_status()?.into_text())
}

fn client() -> ClientBuilder {
    Client::builder().url("https://api.example.com")
}

/// Routes answer in place of the network, and check that they are called.
fn with_a_mock() -> Result<()> {
    let mock = Mock::new();
    mock.get("/greet?name=Ann").reply(Reply::text("Hello, Ann")).expect(1);
    mock.get("/greet?name=Eve").reply(403).expect(1);
    mock.get("/greet").reply(Fault::Refused);
    let client = client().transport(mock.clone()).build()?;
    assert_eq!(greeting(&client, "Ann")?, "Hello, Ann");
    assert_eq!(greeting(&client, "Eve").unwrap_err().status().unwrap(), 403);
    assert_eq!(greeting(&client, "Bob").unwrap_err().kind(), ErrorKind::Connect);
    assert_eq!(mock.requests()[1].url().query(), Some("name=Eve"));
    Ok(())
}

/// A real server answers, over a real connection.
fn with_a_server() -> Result<()> {
    let server = TestServer::new(|request| {
        let params = request.url().params();
        Reply::text(format!("Hello, {}", params.get("name").unwrap_or("nobody")))
    })?;
    let client = Client::builder().url(server.url("/")).build()?;
    assert_eq!(greeting(&client, "Ann")?, "Hello, Ann");
    assert_eq!((server.requests().len(), server.connections()), (1, 1));

    // A server that stops in the middle of its response.
    let script = Script::new().read_request().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHello");
    let server = TestServer::scripts([script])?;
    let client = Client::builder().url(server.url("/")).build()?;
    assert_eq!(greeting(&client, "Ann").unwrap_err().kind(), ErrorKind::Incomplete);
    Ok(())
}

/// The first run asks the service, and later runs play what it answered.
fn with_recorded_exchanges() -> Result<()> {
    let path = std::env::temp_dir().join(format!("httpx-example-{}.txt", std::process::id()));
    {
        // In place of the real service.
        let service = TestServer::new(|_| Reply::text("Hello, Ann"))?;
        let cassette = Cassette::new(&path).mode(RecordMode::All).filter_request(|request| {
            // Each run of this example has another port.
            let url = httpx::Url::parse("https://api.example.com")
                .and_then(|base| base.join(request.url().target()));
            request.head_mut().set_url(url.unwrap());
        });
        let recorder = cassette.recorder(ConnectionPool::new())?;
        let client = Client::builder().url(service.url("/")).transport(recorder).build()?;
        assert_eq!(greeting(&client, "Ann")?, "Hello, Ann");
    }
    println!("{}", std::fs::read_to_string(&path)?);
    let client = client().transport(Player::new(&path)?).build()?;
    assert_eq!(greeting(&client, "Ann")?, "Hello, Ann");
    println!("{}\n", greeting(&client, "Bob").unwrap_err());
    std::fs::remove_file(&path)?;
    Ok(())
}

/// The whole client runs, with its pool and its codec, but without sockets. The test sees each byte.
fn with_a_network_in_memory() -> Result<()> {
    let (network, servers) = memory::network();
    network.faults().max_read_bytes(1);
    let server = thread::spawn(move || {
        let (_, mut stream) = servers.accept().unwrap();
        let mut request = vec![0; 4096];
        let length = stream.read(&mut request, None).unwrap();
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", None).unwrap();
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    let client = Client::builder().url("http://api.example.com").backend(network).build()?;
    assert_eq!(greeting(&client, "Ann")?, "hi");
    assert!(server.join().unwrap().starts_with("GET /greet?name=Ann HTTP/1.1\r\nHost: api.example.com\r\n"));
    Ok(())
}

fn main() -> Result<()> {
    with_a_mock()?;
    with_a_server()?;
    with_recorded_exchanges()?;
    with_a_network_in_memory()?;
    println!("all tests passed");
    Ok(())
}
