//! The result of a write when the stream takes only a part, or fails.

use super::*;

#[test]
fn a_write_reports_the_bytes_that_were_sent() {
    let body = vec![b'x'; 3 * MAX_WRITE];
    let bufs = [IoSlice::new(&body)];
    let wait = || Err(io::ErrorKind::WouldBlock.into());
    for (mut session, mut server) in pairs() {
        let (mut received, mut reported) = (Vec::new(), 0);
        session.begin_write(&bufs).unwrap();
        assert_eq!(session.end_write(&bufs, wait()).unwrap_err().kind(), io::ErrorKind::WouldBlock);
        while received.len() < MAX_WRITE {
            let piece = session.outgoing()[..1000.min(session.outgoing().len())].to_vec();
            session.sent(piece.len());
            received.extend(server.receive(&piece).unwrap());
            assert!(!session.is_drained());
            let all = session.outgoing().is_empty();
            let flushed = if all { Ok(()) } else { wait() };
            session.begin_write(&bufs).unwrap();
            let n = session.end_write(&bufs, flushed).unwrap();
            assert!(n > 0, "after {reported}");
            reported += n;
            assert_eq!(reported == MAX_WRITE, all, "after {reported}");
        }
        assert_eq!((received.len(), reported), (MAX_WRITE, MAX_WRITE));
        assert!(session.is_drained());
    }
}

#[test]
fn an_error_after_a_part_of_a_write_is_reported_by_the_next() {
    let bufs = [IoSlice::new(&[b'x'; 1000])];
    for (mut session, _server) in pairs() {
        session.begin_write(&bufs).unwrap();
        session.sent(700);
        let broken = || Err(io::Error::new(io::ErrorKind::BrokenPipe, "broken"));
        let written = session.end_write(&bufs, broken()).unwrap();
        assert!((1..1000).contains(&written), "{written}");
        assert_eq!(session.begin_write(&bufs).unwrap_err().to_string(), "broken");
        assert_eq!(session.begin_write(&bufs).unwrap_err().kind(), io::ErrorKind::BrokenPipe);
        assert!(!session.is_drained());
    }
    // Bytes that a read could not send are never reported as written.
    for (mut session, _server) in pairs() {
        session.begin_write(&bufs).unwrap();
        session.fail_writes(io::ErrorKind::ConnectionReset.into());
        assert_eq!(session.begin_write(&bufs).unwrap_err().kind(), io::ErrorKind::ConnectionReset);
        assert!(!session.is_drained());
    }
}
