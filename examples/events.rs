//! Server-sent events: reads them while they arrive, and goes on after a lost connection where it stopped. The server is
//! part of the example.
//!
//!     cargo run --release --example events

#![allow(clippy::print_stdout)]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use httpx::Client;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/prices", listener.local_addr()?);
    thread::spawn(move || listener.incoming().flatten().try_for_each(serve));

    let mut prices = Vec::new();
    for event in Client::new().get(&url).event_source()?.take(4) {
        let event = event?;
        println!("{} {}", event.id, event.data);
        prices.push(event.data);
    }
    assert_eq!(prices, ["10.0", "10.1", "10.2", "10.3"]);
    Ok(())
}

/// Sends two prices, and then loses the connection.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut next = 0;
    for line in BufReader::new(stream.try_clone()?).lines() {
        let line = line?;
        if line.is_empty() {
            break;
        }
        if let Some(id) = line.strip_prefix("Last-Event-ID: ") {
            next = id.parse::<u32>().map_or(0, |id| id + 1);
        }
    }
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
    )?;
    for id in next..next + 2 {
        let event = format!("event: price\nid: {id}\nretry: 10\ndata: 10.{id}\n\n");
        write!(stream, "{:x}\r\n{event}\r\n", event.len())?;
    }
    Ok(())
}
