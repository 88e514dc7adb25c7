//! [`Http1State`]: the state of an HTTP/1.1 connection without its stream, the same for both flavours.
//!
//! A driver adds the stream, and waits.

mod driver;
mod expectation;
mod upload;

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use httpx_core::{
    ConnectionDetails, Error, ExchangeMetadata, Headers, Moments, RequestHead, RequestSent, ResponseHead,
};
use httpx_proto::CloseReason;

use crate::call::Call;
use crate::close_cause::CloseCause;
use crate::event::{BodyOutcome, Event};
use crate::exchange::{Exchange, Output, Step};
use crate::into_error;
use crate::lease::{Lease, Pooled};
use crate::observer::ObserverHandle;
use crate::plan::Release;
use crate::pool_config::PoolConfig;
use crate::request_trace::ExchangeTrace;
use crate::upgrade;
use crate::wire::Wire;

pub(crate) use driver::Http1Driver;

/// The most reads that are made to drain a response that is dropped early. None of them waits; a peer that sends a byte
/// at a time could still hold the thread that drops the response.
const MAX_DRAIN_READS: usize = 16;

type Result<T, E = Error> = std::result::Result<T, E>;

/// The state of a connection between two moments of I/O. `D` is the driver that owns it.
pub(crate) struct Http1State<D: Http1Driver> {
    wire: Wire,
    /// The exchange that is under way, or was last.
    exchange: Exchange,
    /// The request's body, while it is being read.
    upload: Option<D::Body>,
    /// A copy of the body, for a second request after a 417.
    upload_copy: Option<D::Body>,
    /// The request, while the body of its response is being read.
    request: Option<RequestHead>,
    /// The head of a response that switches protocols, until the request has been sent.
    switched: Option<ResponseHead>,
    details: Arc<ConnectionDetails>,
    /// How long the request was in the queue, and since when it has this connection.
    queue: Duration,
    ready: Option<Instant>,
    observer: Option<ObserverHandle>,
    /// Reports what happens to the request.
    trace: Option<Box<ExchangeTrace>>,
    /// Why it is closed, if that is not known from the exchange.
    close_cause: Option<CloseCause>,
    /// The connection belongs to no pool.
    is_single: bool,
    /// The place to return to after the response; `None` while the connection is idle there. Declared last: the stream is
    /// closed before the pool learns that the connection no longer exists.
    lease: Option<Lease<D>>,
}

impl<D: Http1Driver> Http1State<D> {
    pub(crate) fn new(config: &PoolConfig, details: Arc<ConnectionDetails>) -> Self {
        Http1State {
            wire: Wire::new(config.codec, config.unclean_ends).with_expect_continue(config.expect_continue),
            exchange: Exchange::default(),
            upload: None,
            upload_copy: None,
            request: None,
            switched: None,
            details,
            queue: Duration::ZERO,
            ready: None,
            observer: config.observer.clone(),
            trace: None,
            close_cause: None,
            is_single: false,
            lease: None,
        }
    }

    /// Begins with a request.
    ///
    /// # Errors
    ///
    /// If its head is not valid. The connection is then as it was.
    pub(crate) fn start(&mut self, call: &Call<'_>, body: D::Body) -> Result<()> {
        self.wire.set_codec(call.head.extensions());
        self.exchange.start(&mut self.wire, call, &body)?;
        if self.exchange.needs_upload() {
            self.keep_upload(body);
        }
        if let Some(trace) = &call.trace {
            self.trace = ExchangeTrace::new(trace, self.details.id);
        }
        Ok(())
    }

    /// Returns what to do next.
    ///
    /// # Errors
    ///
    /// As [`Exchange::step`].
    pub(crate) fn step(&mut self, now: impl FnOnce() -> Instant) -> Result<Step> {
        self.report_sent();
        self.exchange.step(&mut self.wire, now)
    }

