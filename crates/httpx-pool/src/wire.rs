//! [`Wire`]: the part of a connection that outlives its exchanges, without I/O: codec, buffers, keep-alive.
//!
//! ```text
//!               spare, filled                next_event, data, consume
//!   stream ─────────────────────▶  input ─▶ ┌─────┐ ──────────────▶  Exchange
//!                                           │codec│
//!          ◀───────────────────── output ◀─ └─────┘ ◀──────────────
//!            outgoing, advance               send_head, send_bytes, send_end
//! ```
//!
//! It decides nothing about a request: an [`Exchange`](crate::exchange::Exchange) does, and is given the wire for each
//! call. So a connection that carries several exchanges at a time could have another kind of wire.

mod outgoing;

use std::time::Duration;

use bytes::Bytes;
use httpx_core::{Extensions, Headers, ResponseHead};
use httpx_proto::{
    BodyLength, Client, CloseReason, Event, Limits, LocalError, Phase, RemoteError, RequestRef, Reuse,
    UncleanEnds,
};

use crate::expect_continue::ExpectContinue;
use crate::keep_alive;
use outgoing::Outgoing;

/// Bodies up to this size are copied after their head, so that one write sends both. Longer ones are not copied.
pub(crate) const MAX_COPIED: usize = 16 << 10;

/// The first capacity of the buffer for what is to be written: more than most heads need, so that it need not grow.
const HEAD_CAPACITY: usize = 512;

static NO_TRAILERS: Headers = Headers::new();

/// One HTTP/1.1 connection between two moments of I/O.
pub(crate) struct Wire {
    codec: Client,
    /// The default settings, for exchanges whose request has none.
    limits: Limits,
    unclean_ends: UncleanEnds,
    /// The last exchange had special settings.
    has_own_settings: bool,
    out: Outgoing,
    /// Bytes have been received that the codec has not looked at.
    has_unparsed_input: bool,
    /// The connection has been idle: the server may have closed it meanwhile.
    was_idle: bool,
    /// How long the server keeps the idle connection, by the last response.
    server_keep_alive: Option<Duration>,
    /// The default settings of `Expect: 100-continue`, for requests that have none.
    expect_continue: ExpectContinue,
    /// How long the body of this exchange is held back, if it is.
    continue_timeout: Duration,
    /// The server does not know `Expect`: requests do not get it.
    refuses_expect: bool,
}

impl Default for Wire {
    fn default() -> Self {
        Wire::new(Limits::default(), UncleanEnds::default())
    }
}

impl Wire {
    pub(crate) fn new(limits: Limits, unclean_ends: UncleanEnds) -> Self {
        let mut codec = Client::new(limits);
        codec.set_unclean_ends(unclean_ends);
        let mut out = Outgoing::default();
        out.buffer().reserve(HEAD_CAPACITY);
        Wire {
            codec,
            limits,
            unclean_ends,
            has_own_settings: false,
            out,
            has_unparsed_input: false,
            was_idle: false,
            server_keep_alive: None,
            expect_continue: ExpectContinue::new(),
            continue_timeout: Duration::ZERO,
            refuses_expect: false,
        }
    }

    /// Sets when requests send `Expect: 100-continue` that have no settings of it.
    pub(crate) fn with_expect_continue(self, expect_continue: ExpectContinue) -> Self {
        Wire { expect_continue, ..self }
    }

    /// Sets the limits of the next exchange, and how its body may end, where its request has special settings.
    #[inline]
    pub(crate) fn set_codec(&mut self, own: &Extensions) {
        if own.is_empty() && !self.has_own_settings {
            return;
        }
        let (limits, unclean_ends): (Option<&Limits>, Option<&UncleanEnds>) = (own.get(), own.get());
        let has_own_settings = limits.is_some() || unclean_ends.is_some();
        if !has_own_settings && !self.has_own_settings {
            return;
        }
        self.codec.set_limits(*limits.unwrap_or(&self.limits));
        self.codec.set_unclean_ends(*unclean_ends.unwrap_or(&self.unclean_ends));
        self.has_own_settings = has_own_settings;
    }

