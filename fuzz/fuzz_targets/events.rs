//! Server-sent events: pieces do not matter, sizes are bounded, and nothing panics.

#![no_main]

use httpx_core::blocking::Body;
use httpx_core::{Response, ServerSentEvent};
use libfuzzer_sys::fuzz_target;

const MAX: usize = 200;

fn decoded(response: Response<Body>) -> (Vec<ServerSentEvent>, bool, Option<String>) {
    let mut events = response.events().max_item_bytes(MAX);
    let all = events.by_ref().map_while(Result::ok).collect::<Vec<_>>();
    (all, events.next().is_none(), events.last_event_id().map(String::from))
}

/// A reader that gives one byte at a time.
struct Slow(std::io::Cursor<Vec<u8>>);

impl std::io::Read for Slow {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let n = buf.len().min(1);
        self.0.read(&mut buf[..n])
    }
}

fuzz_target!(|data: &[u8]| {
    let head = || Response::new(200, ()).expect("a status").into_parts().0;
    let whole = decoded(Response::from_parts(head(), Body::from(data.to_vec())));
    let slow = Slow(std::io::Cursor::new(data.to_vec()));
    assert_eq!(whole, decoded(Response::from_parts(head(), Body::from_reader(slow))));
    for event in &whole.0 {
        // A malformed byte becomes three.
        assert!(event.data.len() <= 3 * MAX && event.event.len() <= 3 * MAX && event.id.len() <= 3 * MAX);
        assert!(!event.data.contains('\r') && !event.event.contains('\n') && !event.id.contains('\0'));
    }
});
