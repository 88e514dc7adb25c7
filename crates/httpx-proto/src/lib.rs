//! HTTP/1.1 without a socket: bytes in, events out; messages in, bytes out.
//!
//! A [`Connection`] is one end of an HTTP/1.1 connection (RFC 9112). It reads no socket, waits for nothing, knows no
//! clock and no runtime; somebody else, the *driver*, carries bytes between it and wherever they come from. The same
//! bytes mean the same events however they are split, and no bytes make it panic.
//!
//! # The nouns
//!
//! - [`Connection<R>`](Connection) is generic in its [`Role`](role::Role): a [`Client`] sends request heads
//!   ([`RequestRef`]) and receives response heads ([`ResponseHead`]), a [`Server`] receives request heads
//!   ([`ReceivedRequest`]) and sends response heads, and neither can be made to do what is the other's.
//! - An [`Event`] is what the other side's bytes mean: a head, data of the body, the end. The driver pulls events; it
//!   reads when it is told [`Event::NeedData`], and at no other time.
//! - Each direction stands in a [`Phase`]. Both together, with what the heads said, decide about [`Reuse`].
//! - [`framing`] says how a message ends: one pure function of a head for each direction, for those who need no more.
//! - [`Limits`] bound what the other side can make us hold. What it does wrong is a [`RemoteError`], what we were
//!   about to do wrong a [`LocalError`]; each stops its direction, and repeats.
//!
//! # The phases
//!
//! Both directions walk the same path, each at its own pace: a client's request may still be in its body when the
//! response has come whole, and a server may receive one request behind the other and answers them in turn.
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
//! A server reads the same events. What it may answer stands in the response's head; how that is framed, and what is
//! said of the connection, the codec decides by what the client has asked and by what version it speaks.
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
//!         Err(error) => break error.status(), // 400, or what else fits; the connection is closed behind it
//!     }
//! };
//! let headers = httpx_proto::headers![("Content-Type", "text/plain")];
//! server.send_head(&ResponseHead::new(status).with_headers(headers), BodyLength::Unknown, &mut out)?;
//! server.send_data(&body, &mut out)?; // writes nothing where HEAD was asked for
//! server.send_end(&Headers::new(), &mut out)?;
//! assert_eq!(
//!     String::from_utf8_lossy(&out),
//!     "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
//! );
//! assert_eq!(server.reuse(), Reuse::Ready);
//! server.next_cycle()?; // and on to the next request, which may lie in the buffer already
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The example `codec_server` is this loop over a socket. A client overlooks what browsers and curl do; a server
//! overlooks nothing, since request smuggling lives on what two servers in a row read differently.
//!
//! # Another protocol on the same connection
//!
//! Behind a 101 that was asked for, and behind 2xx to CONNECT, the bytes are no HTTP any more. Both phases are
//! [`Phase::Switched`] then, the next event is [`Event::Paused`], and what has been received too far is handed over:
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
//! A driver that reads large bodies asks [`Connection::passthrough_len`] how much it may read past the codec's buffer. One that
//! sends a body from where it lies writes what [`Connection::frame`] appends, and then the data; and one that uploads
//! lets its reader fill the outgoing bytes between [`Connection::reserve_chunk`] and [`Connection::commit_chunk`].
//!
//! # What is not in here
//!
//! Sockets, TLS, deadlines, `Expect: 100-continue`'s waiting, `Date`, content codings, redirects, cookies; and HTTP/2.
//! A client does not pipeline: it sends one request, and the next after its response.

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

/// The models of `httpx-core` that this crate's own items speak of, so that a driver depends on this crate alone.
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

/// A connection seen from the client's side: requests go out, responses come in.
pub type Client = Connection<role::Client>;

/// A connection seen from the server's side: requests come in, responses go out.
pub type Server = Connection<role::Server>;
