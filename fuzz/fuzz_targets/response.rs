//! However its input is split, a client receives the same response, takes no byte after it, and stops.

#![no_main]

use httpx_core::{Headers, Method};
use httpx_fuzz::{Cut, pieces, play};
use httpx_proto::{BodyLength, Client, Limits, Phase, RequestRef};
use libfuzzer_sys::fuzz_target;

// The first byte chooses the request, the second the split and the end of the stream, the rest is the input.
fuzz_target!(|data: &[u8]| {
    let [asked, how, bytes @ ..] = data else { return };
    let eof = match how >> 6 {
        0 => None,
        1 => Some(true),
        _ => Some(false),
    };
    let mut whole = client_that_sent(*asked);
    let said = play(&mut whole, &pieces(bytes, Cut::Whole), eof, |_| false);
    for cut in [Cut::EachByte, Cut::Some(u64::from(*how) + 1)] {
        let mut other = client_that_sent(*asked);
        assert_eq!(play(&mut other, &pieces(bytes, cut), eof, |_| false), said);
        assert_eq!((other.phases(), other.reuse()), (whole.phases(), whole.reuse()));
        if whole.phases().receiving != Phase::Failed {
            assert_eq!(other.unread(), whole.unread());
        }
    }
    assert!(bytes.ends_with(whole.unread()));
    assert_eq!(whole.unread().to_vec(), whole.into_unread());
});

fn client_that_sent(asked: u8) -> Client {
    let mut limits = Limits::default();
    limits.head_bytes = 512;
    let mut client = Client::new(limits);
    let (method, headers, length) = match asked {
        b'-' => return client,
        b'H' => (Method::HEAD, Headers::new(), BodyLength::None),
        b'C' => (Method::CONNECT, Headers::new(), BodyLength::None),
        b'U' => (Method::GET, httpx_proto::headers![("Upgrade", "x")], BodyLength::None),
        b'P' => (Method::POST, Headers::new(), BodyLength::Unknown),
        _ => (Method::GET, Headers::new(), BodyLength::None),
    };
    let target = if method == Method::CONNECT { "h:443" } else { "/" };
    let head = RequestRef { method: &method, target, host: Some("h"), headers: &headers };
    client.send_head(head, length, &mut Vec::new()).expect("a head like any other");
    client
}
