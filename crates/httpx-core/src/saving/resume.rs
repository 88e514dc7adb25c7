//! [`Resume`]: resumes a download: decides which range to request, and what to do with each response.

use super::content_range::ContentRange;
use super::resume_record::ResumeRecord;
use crate::error::REST_ADVICE;
use crate::{Error, ErrorKind, MessageBody, Method, Request, RequestHead, ResponseHead, Result, StatusCode};

/// The most requests of one download whose responses are shorter than the rest of the file.
const MAX_ROUNDS: u32 = 100;

const CALL_AGAIN: &str = "call resume_to() again to continue";

/// A download that continues where an earlier one stopped (RFC 9110 §14, §13.1.5), without I/O.
///
/// The driver sends each [`request`](Resume::request). It reports the head of the response
/// ([`answered`](Resume::answered)), the number of bytes of its body ([`received`](Resume::received)), and the end of the
/// body ([`ended`](Resume::ended)).
#[derive(Debug)]
pub struct Resume {
    head: RequestHead,
    /// The number of bytes in the partial file.
    have: u64,
    /// The representation to which these bytes belong, if it is known.
    record: Option<ResumeRecord>,
    asks_range: bool,
    has_started_over: bool,
    rounds: u32,
    /// The number of bytes of the current range that have not been received.
    range_left: Option<u64>,
}

/// The action that a response leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResumeAnswer {
    /// The file is complete.
    Complete,
    /// Append the body.
    Append,
    /// Make the file empty, keep the new [`record`](Resume::record), and append the body.
    Replace,
    /// Drop the response, and send the next request.
    SendAgain,
}

impl Resume {
    /// Starts a download with this request. The partial file has `have` bytes and this record, which may be empty.
    pub fn new(head: RequestHead, have: u64, record: &[u8]) -> Self {
        let record = ResumeRecord::parse(record, head.url());
        let record = record.filter(|record| record.length.is_none_or(|length| have <= length));
        let (has_started_over, rounds, range_left) = (false, 0, None);
        let asks_range = have > 0 && record.is_some();
        Resume { head, have, record, asks_range, has_started_over, rounds, range_left }
    }

    /// Checks that a download by this request can be resumed, and returns the head of the request.
    ///
    /// # Errors
    ///
    /// Kind [`InvalidRequest`](ErrorKind::InvalidRequest) if the method is not GET, or if there is a body.
    pub fn check<B: MessageBody>(request: Request<B>) -> Result<RequestHead> {
        let (head, body) = request.into_parts();
        if *head.method() != Method::GET || body.as_bytes().is_none_or(|bytes| !bytes.is_empty()) {
            let message = "only a GET without a body can be resumed; use save_to() instead";
            return Err(head.error(Error::new(ErrorKind::InvalidRequest, message)));
        }
        Ok(head)
    }

    /// Returns the next request.
    ///
    /// # Errors
    ///
    /// Never: all headers are valid.
    pub fn request<B: MessageBody>(&self) -> Result<Request<B>> {
        let mut head = self.head.clone();
        // Ranges count encoded bytes.
        head.options_mut().decompress = Some(false);
        let headers = head.headers_mut();
        headers.set("Accept-Encoding", "identity")?;
        headers.remove("Range");
        headers.remove("If-Range");
        if let (true, Some(record)) = (self.asks_range, &self.record) {
            headers.set("Range", format!("bytes={}-", self.have))?;
            headers.set("If-Range", record.validator.as_str())?;
        }
        Ok(Request::from_parts(head, B::default()))
    }

    /// Returns the action for a response with this head.
    ///
    /// # Errors
    ///
    /// Kind [`Status`](ErrorKind::Status) for a status without the file, kind [`Protocol`](ErrorKind::Protocol) for a range
    /// that was not requested. The partial file is unchanged.
    pub fn answered(&mut self, response: &ResponseHead) -> Result<ResumeAnswer> {
        match (response.status(), ContentRange::of(response.headers())) {
            (StatusCode::OK | StatusCode::NON_AUTHORITATIVE_INFORMATION, _) => {
                self.replace(response);
                Ok(ResumeAnswer::Replace)
            }
            (StatusCode::PARTIAL_CONTENT, Some(range)) if self.asks_range && self.append(range, response) => {
                Ok(ResumeAnswer::Append)
            }
            (StatusCode::RANGE_NOT_SATISFIABLE, Some(range))
                if self.asks_range && self.is_complete(range, response) =>
            {
                Ok(ResumeAnswer::Complete)
            }
            (StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE, _)
                if self.asks_range && !self.has_started_over =>
            {
                (self.asks_range, self.has_started_over) = (false, true);
                Ok(ResumeAnswer::SendAgain)
            }
            (StatusCode::PARTIAL_CONTENT, _) => {
                Err(self
                    .error(ErrorKind::Protocol, "the server sent a part of the file that was not asked for"))
            }
            (status, _) => {
                let message = format!("the server answered {status}; nothing was added to the partial file");
                Err(self.error(ErrorKind::Status, message).with_response(response.clone()))
            }
        }
    }

