//! Server-sent events in the async flavour: reads them while they arrive, and continues after a lost connection where it
//! stopped. The server is part of the example.
//!
//!     cargo run --release --features async --example async_events

#![allow(clippy::print_stdout)]

use std::io;

use httpx::ahttpx::Client;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/prices", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            serve(stream).await?;
        }
        io::Result::Ok(())
    });

    let mut source = Client::new().get(&*url).event_source()?;
    let mut prices = Vec::new();
    while prices.len() < 4
        && let Some(event) = source.next().await
    {
        let event = event?;
        println!("{} {}", event.id, event.data);
        prices.push(event.data);
    }
    assert_eq!(prices, ["10.0", "10.1", "10.2", "10.3"]);
    Ok(())
}

/// Sends two prices, and then loses the connection.
async fn serve(stream: TcpStream) -> io::Result<()> {
    let mut next = 0;
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 {
        if let Some(id) = line.trim_end().strip_prefix("Last-Event-ID: ") {
            next = id.parse::<u32>().map_or(0, |id| id + 1);
        }
        line.clear();
    }
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    for id in next..next + 2 {
        let event = format!("event: price\nid: {id}\nretry: 10\ndata: 10.{id}\n\n");
        stream.write_all(format!("{:x}\r\n{event}\r\n", event.len()).as_bytes()).await?;
    }
    stream.flush().await?;
    Ok(())
}
