//! Whole calls as transcripts: the decisions of a flow and the outcomes of its requests, and the actions of a driver.

mod bodies;
mod deadlines;
mod steps;
mod work;

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use httpx_core::blocking::Body;
use httpx_core::{RequestSent, ResponseHead, StatusCode};

use super::*;
use crate::SystemClock;
use crate::flow::{BodyEnd, OwnRequest};

/// A flow that decides as it was told, and notes the questions.
#[derive(Default)]
struct Told {
    start: Option<ErrorKind>,
    before: Mutex<VecDeque<Result<BeforeSend>>>,
    next: Mutex<VecDeque<Result<FlowNext>>>,
    asked: Mutex<Vec<String>>,
}

impl Told {
    fn before(mut self, says: impl IntoIterator<Item = Result<BeforeSend>>) -> Self {
        self.before = Mutex::new(says.into_iter().collect());
        self
    }

    /// For `next`, and for `on_body` after it.
    fn next(mut self, says: impl IntoIterator<Item = Result<FlowNext>>) -> Self {
        self.next = Mutex::new(says.into_iter().collect());
        self
    }

    fn note(&self, question: String) {
        self.asked.lock().unwrap().push(question);
    }

    fn say(&self) -> Result<FlowNext> {
        self.next.lock().unwrap().pop_front().unwrap_or(Ok(FlowNext::Done))
    }
}

impl Flow for Told {
    type Call = usize;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<usize> {
        if let Some(kind) = self.start {
            return Err(Error::new(kind, "not this one"));
        }
        request.headers_mut().append("X-Start", "0")?;
        Ok(0)
    }

    fn before_send(&self, _: &mut usize, _: &mut RequestHead, _: &dyn Clock) -> Result<BeforeSend> {
        self.before.lock().unwrap().pop_front().unwrap_or(Ok(BeforeSend::Send))
    }

    fn on_own_response(&self, _: &mut usize, response: Result<Response<Bytes>>, _: &dyn Clock) -> Result<()> {
        let response = response?;
        self.note(format!(
            "own {} {:?} {}",
            response.status().as_u16(),
            response.body(),
            response.url().unwrap()
        ));
        Ok(())
    }

    fn next(
        &self,
        call: &mut usize,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        *call += 1;
        request.headers_mut().append("X-Next", call.to_string())?;
        self.note(match outcome {
            FlowOutcome::Response(head) => head.status().as_u16().to_string(),
            FlowOutcome::Failed(error) => format!("{:?}", error.kind()),
        });
        self.say()
    }

    fn on_body(
        &self,
        _: &mut usize,
        _: &mut RequestHead,
        response: &mut ResponseHead,
        body: Option<&Bytes>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        self.note(format!("body {body:?}"));
        response.headers_mut().append("X-Body", "read")?;
        self.say()
    }
}

/// A clock that the test moves.
struct Stopped(Mutex<Instant>);

impl Clock for Stopped {
    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }

    fn wall(&self) -> SystemTime {
        panic!("no flow of these needs the calendar")
    }
}

fn post(body: impl httpx_core::IntoBody<Body>) -> Request<Body> {
    Request::new("POST", "https://h/").unwrap().with_body(body)
}

fn answer(status: u16) -> Result<Response<Body>> {
    let head = ResponseHead::new(StatusCode::try_from(status).unwrap());
    Ok(Response::from_parts(head, Body::from("unread")))
}

fn refused() -> Result<Response<Body>> {
    Err(Error::new(ErrorKind::Connect, "refused").with_request_sent(RequestSent::Nothing))
}

fn reset(sent: RequestSent) -> Result<Response<Body>> {
    Err(Error::new(ErrorKind::Io, "reset").with_request_sent(sent))
}

/// A response whose body breaks off.
fn cut() -> Result<Response<Body>> {
    let body = Body::from_reader(std::io::Read::chain(&b"half"[..], Broken));
    Ok(Response::from_parts(ResponseHead::new(StatusCode::OK), body))
}

struct Broken;

impl std::io::Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::ConnectionReset.into())
    }
}

fn again(body: BodyReuse) -> Result<FlowNext> {
    Ok(FlowNext::Again { after: None, body })
}

fn after(seconds: u64) -> Result<FlowNext> {
    Ok(FlowNext::Again { after: Some(Duration::from_secs(seconds)), body: BodyReuse::Keep })
}

