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

/// One connection, seen from one side: bytes in, events out; messages in, bytes out.
///
/// It owns no socket: see the [crate's page](crate) for how a driver uses it.
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

/// What to make of a body that ends with its connection, where TLS did not confirm the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UncleanEnds {
    /// An error: whoever sits in between can have cut the body (RFC 9112 §9.8). The default.
    #[default]
    Refuse,
    /// The end of the body, as with servers that never say goodbye.
    Accept,
}

impl<R: Role> Connection<R> {
    /// A new connection, over which nothing has gone yet.
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

    /// The limits, to change them: those of bytes count from the next cycle on.
    pub fn limits_mut(&mut self) -> &mut Limits {
        &mut self.limits
    }

    /// Says what to make of ends without close_notify. Defaults to [`UncleanEnds::Refuse`].
    pub fn set_unclean_ends(&mut self, unclean_ends: UncleanEnds) {
        self.unclean_ends = unclean_ends;
    }

    /// Room for bytes of the other side, at least one; say by [`filled`](Connection::filled) how many came.
    pub fn spare(&mut self) -> &mut [u8] {
        self.buffer.spare()
    }

    /// Says that the first `n` bytes of [`spare`](Connection::spare) were filled. `n` is not more than there were.
    pub fn filled(&mut self, n: usize) {
        self.buffer.filled(n);
    }

    /// Takes a copy of bytes that the other side has sent: for those who don't read into
    /// [`spare`](Connection::spare).
    pub fn receive(&mut self, bytes: &[u8]) {
        self.buffer.append(bytes);
    }

    /// Says that the other side sends no more. Under TLS it is `clean` if there was a close_notify; without TLS every
    /// end is.
    pub fn receive_eof(&mut self, clean: bool) {
        self.eof = Some(match (clean, self.unclean_ends) {
            (true, _) | (false, UncleanEnds::Accept) => Eof::Clean,
            (false, UncleanEnds::Refuse) => Eof::Unclean,
        });
    }

