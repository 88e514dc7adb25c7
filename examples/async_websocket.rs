//! WebSocket by the crate `tokio-tungstenite`, over a connection that the client has opened. One task reads while another
//! one writes. The server is part of the example.
//!
//!     cargo run --release --features async --example async_websocket

#![allow(clippy::print_stdout)]

use futures_util::{SinkExt, StreamExt};
use httpx::ahttpx::Client;
use httpx::ahttpx::network::Upgraded;
use tokio::net::TcpListener;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::Role;

type Result<T, E = Box<dyn std::error::Error + Send + Sync>> = std::result::Result<T, E>;

#[tokio::main]
async fn main() -> Result<()> {
    let server = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/chat", server.local_addr()?); // ws:// is http://, and wss:// is https://
    tokio::spawn(serve(server));

    let client = Client::new();
    let (mut writer, mut reader) = connect(&client, &url).await?.split();
    let writing = tokio::spawn(async move {
        for text in ["hello", "goodbye"] {
            writer.send(text.into()).await?;
        }
        writer.close().await
    });
    let mut answers = Vec::new();
    while let Some(message) = reader.next().await {
        if let Message::Text(text) = message? {
            println!("{text}");
            answers.push(text);
        }
    }
    writing.await??;
    assert_eq!(answers, ["you said hello", "you said goodbye"]);
    Ok(())
}

/// The opening handshake (RFC 6455 §4.1).
async fn connect(client: &Client, url: &str) -> Result<WebSocketStream<Upgraded>> {
    let key = generate_key();
    let request = client.get(url).upgrade("websocket").header("Sec-WebSocket-Version", 13);
    let response = request.header("Sec-WebSocket-Key", key.as_str()).send().await?;
    let accept = response.headers().get("Sec-WebSocket-Accept").map(|value| value.as_bytes().to_vec());
    let stream: Upgraded = response.into_upgraded()?;
    if accept.as_deref() != Some(derive_accept_key(key.as_bytes()).as_bytes()) {
        return Err("the server did not accept the key: it does not speak WebSocket".into());
    }
    Ok(WebSocketStream::from_raw_socket(stream, Role::Client, None).await)
}

/// Answers each text on one connection.
async fn serve(server: TcpListener) -> Result<()> {
    let (socket, _) = server.accept().await?;
    let mut socket = tokio_tungstenite::accept_async(socket).await?;
    while let Some(message) = socket.next().await {
        if let Message::Text(text) = message? {
            socket.send(format!("you said {text}").into()).await?;
        }
    }
    Ok(())
}