fn read(max_bytes: u64) -> Result<FlowNext> {
    Ok(FlowNext::ReadBody { max_bytes })
}

fn stored() -> Box<Response<Bytes>> {
    Box::new(Response::new(203, httpx_core::Text("stored")).unwrap())
}

fn own() -> Result<BeforeSend> {
    let own = OwnRequest::new("PUT", "https://own/").unwrap().with_content(httpx_core::Text("mine")).unwrap();
    Ok(BeforeSend::SendOwn(own.into()))
}

fn wrong() -> Error {
    Error::new(ErrorKind::Other, "wrong")
}

/// Plays a call as a driver would, but writes down its actions.
fn play(
    flow: &Told,
    clock: &dyn Clock,
    mut request: Request<Body>,
    outcomes: impl IntoIterator<Item = Result<Response<Body>>>,
) -> Vec<String> {
    let mut outcomes = outcomes.into_iter();
    let mut call = CallState::start(flow, clock, &mut request, Timeouts::default).unwrap();
    let (mut step, mut transcript) = (call.before_send(), Vec::new());
    loop {
        let line;
        (line, step) = match step {
            NextStep::Send(purpose) => {
                (sent(call.request()), call.sent(purpose, outcomes.next().expect("an outcome")))
            }
            NextStep::Collect(purpose, mut body) => {
                while {
                    let chunk = body.response.chunk();
                    body.push(chunk)
                } {}
                ("read".to_owned(), call.collected(purpose, body))
            }
            NextStep::Drain(body, then) => {
                (format!("drain {:?}", body.into_bytes().unwrap()), call.drained(then))
            }
            NextStep::Run(work, then) => {
                work.run();
                ("run".to_owned(), call.ran(*then))
            }
            NextStep::Wait(pause) => (format!("wait {pause:?}"), call.before_send()),
            NextStep::WaitFor(_, limit) => {
                (format!("wait for another call, at most {limit:?}"), call.before_send())
            }
            NextStep::Done(outcome) => {
                transcript.push(outcome.map_or_else(|error| shown(&error), done));
                break;
            }
        };
        transcript.push(line);
    }
    assert!(outcomes.next().is_none(), "an outcome that no request has: {transcript:?}");
    transcript
}

/// `send POST https://h/ 01 b"body"`: the digits are the values of the headers.
fn sent(request: Request<Body>) -> String {
    let (head, body) = request.into_parts();
    let is_digit = |value: &String| value.bytes().all(|byte| byte.is_ascii_digit());
    let values: String = head.headers().iter().map(|(_, value)| value.to_string()).filter(is_digit).collect();
    format!("send {} {} {values} {:?}", head.method(), head.url(), body.into_bytes().unwrap())
}

fn done(response: Response<Body>) -> String {
    let (status, url) = (response.status().as_u16(), response.url().unwrap().clone());
    match response.read_body() {
        Ok(response) => format!("done {status} {url} {:?}", response.body()),
        Err(error) => format!("done {status} {url} {}", shown(&error)),
    }
}

fn reader() -> Request<Body> {
    post(Body::from_reader(&b"r"[..]))
}

/// The decisions of a flow before its request is sent, and after it; and the outcomes of all requests.
type Before = Vec<Result<BeforeSend>>;
type Next = Vec<Result<FlowNext>>;
type Outcomes = Vec<Result<Response<Body>>>;

/// A request, its call, and the transcript.
type Row = (Request<Body>, Before, Next, Outcomes, &'static [&'static str]);

fn check<const N: usize>(rows: [Row; N]) {
    for (request, before, next, outcomes, expected) in rows {
        let flow = Told::default().before(before).next(next);
        assert_eq!(play(&flow, &SystemClock, request, outcomes), expected);
    }
}

const FIRST: &str = r#"send POST https://h/ 0 b"b""#;
const SECOND: &str = r#"send POST https://h/ 01 b"b""#;
const DRAIN_UNREAD: &str = r#"drain b"unread""#;
const DONE: &str = r#"done 200 https://h/ b"unread""#;

/// `Connect: POST https://h/: refused`.
fn shown(error: &Error) -> String {
    format!("{:?}: {error:#}", error.kind())
}

/// The error with which a call ends.
fn failure(step: NextStep<Body>) -> Error {
    match step {
        NextStep::Done(Err(error)) => error,
        _ => panic!("the call does not fail"),
    }
}
