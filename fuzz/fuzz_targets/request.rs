//! However its input is split, a server receives the same requests, and each accepted head, written out again, is
//! accepted as the same head.

#![no_main]

use httpx_core::{Headers, ResponseHead, StatusCode};
use httpx_fuzz::{Cut, Said, pieces, play};
use httpx_proto::{BodyLength, Limits, LocalError, Phase, ReceivedRequest, Reuse, Server};
use libfuzzer_sys::fuzz_target;

// The first byte chooses the split, the end of the stream and the responses; the rest is the input.
fuzz_target!(|data: &[u8]| {
    let [how, bytes @ ..] = data else { return };
    let eof = if how & 0x80 == 0 { None } else { Some(true) };
    let (whole, said) = serve(*how, &pieces(bytes, Cut::Whole), eof);
    for cut in [Cut::EachByte, Cut::Some(u64::from(*how) + 1)] {
        let (other, other_said) = serve(*how, &pieces(bytes, cut), eof);
        assert_eq!(other_said, said);
        assert_eq!(other.phases(), whole.phases());
        if whole.phases().receiving != Phase::Failed {
            assert_eq!(other.unread(), whole.unread());
        }
        assert_eq!(other.reuse(), whole.reuse());
    }
    assert!(bytes.ends_with(whole.unread()));
    for head in said.iter().filter_map(|said| if let Said::Head(head) = said { Some(head) } else { None }) {
        accept_again(head);
    }
});

/// Answers each complete request, and an invalid one with the status of its error.
fn serve(how: u8, pieces: &[&[u8]], eof: Option<bool>) -> (Server, Vec<Said<ReceivedRequest>>) {
    let mut limits = Limits::default();
    (limits.head_bytes, limits.target_bytes) = (512, 64);
    let mut server = Server::new(limits);
    let said = play(&mut server, pieces, eof, |server| {
        if server.phases().sending == Phase::Idle {
            let head = ResponseHead::new(StatusCode::OK);
            let length = match how & 3 {
                0 | 1 => BodyLength::None, // the only one for a tunnel
                2 => BodyLength::Known(2),
                _ => BodyLength::Unknown,
            };
            let mut out = Vec::new();
            match server.send_head(&head, length, &mut out) {
                Err(LocalError::NoBody) => return false,
                result => result.expect("it has been asked for"),
            }
            if server.phases().sending == Phase::Body {
                server.frame(2, &mut out).expect("two bytes");
                server.send_end(&Headers::new(), &mut out).expect("all was sent");
            }
        }
        server.reuse() == Reuse::Ready && server.next_cycle().is_ok()
    });
    if let (Some(Said::Error(error)), Phase::Idle) = (said.last(), server.phases().sending) {
        let (head, mut out) = (ResponseHead::new(error.status()), Vec::new());
        server.send_head(&head, BodyLength::Known(0), &mut out).expect("an answer to what was refused");
        assert!(out.ends_with(b"Content-Length: 0\r\n\r\n") || out.ends_with(b"Connection: close\r\n\r\n"));
    }
    (server, said)
}

fn accept_again(head: &ReceivedRequest) {
    let version = if head.version() == httpx_core::Version::Http10 { "HTTP/1.0" } else { "HTTP/1.1" };
    let mut wire = format!("{} {} {version}\r\n", head.method(), head.target()).into_bytes();
    head.headers().write_to(&mut wire);
    wire.extend_from_slice(b"\r\n");
    let mut server = Server::new(Limits::default());
    let said = play(&mut server, &[&wire], None, |_| false);
    assert_eq!(said.first(), Some(&Said::Head(head.clone())));
}
