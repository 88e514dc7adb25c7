//! Bodies that a flow reads or observes.

use super::*;
use crate::flow::BodyObserver;

#[test]
fn bodies_that_are_read() {
    let answer_stored = || Ok(FlowNext::Answer(stored()));
    check([
        (post("b"), vec![], vec![read(6)], vec![answer(200)], &[FIRST, "read", DONE]),
        // A longer body is not lost.
        (post("b"), vec![], vec![read(5)], vec![answer(200)], &[FIRST, "read", DONE]),
        (post("b"), vec![], vec![read(0)], vec![answer(200)], &[FIRST, "read", DONE]),
        // One that fails does so before the caller has the response.
        (
            post("b"),
            vec![],
            vec![read(9)],
            vec![cut()],
            &[FIRST, "read", "Io: POST https://h/: the body could not be read: connection reset"],
        ),
        (
            post("b"),
            vec![],
            vec![read(9), again(BodyReuse::Keep)],
            vec![cut(), answer(200)],
            &[FIRST, "read", r#"send POST https://h/ 012 b"b""#, DONE],
        ),
        // Beyond the limit it fails where it is read.
        (
            post("b"),
            vec![],
            vec![read(2)],
            vec![cut()],
            &[
                FIRST,
                "read",
                "done 200 https://h/ Io: POST https://h/: the body could not be read: connection reset",
            ],
        ),
        (
            post("b"),
            vec![],
            vec![read(6), again(BodyReuse::Keep)],
            vec![answer(503), answer(200)],
            &[FIRST, "read", DRAIN_UNREAD, SECOND, DONE],
        ),
        (
            post("b"),
            vec![],
            vec![read(6), answer_stored()],
            vec![answer(200)],
            &[FIRST, "read", DRAIN_UNREAD, r#"done 203 https://h/ b"stored""#],
        ),
        (
            post("b"),
            vec![],
            vec![read(6), Err(wrong())],
            vec![answer(200)],
            &[FIRST, "read", "Other: POST https://h/: wrong"],
        ),
        // Read once, it is not read again.
        (post("b"), vec![], vec![read(6), read(6)], vec![answer(200)], &[FIRST, "read", DONE]),
        // Without a response there is nothing to read.
        (post("b"), vec![], vec![read(6)], vec![refused()], &[FIRST, "Connect: POST https://h/: refused"]),
        // Other responses.
        (
            post("b"),
            vec![],
            vec![answer_stored()],
            vec![answer(200)],
            &[FIRST, DRAIN_UNREAD, r#"done 203 https://h/ b"stored""#],
        ),
        (
            post("b"),
            vec![],
            vec![answer_stored()],
            vec![refused()],
            &[FIRST, r#"done 203 https://h/ b"stored""#],
        ),
    ]);
    for (max_bytes, expected) in [(6, r#"body Some(b"unread")"#), (5, "body None")] {
        let flow = Told::default().next([read(max_bytes)]);
        play(&flow, &SystemClock, post("b"), [answer(200)]);
        assert_eq!(*flow.asked.lock().unwrap(), ["200", expected]);
    }
}

#[test]
fn the_end_of_a_body_is_observed() {
    fn whole(response: Response<Body>) {
        drop(response.read_body());
    }
    fn first_chunk(mut response: Response<Body>) {
        response.chunk().unwrap();
    }
    fn all_but_the_end(mut response: Response<Body>) {
        assert_eq!(std::io::Read::read(&mut response, &mut [0; 6]).unwrap(), 6);
    }
    let empty = || Ok(Response::new(204, ()).unwrap().into());
    type Reader = fn(Response<Body>);
    let rows: [(Result<Response<Body>>, Reader, &str); 6] = [
        (answer(200), whole, "complete 6"),
        (answer(200), all_but_the_end, "complete 6"),
        (answer(200), drop, "dropped 0"),
        (cut(), whole, "failed 4 Io"),
        (cut(), first_chunk, "dropped 4"),
        (empty(), drop, "complete 0"),
    ];
    for (outcome, read, expected) in rows {
        let (tell, told) = std::sync::mpsc::channel();
        let observer = BodyObserver::new(move |end| {
            let end = match end {
                BodyEnd::Complete { bytes } => format!("complete {bytes}"),
                BodyEnd::Failed { bytes, error } => format!("failed {bytes} {:?}", error.kind()),
                BodyEnd::Dropped { bytes } => format!("dropped {bytes}"),
            };
            tell.send(end).unwrap();
        });
        let flow = Told::default().next([Ok(FlowNext::Observe(observer))]);
        let mut request = post("b");
        let mut call = CallState::start(&flow, &SystemClock, &mut request, Timeouts::default).unwrap();
        assert!(matches!(call.before_send(), NextStep::Send(..)));
        match call.sent(Purpose::Call, outcome) {
            NextStep::Done(Ok(response)) => read(response),
            _ => panic!("{expected}: not done"),
        }
        assert_eq!(told.iter().collect::<Vec<_>>(), [expected]);
    }
}