    /// Begins an exchange: appends the head of its request.
    ///
    /// # Errors
    ///
    /// If the head is not valid. The wire is then unchanged.
    #[inline]
    pub(crate) fn send_head(
        &mut self,
        request: RequestRef<'_>,
        length: BodyLength,
    ) -> Result<(), LocalError> {
        self.codec.send_head(request, length, self.out.buffer())?;
        self.has_unparsed_input = false;
        self.server_keep_alive = None;
        Ok(())
    }

    /// Appends a whole part of the body: small ones are copied, large ones are lent.
    pub(crate) fn send_bytes(&mut self, bytes: Bytes) -> Result<(), LocalError> {
        self.codec.frame(bytes.len(), self.out.buffer())?;
        if bytes.len() > MAX_COPIED {
            self.out.lend(bytes);
        } else {
            self.out.buffer().extend_from_slice(&bytes);
        }
        Ok(())
    }

    /// Returns room for `n` bytes of the body.
    pub(crate) fn upload_room(&mut self, n: usize) -> &mut [u8] {
        self.out.room(n)
    }

    /// Appends the first `n` bytes of that room, which have been filled.
    pub(crate) fn send_room(&mut self, n: usize) -> Result<(), LocalError> {
        self.codec.frame(n, self.out.buffer())?;
        self.out.lend_room(n);
        Ok(())
    }

    /// Appends the end of the request, with its trailers.
    pub(crate) fn send_end(&mut self, trailers: Option<&Headers>) -> Result<(), LocalError> {
        self.codec.send_end(trailers.unwrap_or(&NO_TRAILERS), self.out.buffer())
    }

    /// Drops everything that has not been written.
    pub(crate) fn abort_sending(&mut self) {
        self.out.clear();
    }

    /// Returns whether something is lent: nothing can be appended then.
    pub(crate) fn is_lending(&self) -> bool {
        self.out.is_lending()
    }

    /// Returns whether all bytes of a body with a declared length have been given, but not its end.
    pub(crate) fn has_full_body(&self) -> bool {
        self.codec.has_full_body()
    }

    /// Returns whether everything has been written.
    pub(crate) fn is_flushed(&self) -> bool {
        self.out.is_empty()
    }

    /// Returns the bytes that are to be written: the own ones, then the lent ones.
    pub(crate) fn outgoing(&self) -> [&[u8]; 2] {
        self.out.slices()
    }

    /// Takes off `n` bytes that have been written.
    pub(crate) fn advance(&mut self, n: usize) {
        self.out.advance(n);
    }

    /// Returns whether the body is held back for a `100 Continue` (RFC 9110 §10.1.1).
    pub(crate) fn awaits_continue(&self) -> bool {
        self.codec.awaits_continue()
    }

    /// Returns whether the codec has seen the end of the request.
    pub(crate) fn has_sent_end(&self) -> bool {
        matches!(self.codec.phases().sending, Phase::Done | Phase::Switched)
    }

    /// Returns whether the response has switched to another protocol: the bytes after its head belong to that.
    pub(crate) fn has_switched(&self) -> bool {
        self.codec.phases().receiving == Phase::Switched
    }

