//! [`RequestTrace`]: reports the events of a request. [`ExchangeTrace`]: those of its exchange on one connection.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use httpx_core::{ConnectionDetails, Error, ErrorKind, RequestHead, RequestSent, ResponseHead, Result};

use crate::endpoint::Endpoint;
use crate::event::{BodyOutcome, Event};
use crate::observer::ObserverHandle;

/// A request that is observed.
#[derive(Debug, Clone)]
pub(crate) struct RequestTrace {
    pub(crate) observer: ObserverHandle,
    /// `None` for a connection that is opened in advance.
    pub(crate) request: Option<u64>,
    began: Instant,
}

impl RequestTrace {
    /// Begins the trace of a request.
    ///
    /// # Errors
    ///
    /// If the URL is neither http nor https.
    #[cold]
    pub(crate) fn start(observer: &ObserverHandle, head: &RequestHead) -> Result<Self> {
        let origin = &Endpoint::of(head.url())?;
        static LAST: AtomicU64 = AtomicU64::new(0);
        let request = LAST.fetch_add(1, Ordering::Relaxed) + 1;
        let url = head.url().redacted();
        let url = url.split(['?', '#']).next().unwrap_or_default();
        let attempt = head.attempt().max(1);
        observer.report(&Event::RequestStarted { request, method: head.method(), url, origin, attempt });
        Ok(RequestTrace { observer: observer.clone(), request: Some(request), began: Instant::now() })
    }

    /// The trace of a connection that is opened in advance.
    pub(crate) fn preconnect(observer: &ObserverHandle) -> Self {
        RequestTrace { observer: observer.clone(), request: None, began: Instant::now() }
    }

    /// Reports an event, if this is a request.
    fn report(&self, event: impl FnOnce(u64) -> Event<'static>) {
        if let Some(request) = self.request {
            self.observer.report(&event(request));
        }
    }

    pub(crate) fn queued(&self) {
        self.report(|request| Event::RequestQueued { request });
    }

    pub(crate) fn acquired(&self, details: &ConnectionDetails, is_reused: bool, queued: Duration) {
        if let Some(request) = self.request {
            let connection = details.id;
            let event = Event::ConnectionAcquired { request, connection, details, is_reused, queued };
            self.observer.report(&event);
        }
    }

    pub(crate) fn resent(&self, error: &Error) {
        if let Some(request) = self.request {
            self.observer.report(&Event::RequestResent { request, error });
        }
    }

    pub(crate) fn failed(&self, error: &Error) {
        if let Some(request) = self.request {
            self.observer.report(&Event::RequestFailed { request, error });
        }
    }

    pub(crate) fn cancelled(&self) {
        self.report(|request| Event::RequestCancelled { request });
    }
}

/// An exchange that is observed, from the connection to the end of the body.
#[derive(Debug)]
pub(crate) struct ExchangeTrace {
    trace: RequestTrace,
    request: u64,
    connection: u64,
    has_reported_head: bool,
    has_reported_body: bool,
    /// When the head of the response had arrived.
    responded: Option<Instant>,
    /// How many bytes of the response's body have been read.
    bytes: u64,
}

impl ExchangeTrace {
    /// Begins the trace of an exchange of this request.
    pub(crate) fn new(trace: &RequestTrace, connection: u64) -> Option<Box<Self>> {
        let request = trace.request?;
        Some(Box::new(ExchangeTrace {
            trace: trace.clone(),
            request,
            connection,
            has_reported_head: false,
            has_reported_body: false,
            responded: None,
            bytes: 0,
        }))
    }

    /// Reports what has been sent: of a head of this length, and of the whole request.
    pub(crate) fn wrote(&mut self, head: u64, written: u64, sent: RequestSent) {
        let Self { request, connection, .. } = *self;
        if written >= head && !self.has_reported_head {
            self.has_reported_head = true;
            self.trace.observer.report(&Event::RequestHeadSent { request, connection });
        }
        if sent == RequestSent::Complete && written > head && !self.has_reported_body {
            self.has_reported_body = true;
            let bytes = written - head;
            self.trace.observer.report(&Event::RequestBodySent { request, connection, bytes });
        }
    }

    pub(crate) fn responded(&mut self, head: &ResponseHead) {
        let Self { request, connection, .. } = *self;
        let now = Instant::now();
        self.responded = Some(now);
        self.trace.observer.report(&Event::ResponseStarted {
            request,
            connection,
            status: head.status(),
            version: head.version(),
            elapsed: now.saturating_duration_since(self.trace.began),
        });
    }

    /// Notes that `n` bytes of the body have been read.
    pub(crate) fn read(&mut self, n: usize) {
        self.bytes = self.bytes.saturating_add(n as u64);
    }

    /// Reports the end of the body.
    pub(crate) fn end(&self, outcome: BodyOutcome) {
        let Self { request, connection, bytes, .. } = *self;
        let duration = self.responded.map(|at| at.elapsed()).unwrap_or_default();
        self.trace.observer.report(&Event::BodyEnded { request, connection, bytes, outcome, duration });
    }

    /// Reports an error after the head of the response. An error before it is reported by the checkout.
    pub(crate) fn fail(&self, kind: ErrorKind) {
        if self.responded.is_some() {
            self.end(BodyOutcome::Failed(kind));
        }
    }

    /// Reports that the connection is closed before the exchange has ended.
    pub(crate) fn abandon(&self) {
        match self.responded {
            Some(_) => self.end(BodyOutcome::Dropped),
            None => self.trace.cancelled(),
        }
    }
}
