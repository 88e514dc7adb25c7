//! The events that a connection returns.

use httpx_core::Headers;

/// The meaning of the next bytes of the other side: see [`Connection::next_event`](crate::Connection::next_event).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<H> {
    /// More bytes are needed: read into [`spare`](crate::Connection::spare), or call
    /// [`receive_eof`](crate::Connection::receive_eof).
    NeedData,
    /// No event follows until this side acts: a message has ended (then call
    /// [`next_cycle`](crate::Connection::next_cycle); a server sends its response first), or the connection has
    /// switched to another protocol.
    Paused,
    /// An interim response (1xx). The final response follows. Only a client receives it.
    Interim(H),
    /// The head of a message. Any number of `Data` and one `End` follow. After a response that switches the protocol
    /// (101, or 2xx to CONNECT: see [`Phase::Switched`](crate::Phase::Switched)) the next event is `Paused`.
    Head(H),
    /// [`data`](crate::Connection::data) holds at least one byte of the body. Take it by
    /// [`consume`](crate::Connection::consume).
    Data,
    /// The message is complete. These are its trailers, without fields that are not allowed there (framing, routing,
    /// authentication: RFC 9110 §6.5.1). Each message has one `End`.
    End(Headers),
    /// The other side has closed the connection between two messages.
    Closed,
}