    /// Reports what has been sent of the request.
    #[inline]
    fn report_sent(&mut self) {
        if let Some(trace) = &mut self.trace {
            let (head, written) = self.exchange.written();
            trace.wrote(head, written, self.exchange.sent(&self.wire));
        }
    }

    /// Takes the result of the steps up to the next output. An error gets the request added, and every later call fails.
    ///
    /// # Errors
    ///
    /// This error.
    #[inline]
    pub(crate) fn record<T>(&mut self, result: Result<T>) -> Result<T> {
        if self.upload.is_some() && !self.exchange.needs_upload() {
            (self.upload, self.upload_copy) = (None, None); // frees what they hold
        }
        result.map_err(|error| self.fail(error))
    }

    #[cold]
    fn fail(&mut self, error: Error) -> Error {
        self.exchange.fail(error.kind());
        if let Some(trace) = self.trace.take() {
            trace.fail(error.kind());
        }
        match &self.request {
            Some(request) => request.error(error),
            None => error,
        }
    }

    /// As [`Exchange::left`].
    pub(crate) fn left(&mut self, now: Instant) -> Result<Option<Duration>> {
        self.exchange.left(&self.wire, now)
    }

    /// As [`Exchange::check_in_time`].
    pub(crate) fn check_in_time(&self, now: impl FnOnce() -> Instant) -> Result<()> {
        self.exchange.check_in_time(&self.wire, now)
    }

    /// As [`Wire::outgoing`].
    pub(crate) fn outgoing(&self) -> [&[u8]; 2] {
        self.wire.outgoing()
    }

    /// As [`Exchange::wrote`].
    pub(crate) fn wrote(&mut self, result: io::Result<usize>, now: impl FnOnce() -> Instant) -> Result<()> {
        self.exchange.wrote(&mut self.wire, result, now)
    }

    /// As [`Wire::spare`].
    #[inline]
    pub(crate) fn spare(&mut self) -> &mut [u8] {
        self.wire.spare()
    }

    /// As [`Exchange::received`].
    pub(crate) fn received(
        &mut self,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        self.exchange.received(&mut self.wire, result, now)
    }

    /// As [`Exchange::nothing_to_read`].
    pub(crate) fn nothing_to_read(&mut self) {
        self.exchange.nothing_to_read();
    }

    /// Takes an output of the exchange. Returns the response when the caller can have it: when its head has arrived,
    /// and after a switch of protocols, when the request has been sent too.
    ///
    /// # Errors
    ///
    /// If the server switched to a protocol that was not offered, or before it had the whole request.
    #[inline]
    pub(crate) fn response(&mut self, call: &Call<'_>, output: Output) -> Result<Option<ResponseHead>> {
        let mut response = match output {
            Output::Head(response) if !self.wire.has_switched() => response,
            output => match self.after_switch(call, output)? {
                Some(response) => response,
                None => return Ok(None),
            },
        };
        self.describe(call, &mut response);
        Ok(Some(response))
    }

    /// Takes an output that is not the head of an ordinary response. After a switch of protocols, the response is held
    /// back until the request has been sent.
    #[cold]
    fn after_switch(&mut self, call: &Call<'_>, output: Output) -> Result<Option<ResponseHead>> {
        match output {
            Output::Head(response) => {
                let checked = upgrade::check(call.head, &response);
                self.record(checked)?;
                self.switched = Some(response);
            }
            Output::End if !self.exchange.is_complete() => {
                return self.record(Err(into_error::switched_early(self.sent())));
            }
            Output::End => return Ok(self.switched.take()),
            Output::Informational(response) => call.inform(response),
            Output::ExpectationFailed(response) => return self.refused(response).map(Some),
            Output::Data => {}
        }
        Ok(None)
    }

