//! The steps of a call, and its errors.

use super::*;

#[test]
fn simple_flows() {
    let bytes = || post("b");
    let keep = || again(BodyReuse::Keep);
    let leave = || again(BodyReuse::Drop);
    check([
        (bytes(), vec![], vec![], vec![answer(200)], &[FIRST, DONE]),
        (bytes(), vec![], vec![], vec![refused()], &[FIRST, "Connect: POST https://h/: refused"]),
        (bytes(), vec![], vec![Err(wrong())], vec![answer(200)], &[FIRST, "Other: POST https://h/: wrong"]),
        (bytes(), vec![], vec![Err(wrong())], vec![refused()], &[FIRST, "Other: POST https://h/: wrong"]),
        (bytes(), vec![], vec![keep()], vec![answer(503), answer(200)], &[FIRST, DRAIN_UNREAD, SECOND, DONE]),
        (
            bytes(),
            vec![],
            vec![after(7)],
            vec![answer(503), answer(200)],
            &[FIRST, DRAIN_UNREAD, "wait 7s", SECOND, DONE],
        ),
        (
            bytes(),
            vec![],
            vec![after(0)],
            vec![answer(503), answer(200)],
            &[FIRST, DRAIN_UNREAD, SECOND, DONE],
        ),
        (bytes(), vec![], vec![keep()], vec![refused(), answer(200)], &[FIRST, SECOND, DONE]),
        (
            bytes(),
            vec![],
            vec![keep(), after(7)],
            vec![answer(503), refused(), answer(200)],
            &[FIRST, DRAIN_UNREAD, SECOND, "wait 7s", r#"send POST https://h/ 012 b"b""#, DONE],
        ),
        // A body that is dropped stays dropped.
        (
            bytes(),
            vec![],
            vec![leave(), keep()],
            vec![answer(503), answer(503), answer(200)],
            &[
                FIRST,
                DRAIN_UNREAD,
                r#"send POST https://h/ 01 b"""#,
                DRAIN_UNREAD,
                r#"send POST https://h/ 012 b"""#,
                DONE,
            ],
        ),
        // A reader is sent once.
        (
            reader(),
            vec![],
            vec![leave()],
            vec![answer(503), answer(200)],
            &[r#"send POST https://h/ 0 b"r""#, DRAIN_UNREAD, r#"send POST https://h/ 01 b"""#, DONE],
        ),
        (
            reader(),
            vec![],
            vec![keep()],
            vec![answer(503)],
            &[r#"send POST https://h/ 0 b"r""#, r#"done 503 https://h/ b"unread""#],
        ),
        (
            reader(),
            vec![],
            vec![keep()],
            vec![refused()],
            &[r#"send POST https://h/ 0 b"r""#, "Connect: POST https://h/: refused"],
        ),
    ]);
}

#[test]
fn before_the_request() {
    let wait = |seconds| Ok(BeforeSend::Wait(Duration::from_secs(seconds)));
    const OWN: &str = r#"send PUT https://own/  b"mine""#;
    check([
        (post("b"), vec![wait(3), wait(0)], vec![], vec![answer(200)], &["wait 3s", "wait 0ns", FIRST, DONE]),
        (
            post("b"),
            vec![Ok(BeforeSend::Answer(stored()))],
            vec![],
            vec![],
            &[r#"done 203 https://h/ b"stored""#],
        ),
        (post("b"), vec![Err(wrong())], vec![], vec![], &["Other: POST https://h/: wrong"]),
        // A request of the flow's own comes first, and a reader is still there afterwards.
        (
            reader(),
            vec![own(), own()],
            vec![],
            vec![answer(201), answer(201), answer(200)],
            &[OWN, "read", OWN, "read", r#"send POST https://h/ 0 b"r""#, DONE],
        ),
        (post("b"), vec![own()], vec![], vec![refused()], &[OWN, "Connect: PUT https://own/: refused"]),
        (
            post("b"),
            vec![own()],
            vec![],
            vec![cut()],
            &[OWN, "read", "Io: PUT https://own/: the body could not be read: connection reset"],
        ),
        // And it can come between two tries.
        (
            post("b"),
            vec![Ok(BeforeSend::Send), own()],
            vec![again(BodyReuse::Keep)],
            vec![answer(401), answer(201), answer(200)],
            &[FIRST, DRAIN_UNREAD, OWN, "read", SECOND, DONE],
        ),
    ]);
    let flow = Told::default().before([own()]);
    play(&flow, &SystemClock, post("b"), [answer(201), answer(200)]);
    assert_eq!(*flow.asked.lock().unwrap(), [r#"own 201 b"unread" https://own/"#, "200"]);
}

#[test]
fn requests_of_a_flow_are_bounded() {
    let flow = Told::default().before((0..30).map(|_| own()));
    let transcript = play(&flow, &SystemClock, post("b"), (0..20).map(|_| answer(200)));
    assert_eq!(
        transcript.last().unwrap(),
        "Other: POST https://h/: the middleware adds more than 20 requests to one call"
    );
    // So is the response to one.
    let large = Response::new(200, httpx_core::Text("x".repeat((1 << 20) + 1))).unwrap();
    let transcript = play(&Told::default().before([own()]), &SystemClock, post("b"), [Ok(large.into())]);
    assert!(transcript.last().unwrap().starts_with("TooLarge: PUT https://own/: the response is too long"));
}

#[test]
fn an_error_at_the_start_names_the_request() {
    let flow = Told { start: Some(ErrorKind::Other), ..Told::default() };
    let error =
        CallState::start(&flow, &SystemClock, &mut post(Body::empty()), Timeouts::default).err().unwrap();
    assert_eq!(error.to_string(), "POST https://h/: not this one");
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
}

/// The error of a call tells of all its tries.
#[test]
fn how_much_was_sent() {
    use RequestSent::{Complete, Nothing, Partial};
    let unknown = || Err(Error::new(ErrorKind::Io, "who knows"));
    let keep = || again(BodyReuse::Keep);
    let rows: Vec<(Before, Next, Outcomes, _)> = vec![
        (vec![], vec![], vec![refused()], Some(Nothing)),
        (vec![], vec![], vec![unknown()], None),
        (vec![], vec![], vec![reset(Partial)], Some(Partial)),
        (vec![], vec![keep()], vec![answer(503), refused()], Some(Complete)),
        (vec![], vec![keep()], vec![reset(Partial), refused()], Some(Partial)),
        (vec![], vec![keep()], vec![refused(), reset(Complete)], Some(Complete)),
        (vec![], vec![keep()], vec![answer(503), unknown()], Some(Complete)),
        (vec![], vec![Err(wrong())], vec![answer(503)], Some(Complete)),
        (vec![Err(wrong())], vec![], vec![], Some(Nothing)),
        // It is about the request of the call, not about one of the flow's own.
        (vec![own()], vec![], vec![reset(Complete)], Some(Nothing)),
    ];
    for (before, next, outcomes, expected) in rows {
        let flow = Told::default().before(before).next(next);
        let mut outcomes = outcomes.into_iter();
        let mut request = post("b");
        let mut call = CallState::start(&flow, &SystemClock, &mut request, Timeouts::default).unwrap();
        let mut step = call.before_send();
        let error = loop {
            step = match step {
                NextStep::Send(purpose) => {
                    drop(call.request());
                    call.sent(purpose, outcomes.next().unwrap())
                }
                NextStep::Drain(_, then) => call.drained(then),
                other => break failure(other),
            };
        };
        assert_eq!(error.request_sent(), expected, "{error:?}");
    }
}

#[test]
fn the_request_that_a_transport_names_is_kept() {
    let mut response = answer(200).unwrap();
    response.head_mut().set_request(Request::<Body>::new("GET", "https://named/").unwrap().head().clone());
    let transcript = play(&Told::default(), &SystemClock, post("b"), [Ok(response)]);
    assert_eq!(transcript, [FIRST, r#"done 200 https://named/ b"unread""#]);
}

#[test]
fn a_call_can_move_between_threads() {
    fn check<T: Send>() {}
    check::<CallState<'_, crate::Redirect, Body>>();
    check::<NextStep<Body>>();
}
