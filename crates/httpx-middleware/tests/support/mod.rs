//! A transport that answers by a script and records its requests, and the notation for both.
//!
//! A request is `POST https://h/ | Name: value | = body`. `!Name: value` is a header that is marked sensitive, `~ body` a
//! body from a reader; `@redirects 3` and `@insecure` are options. An answer is `302 | Location: /x`, or `refused`.

// Each test file has its own copy, and does not need all of it; a script that is wrong may panic.
#![allow(dead_code, unused_imports, unused_macros, unreachable_pub)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(feature = "cache")]
pub mod cache;
pub mod flavour;

use std::collections::VecDeque;
use std::sync::Mutex;

use httpx_core::{
    ConnectionCounts, Encoded, Error, ErrorKind, Request, RequestHead, Response, ResponseHead, Result,
    StatusCode, Timeouts,
};

#[cfg(feature = "async")]
pub use flavour::Async;
#[cfg(feature = "blocking")]
pub use flavour::Blocking;
pub use flavour::Flavour;
pub use httpx_testing::both_flavours;

#[derive(Debug, Default)]
pub struct Scripted {
    answers: Mutex<VecDeque<String>>,
    sent: Mutex<Vec<String>>,
    closed: Mutex<bool>,
    /// The timeouts of the transport itself.
    pub timeouts: Timeouts,
}

impl Scripted {
    pub fn new<S: Into<String>>(answers: impl IntoIterator<Item = S>) -> Self {
        let answers = answers.into_iter().map(Into::into).collect();
        Scripted { answers: Mutex::new(answers), ..Scripted::default() }
    }

    /// The requests so far, in the notation of a script.
    pub fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }

    pub fn is_closed(&self) -> bool {
        *self.closed.lock().unwrap()
    }

    fn answer(&self, request: &RequestHead, content: &[u8]) -> Result<ResponseHead> {
        self.sent.lock().unwrap().push(written(request, content));
        answer(&self.answers.lock().unwrap().pop_front().expect("a request more than the script has answers"))
    }

    fn set_closed(&self) {
        *self.closed.lock().unwrap() = true;
    }
}

const COUNTS: ConnectionCounts = ConnectionCounts::new(0, 7);

#[cfg(feature = "blocking")]
impl httpx_core::blocking::Transport for Scripted {
    fn send(
        &self,
        request: Request<httpx_core::blocking::Body>,
    ) -> Result<Response<httpx_core::blocking::Body>> {
        let (head, body) = request.into_parts();
        let answer = self.answer(&head, &body.into_bytes()?)?;
        Ok(Response::from_parts(answer, "a body".into()))
    }

    fn close(&self) {
        self.set_closed();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        Some(COUNTS)
    }

    fn timeouts(&self) -> Timeouts {
        self.timeouts
    }
}

#[cfg(feature = "async")]
impl httpx_core::ahttpx::Transport for Scripted {
    async fn send(
        &self,
        request: Request<httpx_core::ahttpx::Body>,
    ) -> Result<Response<httpx_core::ahttpx::Body>> {
        let (head, body) = request.into_parts();
        let answer = self.answer(&head, &body.into_bytes().await?)?;
        Ok(Response::from_parts(answer, "a body".into()))
    }

    async fn close(&self) {
        self.set_closed();
    }

    fn counts(&self) -> Option<ConnectionCounts> {
        Some(COUNTS)
    }

    fn timeouts(&self) -> Timeouts {
        self.timeouts
    }
}

pub fn request<F: Flavour>(script: &str) -> Request<F::Body> {
    let mut parts = script.split(" | ");
    let (method, url) = parts.next().unwrap().split_once(' ').unwrap();
    let mut request = Request::<F::Body>::new(method, url).unwrap();
    for part in parts {
        if let Some(body) = part.strip_prefix("= ") {
            *request.body_mut() = Encoded::from(body.to_owned()).into();
        } else if let Some(body) = part.strip_prefix("~ ") {
            *request.body_mut() = F::once(body.to_owned());
        } else if let Some(most) = part.strip_prefix("@redirects ") {
            request.head_mut().options_mut().max_redirects = Some(most.parse().unwrap());
        } else if part == "@insecure" {
            request.head_mut().options_mut().allow_https_to_http = Some(true);
        } else {
            let (name, value) = part.trim_start_matches('!').split_once(": ").unwrap();
            request.head_mut().headers_mut().append(name, value).unwrap();
            if part.starts_with('!') {
                request.head_mut().headers_mut().mark_sensitive(name);
            }
        }
    }
    request
}

fn written(head: &RequestHead, content: &[u8]) -> String {
    let mut text = format!("{} {}", head.method(), head.url());
    for (name, value) in head.headers() {
        text += &format!(" | {name}: {value}");
    }
    if !content.is_empty() {
        text += &format!(" | = {}", String::from_utf8_lossy(content));
    }
    text
}

fn answer(script: &str) -> Result<ResponseHead> {
    let mut parts = script.split(" | ");
    let status = parts.next().unwrap();
    if status == "refused" {
        return Err(Error::new(ErrorKind::Connect, "refused"));
    }
    let mut head = ResponseHead::new(StatusCode::try_from(status.parse::<u16>().unwrap()).unwrap());
    for part in parts {
        let (name, value) = part.split_once(':').unwrap();
        head.headers_mut().append(name, value.trim()).unwrap();
    }
    Ok(head)
}

/// The end of a call: `200 https://h/ via 302 https://h/old`. For an error, its kind comes first.
pub fn end(outcome: &Result<ResponseHead>) -> String {
    match outcome {
        Ok(response) => way(response),
        Err(error) => {
            assert!(error.method().is_some() && error.url().is_some(), "{error:?} does not say of what");
            let way = error.response().map(|head| format!(" {}", way(head))).unwrap_or_default();
            format!("{:?}{way}", error.kind())
        }
    }
}

fn way(head: &ResponseHead) -> String {
    let step = |head: &ResponseHead| format!("{} {}", head.status().as_u16(), head.url().unwrap());
    let history: Vec<_> = head.history().iter().map(step).collect();
    match history.is_empty() {
        true => step(head),
        false => format!("{} via {}", step(head), history.join(", ")),
    }
}
