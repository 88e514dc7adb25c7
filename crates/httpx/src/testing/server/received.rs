//! Receives requests with the codec.

use bytes::{Bytes, BytesMut};
use httpx_core::{HeaderValue, Headers, Method, Options, RequestHead, ResponseHead, StatusCode, Url};
use httpx_proto::{BodyLength, Event, ReceivedRequest, Server};

use super::shared::Shared;
use super::wire::ServerStream;

/// What came next on a connection.
pub(super) enum Received {
    Request(RequestHead, Bytes),
    /// The request cannot be served: the status and the reason. The connection must be closed.
    Refused(StatusCode, String),
    /// The client has left.
    End,
}

/// Receives one request, with its body.
pub(super) fn receive(server: &mut Server, wire: &mut dyn ServerStream, shared: &Shared) -> Received {
    let (mut head, mut body) = (None, BytesMut::new());
    loop {
        match server.next_event() {
            Ok(Event::NeedData) => {
                if !send_continue(server, wire) || !read_more(server, wire) {
                    return Received::End;
                }
            }
            Ok(Event::Head(received)) => head = Some(received),
            Ok(Event::Data) => {
                if body.len().saturating_add(server.data().len()) > shared.max_body_bytes {
                    let text = format!("the body has more than {} bytes", shared.max_body_bytes);
                    return Received::Refused(StatusCode::CONTENT_TOO_LARGE, text);
                }
                body.extend_from_slice(server.data());
                server.consume(usize::MAX);
            }
            Ok(Event::End(_)) => {
                let Some(head) = head else { return Received::End };
                return match head_of(&head, shared) {
                    Some(head) => Received::Request(head, body.freeze()),
                    None => {
                        let text = format!("the target {} is not supported", head.target());
                        Received::Refused(StatusCode::NOT_IMPLEMENTED, text)
                    }
                };
            }
            Ok(Event::Interim(_) | Event::Paused | Event::Closed) => return Received::End,
            Err(error) => return Received::Refused(error.status(), error.to_string()),
        }
    }
}

/// Lets the client send its body, if it waits for that. Returns whether the connection still works.
fn send_continue(server: &mut Server, wire: &mut dyn ServerStream) -> bool {
    let mut out = Vec::new();
    if server.awaits_continue()
        && server.send_head(&ResponseHead::new(StatusCode::CONTINUE), BodyLength::None, &mut out).is_err()
    {
        return false;
    }
    wire.write_all(&out).and_then(|()| wire.flush()).is_ok()
}

/// Returns whether the connection still works.
fn read_more(server: &mut Server, wire: &mut dyn ServerStream) -> bool {
    match wire.read(server.spare()) {
        Ok(0) => server.receive_eof(true),
        Ok(n) => server.filled(n),
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
        Err(_) => return false,
    }
    true
}

/// Returns the head with its URL; `None` for CONNECT and `*`.
fn head_of(received: &ReceivedRequest, shared: &Shared) -> Option<RequestHead> {
    let (method, target) = (received.method(), received.target());
    let host = received.headers().get("host").and_then(HeaderValue::to_str);
    let url = match (*method == Method::CONNECT, target.starts_with('/'), host) {
        (true, _, _) => return None,
        (false, true, Some(host)) => Url::parse(&format!("{}://{host}{target}", shared.scheme)),
        (false, true, None) => Url::parse(&format!("{}{target}", shared.origin)),
        // The absolute form, as a proxy gets it (RFC 9112 §3.2.2).
        (false, false, _) => Url::parse(target),
    };
    let mut headers = Headers::new();
    headers.update(received.headers());
    Some(RequestHead::from_parts(method.clone(), url.ok()?, headers, Options::default()))
}
