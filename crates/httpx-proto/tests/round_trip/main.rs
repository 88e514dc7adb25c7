//! A real client talks to a real server, in pieces: the receiver gets what the sender sent.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod any_calls;
mod messages;

use httpx_core::Headers;
use httpx_proto::role::Role;
use httpx_proto::{Connection, Event, RemoteError};
use proptest::sample::Index;

/// A complete received message.
#[derive(Debug)]
struct Received<H> {
    interims: Vec<H>,
    head: Option<H>,
    body: Vec<u8>,
    trailers: Option<Headers>,
}

impl<H> Default for Received<H> {
    fn default() -> Self {
        Received { interims: Vec::new(), head: None, body: Vec::new(), trailers: None }
    }
}

/// Feeds the bytes in pieces, cut at these places.
fn receive<R: Role>(codec: &mut Connection<R>, wire: &[u8], places: &[Index]) -> Received<R::Receives> {
    let mut received = Received::default();
    let mut at = places.iter().map(|place| place.index(wire.len() + 1)).collect::<Vec<_>>();
    at.extend([0, wire.len()]);
    at.sort_unstable();
    for pair in at.windows(2) {
        codec.receive(&wire[pair[0]..pair[1]]);
        hear(codec, &mut received).unwrap();
    }
    received
}

fn hear<R: Role>(codec: &mut Connection<R>, received: &mut Received<R::Receives>) -> Result<(), RemoteError> {
    loop {
        match codec.next_event()? {
            Event::NeedData | Event::Paused | Event::Closed => return Ok(()),
            Event::Interim(head) => received.interims.push(head),
            Event::Head(head) => assert!(received.head.replace(head).is_none()),
            Event::Data => {
                received.body.extend_from_slice(codec.data());
                codec.consume(usize::MAX);
            }
            Event::End(trailers) => assert!(received.trailers.replace(trailers).is_none()),
        }
    }
}
