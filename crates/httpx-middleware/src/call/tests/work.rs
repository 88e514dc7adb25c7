//! Functions that may block, and bodies that are copied.

use super::*;
use crate::flow::{BlockingWork, BodyTee};

fn work() -> BlockingWork {
    BlockingWork::new(|| {})
}

fn run(then: FlowNext) -> Result<FlowNext> {
    Ok(FlowNext::Run(work(), Box::new(then)))
}

/// A tee that is followed by work, if the copy is what it should be.
fn tee(max_bytes: u64, expected: &'static str) -> Result<FlowNext> {
    Ok(FlowNext::Tee(BodyTee::new(max_bytes, move |body| (body == expected).then(work))))
}

#[test]
fn functions_that_may_block() {
    let answer_stored = || FlowNext::Answer(stored());
    check([
        (post("b"), vec![Ok(BeforeSend::Run(work()))], vec![], vec![answer(200)], &["run", FIRST, DONE]),
        (post("b"), vec![], vec![run(FlowNext::Done)], vec![answer(200)], &[FIRST, "run", DONE]),
        (
            post("b"),
            vec![],
            vec![run(answer_stored())],
            vec![answer(200)],
            &[FIRST, "run", DRAIN_UNREAD, r#"done 203 https://h/ b"stored""#],
        ),
        (
            post("b"),
            vec![],
            vec![run(FlowNext::Again { after: None, body: BodyReuse::Keep })],
            vec![answer(503), answer(200)],
            &[FIRST, "run", DRAIN_UNREAD, SECOND, DONE],
        ),
        (
            post("b"),
            vec![],
            vec![run(FlowNext::ReadBody { max_bytes: 6 })],
            vec![answer(200)],
            &[FIRST, "run", "read", DONE],
        ),
        (
            post("b"),
            vec![],
            vec![read(6), run(FlowNext::Done)],
            vec![answer(200)],
            &[FIRST, "read", "run", DONE],
        ),
        (
            post("b"),
            vec![],
            vec![run(answer_stored())],
            vec![refused()],
            &[FIRST, "run", r#"done 203 https://h/ b"stored""#],
        ),
        (
            post("b"),
            vec![],
            vec![run(FlowNext::Done)],
            vec![refused()],
            &[FIRST, "run", "Connect: POST https://h/: refused"],
        ),
    ]);
}

#[test]
fn bodies_that_are_copied() {
    check([
        // The body is here already.
        (post("b"), vec![], vec![tee(6, "unread")], vec![answer(200)], &[FIRST, "run", DONE]),
        (post("b"), vec![], vec![tee(6, "other")], vec![answer(200)], &[FIRST, DONE]),
        (post("b"), vec![], vec![tee(5, "unread")], vec![answer(200)], &[FIRST, DONE]),
        (
            post("b"),
            vec![],
            vec![read(6), tee(6, "unread")],
            vec![answer(200)],
            &[FIRST, "read", "run", DONE],
        ),
        // It fails where it is read.
        (
            post("b"),
            vec![],
            vec![tee(6, "half")],
            vec![cut()],
            &[FIRST, "done 200 https://h/ Io: POST https://h/: the body could not be read: connection reset"],
        ),
        (post("b"), vec![], vec![tee(6, "")], vec![refused()], &[FIRST, "Connect: POST https://h/: refused"]),
    ]);
}
