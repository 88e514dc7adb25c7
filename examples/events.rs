//! Server-sent events: reads them while they arrive, and goes on after a lost connection where it stopped. The server is
//! part of the example.
//!
//!     cargo run --release --example events

#![allow(clippy::print_stdout)]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use httpx::{Client, Response};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/prices", listener.local_addr()?);
    thread::spawn(move || listener.incoming().flatten().try_for_each(serve));

    let client = Client::new();
    // Until the server names another time.
    let mut retry = Duration::from_secs(3);
    let mut last_event_id = String::new();
    let mut prices = Vec::new();
    while prices.len() < 4 {
        let mut request = client.get(&url).header("Accept", "text/event-stream");
        if !last_event_id.is_empty() {
            request = request.header("Last-Event-ID", &last_event_id);
        }
        // A stream may be silent for longer than the default read timeout of 30 seconds.
        let response =
            request.read_timeout(Duration::from_secs(300)).stream().and_then(Response::error_for_status);
        let mut events = match response {
            // No Content: the stream has ended for good.
            Ok(response) if response.status() == 204 => break,
            Ok(response) => response.events(),
            Err(error) if error.is_transient() => {
                thread::sleep(retry);
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        for event in &mut events {
            match event {
                Ok(event) if event.event == "price" => {
                    println!("{} {}", event.id, event.data);
                    prices.push(event.data);
                }
                Ok(_) => {}
                Err(error) if error.is_transient() => println!("{error}"),
                Err(error) => return Err(error.into()),
            }
        }
        if let Some(id) = events.last_event_id() {
            id.clone_into(&mut last_event_id);
        }
        retry = events.retry().unwrap_or(retry).min(Duration::from_secs(60));
        thread::sleep(retry);
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
