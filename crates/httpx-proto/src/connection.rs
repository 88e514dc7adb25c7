//! A connection turns bytes into events and messages into bytes.

use std::fmt;
use std::marker::PhantomData;

use bytes::Bytes;
use httpx_core::Headers;

use crate::body_length::BodyLength;
use crate::body_reader::Eof;
use crate::buffer::Buffer;
use crate::cycle::CycleState;
use crate::error::{LocalError, RemoteError};
use crate::phase::{Phase, Phases, Transition};
use crate::receive::{ReceiveContext, Receiver};
use crate::role::Role;
use crate::send::{ReservedChunk, Sender};
use crate::{CloseReason, Event, Limits, Reuse};

/// One end of an HTTP/1.1 connection: bytes in, events out; messages in, bytes out.
///
/// It owns no socket. The [crate page](crate) shows how a driver uses it.
pub struct Connection<R: Role> {
    limits: Limits,
    buffer: Buffer,
    eof: Option<Eof>,
    unclean_ends: UncleanEnds,
    receiver: Receiver,
    sender: Sender,
    cycle: CycleState,
    role: PhantomData<fn() -> R>,
}

/// How to treat a body that ends with its connection when TLS did not confirm the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UncleanEnds {
    /// As an error: an attacker on the path can have truncated the body (RFC 9112 §9.8). The default.
    #[default]
    Refuse,
    /// As the end of the body, for servers that never send a close_notify.
    Accept,
}

impl<R: Role> Connection<R> {
    /// Creates a connection that has carried nothing yet.
    pub fn new(limits: Limits) -> Self {
        Connection {
            limits,
            buffer: Buffer::default(),
            eof: None,
            unclean_ends: UncleanEnds::default(),
            receiver: Receiver::new(&limits),
            sender: Sender::new(),
            cycle: CycleState::default(),
            role: PhantomData,
        }
    }

    /// Returns the limits, to change them. Limits of bytes apply from the next cycle on.
    pub fn limits_mut(&mut self) -> &mut Limits {
        &mut self.limits
    }