    /// Adds to a response the facts that are not in its head: the request, the address of the server, the time.
    #[inline]
    fn describe(&mut self, call: &Call<'_>, response: &mut ResponseHead) {
        self.request = Some(call.head.clone());
        let (sent, first_byte) = self.exchange.moments();
        let head = Instant::now();
        let started = call.head.started().unwrap_or(head);
        response.set_exchange(ExchangeMetadata {
            request: call.head.clone(),
            request_sent: self.sent(),
            connection: Arc::clone(&self.details),
            is_reused: self.wire.was_idle(),
            moments: Moments {
                started,
                queue: self.queue,
                ready: self.ready.unwrap_or(started),
                sent,
                first_byte,
                head,
                body: None,
            },
        });
        if let Some(trace) = &mut self.trace {
            trace.responded(response);
        }
    }

    /// Returns whether the connection has switched to another protocol.
    pub(crate) fn has_switched(&self) -> bool {
        self.wire.has_switched()
    }

    /// Leaves the pool: the slot is free, and the connection belongs to the caller.
    pub(crate) fn leave(&mut self) {
        self.close_cause = Some(CloseCause::Upgraded);
        self.body_ended(BodyOutcome::Complete);
        self.closed();
        self.lease = None;
    }

    /// Begins with the body of a response. Returns the request; or `None` if there is no body, and the response has
    /// ended.
    pub(crate) fn start_body(&mut self, head: &mut ResponseHead) -> Option<RequestHead> {
        if self.exchange.ends_at_once(&mut self.wire) {
            head.set_trailers(self.exchange.take_trailers());
            return None;
        }
        self.request.clone()
    }

    /// Whether a driver must go on before there are bytes of the body, or its end.
    pub(crate) fn needs_data(&self) -> bool {
        !self.exchange.is_finished() && self.data().is_empty()
    }

    /// Returns the bytes of the body that are here.
    pub(crate) fn data(&self) -> &[u8] {
        if self.exchange.has_failed() { &[] } else { self.wire.data() }
    }

    /// As [`Wire::consume`].
    pub(crate) fn consume(&mut self, n: usize) {
        self.wire.consume(n);
        self.count(n);
    }

    /// Counts bytes of the body that have been read.
    fn count(&mut self, n: usize) {
        if let Some(trace) = &mut self.trace {
            trace.read(n);
        }
    }

    /// Moves bytes of the body that are here to `buf`. Returns how many.
    pub(crate) fn take_data(&mut self, buf: &mut [u8]) -> usize {
        let data = self.data();
        let n = data.len().min(buf.len());
        if n > 0 {
            buf[..n].copy_from_slice(&data[..n]);
            self.consume(n);
        }
        n
    }

    /// As [`Exchange::direct_len`].
    pub(crate) fn direct_len(&self, room: usize) -> Option<usize> {
        self.exchange.direct_len(&self.wire, room)
    }

    /// As [`Exchange::read_directly`].
    pub(crate) fn read_directly(
        &mut self,
        result: io::Result<usize>,
        now: impl FnOnce() -> Instant,
    ) -> Result<()> {
        self.count(*result.as_ref().unwrap_or(&0));
        self.exchange.read_directly(&mut self.wire, result, now)
    }

    /// As [`Exchange::remaining`].
    pub(crate) fn remaining(&self) -> Option<u64> {
        self.exchange.remaining(&self.wire)
    }

    /// As [`Exchange::check_deadline`].
    pub(crate) fn check_deadline(&mut self, now: impl FnOnce() -> Instant) -> Result<()> {
        let checked = self.exchange.check_deadline(&self.wire, now);
        self.record(checked)
    }

    /// Whether the connection may carry another request once this response has ended.
    pub(crate) fn is_reusable(&self) -> bool {
        self.exchange.is_complete() && !self.wire.will_close()
    }

    /// Returns how much of the request has been sent, if that may have changed since the head of the response came.
    pub(crate) fn sent_since_head(&self) -> Option<RequestSent> {
        self.exchange.has_sent_since_head().then(|| self.sent())
    }

    /// As [`Exchange::has_received_since_head`].
    pub(crate) fn has_received_since_head(&self) -> bool {
        self.exchange.has_received_since_head()
    }

