//! An HTTP/1.1 codec without I/O: bytes in, events out; messages in, bytes out.
//!
//! A [`Connection`] is one end of an HTTP/1.1 connection (RFC 9112). It has no socket, no clock and no runtime, and it
//! never waits. A *driver* carries the bytes between it and the network. The same bytes give the same events however they
//! are split, and no bytes make it panic.
//!
//! # The nouns
//!
//! - [`Connection<R>`](Connection) is generic in its [`Role`](role::Role): a [`Client`] sends request heads
//!   ([`RequestRef`]) and receives response heads ([`ResponseHead`]); a [`Server`] receives request heads
//!   ([`ReceivedRequest`]) and sends response heads.
//! - An [`Event`] is the meaning of the next bytes of the other side: a head, data of the body, the end. The driver pulls
//!   events, and reads from the network after [`Event::NeedData`] only.
//! - Each direction is in a [`Phase`]. Both phases and the heads decide about [`Reuse`].
//! - The module [`framing`] holds one pure function per direction that returns the end of a message from its head.
//! - [`Limits`] bound the memory that the other side can make a connection use. A fault of the other side is a
//!   [`RemoteError`], a fault of the caller a [`LocalError`]. An error stops its direction, and repeats.
//!
//! # The phases
//!
//! Both directions take the same path, each at its own pace. A client may still send the body of its request when the
//! whole response has arrived. A server may receive several requests, and answers them in order.
//!
//! ```text
//!   1xx ┌──┐          frame, Data ┌──┐
//!       │  ▼                      │  ▼
//!     ┌──────┐   final head     ┌──────┐     end      ┌──────┐
//!  ┌─▶│ Idle │─────────────────▶│ Body │─────────────▶│ Done │──┐
//!  │  └──────┘                  └──────┘              └──────┘  │
//!  │   │    │                                          │        │
//!  │   │    │ 101, or 2xx to CONNECT                   │        │
//!  │   │    └───────────────────────▶ Switched ◀───────┘        │
//!  │   └── end of stream ──▶ Closed          any error ──▶ Failed
//!  │                                                            │
//!  └──────── next_cycle, if both are Done (or still Idle) ──────┘
//! ```
//!
//! # An exchange, from the client's side
//!
//! A driver is a loop over [`Connection::next_event`]:
//!
//! ```
//! use httpx_proto::{BodyLength, Client, Event, Headers, Limits, Method, RequestRef, Reuse};
//!
//! let mut client = Client::new(Limits::default());
//! let mut out = Vec::new();
//!
//! let headers = httpx_proto::headers![("Accept", "*/*")];
//! let head = RequestRef { method: &Method::POST, target: "/notes", host: Some("example.com"), headers: &headers };
//! client.send_head(head, BodyLength::Known(5), &mut out)?;
//! client.send_data(b"hello", &mut out)?;
//! client.send_end(&Headers::new(), &mut out)?;
//! assert_eq!(
//!     String::from_utf8_lossy(&out),
//!     "POST /notes HTTP/1.1\r\nHost: example.com\r\nAccept: */*\r\nContent-Length: 5\r\n\r\nhello"
//! );
//!
//! let mut wire = &b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfine\r\n0\r\n\r\n"[..];
//! let mut body = Vec::new();
//! loop {
//!     match client.next_event()? {
//!         Event::NeedData => match std::io::Read::read(&mut wire, client.spare())? {
//!             0 => client.receive_eof(true),
//!             n => client.filled(n),
//!         },
//!         Event::Interim(_) => {}
//!         Event::Head(head) => assert_eq!(head.status(), 201),
//!         Event::Data => {
//!             body.extend_from_slice(client.data());
//!             client.consume(client.data().len());
//!         }
//!         Event::End(_trailers) => break,
//!         Event::Paused | Event::Closed => break,
//!     }
//! }
//! assert_eq!(body, b"fine");
//! assert_eq!(client.reuse(), Reuse::Ready);
//! client.next_cycle()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The same, from the server's side
//!
//! A server pulls the same events. The codec frames the response and writes `Connection` as the request and its version
//! demand.
//!
//! ```
//! use httpx_proto::{BodyLength, Event, Headers, Limits, ResponseHead, Reuse, Server, StatusCode};
//!
//! let mut wire = &b"PUT /notes HTTP/1.1\r\nHost: example.com\r\nContent-Length: 5\r\n\r\nhello"[..];
//! let mut server = Server::new(Limits::default());
//! let (mut body, mut out) = (Vec::new(), Vec::new());
//! let status = loop {
//!     match server.next_event() {
//!         Ok(Event::NeedData) if server.awaits_continue() => {
//!             server.send_head(&ResponseHead::new(StatusCode::CONTINUE), BodyLength::None, &mut out)?;
//!         }
//!         Ok(Event::NeedData) => match std::io::Read::read(&mut wire, server.spare())? {
//!             0 => server.receive_eof(true),
//!             n => server.filled(n),
//!         },
//!         Ok(Event::Head(head)) => assert_eq!(head.target(), "/notes"),
//!         Ok(Event::Data) => {
//!             body.extend_from_slice(server.data());
//!             server.consume(server.data().len());
//!         }
//!         Ok(Event::End(_trailers)) => break StatusCode::OK,
//!         Ok(Event::Interim(_) | Event::Paused | Event::Closed) => return Ok(()),
//!         Err(error) => break error.status(), // 400 or another status; close the connection afterwards
//!     }
//! };
//! let headers = httpx_proto::headers![("Content-Type", "text/plain")];
//! server.send_head(&ResponseHead::new(status).with_headers(headers), BodyLength::Unknown, &mut out)?;
//! server.send_data(&body, &mut out)?; // writes nothing in a response to HEAD
//! server.send_end(&Headers::new(), &mut out)?;
//! assert_eq!(
//!     String::from_utf8_lossy(&out),
//!     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
//! );
//! assert_eq!(server.reuse(), Reuse::Ready);
//! server.next_cycle()?; // the next request may be in the buffer already
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The example `codec_server` is this loop over a socket.
//!
//! The client role is as lenient as browsers and curl. The server role is strict: request smuggling exploits differences
//! between two servers in a chain.
//!
//! # Another protocol on the same connection
//!
//! After a 101 that the client asked for, and after a 2xx to CONNECT, the connection carries another protocol. Both phases
//! are [`Phase::Switched`], the next event is [`Event::Paused`], and [`Connection::into_unread`] returns the bytes that
//! were received after the head:
//!
//! ```
//! use httpx_proto::{BodyLength, Event, Headers, Limits, Phase, ResponseHead, Server, StatusCode};
//!
//! let mut server = Server::new(Limits::default());
//! server.receive(b"GET /chat HTTP/1.1\r\nHost: h\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\nearly");
//! while server.next_event()? != Event::Paused {} // the head, and the end of the message
//! let headers = httpx_proto::headers![("Connection", "upgrade"), ("Upgrade", "echo")];
//! let head = ResponseHead::new(StatusCode::SWITCHING_PROTOCOLS).with_headers(headers);
//! server.send_head(&head, BodyLength::None, &mut Vec::new())?;
//! assert_eq!((server.phases().sending, server.phases().receiving), (Phase::Switched, Phase::Switched));
//! assert_eq!(server.into_unread(), "early");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Without copying
//!
//! - To read a large body, ask [`Connection::passthrough_len`] how many bytes may be read directly into the user's buffer.
//! - To send a body without moving it, write the bytes that [`Connection::frame`] appends, and then the data.
//! - To upload from a reader, let it fill the outgoing buffer between [`Connection::reserve_chunk`] and
//!   [`Connection::commit_chunk`].
//!
//! # What is not in this crate
//!
//! Sockets, TLS, deadlines, the wait for a `100 Continue`, `Date`, content codings, redirects, cookies, HTTP/2. A client
//! does not pipeline: it sends the next request after the response to the last one. It sends no HTTP/1.0 requests.
//!
//! Trailers that RFC 9110 §6.5.1 forbids (framing, routing, request modifiers, authentication, response control and
//! content format, for example `Content-Length`, `Host`, `Authorization` and `Set-Cookie`) are dropped.

