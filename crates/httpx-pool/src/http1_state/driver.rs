//! [`Http1Driver`]: a driver of one flavour, and how the pool sees its connection.

use std::time::{Duration, Instant};

use httpx_core::{ConnectionDetails, MessageBody, RequestSent};

use super::Http1State;
use crate::close_cause::CloseCause;
use crate::lease::{Lease, Pooled, Wake};

/// A driver of one flavour: a stream and its state.
pub(crate) trait Http1Driver: Sized {
    type Body: MessageBody;
    type Waker: Wake;

    /// Returns the state.
    fn state(&self) -> &Http1State<Self>;

    /// Returns the state, to change it.
    fn state_mut(&mut self) -> &mut Http1State<Self>;

    /// Whether the stream has handed out everything that it received, and sent everything that was written.
    fn is_drained(&mut self) -> bool;
}

impl<D: Http1Driver> Pooled for D {
    type Waker = D::Waker;
    type Body = D::Body;

    #[inline]
    fn lease(&mut self) -> &mut Option<Lease<Self>> {
        &mut self.state_mut().lease
    }

    #[inline]
    fn server_keep_alive(&self) -> Option<Duration> {
        self.state().wire.server_keep_alive()
    }

    #[inline]
    fn set_close_cause(&mut self, cause: CloseCause) {
        self.state_mut().close_cause = Some(cause);
    }

    #[inline]
    fn details(&self) -> &ConnectionDetails {
        &self.state().details
    }

    #[inline]
    fn is_reused(&self) -> bool {
        self.state().wire.was_idle()
    }

    #[inline]
    fn set_ready(&mut self, queue: Duration, ready: Option<Instant>) {
        let state = self.state_mut();
        (state.queue, state.ready) = (queue, ready);
    }

    #[inline]
    fn set_idle(&mut self) {
        self.state_mut().wire.set_idle();
    }

    #[inline]
    fn died_before_response(&self) -> bool {
        self.state().died_before_response()
    }

    #[inline]
    fn request_sent(&self) -> RequestSent {
        self.state().sent()
    }

    fn take_refused(&mut self) -> Option<D::Body> {
        self.state_mut().take_refused()
    }

    fn refuse_expect(&mut self) {
        self.state_mut().refuse_expect();
    }

    #[inline]
    fn is_untouched(&self) -> bool {
        let state = self.state();
        !state.exchange.has_failed() && state.wire.is_between_exchanges()
    }
}
