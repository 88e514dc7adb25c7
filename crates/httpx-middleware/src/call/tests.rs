use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Instant, SystemTime};

use httpx_core::StatusCode;
use httpx_core::blocking::Body;

use super::*;
use crate::SystemClock;

/// Says what it was told to say, and writes down what it was asked about.
#[derive(Default)]
struct Told {
    says: Mutex<VecDeque<Result<FlowNext>>>,
    start: Option<ErrorKind>,
    asked: Mutex<Vec<String>>,
}

impl Told {
    fn to(says: impl IntoIterator<Item = Result<FlowNext>>) -> Self {
        Told { says: Mutex::new(says.into_iter().collect()), ..Told::default() }
    }
}

impl Flow for Told {
    type Call = usize;

    fn start(&self, request: &mut RequestHead, _: &dyn Clock) -> Result<usize> {
        if let Some(kind) = self.start {
            return Err(Error::new(kind, "not this one"));
        }
        request.headers_mut().append("X-Start", "1")?;
        Ok(0)
    }

    fn next(
        &self,
        call: &mut usize,
        request: &mut RequestHead,
        outcome: FlowOutcome<'_>,
        _: &dyn Clock,
    ) -> Result<FlowNext> {
        *call += 1;
        request.headers_mut().append("X-FlowNext", call.to_string())?;
        self.asked.lock().unwrap().push(match outcome {
            FlowOutcome::Response(head) => head.status().as_u16().to_string(),
            FlowOutcome::Failed(error) => format!("{:?}", error.kind()),
        });
        self.says.lock().unwrap().pop_front().unwrap()
    }
}

/// Stands still, at a moment.
struct Stopped(Instant);

impl Clock for Stopped {
    fn now(&self) -> Instant {
        self.0
    }

    fn wall(&self) -> SystemTime {
        panic!("nobody here needs the calendar")
    }
}

fn post(body: Body) -> Request<Body> {
    Request::new("POST", "https://h/").unwrap().with_body(body)
}

fn answer(status: u16) -> Result<Response<Body>> {
    let head = ResponseHead::new(StatusCode::try_from(status).unwrap());
    Ok(Response::from_parts(head, Body::from("unread")))
}

fn refused() -> Result<Response<Body>> {
    Err(Error::new(ErrorKind::Connect, "refused"))
}

fn again(body: BodyReuse) -> Result<FlowNext> {
    Ok(FlowNext::Again { after: None, body })
}