    /// What the bytes so far mean: the next event.
    ///
    /// # Errors
    ///
    /// If the other side broke the protocol, passed a limit or stopped in the middle. The error repeats.
    pub fn next_event(&mut self) -> Result<Event<R::Receives>, RemoteError> {
        // What is asked most often while a body comes.
        if self.receiver.finds_data(&mut self.buffer) {
            self.cycle.awaits_continue = false; // whoever sends does not wait
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

    /// The bytes of the body that can be taken now; there are some when the last event was [`Event::Data`].
    #[inline]
    pub fn data(&self) -> &[u8] {
        self.receiver.data(self.buffer.unread())
    }

    /// Takes the first `n` bytes of [`data`](Connection::data), or all if there are not so many.
    #[inline]
    pub fn consume(&mut self, n: usize) {
        let n = n.min(self.data().len());
        self.buffer.consume(n);
        self.receiver.took(n as u64);
        self.cycle.awaits_continue &= n == 0;
    }

    /// How many bytes may be read past this connection's buffer, straight to whoever wants the body: whatever comes
    /// next is that many bytes of it, or fewer if it ends with the connection (then this is `u64::MAX`). `None` if
    /// there is something to be looked at first.
    ///
    /// Say by [`consumed_directly`](Connection::consumed_directly) how many were.
    #[inline]
    pub fn passthrough_len(&self) -> Option<u64> {
        if self.buffer.is_empty() { self.receiver.passthrough_len().filter(|&n| n > 0) } else { None }
    }

    /// How many bytes of the body under way are still to be taken, where its length was told.
    pub fn remaining(&self) -> Option<u64> {
        self.receiver.remaining()
    }

    /// Says that `n` bytes of the body were read past the buffer; no more than [`passthrough_len`](Connection::passthrough_len) allowed.
    pub fn consumed_directly(&mut self, n: u64) {
        if self.buffer.is_empty() {
            self.receiver.took(n);
            self.cycle.awaits_continue &= n == 0;
        }
    }

    /// Appends the head of a message to `out`. Where `body` is [`BodyLength::None`] the message ends with it, and so do
    /// responses that have no body on the wire whatever their head says: 304, and all that answer HEAD. (204 and 205
    /// take no body at all.) Whether a body is to follow is told by [`phases`](Connection::phases): then, and only
    /// then, `sending` is [`Phase::Body`]; [`send_data`](Connection::send_data) knows by itself.
    ///
    /// The headers win: a `Content-Length` among them must agree with [`BodyLength::Known`], and with
    /// [`BodyLength::Unknown`] becomes the length to be kept; `Transfer-Encoding: chunked` selects chunks.
    ///
    /// A server adds `Connection: close` where the connection will not be used again, and `Connection: keep-alive` for
    /// a client that speaks HTTP/1.0 and asked for it. It never adds a `Date`: it has no clock. Interim responses leave
    /// the way open for others; a client that speaks HTTP/1.0 would not know them, so for such a one they are left out
    /// (RFC 9110 §15.2).
    ///
    /// To close the connection afterwards, put `Connection: close` among the headers; a server does so where it answers
    /// and does not mean to read the rest of the request.
    ///
    /// # Errors
    ///
    /// If the head is not valid, a message is under way, or a client's connection is not fit for another request (see
    /// [`reuse`](Connection::reuse)). Nothing has been written or changed then: a server can send another response
    /// instead.
    pub fn send_head(
        &mut self,
        head: R::Sends<'_>,
        body: BodyLength,
        out: &mut Vec<u8>,
    ) -> Result<(), LocalError> {
        if !R::PIPELINED && self.sender.phase == Phase::Idle {
            // What was sent before anybody asked would be taken for the answer, and each answer behind it be off by
            // one.
            if let reuse @ Reuse::Never(_) = self.reuse() {
                return Err(LocalError::NotReusable(reuse));
            }
        }
        self.cycle.awaits_continue = self.awaits_continue();
        self.sender.head::<R>(head, body, &mut self.cycle, out)?;
        self.propagate_switch();
        Ok(())
    }

    /// Appends the next bytes of the body to `out`, framed. Does nothing in the answer to HEAD and in 304, which have
    /// no body on the wire.
    ///
    /// # Errors
    ///
    /// If there is no body under way, or less of it left. Nothing has been written then, and the error repeats.
    pub fn send_data(&mut self, data: &[u8], out: &mut Vec<u8>) -> Result<(), LocalError> {
        self.sender.data(data, out)?;
        self.cycle.awaits_continue &= data.is_empty();
        Ok(())
    }

    /// For those who don't want their data copied: announces the next `len` bytes of the body; the caller writes them
    /// itself, right behind what this appends to `out`: the size of a chunk, with the CRLF of the one before, or
    /// nothing where the length was told.
    ///
    /// # Errors
    ///
    /// If there is no body under way, or less of it left. Nothing has been written then, and the error repeats.
    pub fn frame(&mut self, len: usize, out: &mut Vec<u8>) -> Result<(), LocalError> {
        self.sender.frame(len, out)?;
        self.cycle.awaits_continue &= len == 0;
        Ok(())
    }

    /// Leaves room in `out` for the size of a chunk whose data is read straight into `out` behind it; then call
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
    /// client.commit_chunk(mark, n, &mut out)?; // cuts off what was not filled
    /// client.send_end(&Headers::new(), &mut out)?;
    /// assert_eq!(out, b"00000005\r\nhello\r\n0\r\n\r\n");
    /// # Ok::<(), httpx_proto::LocalError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`frame`](Connection::frame).
    pub fn reserve_chunk(&mut self, out: &mut Vec<u8>) -> Result<ReservedChunk, LocalError> {
        self.sender.reserve_chunk(out)
    }

    /// Fills in the room that [`reserve_chunk`](Connection::reserve_chunk) has left: `n` bytes of the body lie behind it.
    /// `out` is cut off behind them; if there are none, the room goes too.
    ///
    /// # Errors
    ///
    /// If `n` is more than what lies there, or than what is left of the body, or passes 4 GiB: `out` is then as it was
    /// before `reserve_chunk`, and the error repeats.
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

    /// Ends the message: appends to `out` what is missing of it. Does nothing where the head has ended it. Trailers go
    /// behind chunks only; where a client's request is why there are none (HEAD, HTTP/1.0), they are left out.
    ///
    /// # Errors
    ///
    /// If less was sent than was declared, or there are trailers that may not be. The error repeats.
    pub fn send_end(&mut self, trailers: &Headers, out: &mut Vec<u8>) -> Result<(), LocalError> {
        self.sender.end(trailers, out)?;
        // What has ended waits no more: a client's request here, a server's final response before.
        self.cycle.awaits_continue = false;
        self.propagate_switch();
        Ok(())
    }

    /// Whether the body of the request is being held back for an interim response of 100 (Continue): the request said
    /// `Expect: 100-continue` and has a body, and neither an answer nor any of the body has passed (RFC 9110 §10.1.1).
    ///
    /// A client's driver waits a while, and then sends the body all the same. A server that wants the body sends
    /// 100; if it sends a final response instead, the connection is closed afterwards
    /// ([`CloseReason::NotContinued`]).
    pub fn awaits_continue(&self) -> bool {
        let body_has_come = self.receiver.phase == Phase::Body && !self.buffer.is_empty();
        self.cycle.awaits_continue && !body_has_come
    }

    /// Where both directions stand.
    pub fn phases(&self) -> Phases {
        Phases { sending: self.sender.phase, receiving: self.receiver.phase }
    }

    /// Whether the connection may carry another exchange.
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

    /// Why the connection can carry no other exchange, as far as that is known already.
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

    /// Begins another exchange on the same connection.
    ///
    /// # Errors
    ///
    /// If [`reuse`](Connection::reuse) is not [`Reuse::Ready`]. Nothing has changed then.
    pub fn next_cycle(&mut self) -> Result<(), LocalError> {
        let reuse = self.reuse();
        if reuse != Reuse::Ready {
            return Err(LocalError::NotReusable(reuse));
        }
        self.sender.step(Transition::NextCycle)?;
        self.receiver = Receiver::new(&self.limits);
        self.cycle = CycleState::default();
        Ok(())
    }

    /// The bytes that were received and have not been used. Between two messages, none are: a server whose client is
    /// silent for too long closes the connection then, and answers 408 if there are some.
    pub fn unread(&self) -> &[u8] {
        self.buffer.unread()
    }

    /// The bytes that were received and have not been used: what follows a 101 or a CONNECT, once
    /// [`next_event`](Connection::next_event) has said [`Event::Paused`]; before that, a server's client may still be
    /// in the body of its request.
    pub fn into_unread(self) -> Bytes {
        self.buffer.into_bytes()
    }

    /// When one direction has switched, so does the other as soon as its message has ended.
    #[inline]
    fn propagate_switch(&mut self) {
        match (self.sender.phase, self.receiver.phase) {
            (Phase::Done, Phase::Switched) => self.sender.switch(),
            (Phase::Switched, Phase::Done) => self.receiver.step(Transition::Switch),
            (_, _) => {}
        }
    }
}

/// Where it stands; no bytes.
impl<R: Role> fmt::Debug for Connection<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("phases", &self.phases())
            .field("reuse", &self.reuse())
            .field("unread", &self.buffer.len())
            .finish_non_exhaustive()
    }
}
