//! What a caller sees of the attempts.

use std::sync::Arc;

use super::*;

#[test]
fn each_attempt_is_recorded() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&lines);
    let retry = at_once().on_retry(move |attempt| log.lock().unwrap().push(attempt.to_string()));
    let reset = failure(ErrorKind::Io, RequestSent::Complete);
    let outcomes = [answer("503 Retry-After: 2"), reset, answer("200")];
    let (waits, end) = play(&retry, &Moved::new(), request("GET"), outcomes);
    assert_eq!(waits, [Duration::from_secs(2)]);
    let head = end.unwrap();
    let facts: Vec<_> = head
        .attempts()
        .earlier()
        .iter()
        .map(|attempt| {
            (attempt.began().as_millis(), attempt.duration().as_millis(), attempt.pause().as_millis())
        })
        .collect();
    assert_eq!(facts, [(0, 10, 2000), (2010, 10, 0)]);
    let text = [
        "503 Service Unavailable after 10ms, then a pause of 2s",
        "it failed after 10ms, then a pause of 0ns",
    ];
    assert_eq!(*lines.lock().unwrap(), text);
    let shown: Vec<_> = head.attempts().earlier().iter().map(Attempt::to_string).collect();
    assert_eq!(shown, text);
}

#[test]
fn an_error_names_the_attempts() {
    let refused = || failure(ErrorKind::Connect, RequestSent::Nothing);
    let (_, end) = play(&at_once(), &Moved::new(), request("GET"), [answer("503"), refused(), refused()]);
    let error = end.unwrap_err();
    assert_eq!(error.to_string(), "GET http://h/ (after 3 attempts): it failed");
    assert_eq!(error.attempts().earlier()[0].status().unwrap(), 503);
    // The first attempt was received.
    assert_eq!(error.request_sent(), Some(RequestSent::Complete));

    let (_, end) =
        play(&at_once(), &Moved::new(), request("POST"), [failure(ErrorKind::Io, RequestSent::Partial)]);
    assert_eq!(
        end.unwrap_err().to_string(),
        "POST http://h/: it failed (not retried: the server may have acted on it; call idempotent(true) if acting twice \
         does no harm)"
    );
    // A status that becomes an error keeps them.
    let (_, end) = play(&at_once(), &Moved::new(), request("GET"), (0..3).map(|_| answer("503")));
    let error = Response::from_parts(end.unwrap(), bytes::Bytes::new()).error_for_status().unwrap_err();
    assert_eq!(
        (error.attempts().count(), error.attempts().not_retried()),
        (3, Some(NotRetried::NoAttemptsLeft))
    );
}

/// A body from a reader is sent once. Nothing is withdrawn from the budget for it.
#[test]
fn a_body_that_cannot_be_sent_again() {
    let put = |body: Body| request("PUT").with_body(body);
    let budget = RetryBudget::new(0, 1);
    let retry = at_once().budget(&budget).on_retry(|attempt| panic!("{attempt} is no retry"));
    let clock = Moved::new();
    for _ in 0..20 {
        let reader = || put(Body::from_reader(&b"once"[..]));
        let (_, end) = play(&retry, &clock, reader(), [answer("503")]);
        assert_eq!(shown(&end), "503 after 1, BodyNotReplayable");
        let (_, end) = play(&retry, &clock, reader(), [failure(ErrorKind::Io, RequestSent::Partial)]);
        assert_eq!(shown(&end), "Io after 1, BodyNotReplayable");
        let text = end.unwrap_err().to_string();
        assert!(text.contains("not retried: its body came from a reader or a stream; send bytes"), "{text}");
    }
    let retry = at_once().budget(&budget);
    let (_, end) = play(&retry, &clock, put(Body::from("bytes")), [answer("503"), answer("201")]);
    assert_eq!(shown(&end), "201 after 2");
}

/// Of two layers the upper one retries.
#[test]
fn attempts_do_not_multiply() {
    let (retry, clock) = (at_once(), Moved::new());
    let mut head = request("GET");
    head.head_mut().begin(|| clock.now(), &Timeouts::default());
    head.head_mut().set_attempt(2);
    let again = head.head().clone();
    let (_, end) = play(&retry, &clock, head, [answer("503")]);
    assert_eq!(shown(&end), "503 after 1");
    // The same request in a new call.
    let mut response = ResponseHead::new(StatusCode::OK);
    response.set_request(again);
    let again = Request::from_parts(response.request().unwrap().clone(), Body::default());
    let (_, end) = play(&retry, &clock, again, [answer("503"), answer("200")]);
    assert_eq!(shown(&end), "200 after 2");
}