/// What a step is, in one line.
fn shown(step: Result<NextStep<Body>>) -> String {
    match step {
        Ok(NextStep::Done(response)) => {
            format!("done {} {}", response.status().as_u16(), response.url().unwrap())
        }
        Ok(NextStep::Resubmit(Resubmit { unread, after, request })) => {
            let bytes = |body: &Body| String::from_utf8(body.as_bytes().unwrap().to_vec()).unwrap();
            let after = after.map(|after| format!(" after {after:?}")).unwrap_or_default();
            let headers = request.headers().iter().map(|(_, value)| value.to_string()).collect::<String>();
            let (unread, body) = (bytes(&unread), bytes(request.body()));
            format!("drain {unread:?}{after} send {headers} {body:?}")
        }
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn steps() {
    let reader = || Body::from_reader(std::io::empty());
    let bytes = || Body::from("b");
    let (keep, leave) = (|| again(BodyReuse::Keep), || again(BodyReuse::Drop));
    let pause = || Ok(FlowNext::Again { after: Some(Duration::from_secs(7)), body: BodyReuse::Keep });
    let done = || Ok(FlowNext::Done);
    let wrong = || Err(Error::new(ErrorKind::Other, "wrong"));
    let table = [
        (bytes(), vec![(answer(200), done())], "done 200 https://h/"),
        (bytes(), vec![(refused(), done())], "Connect: POST https://h/: refused"),
        (bytes(), vec![(answer(200), wrong())], "Other: POST https://h/: wrong"),
        (bytes(), vec![(refused(), wrong())], "Other: POST https://h/: wrong"),
        (bytes(), vec![(answer(503), keep())], r#"drain "unread" send 11 "b""#),
        (bytes(), vec![(answer(503), pause())], r#"drain "unread" after 7s send 11 "b""#),
        (bytes(), vec![(refused(), keep())], r#"drain "" send 11 "b""#),
        (bytes(), vec![(answer(503), keep()), (answer(503), keep())], r#"drain "unread" send 112 "b""#),
        (bytes(), vec![(answer(503), leave())], r#"drain "unread" send 11 """#),
        (bytes(), vec![(answer(503), leave()), (answer(503), keep())], r#"drain "unread" send 112 """#),
        (bytes(), vec![(answer(503), keep()), (answer(200), done())], "done 200 https://h/"),
        // What cannot be sent again.
        (reader(), vec![(answer(503), leave())], r#"drain "unread" send 11 """#),
        (reader(), vec![(answer(503), keep())], "done 503 https://h/"),
        (reader(), vec![(refused(), keep())], "Connect: POST https://h/: refused"),
    ];
    for (body, outcomes, expected) in table {
        let (outcomes, says): (Vec<_>, Vec<_>) = outcomes.into_iter().unzip();
        let flow = Told::to(says);
        let mut request = post(body);
        let mut call = CallState::start(&flow, &SystemClock, &mut request, &Timeouts::new()).unwrap();
        assert_eq!(request.headers().get("x-start").unwrap(), "1");
        let steps: Vec<_> = outcomes.into_iter().map(|outcome| shown(call.next(outcome))).collect();
        assert_eq!(steps.last().unwrap(), expected);
        assert_eq!(flow.asked.lock().unwrap().len(), steps.len());
    }
}

#[test]
fn a_start_that_fails_says_of_what() {
    let flow = Told { start: Some(ErrorKind::Other), ..Told::default() };
    let error =
        CallState::start(&flow, &SystemClock, &mut post(Body::empty()), &Timeouts::new()).err().unwrap();
    assert_eq!(error.to_string(), "POST https://h/: not this one");
}

#[test]
fn the_total_timeout_binds_what_is_sent_again() {
    const TOTAL: Duration = Duration::from_secs(10);
    let start = Instant::now();
    let late = "Timeout(Total): POST https://h/: the total timeout of 10s leaves no time to send the request again; \
                raise it with timeout()";
    let after_refusal = format!("{late}: POST https://h/: refused");
    for (passed, pause, outcome, expected) in [
        (0, None, answer(503), r#"drain "unread" send 11 "b""#),
        (9, None, answer(503), r#"drain "unread" send 11 "b""#),
        (3, Some(6), answer(503), r#"drain "unread" after 6s send 11 "b""#),
        (10, None, answer(503), late),
        (3, Some(7), answer(503), late),
        (3, Some(u64::MAX), answer(503), late),
        (3, Some(7), refused(), &after_refusal),
    ] {
        let after = pause.map(Duration::from_secs);
        let flow = Told::to([Ok(FlowNext::Again { after, body: BodyReuse::Keep })]);
        let mut request = post(Body::from("b")).with_timeout(TOTAL);
        request.head_mut().begin(|| start, &Timeouts::new());
        let clock = Stopped(start + Duration::from_secs(passed));
        let mut call = CallState::start(&flow, &clock, &mut request, &Timeouts::new()).unwrap();
        let step = call.next(outcome);
        if let Err(error) = &step {
            assert_eq!((error.kind(), error.timeout()), (ErrorKind::Timeout(Timeout::Total), Some(TOTAL)));
        }
        assert_eq!(shown(step), expected);
    }
}

#[test]
fn the_request_that_a_transport_names_is_kept() {
    let flow = Told::to([Ok(FlowNext::Done)]);
    let mut call = CallState::start(&flow, &SystemClock, &mut post(Body::empty()), &Timeouts::new()).unwrap();
    let mut response = answer(200).unwrap();
    response.head_mut().set_request(Request::<Body>::new("GET", "https://named/").unwrap().head().clone());
    assert_eq!(shown(call.next(Ok(response))), "done 200 https://named/");
}

#[test]
fn a_call_can_move_between_threads() {
    fn check<T: Send>() {}
    check::<CallState<'_, crate::Redirect, Body>>();
    check::<NextStep<Body>>();
}
