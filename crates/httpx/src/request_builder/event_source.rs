//! [`EventSource`]: server-sent events that go on after a lost connection. The decisions for both flavours.

use std::fmt;
use std::time::Duration;

use httpx_core::{BodyItems, Error, ErrorKind, EventDecoder, Response, Result, Timeouts};

use super::RequestBuilder;
use crate::request_sender::RequestSender;

/// Server-sent events of a URL, which go on after a lost connection where they stopped (WHATWG HTML §9.2), as the
/// `EventSource` of browsers. Blocking: an `Iterator`. Async: `next`.
///
/// [`event_source`](RequestBuilder::event_source) of a request returns it. It sends the request when it is asked for the first
/// event. When the response ends or the connection is lost, it waits for the time that the server has named (`retry`), and
/// sends the request again with the id of the last event (`Last-Event-ID`). After attempts without an event it waits twice as
/// long each time.
///
/// It ends, and returns `None`, after a response with status 204. It returns an error and ends if a response has another status
/// that is not 2xx or another media type than `text/event-stream`, if an event is too long, and after as many failed attempts in
/// a row as [`max_attempts`](EventSource::max_attempts) says.
///
/// ```no_run
/// # #[cfg(feature = "blocking")] {
/// for event in httpx::get("https://www.example.com/prices").event_source()? {
///     let event = event?;
///     println!("{} {}", event.event, event.data);
/// }
/// # }
/// # Ok::<(), httpx::Error>(())
/// ```
#[must_use = "it sends nothing until it is asked for an event"]
pub struct EventSource<C: RequestSender> {
    request: RequestBuilder<C>,
    /// The events of the present response.
    pub(crate) events: Option<BodyItems<C::Body, EventDecoder>>,
    last_event_id: String,
    retry: Duration,
    max_retry: Duration,
    max_attempts: u32,
    /// The attempts since the last event.
    attempts: u32,
    has_ended: bool,
}

/// The next action of a driver.
pub(crate) enum NextAction<C: RequestSender> {
    /// Send this request, then [`EventSource::answered`].
    Send(Box<RequestBuilder<C>>),
    /// Ask [`EventSource::events`] for the next item, then [`EventSource::received`].
    Read,
    End,
}

/// What follows from a response or an item.
pub(crate) enum Then<T> {
    /// Return this.
    Return(Option<Result<T>>),
    /// Wait for this time, then ask for the next action.
    After(Duration),
}

/// The wait before the next attempt until the server names another: that of Chrome.
const RETRY: Duration = Duration::from_secs(3);
const MAX_RETRY: Duration = Duration::from_secs(60);
const MAX_ATTEMPTS: u32 = 10;

/// A stream of events may be silent for longer than other responses.
const READ_TIMEOUT: Duration = Duration::from_secs(300);

impl<C: RequestSender> RequestBuilder<C> {
    /// Makes a source of server-sent events that goes on after a lost connection, as the `EventSource` of browsers. It sends the
    /// request when it is asked for the first event. [`events`](crate::Response::events) reads those of one response.
    ///
    /// `Accept: text/event-stream` and `Cache-Control: no-store` are added. The read timeout defaults to 5 minutes here; after
    /// it the connection counts as lost.
    ///
    /// ```no_run
    /// # #[cfg(feature = "blocking")] {
    /// let source = httpx::get("https://www.example.com/prices").bearer_auth("token").event_source()?;
    /// for event in source.take(10) {
    ///     println!("{}", event?.data);
    /// }
    /// # }
    /// # Ok::<(), httpx::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first invalid setting; or kind [`InvalidRequest`](crate::ErrorKind::InvalidRequest) if the body can be sent only
    /// once.
    #[doc(alias = "sse")]
    pub fn event_source(self) -> Result<EventSource<C>> {
        let timeouts = Timeouts::new().read(READ_TIMEOUT);
        let RequestBuilder { client, draft } = self
            .header("Accept", "text/event-stream")
            .header("Cache-Control", "no-store")
            .with_options(|options| options.timeouts = options.timeouts.or(&timeouts));
        EventSource::new(RequestBuilder { client, draft: Ok(draft?) })
    }
}

impl<C: RequestSender> EventSource<C> {
    pub(crate) fn new(request: RequestBuilder<C>) -> Result<Self> {
        if request.try_clone().is_none() {
            let message = "an event source sends its request again and again, and this body can be sent only once; give bytes or a File";
            return Err(Error::new(ErrorKind::InvalidRequest, message));
        }
        Ok(EventSource {
            request,
            events: None,
            last_event_id: String::new(),
            retry: RETRY,
            max_retry: MAX_RETRY,
            max_attempts: MAX_ATTEMPTS,
            attempts: 0,
            has_ended: false,
        })
    }

