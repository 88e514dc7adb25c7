//! The total timeout of a call.

use super::*;
use crate::flow::Notify;

#[test]
fn the_total_timeout_binds_the_whole_call() {
    const TOTAL: Duration = Duration::from_secs(10);
    let start = Instant::now();
    let late = "Timeout(Total): POST https://h/: the total timeout of 10s leaves no time to send the request again; \
                raise it with timeout()";
    let before = late.replace(" again", "");
    let after_refusal = format!("{before}: POST https://h/: refused");
    let keep = || again(BodyReuse::Keep);
    let wait = || Ok(BeforeSend::Wait(Duration::from_secs(7)));
    #[rustfmt::skip]
    let rows: Vec<(u64, Before, Result<FlowNext>, Outcomes, &str)> = vec![
        (0, vec![], keep(), vec![answer(503), answer(200)], DONE),
        (9, vec![], keep(), vec![answer(503), answer(200)], DONE),
        (3, vec![], after(6), vec![answer(503), answer(200)], DONE),
        (10, vec![], keep(), vec![answer(503)], late),
        (3, vec![], after(7), vec![answer(503)], late),
        (3, vec![], after(u64::MAX), vec![answer(503)], late),
        (3, vec![], after(7), vec![refused()], &after_refusal),
        (2, vec![wait()], keep(), vec![answer(503), answer(200)], DONE),
        (3, vec![wait()], keep(), vec![], &before),
    ];
    for (passed, before, next, outcomes, expected) in rows {
        let flow = Told::default().before(before).next([next]);
        let mut request = post("b").with_timeout(TOTAL);
        request.head_mut().begin(|| start, &Timeouts::default());
        let clock = Stopped(Mutex::new(start + Duration::from_secs(passed)));
        let transcript = play(&flow, &clock, request, outcomes);
        assert_eq!(transcript.last().unwrap(), expected);
    }
}

/// The rest of the total timeout and the flow's own limit bound the wait for another call.
#[test]
fn the_total_timeout_binds_the_wait_for_another_call() {
    const TOTAL: Duration = Duration::from_secs(10);
    let start = Instant::now();
    let late = "Timeout(Total): POST https://h/: the total timeout of 10s leaves no time to send the request; \
                raise it with timeout()";
    let rows = [
        (None, 3, None, "wait for another call, at most None"),
        (None, 3, Some(8), "wait for another call, at most Some(8s)"),
        (Some(TOTAL), 3, None, "wait for another call, at most Some(7s)"),
        (Some(TOTAL), 3, Some(8), "wait for another call, at most Some(7s)"),
        (Some(TOTAL), 3, Some(6), "wait for another call, at most Some(6s)"),
        (Some(TOTAL), 10, None, late),
    ];
    for (total, passed, at_most, expected) in rows {
        let listener = Notify::new().listen();
        let listener = match at_most {
            Some(seconds) => listener.at_most(Duration::from_secs(seconds)),
            None => listener,
        };
        let flow = Told::default().before([Ok(BeforeSend::WaitFor(listener))]);
        let mut request = post("b");
        request.head_mut().options_mut().timeouts.total = total;
        request.head_mut().begin(|| start, &Timeouts::default());
        let clock = Stopped(Mutex::new(start + Duration::from_secs(passed)));
        let outcomes = (expected != late).then(|| answer(200));
        assert_eq!(play(&flow, &clock, request, outcomes).first().unwrap(), expected);
    }
}

#[test]
fn the_total_timeout_is_checked_after_draining() {
    let start = Instant::now();
    let clock = Stopped(Mutex::new(start));
    let flow = Told::default().next([again(BodyReuse::Keep)]);
    let mut request = post("b").with_timeout(Duration::from_secs(1));
    let mut call = CallState::start(&flow, &clock, &mut request, Timeouts::default).unwrap();
    assert!(matches!(call.before_send(), NextStep::Send(..)));
    let NextStep::Drain(_, then) = call.sent(Purpose::Call, answer(503)) else { panic!("not drained") };
    *clock.0.lock().unwrap() += Duration::from_secs(1);
    let error = failure(call.drained(then));
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total));
    assert_eq!(error.timeout(), Some(Duration::from_secs(1)));
    assert_eq!(error.request_sent(), Some(RequestSent::Complete));
}

/// A total timeout that only the transport has binds the pauses of a flow, too.
#[test]
fn the_total_timeout_of_the_transport_counts() {
    let flow = Told::default().next([after(5)]);
    let timeouts = Timeouts::new().total(Duration::from_secs(2));
    let clock = Stopped(Mutex::new(Instant::now()));
    let mut request = post("b");
    let mut call = CallState::start(&flow, &clock, &mut request, || timeouts).unwrap();
    assert!(matches!(call.before_send(), NextStep::Send(..)));
    let error = failure(call.sent(Purpose::Call, answer(503)));
    assert_eq!(error.kind(), ErrorKind::Timeout(Timeout::Total));
}

#[test]
fn an_own_request_has_the_extensions_of_the_call() {
    let mut own = OwnRequest::new("GET", "https://own/").unwrap();
    own.head_mut().extensions_mut().insert(1_u8);
    let flow = Told::default().before([Ok(BeforeSend::SendOwn(own.into()))]);
    let mut request = post("b");
    request.head_mut().extensions_mut().insert(2_u8);
    request.head_mut().extensions_mut().insert("of the call");
    let mut call = CallState::start(&flow, &SystemClock, &mut request, Timeouts::default).unwrap();
    assert!(matches!(call.before_send(), NextStep::Send(Purpose::Own(_))));
    let own = call.request();
    let extensions = own.head().extensions();
    assert_eq!((extensions.get(), extensions.get()), (Some(&1_u8), Some(&"of the call")));
}

#[test]
fn an_own_request_has_the_deadline_of_the_call() {
    let start = Instant::now();
    let seconds = Duration::from_secs;
    for (total, own_total, expected) in [
        (None, None, None),
        (Some(10), None, Some(start + seconds(10))),
        (Some(10), Some(99), Some(start + seconds(10))),
        (Some(10), Some(8), Some(start + seconds(10))),
        (Some(99), Some(10), Some(start + seconds(3 + 10))),
        (None, Some(99), Some(start + seconds(3 + 99))),
    ] {
        let mut own = OwnRequest::new("GET", "https://own/").unwrap();
        let options = own.head_mut().options_mut();
        options.timeouts.total = own_total.map(seconds);
        options.timeouts.read = Some(seconds(77));
        let flow = Told::default().before([Ok(BeforeSend::SendOwn(own.into()))]);
        let mut request = post("b");
        let options = request.head_mut().options_mut();
        options.timeouts = Timeouts::new().head(seconds(5)).read(seconds(6));
        options.timeouts.total = total.map(seconds);
        request.head_mut().begin(|| start, &Timeouts::default());
        let clock = Stopped(Mutex::new(start + seconds(3)));
        let mut call = CallState::start(&flow, &clock, &mut request, Timeouts::default).unwrap();
        assert!(matches!(call.before_send(), NextStep::Send(Purpose::Own(_))));
        let own = call.request();
        let timeouts = own.head().options().timeouts;
        assert_eq!(own.head().deadline(), expected);
        assert_eq!((timeouts.head, timeouts.read), (Some(seconds(5)), Some(seconds(77))));
    }
}
