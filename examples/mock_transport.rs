//! A transport without a network that always returns the same response.
//!
//! Tests need not write one: see the example `testing`, and `httpx::network::MockTransport`, which calls a closure.
//!
//!     cargo run --release --example mock_transport

#![allow(clippy::print_stdout)]

use httpx::{Body, Bytes, Client, Request, Response, Result, Text, Transport};

struct MockTransport(Response<Bytes>);

impl Transport for MockTransport {
    fn send(&self, _request: Request) -> Result<Response<Body>> {
        Ok(self.0.clone().into())
    }
}

fn main() -> Result<()> {
    let response = Response::new(200, Text("Hello, world"))?;
    let client = Client::builder().transport(MockTransport(response)).build()?;
    let r = client.get("https://www.example.com").send()?;
    println!("{r:?} {}", r.text());
    assert_eq!(r.text(), "Hello, world");
    Ok(())
}
