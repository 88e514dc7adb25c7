use httpx_core::Headers;

/// What the other side's bytes mean: the next thing that [`Connection::next_event`](crate::Connection::next_event)
/// has to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event<H> {
    /// Nothing can be told before more bytes come: read into [`spare`](crate::Connection::spare), or say that there
    /// are no more by [`receive_eof`](crate::Connection::receive_eof).
    NeedData,
    /// Nothing will come until this side does something: a message has ended (then
    /// [`next_cycle`](crate::Connection::next_cycle), on a server behind its response), or the connection speaks
    /// another protocol now.
    Paused,
    /// An interim response (1xx); the final one is still to come. Only a client sees this.
    Interim(H),
    /// The head of a message. `Data` may follow, and `End` will; but behind a response that switches the connection
    /// (101, or 2xx to CONNECT: see [`Phase::Switched`](crate::Phase::Switched)) it is `Paused`.
    Head(H),
    /// Bytes of the body lie in [`data`](crate::Connection::data), at least one; take them by
    /// [`consume`](crate::Connection::consume).
    Data,
    /// The message is complete; these are its trailers, without those that may not be any (framing, routing,
    /// authentication: RFC 9110 §6.5.1). Given once for each message.
    End(Headers),
    /// The other side has closed the connection between two messages.
    Closed,
}