    /// Sets the limits. Between two exchanges they apply to the next one; during an exchange, limits of bytes apply from
    /// the next one on.
    ///
    /// ```
    /// use httpx_proto::{Client, Limits};
    ///
    /// let mut client = Client::new(Limits::default());
    /// let mut limits = Limits::default();
    /// limits.header_count = 1000;
    /// client.set_limits(limits);
    /// ```
    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        if (self.sender.phase, self.receiver.phase) == (Phase::Idle, Phase::Idle) {
            self.receiver = Receiver::new(&limits);
        }
    }

    /// Sets how to treat an end without a close_notify. Defaults to [`UncleanEnds::Refuse`].
    pub fn set_unclean_ends(&mut self, unclean_ends: UncleanEnds) {
        self.unclean_ends = unclean_ends;
    }

    /// Returns room to read the bytes of the other side into, at least one byte. Then call
    /// [`filled`](Connection::filled).
    pub fn spare(&mut self) -> &mut [u8] {
        self.buffer.spare()
    }

    /// Records that the first `n` bytes of [`spare`](Connection::spare) were filled.
    pub fn filled(&mut self, n: usize) {
        self.buffer.filled(n);
        // More of a body may wait than one read takes.
        if self.buffer.is_full() && self.receiver.phase == Phase::Body {
            self.buffer.grow();
        }
    }

    /// Appends a copy of bytes from the other side, for a driver that does not read into [`spare`](Connection::spare).
    pub fn receive(&mut self, bytes: &[u8]) {
        self.buffer.append(bytes);
    }

    /// Records that the other side sends no more. Under TLS the end is `clean` if there was a close_notify; without
    /// TLS every end is clean.
    pub fn receive_eof(&mut self, clean: bool) {
        self.eof = Some(match (clean, self.unclean_ends) {
            (true, _) | (false, UncleanEnds::Accept) => Eof::Clean,
            (false, UncleanEnds::Refuse) => Eof::Unclean,
        });
    }

    /// Returns the next event.
    ///
    /// # Errors
    ///
    /// Fails if the other side broke the protocol, exceeded a limit or stopped in the middle of a message. The error
    /// repeats.
    pub fn next_event(&mut self) -> Result<Event<R::Receives>, RemoteError> {
        // The fast path: data of a body.
        if self.receiver.finds_data(&mut self.buffer) {
            self.cycle.awaits_continue = false; // a client that sends its body does not wait
            return Ok(Event::Data);
        }
        let mut context = ReceiveContext {
            buffer: &mut self.buffer,
            cycle: &mut self.cycle,
            limits: &self.limits,
            eof: self.eof,
        };
        let event = self.receiver.next::<R>(&mut context);
        if event.is_ok() {
            self.propagate_switch();
        }
        event
    }

    /// Returns the bytes of the body that can be taken now. After [`Event::Data`] there is at least one.
    #[inline]
    pub fn data(&self) -> &[u8] {
        self.receiver.data(self.buffer.unread())
    }

    /// Takes the first `n` bytes of [`data`](Connection::data), or all if there are fewer.
    #[inline]
    pub fn consume(&mut self, n: usize) {
        let n = n.min(self.data().len());
        self.buffer.consume(n);
        self.receiver.took(n as u64);
        self.cycle.awaits_continue &= n == 0;
    }

    /// Returns how many bytes may be read directly into the user's buffer, past the codec's: the next bytes of the
    /// stream are that many bytes of the body, or fewer if the body ends with the connection (then the result is
    /// `u64::MAX`). `None` if the codec has to parse the next bytes itself, and in a chunk that is shorter than a read into
    /// [`spare`](Connection::spare): that takes the next chunks with it.
    ///
    /// Afterwards call [`consumed_directly`](Connection::consumed_directly).
    #[inline]
    pub fn passthrough_len(&self) -> Option<u64> {
        if self.buffer.is_empty() { self.receiver.passthrough_len(self.buffer.capacity()) } else { None }
    }

    /// Returns how many bytes of the current body are still to be taken, if its length is known.
    pub fn remaining(&self) -> Option<u64> {
        self.receiver.remaining()
    }

    /// Returns whether all bytes of a body with a declared length have been sent, and only
    /// [`send_end`](Connection::send_end) is missing.
    pub fn has_full_body(&self) -> bool {
        self.sender.has_full_body()
    }

    /// Records that `n` bytes of the body were read past the buffer, at most
    /// [`passthrough_len`](Connection::passthrough_len).
    pub fn consumed_directly(&mut self, n: u64) {
        if self.buffer.is_empty() {
            self.receiver.took(n);
            self.cycle.awaits_continue &= n == 0;
        }
    }

    /// Appends the head of a message to `out`.
    ///
    /// With [`BodyLength::None`] the message ends with its head. So does a response that never has a body on the wire,
    /// with any headers: a 304, and each response to HEAD. (204 and 205 take no body at all.) A body follows
    /// if, and only if, [`phases`](Connection::phases) reports [`Phase::Body`] for `sending`;
    /// [`send_data`](Connection::send_data) handles both cases.
    ///
    /// The headers win: a `Content-Length` among them must agree with [`BodyLength::Known`], and fixes the length of
    /// [`BodyLength::Unknown`]; `Transfer-Encoding: chunked` selects chunks.
    ///
    /// A server adds `Connection: close` if the connection will not be used again, and `Connection: keep-alive` for an
    /// HTTP/1.0 client that asked for it. It adds no `Date`, because it has no clock. After an interim response more
    /// heads may follow; an HTTP/1.0 client does not understand interim responses, so none is written to it (RFC 9110
    /// §15.2).
    ///
    /// To close the connection after the message, put `Connection: close` among the headers. A server does so if it
    /// responds without reading the rest of the request.
    ///
    /// # Errors
    ///
    /// Fails if the head is not valid, if a message is under way, or if a client's connection cannot carry another
    /// request (see [`reuse`](Connection::reuse)). Nothing has been written or changed then, so that a server can send
    /// another response instead.
    pub fn send_head(
        &mut self,
        head: R::Sends<'_>,
        body: BodyLength,
        out: &mut Vec<u8>,
    ) -> Result<(), LocalError> {
        if !R::PIPELINED && self.sender.phase == Phase::Idle {
            // Unsolicited bytes would be parsed as the response to this request, and every later response would be off
            // by one.
            if let reuse @ Reuse::Never(_) = self.reuse() {
                return Err(LocalError::NotReusable(reuse));
            }
        }
        self.cycle.awaits_continue = self.awaits_continue();
        self.sender.head::<R>(head, body, &mut self.cycle, out)?;
        self.propagate_switch();
        Ok(())
    }

    /// Appends the next bytes of the body to `out`, framed. Does nothing in a response to HEAD and in a 304, which
    /// have no body on the wire.
    ///
    /// # Errors
    ///
    /// Fails if no body is under way, or if fewer bytes of it are left. Nothing has been written then, and the error
    /// repeats.
    pub fn send_data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), LocalError> {
        self.sender.data(data, out)?;
        self.cycle.awaits_continue &= data.is_empty();
        Ok(())
    }

    /// Announces the next `len` bytes of the body, for a caller that writes them without a copy. Appends to `out` the
    /// bytes in front of them (the CRLF of the chunk before and the chunk-size line; nothing if the length is known).
    /// The caller writes the bytes directly after that.
    ///
    /// # Errors
    ///
    /// Fails if no body is under way, or if fewer bytes of it are left. Nothing has been written then, and the error
    /// repeats.
    pub fn frame(&mut self, len: usize, out: &mut Vec<u8>) -> Result<(), LocalError> {
        self.sender.frame(len, out)?;
        self.cycle.awaits_continue &= len == 0;
        Ok(())
    }

    /// Reserves room in `out` for a chunk-size line. The caller reads the chunk's data into `out` after it and calls
    /// [`commit_chunk`](Connection::commit_chunk). Nothing else may be sent in between.
    ///
    /// ```
    /// # use httpx_proto::{BodyLength, Client, Headers, Limits, Method, RequestRef};
    /// # let mut client = Client::new(Limits::default());
    /// # let headers = Headers::new();
    /// # let head = RequestRef { method: &Method::POST, target: "/", host: Some("h"), headers: &headers };
    /// # let mut out = Vec::new();
    /// client.send_head(head, BodyLength::Unknown, &mut out)?;
    /// # out.clear();
    /// let mark = client.reserve_chunk(&mut out)?;
    /// let data = out.len();
    /// out.resize(data + 4096, 0);
    /// let n = std::io::Read::read(&mut "hello".as_bytes(), &mut out[data..]).unwrap();
    /// client.commit_chunk(mark, n, &mut out)?; // removes the part that was not filled
    /// client.send_end(&Headers::new(), &mut out)?;
    /// assert_eq!(out, b"00000005\r\nhello\r\n0\r\n\r\n");
    /// # Ok::<(), httpx_proto::LocalError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Fails as [`frame`](Connection::frame) does.
    pub fn reserve_chunk(&mut self, out: &mut Vec<u8>) -> Result<ReservedChunk, LocalError> {
        self.sender.reserve_chunk(out)
    }

    /// Fills in the room that [`reserve_chunk`](Connection::reserve_chunk) has reserved: `n` bytes of the body follow
    /// it. `out` is truncated after them. If `n` is 0, the reserved room is removed too.
    ///
    /// # Errors
    ///
    /// Fails if `n` is more than the bytes after the room, more than the rest of the body, or more than 4 GiB. `out`
    /// is then reset to its state before `reserve_chunk`, and the error repeats.
    pub fn commit_chunk(
        &mut self,
        mark: ReservedChunk,
        n: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), LocalError> {
        self.sender.commit_chunk(mark, n, out)?;
        self.cycle.awaits_continue &= n == 0;
        Ok(())
    }

    /// Ends the message: appends the missing bytes to `out`. Does nothing if the message has ended with its head.
    /// Trailers are written after chunks only; where the client's request is the reason that there are no chunks
    /// (HEAD, HTTP/1.0), they are left out.
    ///
    /// # Errors
    ///
    /// Fails if fewer bytes than declared were sent, or if the trailers are not allowed. The error repeats.
    pub fn send_end(&mut self, trailers: &Headers, out: &mut Vec<u8>) -> Result<(), LocalError> {
        self.sender.end(trailers, out)?;
        // A client's request has ended here; a server's final response ended the wait before.
        self.cycle.awaits_continue = false;
        self.propagate_switch();
        Ok(())
    }

    /// Returns whether the body of the request waits for a 100 (Continue): the request has a body and
    /// `Expect: 100-continue`, and neither a response nor any byte of the body has passed (RFC 9110 §10.1.1).
    ///
    /// A client's driver waits a limited time, and then sends the body anyway. A server that wants the body sends a
    /// 100. If it sends a final response instead, the connection is closed afterwards ([`CloseReason::NotContinued`]).
    pub fn awaits_continue(&self) -> bool {
        let body_has_come = self.receiver.phase == Phase::Body && !self.buffer.is_empty();
        self.cycle.awaits_continue && !body_has_come
    }

    /// Client: returns whether the head of the response has a `Keep-Alive` field (RFC 2068 §19.7.1.1). Saves a client a
    /// lookup: most servers do not send it.
    pub fn has_keep_alive(&self) -> bool {
        self.cycle.has_keep_alive
    }

    /// Returns the phases of both directions.
    pub fn phases(&self) -> Phases {
        Phases { sending: self.sender.phase, receiving: self.receiver.phase }
    }

    /// Returns whether the connection can carry another exchange.
    pub fn reuse(&self) -> Reuse {
        let phases = self.phases();
        match (self.close_reason(), phases.sending, phases.receiving) {
            (Some(reason), _, _) => Reuse::Never(reason),
            (None, Phase::Idle, Phase::Idle) | (None, Phase::Done, Phase::Done)
                if self.buffer.is_empty() || R::PIPELINED =>
            {
                Reuse::Ready
            }
            (None, Phase::Idle, Phase::Idle) | (None, _, Phase::Done)
                if !self.buffer.is_empty() && !R::PIPELINED =>
            {
                Reuse::Never(CloseReason::UnaskedBytes)
            }
            (None, _, _) => Reuse::NotYet,
        }
    }

    /// Returns why the connection cannot carry another exchange, as far as is known already.
    fn close_reason(&self) -> Option<CloseReason> {
        if self.receiver.has_failed() {
            return Some(CloseReason::RemoteError);
        }
        if self.sender.has_failed() {
            return Some(CloseReason::LocalError);
        }
        // A client that pipelined requests may half-close after the last one; buffered requests must still be answered.
        let has_pipelined = R::PIPELINED && !self.buffer.is_empty();
        let closed = self.eof.is_some() && !has_pipelined;
        self.cycle.close.or(closed.then_some(CloseReason::PeerClosed))
    }

    /// Starts another exchange on the same connection.
    ///
    /// # Errors
    ///
    /// Fails if [`reuse`](Connection::reuse) is not [`Reuse::Ready`]. Nothing has changed then.
    pub fn next_cycle(&mut self) -> Result<(), LocalError> {
        let reuse = self.reuse();
        if reuse != Reuse::Ready {
            return Err(LocalError::NotReusable(reuse));
        }
        self.sender.step(Transition::NextCycle)?;
        self.receiver = Receiver::new(&self.limits);
        self.cycle = CycleState::default();
        self.buffer.reset_capacity();
        Ok(())
    }

    /// Returns the received bytes that have not been used. A server whose client has been silent for too long between
    /// two messages closes the connection if there are none, and sends a 408 first if there are some.
    pub fn unread(&self) -> &[u8] {
        self.buffer.unread()
    }

    /// Returns the received bytes that have not been used: the first bytes of the other protocol after a 101 or a
    /// CONNECT. Call it after [`Event::Paused`]; before that, a server may still be receiving the body of the request.
    pub fn into_unread(self) -> Bytes {
        self.buffer.into_bytes()
    }

    /// Switches the other direction too, as soon as its message has ended.
    #[inline]
    fn propagate_switch(&mut self) {
        match (self.sender.phase, self.receiver.phase) {
            (Phase::Done, Phase::Switched) => self.sender.switch(),
            (Phase::Switched, Phase::Done) => self.receiver.step(Transition::Switch),
            (_, _) => {}
        }
    }
}

/// Shows the phases, no bytes.
impl<R: Role> fmt::Debug for Connection<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("phases", &self.phases())
            .field("reuse", &self.reuse())
            .field("unread", &self.buffer.len())
            .finish_non_exhaustive()
    }
}
