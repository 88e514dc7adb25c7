//! [`Delivery`]: how the answer to a request reaches its caller: after which wait, with which body, or as which error.

use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use httpx_core::{
    Error, ErrorKind, Headers, Options, RequestHead, RequestSent, Response, ResponseHead, Result,
    SourceState, Timeout,
};

use super::fault::{length_of, timed_out};
use super::reply::{Answer, Reply, owned};

/// The answer to one request. The flavours wait, and make the body.
pub(super) struct Delivery {
    request: RequestHead,
    wait: Duration,
    outcome: Result<(ResponseHead, ReplyBody)>,
}

impl Delivery {
    /// Decides how a reply reaches the caller of this request. `now` is read if the call has a deadline.
    pub(super) fn new(request: RequestHead, reply: Result<Reply>, now: impl FnOnce() -> Instant) -> Self {
        let reply = match reply {
            Ok(reply) => reply,
            Err(error) => {
                return Delivery { wait: Duration::ZERO, outcome: Err(request.error(error)), request };
            }
        };
        let (limit, timeout) = limit(&request, now);
        if reply.delay >= limit {
            let sent = RequestSent::Complete;
            let error = timed_out(timeout, length_of(timeout, &request)).with_request_sent(sent);
            return Delivery { wait: limit, outcome: Err(request.error(error)), request };
        }
        let wait = reply.delay;
        let outcome = match reply.answer {
            Answer::Response(response) => Ok(receive(&request, *response, reply.cut_after)),
            Answer::Fault(fault) => Err(fault.error(&request)),
            Answer::Error(error) => Err(request.error(owned(error))),
        };
        Delivery { request, wait, outcome }
    }

    /// Returns how long to wait before [`finish`](Delivery::finish).
    pub(super) fn wait(&self) -> Duration {
        self.wait
    }

    /// Returns the outcome. `body` makes a body of its flavour.
    pub(super) fn finish<B>(
        self,
        body: impl FnOnce(ReplyBody, &mut Headers, &Options) -> B,
    ) -> Result<Response<B>> {
        let (mut head, source) = self.outcome?;
        let body = body(source, head.headers_mut(), self.request.options());
        Ok(Response::from_parts(head, body))
    }
}

/// Returns the longest wait for the head of a response, and the timeout that sets it.
fn limit(request: &RequestHead, now: impl FnOnce() -> Instant) -> (Duration, Timeout) {
    let head = length_of(Timeout::Head, request);
    match request.deadline().map(|deadline| deadline.saturating_duration_since(now())) {
        Some(left) if left < head => (left, Timeout::Total),
        Some(_) | None => (head, Timeout::Head),
    }
}

/// Returns the response as a client receives it.
fn receive(
    request: &RequestHead,
    response: Response<Bytes>,
    cut_after: Option<usize>,
) -> (ResponseHead, ReplyBody) {
    let (mut head, mut body) = response.into_parts();
    head.set_request(request.clone());
    head.set_request_sent(RequestSent::Complete);
    // RFC 9110 §6.4.1
    if *request.method() == "HEAD" || matches!(head.status().as_u16(), 100..=199 | 204 | 304) {
        body.clear();
    }
    let left = body.split_to(cut_after.map_or(body.len(), |bytes| bytes.min(body.len())));
    let (is_cut, trailers) = (cut_after.is_some(), head.trailers().clone());
    (head, ReplyBody { sent: left.len(), left, missing: body.len(), is_cut, trailers })
}

/// The source of a body that is in memory, and may end too early.
#[derive(Debug)]
pub(super) struct ReplyBody {
    left: Bytes,
    /// The number of bytes that are sent.
    sent: usize,
    /// The number of bytes after a cut.
    missing: usize,
    is_cut: bool,
    trailers: Headers,
}

impl ReplyBody {
    /// Returns the bytes that are left.
    ///
    /// # Errors
    ///
    /// If there are none, and the body is cut there.
    pub(super) fn ready(&self) -> Result<&[u8]> {
        if !(self.left.is_empty() && self.is_cut) {
            return Ok(&self.left);
        }
        let (sent, all) = (self.sent, self.sent.saturating_add(self.missing));
        let message = format!(
            "the response was cut short after {sent} of {all} bytes; {advice}",
            advice = "send the request again, or request the rest with Range"
        );
        Err(Error::new(ErrorKind::Incomplete, message))
    }

    /// Moves the first bytes into the buffer.
    pub(super) fn read_ready(&mut self, buf: &mut [u8]) -> Result<usize> {
        let n = self.ready()?.len().min(buf.len());
        if let Some(room) = buf.get_mut(..n) {
            self.left.copy_to_slice(room);
        }
        Ok(n)
    }
}

impl SourceState for ReplyBody {
    fn consume(&mut self, n: usize) {
        self.left.advance(n.min(self.left.len()));
    }

    fn finish(self: Box<Self>) -> Headers {
        self.trailers
    }

    fn discard(self: Box<Self>) {}

    fn remaining(&self) -> Option<u64> {
        // A cut at the end still fails, so the length counts one byte more than it has.
        let missing = if self.is_cut { self.missing.max(1) } else { 0 };
        Some(self.left.len().saturating_add(missing) as u64)
    }
}

#[cfg(test)]
mod tests {
    use httpx_core::{Method, Timeouts, Url};

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// The request's `head` and total timeouts, the time since its start, and the delay, in seconds; and how long it waits
    /// for what.
    #[test]
    fn a_delay_counts_against_the_timeouts() {
        let start = Instant::now();
        for (head, total, since, delay, expected) in [
            (5, None, 0, 0, (0, None)),
            (5, None, 0, 4, (4, None)),
            (5, None, 0, 6, (5, Some(Timeout::Head))),
            (5, Some(3), 0, 2, (2, None)),
            (5, Some(3), 0, 4, (3, Some(Timeout::Total))),
            (5, Some(7), 4, 6, (3, Some(Timeout::Total))),
            (5, Some(7), 9, 1, (0, Some(Timeout::Total))),
        ] {
            let mut request = RequestHead::new(Method::GET, Url::parse("http://h/").unwrap());
            let mut timeouts = Timeouts::new().head(SECOND * head);
            timeouts.total = total.map(|total| SECOND * total);
            request.begin(|| start, &timeouts.or(&Timeouts::DEFAULT));
            let reply = Reply::new(204).delay(SECOND * delay);
            let delivery = Delivery::new(request, Ok(reply), || start + SECOND * since);
            let wait = delivery.wait();
            let kind = delivery.finish(|_, _, _| ()).err().map(|error| error.kind());
            let expected = (SECOND * expected.0, expected.1.map(ErrorKind::Timeout));
            assert_eq!((wait, kind), expected, "{head} {total:?} {since} {delay}");
        }
    }
}