mod body_length;
mod body_reader;
mod body_writer;
mod budget;
mod buffer;
mod chunk;
mod connection;
mod cycle;
mod error;
mod event;
mod excerpt;
pub mod framing;
mod head;
mod limits;
mod phase;
mod receive;
mod request;
mod request_line;
mod reuse;
pub mod role;
mod scan;
mod send;
mod send_framing;
mod target;
mod trailers;

/// The models of `httpx-core` in this crate's signatures, so that a driver can depend on this crate alone.
pub use httpx_core::{
    HeaderValue, Headers, InvalidHeader, InvalidMethod, InvalidStatusCode, Method, ResponseHead, StatusCode,
    Version, headers,
};

pub use body_length::BodyLength;
pub use connection::{Connection, UncleanEnds};
pub use error::{Limit, LocalError, RemoteError, Truncation};
pub use event::Event;
pub use excerpt::Excerpt;
pub use framing::RequestKind;
pub use limits::Limits;
pub use phase::{Phase, Phases};
pub use request::{InvalidTarget, ReceivedRequest, RequestRef};
pub use reuse::{CloseReason, Reuse};
pub use send::ReservedChunk;
pub use trailers::is_allowed_as_trailer;

/// The client's end of a connection: sends requests, receives responses.
pub type Client = Connection<role::Client>;

/// The server's end of a connection: receives requests, sends responses.
pub type Server = Connection<role::Server>;