    /// Sets how long to wait before the request is sent again, until the server names another time. Defaults to 3 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let source = httpx::get("https://www.example.com/prices").event_source()?.retry(Duration::from_secs(1));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn retry(mut self, wait: Duration) -> Self {
        self.retry = wait;
        self
    }

    /// Sets the longest wait before the request is sent again, whatever the server names. Defaults to 60 s.
    ///
    /// ```
    /// # use std::time::Duration;
    /// let source = httpx::get("https://www.example.com/prices").event_source()?.max_retry(Duration::from_secs(10));
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_retry(mut self, wait: Duration) -> Self {
        self.max_retry = wait;
        self
    }

    /// Sets how many attempts in a row may bring no event. The error of the last one is returned; if it had none, the source
    /// ends. Defaults to 10. `u32::MAX` is without end.
    ///
    /// ```
    /// let source = httpx::get("https://www.example.com/prices").event_source()?.max_attempts(3);
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn max_attempts(mut self, most: u32) -> Self {
        self.max_attempts = most;
        self
    }

    /// Sets the id of the last event that was seen earlier, to go on after it. Defaults to none.
    ///
    /// ```
    /// let source = httpx::get("https://www.example.com/prices").event_source()?.last_event_id("17");
    /// # Ok::<(), httpx::Error>(())
    /// ```
    pub fn last_event_id(mut self, id: impl Into<String>) -> Self {
        self.last_event_id = id.into();
        self
    }

    /// Decides what to do next.
    pub(crate) fn next_action(&mut self) -> NextAction<C> {
        if self.has_ended {
            return NextAction::End;
        }
        if self.events.is_some() {
            return NextAction::Read;
        }
        match self.request.try_clone() {
            Some(request) if self.last_event_id.is_empty() => NextAction::Send(Box::new(request)),
            Some(request) => NextAction::Send(Box::new(request.header("Last-Event-ID", &self.last_event_id))),
            None => NextAction::End,
        }
    }

    /// Takes the response, and returns what follows if there are no events in it.
    pub(crate) fn answered<T>(&mut self, response: Result<Response<C::Body>>) -> Option<Then<T>> {
        match response.and_then(Response::error_for_status) {
            Ok(response) if response.status() == 204 => Some(self.end(None)),
            Ok(response) if is_event_stream(&response) => {
                self.events = Some(response.events());
                None
            }
            Ok(response) => Some(self.end(Some(not_events(&response)))),
            Err(error) => Some(self.lost(Some(error))),
        }
    }

    /// Takes the next item of the events.
    pub(crate) fn received<T>(&mut self, item: Option<Result<T>>) -> Then<T> {
        match item {
            Some(Ok(event)) => {
                self.attempts = 0;
                Then::Return(Some(Ok(event)))
            }
            Some(Err(error)) => self.lost(Some(error)),
            None => self.lost(None),
        }
    }

    /// The connection is lost, or the response has ended.
    fn lost<T>(&mut self, error: Option<Error>) -> Then<T> {
        if let Some(events) = self.events.take() {
            if let Some(id) = events.last_event_id() {
                id.clone_into(&mut self.last_event_id);
            }
            self.retry = events.retry().unwrap_or(self.retry);
        }
        self.attempts = self.attempts.saturating_add(1);
        let is_final = error.as_ref().is_some_and(|error| !error.is_transient());
        if is_final || self.attempts >= self.max_attempts {
            return self.end(error);
        }
        let times = 1_u32 << (self.attempts - 1).min(16);
        Then::After(self.retry.saturating_mul(times).min(self.max_retry))
    }

    fn end<T>(&mut self, error: Option<Error>) -> Then<T> {
        self.has_ended = true;
        Then::Return(error.map(Err))
    }
}

fn is_event_stream<B>(response: &Response<B>) -> bool {
    response.media_type().is_some_and(|media_type| media_type.is("text/event-stream"))
}

fn not_events<B>(response: &Response<B>) -> Error {
    let media_type = response.media_type();
    let media_type = media_type.map_or_else(|| "missing".to_owned(), |media_type| media_type.to_string());
    let message = format!(
        "the response is no stream of events: its Content-Type is {media_type}, and should be text/event-stream"
    );
    let error = Error::new(ErrorKind::Protocol, message).with_response(response.head().clone());
    match response.head().request() {
        Some(request) => request.error(error),
        None => error,
    }
}

/// `<EventSource [GET "https://example.com/"]>`.
impl<C: RequestSender> fmt::Debug for EventSource<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let request = format!("{:?}", self.request);
        f.write_str(&request.replacen("RequestBuilder", "EventSource", 1))
    }
}