    /// As [`Exchange::set_drain_deadline`].
    pub(crate) fn set_drain_deadline(&mut self, by: Instant) {
        self.exchange.set_drain_deadline(by);
    }

    /// As [`Exchange::take_trailers`].
    pub(crate) fn take_trailers(&mut self) -> Headers {
        self.exchange.take_trailers()
    }

    /// Reads and drops the rest of the response, if little is left and it is here. `read` must not wait. Returns whether
    /// the response has ended.
    pub(crate) fn drain(
        &mut self,
        mut read: impl FnMut(&mut [u8]) -> io::Result<usize>,
        now: impl Fn() -> Instant,
    ) -> bool {
        if !self.exchange.is_worth_draining(&self.wire) {
            return false;
        }
        let mut reads = 0;
        while !self.exchange.is_finished() {
            match self.step(&now) {
                Ok(Step::Output(Output::Data)) => self.consume(self.data().len()),
                Ok(Step::Output(Output::End)) => return true,
                Ok(Step::Read) if reads < MAX_DRAIN_READS => {
                    reads += 1;
                    let result = read(self.spare());
                    if result.is_err() || self.received(result, &now).is_err() {
                        return false;
                    }
                }
                Ok(_) | Err(_) => return false,
            }
        }
        true
    }

    /// As [`Exchange::died_before_response`].
    pub(crate) fn died_before_response(&self) -> bool {
        self.exchange.died_before_response(&self.wire)
    }

    /// As [`Exchange::sent`].
    pub(crate) fn sent(&self) -> RequestSent {
        self.exchange.sent(&self.wire)
    }

    /// Ends the exchange, and makes ready for the next one.
    ///
    /// # Errors
    ///
    /// If the connection cannot carry another one.
    pub(crate) fn end_exchange(&mut self) -> Result<(), CloseReason> {
        (self.upload, self.request) = (None, None);
        if !self.exchange.is_complete() {
            return Err(CloseReason::LocalError);
        }
        self.wire.start_next()
    }

    /// Notes that the connection is closed now, before its lease is dropped.
    pub(crate) fn closed(&mut self) {
        if let Some(lease) = &mut self.lease {
            lease.set_cause(self.close_cause.unwrap_or_else(|| self.exchange.close_cause()));
        }
        if self.observer.is_some() {
            self.report_closed();
        }
    }

    fn report_closed(&mut self) {
        if let Some(trace) = self.trace.take() {
            trace.abandon();
        }
        let cause = self.close_cause.unwrap_or_else(|| match &self.lease {
            Some(_) => self.exchange.close_cause(),
            None => CloseCause::PoolClosed,
        });
        // Once: a connection that has left the pool is closed again when it is dropped.
        if let Some(observer) = self.observer.take() {
            observer.report(&Event::ConnectionClosed { connection: self.details.id, cause });
        }
    }

    /// Reports how the body of the response ended.
    pub(crate) fn body_ended(&mut self, outcome: BodyOutcome) {
        if let Some(trace) = self.trace.take() {
            trace.end(outcome);
        }
    }

    /// Takes the bytes that were received and not used. Nothing else may be asked of this connection then.
    pub(crate) fn take_unread(&mut self) -> Bytes {
        std::mem::take(&mut self.wire).into_unread()
    }

    #[cfg(test)]
    #[cfg(feature = "blocking")]
    pub(crate) fn out_capacity(&self) -> usize {
        self.wire.out_capacity()
    }
}

/// Gives a connection back to where it came from: to be used again if it can be, else to be closed.
pub(crate) fn recycle<D: Http1Driver>(mut connection: Box<D>) {
    connection.state_mut().body_ended(BodyOutcome::Complete);
    let how = match connection.state_mut().end_exchange() {
        Ok(()) if connection.is_drained() => Release::Reuse { keep: connection.server_keep_alive() },
        Ok(()) => Release::Close(CloseCause::Stale),
        Err(reason) => Release::Close(reason.into()),
    };
    if let Some(lease) = connection.lease().take() {
        lease.give_back(connection, how);
    }
}
