//! Responses that arrive before the request has been written, and writes that fail.

use std::iter;

use super::*;

/// The response comes while there is no room to write the rest of the request.
#[test]
fn responses_before_the_request_is_written() {
    const NO: &str = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";
    const CHUNKED: Sends = Reader(&["hel", "lo"]);
    let sized = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 20000\r\n\r\n".len();
    let all = CHUNKS.to_owned() + "3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n";
    for read in [usize::MAX, 1, 2, 30, 47, 48, 49] {
        for (body, full_at, net, length, result) in [
            // A rejection: the rest is not sent.
            (CHUNKED, CHUNKS.len(), &[Says(NO)][..], CHUNKS.len(), r#"413 "no" LocalError"#),
            (Many(20_000), sized + 1, &[Says(NO)], sized + 1, r#"413 "no" LocalError"#),
            (
                Many(20_000),
                3,
                &[Says("HTTP/1.1 100 Continue\r\n\r\n"), Says(NO)],
                3,
                r#"413 "no" LocalError"#,
            ),
            (CHUNKED, CHUNKS.len(), &[End], CHUNKS.len(), "Io partly"),
            (CHUNKED, CHUNKS.len(), &[Silence], CHUNKS.len(), "Timeout(Write) partly"),
            // A success: the rest is sent, whether the response ends before or after it.
            (CHUNKED, CHUNKS.len(), &[Says(OK)], all.len(), r#"200 "hello" kept"#),
            (
                CHUNKED,
                CHUNKS.len(),
                &[Says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), Says("hello")],
                all.len(),
                r#"200 "hello" kept"#,
            ),
            (CHUNKED, CHUNKS.len(), &[Says(NO_CONTENT)], all.len(), r#"204 "" kept"#),
            (Many(20_000), sized + 1, &[Says(OK)], sized + 20_000, r#"200 "hello" kept"#),
        ] {
            let outcome = play(&mut state(), "POST", body, net, Play { read, full_at, ..WHOLE });
            assert_eq!(outcome.result, result, "{body:?} {net:?} {read}");
            assert_eq!(outcome.wrote.len(), length, "{body:?} {net:?} {read}");
        }
    }
}

/// The server has answered and keeps reading: there is always room to write.
#[test]
fn responses_while_the_request_is_written() {
    let (head, t0) = (head("POST"), Instant::now());
    let chunk = || Ok::<_, io::Error>(Bytes::from(vec![b'x'; CHECK_INTERVAL]));
    for (body, most) in [
        (Body::from_reader(io::repeat(b'x')), 3 * CHECK_INTERVAL),
        (vec![b'x'; 40 * CHECK_INTERVAL].into(), 3 * CHECK_INTERVAL),
        (Body::from_chunks(iter::repeat_with(chunk)), 4 * CHECK_INTERVAL),
    ] {
        let (mut exchange, mut wrote) = (state(), 0);
        exchange.start(&Call::by_default(&head), body).unwrap();
        let mut checks = 0;
        let status = loop {
            match exchange.step(Instant::now).unwrap() {
                Step::WriteOrRead => {
                    let n = exchange.outgoing().concat().len().min(UPLOAD_READ);
                    exchange.wrote(Ok(n), Instant::now).unwrap();
                    wrote += n;
                }
                Step::TryRead if checks == 0 => {
                    exchange.nothing_to_read();
                    checks += 1;
                }
                Step::TryRead => receive(&mut exchange, "HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n"),
                Step::ReadUpload => {
                    let (body, buffer) = exchange.upload();
                    let read = body.unwrap().read(buffer);
                    exchange.upload_read(read, || t0).unwrap();
                }
                Step::TakeUpload => {
                    let chunk = exchange.upload_body().unwrap().next_chunk();
                    exchange.upload_chunk(chunk, || t0).unwrap();
                }
                Step::Output(Output::Head(head)) => break head.status(),
                step => panic!("{step:?}"),
            }
        };
        assert_eq!((status, exchange.sent()), (StatusCode::try_from(413).unwrap(), RequestSent::Partial));
        assert!((2 * CHECK_INTERVAL..most).contains(&wrote), "{wrote}");
    }
}

/// The connection breaks while the request is written. There may be a response all the same.
#[test]
fn writes_that_fail() {
    const NO: &str = "HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\nno";
    for (body, net, result) in [
        (Many(20_000), &[Says(NO), Reset][..], r#"400 "no" LocalError"#),
        (Many(20_000), &[Says(OK)], r#"200 "hello" LocalError"#),
        (Reader(&["hello"]), &[Says(NO)], r#"400 "no" LocalError"#),
        (Text("hello"), &[Says(NO)], r#"400 "no" LocalError"#),
        (Nothing, &[Says(NO)], r#"400 "no" LocalError"#),
        (Many(20_000), &[Says("HTTP/1.1 400 Bad"), End], "Io partly"),
        (Many(20_000), &[End], "Io partly"),
        (Many(20_000), &[Reset], "Io partly"),
        (Many(20_000), &[Says("SSH-2.0\r\n")], "Protocol partly"),
        (Many(20_000), &[Silence], "Timeout(Head) partly"),
        (Many(20_000), &[Says("HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\nn"), Reset], "Incomplete partly"),
        // The end may be that of a reset, whose error the write has taken.
        (Many(20_000), &[Says("HTTP/1.1 200 OK\r\n\r\nhalf of it"), End], "Incomplete partly"),
    ] {
        let outcome = play(&mut state(), "POST", body, net, Play { breaks_at: 10, ..WHOLE });
        assert_eq!(outcome.result, result, "{body:?} {net:?}");
    }
    let mut exchange = state();
    let how = Play { breaks_at: 0, ..WHOLE };
    let error = run(&mut exchange, &head("GET"), Body::empty(), &[Reset], how, &mut Vec::new()).unwrap_err();
    assert_eq!(error.request_sent(), Some(RequestSent::Nothing));
    assert_eq!(
        format!("{error:#}"),
        "the connection failed while the request was being written, and there was no response; send the request again \
         if that does no harm: broken pipe"
    );
}
