//! Python's `websockets`, spoken to by `tungstenite` over an upgraded connection.

use httpx::{Bytes, Response};
use tungstenite::Message;
use tungstenite::handshake::client::generate_key;
use tungstenite::handshake::derive_accept_key;

use crate::server;
use crate::support::{Flavour, both_flavours};

both_flavours!(websockets_echo,);

/// The WebSocket of each flavour.
pub(crate) trait Messages: Flavour {
    /// Sends these messages one after the other, each when the answer to the one before has arrived, and closes. Returns
    /// the answers.
    fn exchange(response: Response<Bytes>, messages: Vec<Message>) -> Vec<Message>;
}

fn websockets_echo<F: Messages>() {
    let url = server!("HTTPX_WEBSOCKETS");
    let client = F::new();
    for _ in 0..2 {
        echo(&client, &url);
    }
    // Without an upgrade it is a web server that says so.
    assert_eq!(F::send(client.get(&url)).unwrap().status(), 426);
    // With a version that does not exist.
    let refused = client.get(&url).upgrade("websocket").header("Sec-WebSocket-Version", 12);
    let refused = F::send(refused.header("Sec-WebSocket-Key", generate_key().as_str())).unwrap();
    assert_eq!(refused.status(), 400);
}

/// Messages of all the lengths that a frame writes in a different way, and a close.
pub(crate) fn echo<F: Messages>(client: &F, url: &str) {
    let key = generate_key();
    let request = client.get(url).upgrade("websocket").header("Sec-WebSocket-Version", 13);
    let response = F::send(request.header("Sec-WebSocket-Key", key.as_str())).unwrap();
    assert_eq!(response.status(), 101);
    let accept = response.headers().get("Sec-WebSocket-Accept").unwrap();
    assert_eq!(accept.as_bytes(), derive_accept_key(key.as_bytes()).as_bytes());
    let mut messages = vec![Message::text("hello"), Message::text("")];
    messages.extend([125, 126, 65_535, 65_536, 300_000].map(|len| Message::binary(vec![7; len])));
    assert!(F::exchange(response, messages.clone()) == messages);
}

#[cfg(feature = "blocking")]
mod by_tungstenite {
    use httpx::network::Upgraded;
    use httpx::{Bytes, Response};
    use tungstenite::protocol::Role;
    use tungstenite::{Error, Message, WebSocket};

    use super::Messages;
    use crate::support::Blocking;

    impl Messages for Blocking {
        fn exchange(response: Response<Bytes>, messages: Vec<Message>) -> Vec<Message> {
            let stream: Upgraded = response.into_upgraded().unwrap();
            let mut socket = WebSocket::from_raw_socket(stream, Role::Client, None);
            let answers = messages.into_iter().map(|message| {
                socket.send(message).unwrap();
                socket.read().unwrap()
            });
            let answers = answers.collect();
            socket.close(None).unwrap();
            assert!(matches!(socket.read(), Ok(Message::Close(_))));
            assert!(matches!(socket.read(), Err(Error::ConnectionClosed)));
            answers
        }
    }
}

#[cfg(feature = "async")]
mod by_tokio_tungstenite {
    use futures_util::{SinkExt, StreamExt};
    use httpx::ahttpx::network::Upgraded;
    use httpx::{Bytes, Response};
    use tokio_tungstenite::WebSocketStream;
    use tungstenite::Message;
    use tungstenite::protocol::Role;

    use super::Messages;
    use crate::support::{Async, flavour::RUNTIME};

    impl Messages for Async {
        fn exchange(response: Response<Bytes>, messages: Vec<Message>) -> Vec<Message> {
            let stream: Upgraded = response.into_upgraded().unwrap();
            RUNTIME.block_on(async {
                let mut socket = WebSocketStream::from_raw_socket(stream, Role::Client, None).await;
                let mut answers = Vec::new();
                for message in messages {
                    socket.send(message).await.unwrap();
                    answers.push(socket.next().await.unwrap().unwrap());
                }
                socket.close(None).await.unwrap();
                assert!(matches!(socket.next().await, Some(Ok(Message::Close(_)))));
                assert!(socket.next().await.is_none());
                answers
            })
        }
    }
}
