//! A GET with the codec alone, over a plain socket: no pool, no client, no runtime.
//!
//!     cargo run --release --example codec_client -- www.example.com
//!     cargo run --release --example codec_client -- 127.0.0.1:8080 /path

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::TcpStream;

use httpx_proto::{BodyLength, Client, Event, Limits, Method, RequestRef};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let host = args.next().ok_or("usage: codec_client HOST[:PORT] [PATH]")?;
    let target = args.next().unwrap_or_else(|| "/".into());
    let address = if host.contains(':') { host.clone() } else { format!("{host}:80") };

    let mut socket = TcpStream::connect(address)?;
    let mut codec = Client::new(Limits::default());

    // Turn the request into bytes.
    let headers = httpx_proto::headers![("Accept", "*/*"), ("User-Agent", "by-hand")];
    let head = RequestRef { method: &Method::GET, target: &target, host: Some(&host), headers: &headers };
    let mut bytes = Vec::new();
    codec.send_head(head, BodyLength::None, &mut bytes)?;
    socket.write_all(&bytes)?;

    // Turn the received bytes into events.
    loop {
        match codec.next_event()? {
            Event::NeedData => match socket.read(codec.spare())? {
                0 => codec.receive_eof(true),
                n => codec.filled(n),
            },
            Event::Interim(head) => println!("first {head:?}"),
            Event::Head(head) => println!("{head:?}"),
            Event::Data => {
                io::stdout().write_all(codec.data())?;
                codec.consume(codec.data().len());
            }
            Event::End(_) | Event::Paused | Event::Closed => break,
        }
    }
    println!("and now: {:?}", codec.reuse());
    Ok(())
}
