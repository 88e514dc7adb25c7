//! Parses messages: the receiving half of a connection.

use crate::body_reader::{BodyEvent, BodyInput, BodyReader, Eof, find_end};
use crate::budget::Budget;
use crate::buffer::Buffer;
use crate::cycle::CycleState;
use crate::error::{Limit, RemoteError, Truncation};
use crate::framing::BodyKind;
use crate::phase::{Phase, Transition};
use crate::role::Role;
use crate::role::side::{AfterHead, HeadPrefix, ReceivedHead, Side};
use crate::scan::{Scan, Strictness};
use crate::{CloseReason, Event, Limits};

/// The receiving half of a connection.
#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) phase: Phase,
    body: BodyReader,
    scan: Scan,
    /// The first line has been checked.
    line_checked: bool,
    budget: Budget,
    empty_lines: usize,
    interims: usize,
    error: Option<RemoteError>,
}

/// The length of a head, and its parsed form.
type ParsedHead<R> = (usize, Result<ReceivedHead<<R as Side>::Receives>, RemoteError>);

/// The context of a receiver, lent by its connection.
pub(crate) struct ReceiveContext<'a> {
    pub(crate) buffer: &'a mut Buffer,
    pub(crate) cycle: &'a mut CycleState,
    pub(crate) limits: &'a Limits,
    pub(crate) eof: Option<Eof>,
}

impl Receiver {
    pub(crate) fn new(limits: &Limits) -> Self {
        Receiver {
            phase: Phase::Idle,
            body: BodyReader::new(BodyKind::Length(0)),
            scan: Scan::default(),
            line_checked: false,
            budget: Budget::new(limits.head_bytes),
            empty_lines: 0,
            interims: 0,
            error: None,
        }
    }

    pub(crate) fn next<R: Role>(
        &mut self,
        context: &mut ReceiveContext<'_>,
    ) -> Result<Event<R::Receives>, RemoteError> {
        let event = match (&self.error, self.phase) {
            (Some(error), _) => return Err(error.clone()),
            (None, Phase::Idle) => self.head::<R>(context),
            (None, Phase::Body) => self.body::<R>(context),
            (None, Phase::Done | Phase::Switched) => Ok(Event::Paused),
            (None, Phase::Closed | Phase::Failed) => Ok(Event::Closed),
        };
        if let Err(error) = &event {
            self.error = Some(error.clone());
            self.step(Transition::Fail);
            context.cycle.must_close(Some(CloseReason::RemoteError));
            context.cycle.refused_head =
                context.cycle.request.is_none() && context.buffer.unread().starts_with(b"HEAD ");
        }
        event
    }

    /// Returns whether data of the body is next, by one quick check. `false` decides nothing.
    #[inline]
    pub(crate) fn finds_data(&mut self, buffer: &mut Buffer) -> bool {
        self.phase == Phase::Body && self.body.finds_data(buffer)
    }

