//! WebSocket by the crate `tungstenite`, over a connection that the client has opened. The server is part of the example.
//!
//!     cargo run --release --example websocket

#![allow(clippy::print_stdout)]

use std::net::TcpListener;

use httpx::network::Upgraded;
use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;
use tungstenite::protocol::Role;
use tungstenite::{Message, WebSocket};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = TcpListener::bind("127.0.0.1:0")?;
    let url = format!("http://{}/chat", server.local_addr()?); // ws:// is http://, and wss:// is https://
    std::thread::spawn(move || serve(&server));

    let client = httpx::Client::new();
    let mut socket = connect(&client, &url)?;
    for text in ["hello", "goodbye"] {
        socket.send(text.into())?;
        let answer = socket.read()?;
        println!("{answer}");
        assert_eq!(answer, Message::from(format!("you said {text}")));
    }
    socket.close(None)?;
    while socket.read().is_ok() {} // until the server has closed too
    Ok(())
}

/// The opening handshake (RFC 6455 §4.1).
fn connect(client: &httpx::Client, url: &str) -> Result<WebSocket<Upgraded>, Box<dyn std::error::Error>> {
    let key = generate_key();
    let request = client.get(url).upgrade("websocket").header("Sec-WebSocket-Version", 13);
    let response = request.header("Sec-WebSocket-Key", key.as_str()).send()?;
    let accept = response.headers().get("Sec-WebSocket-Accept").map(|value| value.as_bytes().to_vec());
    let stream: Upgraded = response.into_upgraded()?;
    if accept.as_deref() != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
        return Err("the server did not accept the key: it does not speak WebSocket".into());
    }
    Ok(WebSocket::from_raw_socket(stream, Role::Client, None))
}

/// Answers each text on one connection.
fn serve(server: &TcpListener) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let (socket, _) = server.accept()?;
    let mut socket = tungstenite::accept(socket)?;
    loop {
        let message = socket.read()?;
        if let Message::Text(text) = message {
            socket.send(format!("you said {text}").into())?;
        }
    }
}
