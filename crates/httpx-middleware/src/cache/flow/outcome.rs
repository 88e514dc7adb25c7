//! What follows from the outcome of a request: a response is stored, validated or removed, or a stale one is returned.

use bytes::Bytes;
use httpx_core::{
    CacheHit, Error, HeaderValue, Headers, Method, RequestHead, ResponseHead, Result, StaleReason, Url,
};

use super::Cache;
use super::call::{CacheCall, PendingResponse};
use crate::cache::directives::ResponseDirectives;
use crate::cache::reuse;
use crate::cache::selection::Selection;
use crate::cache::shelf::FoundResponse;
use crate::cache::storable::{is_server_failure, is_storable};
use crate::cache::stored_response::{ExchangeTimes, StoredResponse};
use crate::flow::{BlockingWork, BodyTee};
use crate::{BodyReuse, Clock, FlowNext};

/// The most bytes of a redirect's body. The cache reads it before the redirect is followed, because no caller reads it.
const MAX_REDIRECT_BYTES: u64 = 64 << 10;

impl Cache {
    /// Takes a response to GET or HEAD.
    pub(super) fn answered(
        &self,
        call: &mut CacheCall,
        request: &mut RequestHead,
        response: &mut ResponseHead,
        clock: &dyn Clock,
    ) -> Result<FlowNext> {
        let times = ExchangeTimes { sent: call.sent, received: clock.wall() };
        let Some(found) = call.found.take() else { return Ok(self.store(call, response, times)) };
        self.state.clear_due(&found.key);
        if response.status() == 304 && call.is_conditional {
            return self.validated(call, request, response, found, times);
        }
        if is_server_failure(response.status()) {
            return Ok(self.returned_on_error(call, &found, times).unwrap_or(FlowNext::Done));
        }
        self.state.counters.miss();
        if call.is_head() {
            return Ok(self.compared(call, response, found, times));
        }
        Ok(match self.store(call, response, times) {
            // The stored response is outdated, and the new one is not stored.
            FlowNext::Done => self.removed(found),
            next => next,
        })
    }

    /// Takes the error of a request.
    pub(super) fn failed(&self, call: &mut CacheCall, error: &Error, clock: &dyn Clock) -> FlowNext {
        let Some(found) = call.found.take() else { return FlowNext::Done };
        self.state.clear_due(&found.key);
        if !(error.is_connect() || error.is_timeout() || error.is_transient()) {
            return FlowNext::Done;
        }
        let times = ExchangeTimes { sent: call.sent, received: clock.wall() };
        self.returned_on_error(call, &found, times).unwrap_or(FlowNext::Done)
    }

    /// Takes a response to a request that may have changed what its URL has (RFC 9111 §4.4).
    pub(super) fn changed(&self, call: &CacheCall, response: &ResponseHead) -> FlowNext {
        if response.status().is_error() {
            return FlowNext::Done;
        }
        let url = call.request.url();
        let mut urls = vec![url.clone()];
        for name in ["location", "content-location"] {
            let target = response.headers().get(name).and_then(HeaderValue::to_str);
            let other = target.and_then(|target| url.join(target).ok());
            // Otherwise a server could empty the cache of another one.
            urls.extend(other.filter(|other: &Url| other.origin() == url.origin()));
        }
        after(self.state.run(move |state| state.invalidate(&urls)), FlowNext::Done)
    }

    /// Saves a response whose body has been read.
    pub(super) fn saved(
        &self,
        call: &CacheCall,
        head: &ResponseHead,
        pending: PendingResponse,
        body: Bytes,
    ) -> FlowNext {
        let response = StoredResponse::new(head, pending.selection, pending.times, body);
        let url = call.request.url().clone();
        after(self.state.run(move |state| state.save(&url, response)), FlowNext::Done)
    }

    /// Stores a response when its body has been read, if it may be stored.
    fn store(&self, call: &mut CacheCall, head: &ResponseHead, times: ExchangeTimes) -> FlowNext {
        let is_stored = *call.request.method() == Method::GET && is_storable(head);
        let selection = Selection::of(head.headers(), &call.request).filter(|_| is_stored);
        let Some(selection) = selection else { return FlowNext::Done };
        let max_bytes = self.state.settings.max_body_bytes;
        if head.status().is_redirection() {
            call.pending = Some(PendingResponse { selection, times });
            return FlowNext::ReadBody { max_bytes: max_bytes.min(MAX_REDIRECT_BYTES) };
        }
        let (state, url, head) = (self.state.clone(), call.request.url().clone(), head.clone());
        FlowNext::Tee(BodyTee::new(max_bytes, move |body| {
            let response = StoredResponse::new(&head, selection, times, body);
            state.run(move |state| state.save(&url, response))
        }))
    }