    #[inline]
    pub(crate) fn data<'b>(&self, unread: &'b [u8]) -> &'b [u8] {
        if self.phase == Phase::Body { self.body.data(unread) } else { &[] }
    }

    #[inline]
    pub(crate) fn passthrough_len(&self, buffer_capacity: usize) -> Option<u64> {
        if self.phase == Phase::Body { self.body.passthrough_len(buffer_capacity) } else { None }
    }

    #[inline]
    pub(crate) fn remaining(&self) -> Option<u64> {
        if self.phase == Phase::Body { self.body.remaining() } else { None }
    }

    #[inline]
    pub(crate) fn took(&mut self, n: u64) {
        if self.phase == Phase::Body {
            self.body.took(n);
        }
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.error.is_some()
    }

    /// Goes to another phase. A transition that is not allowed changes nothing.
    #[inline]
    pub(crate) fn step(&mut self, step: Transition) {
        self.phase = self.phase.after(step).unwrap_or(self.phase);
    }

    fn head<R: Role>(&mut self, context: &mut ReceiveContext<'_>) -> Result<Event<R::Receives>, RemoteError> {
        if !R::may_receive(context.cycle) && !context.buffer.is_empty() {
            return Err(RemoteError::Unasked);
        }
        // Before a driver's first read. Not if the budget is spent: then any further byte is an error.
        if context.buffer.is_empty() && self.budget.left() > 0 {
            return self.no_head::<R>(context);
        }
        self.skip_empty_lines(context, R::STRICTNESS)?;
        // Reads no further than the budget: the bytes after it may have arrived or not, and must not change the
        // result.
        let (unread, left) = (context.buffer.unread(), self.budget.left());
        let bytes = unread.get(..left).unwrap_or(unread);
        R::check_start(HeadPrefix { bytes, ended: context.eof.is_some() && unread.len() < left })?;
        if !self.check_line::<R>(context)? {
            return self.no_head::<R>(context);
        }
        let Some((end, received)) = self.find_head::<R>(context)? else { return self.no_head::<R>(context) };
        self.budget.charge(end)?;
        let received = received?;
        context.buffer.consume(end);
        self.scan = Scan::default();
        match received.then {
            AfterHead::Interim => {
                self.count_interim(context.limits)?;
                self.step(Transition::Interim);
                return Ok(Event::Interim(received.head));
            }
            AfterHead::Body(framing) => {
                context.cycle.must_close(framing.close);
                self.body = BodyReader::new(framing.kind);
                self.step(Transition::Head);
            }
            AfterHead::Switch => {
                context.cycle.close = Some(CloseReason::Switched);
                self.step(Transition::Switch);
            }
        }
        Ok(Event::Head(received.head))
    }

    /// Returns the length of the head and its parsed form, once it is complete.
    fn find_head<R: Role>(
        &mut self,
        context: &mut ReceiveContext<'_>,
    ) -> Result<Option<ParsedHead<R>>, RemoteError> {
        let unread = context.buffer.unread();
        // Only at the first call, so that the cost stays linear however slowly the head arrives.
        if self.scan.is_fresh() {
            let window = unread.get(..self.budget.left()).unwrap_or(unread);
            if let Some(found) = R::receive_plain(window, context.cycle, context.limits) {
                return Ok(Some(found));
            }
        }
        let Some(end) = find_end(&mut self.scan, context.buffer, &self.budget, R::STRICTNESS)? else {
            return Ok(None);
        };
        let head = unread.get(..end).unwrap_or_default();
        Ok(Some((end, R::receive(head, context.cycle, context.limits))))
    }

    /// Lets the role check the first line as soon as it is complete. Returns `false` if it is not. The check comes
    /// before any other, so that the same error is found however the bytes arrive.
    fn check_line<R: Role>(&mut self, context: &ReceiveContext<'_>) -> Result<bool, RemoteError> {
        let Some(most) = R::line_bytes(context.limits).filter(|_| !self.line_checked) else {
            return Ok(true);
        };
        let unread = context.buffer.unread();
        let window = unread.get(..most.min(self.budget.left())).unwrap_or(unread);
        match self.scan.find_line(window) {
            Some(len) => {
                R::check_line(window.get(..len).unwrap_or_default(), context.limits)?;
                self.line_checked = true;
                Ok(true)
            }
            None if window.len() == self.budget.left() => Err(self.budget.exceeded()),
            None if window.len() == most => {
                Err(RemoteError::Limit(Limit::TargetBytes, context.limits.target_bytes))
            }
            None => Ok(false),
        }
    }

    /// Handles a head that is not complete and may never be.
    fn no_head<R: Role>(&mut self, context: &ReceiveContext<'_>) -> Result<Event<R::Receives>, RemoteError> {
        let asked = context.cycle.request.is_some();
        // Old clients send an empty line after a POST (RFC 9112 §2.2).
        let began = !context.buffer.is_empty() || self.interims > 0 || asked && self.empty_lines > 0;
        match (context.eof, began) {
            (None, _) => Ok(Event::NeedData),
            (Some(_), true) => Err(RemoteError::Incomplete(Truncation::Head)),
            (Some(_), false) if asked => Err(RemoteError::Incomplete(Truncation::Nothing)),
            (Some(_), false) => {
                self.step(Transition::Close);
                Ok(Event::Closed)
            }
        }
    }

    fn body<R: Role>(&mut self, context: &mut ReceiveContext<'_>) -> Result<Event<R::Receives>, RemoteError> {
        let mut source = BodyInput {
            buffer: context.buffer,
            budget: &mut self.budget,
            limits: context.limits,
            strictness: R::STRICTNESS,
            eof: context.eof,
        };
        let found = self.body.next(&mut source)?;
        if !matches!(found, BodyEvent::NeedData) {
            context.cycle.awaits_continue = false; // a client that sends its body does not wait
        }
        Ok(match found {
            BodyEvent::NeedData => Event::NeedData,
            BodyEvent::Data => Event::Data,
            BodyEvent::End(trailers) => {
                self.step(Transition::End);
                Event::End(trailers)
            }
        })
    }

    /// RFC 9112 §2.2 for requests. Before responses as in browsers and curl; h11 refuses. `httparse` would skip any
    /// number.
    #[inline]
    fn skip_empty_lines(
        &mut self,
        context: &mut ReceiveContext<'_>,
        strictness: Strictness,
    ) -> Result<(), RemoteError> {
        loop {
            // Reads no further than the budget here too.
            let unread = context.buffer.unread();
            let len = match (unread.get(..self.budget.left()).unwrap_or(unread), strictness) {
                ([b'\r', b'\n', ..], _) => 2,
                ([b'\n', ..], Strictness::Lenient) => 1,
                ([b'\n', ..], Strictness::Strict) => return Err(RemoteError::BareLf),
                ([b'\r', _, ..], _) => return Err(RemoteError::BareCr),
                (_, _) => return Ok(()),
            };
            if self.empty_lines >= context.limits.empty_lines {
                return Err(RemoteError::Limit(Limit::EmptyLines, context.limits.empty_lines));
            }
            self.empty_lines += 1;
            self.budget.charge(len)?;
            context.buffer.consume(len);
            self.scan = Scan::default(); // it may have looked at the CR
        }
    }

    fn count_interim(&mut self, limits: &Limits) -> Result<(), RemoteError> {
        if self.interims >= limits.interim_count {
            return Err(RemoteError::Limit(Limit::InterimCount, limits.interim_count));
        }
        self.interims += 1;
        Ok(())
    }
}