    /// Returns the text to store beside the partial file for the next download. Returns `None` if the server sends no
    /// validator that identifies the bytes; the next download then starts over.
    pub fn record(&self) -> Option<String> {
        self.record.as_ref().map(ResumeRecord::to_text)
    }

    /// Counts `n` bytes of the body, before they are appended.
    ///
    /// # Errors
    ///
    /// Kind [`Protocol`](ErrorKind::Protocol) if the body is longer than its range.
    pub fn received(&mut self, n: usize) -> Result<()> {
        let n = n as u64;
        if let Some(left) = &mut self.range_left {
            match left.checked_sub(n) {
                Some(rest) => *left = rest,
                None => {
                    return Err(self.error(
                        ErrorKind::Protocol,
                        "the server sent more bytes than its Content-Range says",
                    ));
                }
            }
        }
        self.have = self.have.saturating_add(n);
        Ok(())
    }

    /// Returns the error of a body that was cut, with the advice for a download that can be resumed.
    pub fn cut(error: Error) -> Error {
        error.replace_advice(REST_ADVICE, CALL_AGAIN)
    }

    /// Returns, at the end of a body, whether the file is complete. If it is not, send the next request.
    ///
    /// # Errors
    ///
    /// Kind [`Incomplete`](ErrorKind::Incomplete) if the body is shorter than its range, or after 100 ranges.
    pub fn ended(&mut self) -> Result<bool> {
        let Some(left) = self.range_left.take() else { return Ok(true) };
        if left > 0 {
            return Err(self.error(
                ErrorKind::Incomplete,
                format!("the body ended before its Content-Range did; {CALL_AGAIN}"),
            ));
        }
        let is_complete = self.record.as_ref().is_some_and(|record| record.length == Some(self.have));
        self.rounds += 1;
        if !is_complete && self.rounds >= MAX_ROUNDS {
            let message = format!("the server sent {MAX_ROUNDS} short ranges; {CALL_AGAIN}");
            return Err(self.error(ErrorKind::Incomplete, message));
        }
        Ok(is_complete)
    }

    /// Returns the number of bytes in the file.
    pub fn len(&self) -> u64 {
        self.have
    }

    /// Returns whether the file is empty.
    pub fn is_empty(&self) -> bool {
        self.have == 0
    }

    fn replace(&mut self, response: &ResponseHead) {
        let is_framed_otherwise = response.headers().contains("transfer-encoding");
        let length = response.content_length().filter(|_| !is_framed_otherwise);
        self.record = ResumeRecord::of(self.head.url(), response, length);
        (self.have, self.range_left) = (0, None);
    }

    /// Accepts a range if it begins at the end of the partial file and belongs to the same representation.
    fn append(&mut self, range: ContentRange, response: &ResponseHead) -> bool {
        let (ContentRange::Part { first, last, length }, Some(record)) = (range, &mut self.record) else {
            return false;
        };
        let is_same_length = record.length.is_none() || length.is_none() || length == record.length;
        if first != self.have || !is_same_length || !record.is_of(response) {
            return false;
        }
        record.length = record.length.or(length);
        if record.length.is_some_and(|length| last >= length) {
            return false;
        }
        self.range_left = Some(last - first + 1);
        true
    }

    /// Returns whether a 416 response means that the partial file is complete.
    fn is_complete(&self, range: ContentRange, response: &ResponseHead) -> bool {
        let Some(record) = &self.record else { return false };
        let is_end = range == ContentRange::Unsatisfied { length: self.have };
        is_end && record.length.is_none_or(|length| length == self.have) && record.is_of(response)
    }

    fn error(&self, kind: ErrorKind, message: impl Into<std::borrow::Cow<'static, str>>) -> Error {
        self.head.error(Error::new(kind, message)).answered()
    }
}

#[cfg(test)]
mod tests;