    /// Returns the room to read into.
    #[inline]
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        self.codec.spare()
    }

    /// Takes over the first `n` bytes of [`spare`](Self::spare).
    pub(crate) fn filled(&mut self, n: usize) {
        self.has_unparsed_input = true;
        self.codec.filled(n);
    }

    /// Takes over the end of the stream. It is clean if nothing can have been lost before it.
    pub(crate) fn receive_eof(&mut self, clean: bool) {
        self.has_unparsed_input = true;
        self.codec.receive_eof(clean);
    }

    /// Returns whether there may be another event.
    pub(crate) fn has_unparsed_input(&self) -> bool {
        self.has_unparsed_input
    }

    /// Takes note that all events have been looked at.
    pub(crate) fn set_parsed(&mut self) {
        self.has_unparsed_input = false;
    }

    /// Returns the next event.
    #[inline]
    pub(crate) fn next_event(&mut self) -> Result<Event<ResponseHead>, RemoteError> {
        self.codec.next_event()
    }

    /// Returns the bytes of the response's body that are here.
    pub(crate) fn data(&self) -> &[u8] {
        self.codec.data()
    }

    /// Takes off `n` of these bytes.
    pub(crate) fn consume(&mut self, n: usize) {
        self.codec.consume(n);
    }

    /// Returns how many bytes of the body may be read without passing through this wire, if any may.
    pub(crate) fn passthrough_len(&self) -> Option<u64> {
        self.codec.passthrough_len()
    }

    /// Takes note of `n` bytes of the body that have been read so.
    pub(crate) fn consumed_directly(&mut self, n: u64) {
        self.codec.consumed_directly(n);
    }

    /// Returns how many bytes of the body are still missing, if that is known.
    pub(crate) fn remaining(&self) -> Option<u64> {
        self.codec.remaining()
    }

    /// Returns whether no request has been begun since the last exchange ended.
    pub(crate) fn is_between_exchanges(&self) -> bool {
        self.out.is_empty() && self.codec.phases().sending == Phase::Idle
    }

    /// Returns whether the connection has been idle.
    pub(crate) fn was_idle(&self) -> bool {
        self.was_idle
    }

    /// Notes that the connection becomes idle.
    pub(crate) fn set_idle(&mut self) {
        self.was_idle = true;
    }

    /// Notes how long the server keeps the idle connection, if this head of its response announces it.
    #[inline]
    pub(crate) fn note_keep_alive(&mut self, headers: &Headers) {
        if self.codec.has_keep_alive() {
            self.server_keep_alive = keep_alive::idle_time(headers);
        }
    }

    /// Returns how long the server keeps the idle connection, if it announces it.
    pub(crate) fn server_keep_alive(&self) -> Option<Duration> {
        self.server_keep_alive
    }

    /// Returns the default settings of `Expect: 100-continue`.
    pub(crate) fn expect_continue(&self) -> &ExpectContinue {
        &self.expect_continue
    }

    /// Sets how long the body of this exchange is held back.
    pub(crate) fn set_continue_timeout(&mut self, timeout: Duration) {
        self.continue_timeout = timeout;
    }

    /// Returns how long the body of this exchange is held back.
    pub(crate) fn continue_timeout(&self) -> Duration {
        self.continue_timeout
    }

    /// Returns whether `Expect` may be added to requests.
    pub(crate) fn adds_expect(&self) -> bool {
        !self.refuses_expect
    }

    /// Notes that the server does not know `Expect`.
    pub(crate) fn refuse_expect(&mut self) {
        self.refuses_expect = true;
    }

    /// Returns whether it is already certain that the connection cannot carry another request.
    pub(crate) fn will_close(&self) -> bool {
        matches!(self.codec.reuse(), Reuse::Never(_))
    }

    /// Makes ready for the next request.
    ///
    /// # Errors
    ///
    /// If the connection cannot carry another request.
    #[inline]
    pub(crate) fn start_next(&mut self) -> Result<(), CloseReason> {
        match self.codec.reuse() {
            Reuse::Never(reason) => Err(reason),
            Reuse::NotYet => Err(CloseReason::LocalError),
            Reuse::Ready if !self.out.is_empty() => Err(CloseReason::LocalError),
            Reuse::Ready => {
                self.was_idle = true;
                self.out.shrink();
                self.codec.next_cycle().map_err(|_| CloseReason::LocalError)
            }
        }
    }

    /// Returns the bytes that were received and not used.
    pub(crate) fn into_unread(self) -> Bytes {
        self.codec.into_unread()
    }

    #[cfg(test)]
    #[cfg(feature = "blocking")]
    pub(crate) fn out_capacity(&self) -> usize {
        self.out.capacity()
    }
}
