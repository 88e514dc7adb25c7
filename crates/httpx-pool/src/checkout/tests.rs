//! The checkout under a driver that follows a script.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use httpx_core::blocking::Body;
use httpx_core::{ConnectionCounts, ConnectionDetails, Request, Timeout, Url};

use super::*;
use crate::connect_options::ConnectOptions;
use crate::dialing::Dialing;
use crate::key::Runtime;
use crate::plan::{PoolLimits, Release};

/// A connection that does nothing.
struct Fake {
    lease: Option<Lease<Fake>>,
    was_used: bool,
    sent: RequestSent,
    details: ConnectionDetails,
    /// The body of a request that the server refused by a 417.
    refused: Option<Body>,
    refuses_expect: bool,
}

/// A waker that counts its calls.
#[derive(Clone, Default)]
struct Count(Arc<AtomicU32>);

impl Count {
    fn calls(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Wake for Count {
    fn new() -> Self {
        Count::default()
    }

    fn wake(self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Pooled for Fake {
    type Waker = Count;
    type Body = Body;

    fn lease(&mut self) -> &mut Option<Lease<Self>> {
        &mut self.lease
    }

    fn server_keep_alive(&self) -> Option<Duration> {
        None
    }

    fn details(&self) -> &ConnectionDetails {
        &self.details
    }

    fn is_reused(&self) -> bool {
        self.was_used
    }

    fn set_ready(&mut self, _: Duration, _: Option<Instant>) {}

    fn set_close_cause(&mut self, _: CloseCause) {}

    fn set_idle(&mut self) {}

    fn died_before_response(&self) -> bool {
        self.was_used
    }

    fn request_sent(&self) -> RequestSent {
        self.sent
    }

    fn take_refused(&mut self) -> Option<Body> {
        self.refused.take()
    }

    fn refuse_expect(&mut self) {
        self.refuses_expect = true;
    }

    fn is_untouched(&self) -> bool {
        false
    }
}

fn new_connection() -> Box<Fake> {
    let details = ConnectionDetails::default();
    Box::new(Fake {
        lease: None,
        was_used: false,
        sent: Nothing,
        details,
        refused: None,
        refuses_expect: false,
    })
}

/// What the driver of a script reports.
#[derive(Debug, Clone, Copy)]
enum Report {
    Alive,
    Dead,
    Opened,
    Refused,
    Head,
    /// The connection broke when this much had been sent.
    Broke(RequestSent),
    Slow,
    /// A 417, when this much had been sent, from a server that now accepts no `Expect`.
    Declined(RequestSent),
    /// A connection comes back while the request waits.
    Freed,
    TimeUp,
}

/// The requests that are sent: `true` for a body that can be sent twice.
#[derive(Debug, Clone, Copy)]
enum Sent {
    Get,
    Post { replayable: bool },
}

use Report::*;
use RequestSent::{Complete, Nothing, Partial};
use Sent::{Get, Post};

const TEXT: Sent = Post { replayable: true };

#[test]
fn scripts() {
    #[rustfmt::skip]
    let rows: &[(&str, usize, Sent, &[Report], &str)] = &[
        ("a new connection", 0, Get, &[Opened, Head], "connect, send, respond"),
        ("an idle one that is alive", 1, Get, &[Alive, Head], "look, send, respond"),
        ("an idle one that is dead", 1, Get, &[Dead, Opened, Head], "look, connect, send, respond"),
        ("the next idle one", 2, Get, &[Dead, Alive, Head], "look, look, send, respond"),
        ("all idle ones are dead", 2, Get, &[Dead, Dead, Opened, Head], "look, look, connect, send, respond"),
        ("no connection", 0, Get, &[Refused], "connect, fail: Connect, Nothing"),
        ("no second connection", 1, Get, &[Dead, Refused], "look, connect, fail: Connect, Nothing"),
        ("a stale one: once more over a new one", 2, Get, &[Alive, Broke(Complete), Opened, Head], "look, send, connect, send, respond"),
        ("but only once", 1, Get, &[Alive, Broke(Complete), Opened, Broke(Nothing)], "look, send, connect, send, fail: Io, Complete"),
        ("and what the first attempt sent is not forgotten", 1, Get, &[Alive, Broke(Partial), Refused], "look, send, connect, fail: Connect, Partial"),
        ("a POST of which nothing was sent", 1, TEXT, &[Alive, Broke(Nothing), Opened, Head], "look, send, connect, send, respond"),
        ("a POST of which something was sent", 1, TEXT, &[Alive, Broke(Partial)], "look, send, fail: Io, Partial"),
        ("a body that cannot be sent twice", 1, Post { replayable: false }, &[Alive, Broke(Nothing)], "look, send, fail: Io, Nothing"),
        ("a new one that dies", 0, Get, &[Opened, Broke(Complete)], "connect, send, fail: Io, Complete"),
        ("a 417", 0, TEXT, &[Opened, Declined(Partial), Opened, Head], "connect, send, connect, send plainly, respond"),
        ("a 417 over a kept connection", 1, TEXT, &[Alive, Declined(Partial), Opened, Head], "look, send, connect, send plainly, respond"),
        ("a 417 and an idle connection, which the request does not get", 2, TEXT, &[Alive, Declined(Partial), Opened, Head], "look, send, connect, send plainly, respond"),
        ("a 417, and a body that cannot be sent twice", 0, Post { replayable: false }, &[Opened, Declined(Partial), Opened, Head], "connect, send, connect, send plainly, respond"),
        ("a 417 after a stale connection", 1, TEXT, &[Alive, Broke(Nothing), Opened, Declined(Complete), Opened, Head], "look, send, connect, send, connect, send plainly, respond"),
        ("no connection after a 417", 0, TEXT, &[Opened, Declined(Partial), Refused], "connect, send, connect, fail: Connect, Partial"),
        ("a broken one after a 417", 0, TEXT, &[Opened, Declined(Partial), Opened, Broke(Nothing)], "connect, send, connect, send plainly, fail: Io, Partial"),
        ("a server that is slow", 1, Get, &[Alive, Slow], "look, send, fail: Timeout(Head), Complete"),
        ("a free one after a wait", 9, Get, &[Freed, Alive, Head], "wait, look, send, respond"),
        ("none within the time", 9, Get, &[TimeUp], "wait, fail: Timeout(Pool), Nothing"),
    ];
    for (name, idle, sent, reports, expected) in rows {
        // Nine stands for one connection, which is busy.
        let is_full = *idle == 9;
        let total = if is_full { 1 } else { 5 };
        let plan = Arc::new(SharedPlan::new(PoolLimits { total, ..PoolLimits::new() }));
        let mut busy: Vec<_> = (0..if is_full { 1 } else { *idle }).map(|_| open(&plan)).collect();
        if !is_full {
            busy.drain(..).for_each(|mut connection| put_back(&mut connection));
        }
        assert_eq!(run(&plan, *sent, reports, &mut busy), *expected, "{name}");
        drop(busy);
        let ConnectionCounts { active, .. } = plan.counts();
        assert_eq!((active, waiting(&plan)), (0, 0), "{name}");
    }
}

#[test]
fn a_closed_plan_and_a_bad_head() {
    let plan = Arc::new(SharedPlan::new(PoolLimits::new()));
    let bad: Request<Body> =
        Request::new("GET", "http://h/").unwrap().with_header("Transfer-Encoding", "gzip").unwrap();
    let (head, body) = bad.with_body(Body::from("x")).into_parts();
    let call = Call::by_default(&head);
    let mut checkout = Checkout::new(&plan, &call, body);
    assert!(matches!(checkout.start(call.key(Runtime::Any), Instant::now()), Need::Fail(_)));
    assert_eq!(plan.counts(), ConnectionCounts::default());
    plan.close();
    assert_eq!(run(&plan, Get, &[], &mut Vec::new()), "fail: Closed, Nothing");
}

/// A request that is dropped while it waits leaves nothing behind, and passes on what it was granted.
#[test]
fn dropped_while_it_waits() {
    for is_granted in [false, true] {
        let plan = Arc::new(SharedPlan::new(PoolLimits { total: 1, ..PoolLimits::new() }));
        let mut busy = open(&plan);
        let head = request(Get).0;
        let call = Call::by_default(&head);
        let mut checkout = Checkout::new(&plan, &call, Body::empty());
        let Need::Wait { waker, .. } = checkout.start(call.key(Runtime::Any), Instant::now()) else {
            panic!("there is no room")
        };
        if is_granted {
            put_back(&mut busy);
        }
        assert_eq!(waker.calls(), u32::from(is_granted));
        drop(checkout);
        drop(busy);
        assert_eq!(waiting(&plan), 0);
        assert_eq!(plan.counts().active, 0);
        assert_eq!(plan.counts().idle, usize::from(is_granted));
    }
}

fn waiting(plan: &SharedPlan<Fake>) -> usize {
    plan.lock().waiting()
}

fn url() -> Url {
    Url::parse("http://h/").unwrap()
}

fn request(sent: Sent) -> (RequestHead, Body) {
    let (method, body): (_, Body) = match sent {
        Get => ("GET", Body::empty()),
        Post { replayable: true } => ("POST", Body::from("text")),
        Post { replayable: false } => ("POST", Body::from_reader(std::io::empty())),
    };
    Request::<Body>::new(method, url()).unwrap().with_body(body).into_parts()
}

/// A connection that is in use.
fn open(plan: &Arc<SharedPlan<Fake>>) -> Option<Box<Fake>> {
    let url = url();
    let (acquired, _) = plan.lock().acquire(
        KeyRef::of(&url, None, ConnectOptions::unset(), Runtime::Any),
        Instant::now(),
        Count::new,
    );
    let Acquire::Granted(Grant::Connect { slot }) = acquired else { panic!("there is room") };
    Some(Box::new(Fake { lease: Some(Lease::new(plan, slot)), was_used: true, ..*new_connection() }))
}

fn put_back(connection: &mut Option<Box<Fake>>) {
    let mut connection = connection.take().unwrap();
    connection.lease.take().unwrap().give_back(connection, Release::Reuse { keep: None });
}

/// Runs a request, and lists what the driver had to do.
fn run(
    plan: &Arc<SharedPlan<Fake>>,
    sent: Sent,
    reports: &[Report],
    busy: &mut [Option<Box<Fake>>],
) -> String {
    let (head, body) = request(sent);
    let (call, length) = (Call::by_default(&head), body.length());
    let mut checkout = Checkout::new(plan, &call, body);
    let mut reports: VecDeque<Report> = reports.iter().copied().collect();
    let mut trace = Vec::new();
    let mut need = checkout.start(call.key(Runtime::Any), Instant::now());
    loop {
        let report = reports.pop_front();
        need = match (need, report) {
            (Need::Wait { waker, .. }, Some(report)) => {
                trace.push("wait".to_owned());
                if let Freed = report {
                    put_back(&mut busy[0]);
                }
                assert_eq!(waker.calls(), u32::from(matches!(report, Freed)));
                checkout.waited()
            }
            (Need::Look(connection), Some(report)) => {
                trace.push("look".into());
                checkout.looked(connection, matches!(report, Alive))
            }
            (Need::Connect(lease), Some(report)) => {
                trace.push("connect".into());
                let refused = || Error::new(ErrorKind::Connect, "refused").with_request_sent(Nothing);
                let opened = match report {
                    Opened => Ok(Dialing::start(&call).unwrap().finish(new_connection())),
                    _ => Err(refused()),
                };
                checkout.connected(lease, opened)
            }
            (Need::Send(mut connection), Some(report)) => {
                trace.push(if connection.refuses_expect { "send plainly" } else { "send" }.into());
                let body = checkout.take_body();
                assert_eq!(body.length(), length, "{trace:?}");
                let error = match report {
                    Head => {
                        trace.push("respond".into());
                        return trace.join(", ");
                    }
                    Broke(sent) => {
                        connection.sent = sent;
                        Error::new(ErrorKind::Io, "broken").with_request_sent(sent)
                    }
                    Declined(sent) => {
                        connection.refused = Some(body);
                        into_error::expectation_failed(sent)
                    }
                    _ => {
                        let kind = ErrorKind::Timeout(Timeout::Head);
                        Error::new(kind, "slow").with_request_sent(Complete)
                    }
                };
                checkout.failed(connection, error)
            }
            (Need::Fail(error), None) => {
                let sent = error.request_sent().unwrap();
                trace.push(format!("fail: {:?}, {sent:?}", error.kind()));
                return trace.join(", ");
            }
            (_, report) => panic!("{report:?} after {trace:?}"),
        };
    }
}