    /// The server has confirmed a stored response (RFC 9111 §4.3.4).
    fn validated(
        &self,
        call: &mut CacheCall,
        request: &mut RequestHead,
        head: &ResponseHead,
        mut found: FoundResponse,
        times: ExchangeTimes,
    ) -> Result<FlowNext> {
        if differ(&found.response.headers, head.headers(), "etag") {
            // It has confirmed another response, which is not here: the request is sent without conditions.
            request.headers_mut().remove("If-None-Match");
            request.headers_mut().remove("If-Modified-Since");
            call.is_conditional = false;
            return Ok(FlowNext::Again { after: None, body: BodyReuse::Keep });
        }
        found.response.update(head, times);
        self.state.counters.hit(CacheHit::Revalidated);
        let mut answer = found.response.to_response(times.received, CacheHit::Revalidated, call.is_head());
        for cookie in head.headers().get_all("set-cookie") {
            answer.headers_mut().append("Set-Cookie", cookie.as_bytes())?;
        }
        let then = FlowNext::Answer(answer.into());
        if ResponseDirectives::parse(head.headers()).no_store {
            return Ok(after(self.state.run(move |state| state.remove(&found.key)), then));
        }
        Ok(after(self.updated(call, found), then))
    }

    /// Saves a response whose headers were updated. They may have changed which requests it answers.
    fn updated(&self, call: &CacheCall, mut found: FoundResponse) -> Option<BlockingWork> {
        let url = call.request.url().clone();
        let Some(selection) = Selection::of(&found.response.headers, &call.request) else {
            return self.state.run(move |state| state.remove(&found.key));
        };
        if selection == found.response.selection {
            return self.state.run(move |state| state.update(found));
        }
        found.response.selection = selection;
        self.state.run(move |state| state.replace(&url, found))
    }

    /// Returns a stale response because the server failed, if that is allowed.
    fn returned_on_error(
        &self,
        call: &CacheCall,
        found: &FoundResponse,
        times: ExchangeTimes,
    ) -> Option<FlowNext> {
        let (settings, now) = (&self.state.settings, times.received);
        let (max_heuristic, default) = (settings.max_heuristic_lifetime, settings.stale_if_error);
        if !reuse::may_return_on_error(&found.response, &call.wishes, now, max_heuristic, default) {
            return None;
        }
        let hit = CacheHit::Stale(StaleReason::OnError);
        self.state.counters.hit(hit);
        Some(FlowNext::Answer(found.response.to_response(now, hit, call.is_head()).into()))
    }

    /// Compares a stored response with a response to HEAD (RFC 9111 §4.3.5): it is updated, or removed if it is another.
    fn compared(
        &self,
        call: &CacheCall,
        head: &ResponseHead,
        mut found: FoundResponse,
        times: ExchangeTimes,
    ) -> FlowNext {
        let is_other = head.status() != found.response.status
            || ["etag", "last-modified", "content-length"]
                .iter()
                .any(|name| differ(&found.response.headers, head.headers(), name));
        if is_other || !is_storable(head) {
            return self.removed(found);
        }
        found.response.update(head, times);
        after(self.updated(call, found), FlowNext::Done)
    }

    fn removed(&self, found: FoundResponse) -> FlowNext {
        after(self.state.run(move |state| state.remove(&found.key)), FlowNext::Done)
    }
}

/// Returns whether both have the header, with other values.
fn differ(stored: &Headers, received: &Headers, name: &str) -> bool {
    match (stored.get(name), received.get(name)) {
        (Some(stored), Some(received)) => weak(stored) != weak(received),
        (None, _) | (_, None) => false,
    }
}

/// Returns an entity tag without its weakness (RFC 9110 §8.8.3.2).
fn weak(value: HeaderValue<'_>) -> &[u8] {
    value.as_bytes().strip_prefix(b"W/").unwrap_or(value.as_bytes())
}

fn after(work: Option<BlockingWork>, then: FlowNext) -> FlowNext {
    match work {
        Some(work) => FlowNext::Run(work, Box::new(then)),
        None => then,
    }
}
