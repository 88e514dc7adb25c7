//! [`Resume`]: decides which ranges a download asks for, and what its responses mean for the partial file.

use super::content_range::ContentRange;
use super::resume_record::ResumeRecord;
use crate::{Error, ErrorKind, MessageBody, Method, Request, RequestHead, ResponseHead, Result, StatusCode};

/// The most requests of one download whose responses are shorter than the rest of the file.
const MAX_ROUNDS: u32 = 100;

/// A download that goes on where an earlier one has stopped (RFC 9110 §14, §13.1.5), without I/O.
///
/// For each [`request`](Resume::request), hand over the head of its response ([`answered`](Resume::answered)), the number of
/// bytes of its body ([`received`](Resume::received)), and its end ([`ended`](Resume::ended)).
#[derive(Debug)]
pub struct Resume {
    head: RequestHead,
    /// The bytes that are in the partial file.
    have: u64,
    /// To which representation they belong; `None` if that is not known.
    record: Option<ResumeRecord>,
    asks_range: bool,
    has_started_over: bool,
    rounds: u32,
    /// The bytes of the current range that are missing.
    range_left: Option<u64>,
}

/// What a response means for the partial file.
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

    /// Checks that a download can go on with this request, and returns its head.
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
        // A range counts the bytes as they are sent.
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

    /// Decides what a response means.
    ///
    /// # Errors
    ///
    /// Kind [`Status`](ErrorKind::Status) for a status that has no file, kind [`Protocol`](ErrorKind::Protocol) for a part
    /// that was not asked for. The partial file stays as it is.
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

    /// The text to keep beside the partial file, for the next download; `None` if the server sends nothing that identifies
    /// the bytes, so that the next download starts over.
    pub fn record(&self) -> Option<String> {
        self.record.as_ref().map(ResumeRecord::to_text)
    }

    /// Counts `n` bytes of the body, before they are appended.
    ///
    /// # Errors
    ///
    /// Kind [`Protocol`](ErrorKind::Protocol) if the range has no room for them.
    pub fn received(&mut self, n: usize) -> Result<()> {
        let n = n as u64;
        if let Some(left) = &mut self.range_left {
            match left.checked_sub(n) {
                Some(rest) => *left = rest,
                None => {
                    return Err(self.error(
                        ErrorKind::Protocol,
                        "the server sent more bytes than its Content-Range has",
                    ));
                }
            }
        }
        self.have = self.have.saturating_add(n);
        Ok(())
    }

    /// Returns whether the file is complete, at the end of a body. If not, send the next request.
    ///
    /// # Errors
    ///
    /// Kind [`Incomplete`](ErrorKind::Incomplete) if the body is shorter than its range, or if there were too many ranges.
    pub fn ended(&mut self) -> Result<bool> {
        let Some(left) = self.range_left.take() else { return Ok(true) };
        if left > 0 {
            return Err(self.error(
                ErrorKind::Incomplete,
                "the body ended before its Content-Range did; call again to go on",
            ));
        }
        let is_complete = self.record.as_ref().is_some_and(|record| record.length == Some(self.have));
        self.rounds += 1;
        if !is_complete && self.rounds >= MAX_ROUNDS {
            let message = format!("the server sent {MAX_ROUNDS} short ranges; call again to go on");
            return Err(self.error(ErrorKind::Incomplete, message));
        }
        Ok(is_complete)
    }

    /// The number of bytes in the file.
    pub fn len(&self) -> u64 {
        self.have
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.have == 0
    }

    fn replace(&mut self, response: &ResponseHead) {
        let is_framed_otherwise = response.headers().contains("transfer-encoding");
        let length = response.content_length().filter(|_| !is_framed_otherwise);
        self.record = ResumeRecord::of(self.head.url(), response, length);
        (self.have, self.range_left) = (0, None);
    }

    /// Takes a part if it begins at the end of the partial file, and is of the same file.
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

    /// Whether nothing is missing, since the range after the partial file is empty.
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
