//! The HTTP/1.1 codec.
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
mod reuse;
pub mod role;
mod scan;
mod send;
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
