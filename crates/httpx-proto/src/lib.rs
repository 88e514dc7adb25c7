//! HTTP/1.1 without a socket: bytes in, events out; messages in, bytes out.
//!
//! A [`Connection`] is one end of an HTTP/1.1 connection (RFC 9112). It reads no socket, waits for nothing, knows no
//! clock and no runtime; somebody else, the *driver*, carries bytes between it and wherever they come from. The same
//! bytes mean the same events however they are split, and no bytes make it panic.
//!
//! # The nouns
//!
//! - [`Connection<R>`](Connection) is generic in its [`Role`](role::Role): a [`Client`] sends request heads
//!   ([`RequestRef`]) and receives response heads ([`httpx_core::ResponseHead`]), and cannot be made to send a
//!   response.
//! - An [`Event`] is what the other side's bytes mean: a head, data of the body, the end. The driver pulls events; it
//!   reads when it is told [`Event::NeedData`], and at no other time.
//! - Each direction stands in a [`Phase`]. Both together, with what the heads said, decide about [`Reuse`].
//! - [`Limits`] bound what the other side can make us hold. What it does wrong is a [`RemoteError`], what we were
//!   about to do wrong a [`LocalError`]; each stops its direction, and repeats.
//!
//! # The phases
//!
//! Both directions walk the same path, each at its own pace:
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
//!  └───────────────── next_cycle, if both are Done ─────────────┘
//! ```
//!
//! # A whole exchange
//!
//! A driver is a loop over [`Connection::next_event`]:
//!
//! ```
//! use httpx_core::{Headers, Method};
//! use httpx_proto::{BodyLength, Client, Event, Limits, RequestRef, Reuse};
//!
//! let mut client = Client::new(Limits::default());
//! let mut out = Vec::new();
//!
//! let headers = Headers::from_static(&[("Accept", "*/*")]);
//! let head = RequestRef { method: &Method::POST, target: "/notes", host: Some("example.com"), headers: &headers };
//! client.send_head(head, BodyLength::Known(5), &mut out)?;
//! client.frame(5, &mut out)?;
//! out.extend_from_slice(b"hello");
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
//! A driver that reads large bodies asks [`Connection::direct`] how much it may read past the codec's buffer, and one
//! that uploads lets its reader fill the outgoing bytes between [`Connection::frame_open`] and
//! [`Connection::frame_close`]: neither copies.
//!
//! # What is not in here
//!
//! Sockets, TLS, deadlines, `Expect: 100-continue`'s waiting, content codings, redirects, cookies; and HTTP/2.
//! Pipelining: a client sends one request, and the next after its response.

mod body;
mod budget;
mod buffer;
mod chunk;
mod connection;
mod error;
mod event;
mod excerpt;
mod exchange;
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
mod target;
mod trailers;

pub use connection::{Connection, UncleanEnds};
pub use error::{Cut, Limit, LocalError, RemoteError};
pub use event::Event;
pub use excerpt::Excerpt;
pub use framing::RequestKind;
pub use limits::Limits;
pub use phase::{Phase, Phases};
pub use request::{InvalidTarget, RequestHead, RequestRef};
pub use reuse::{CloseReason, Reuse};
pub use send::{BodyLength, FrameMark};

/// A connection seen from the client's side: requests go out, responses come in.
pub type Client = Connection<role::Client>;

/// A connection seen from the server's side: requests come in, responses go out.
pub type Server = Connection<role::Server>;
