//! Trailers are in the response's head as soon as its body has ended, however it is read.

use httpx_core::{Headers, Options};

use crate::flavour::{Async, Blocking, Flavour};
use crate::source::Script;

fn trailers() -> Headers {
    [("X-Checksum", "1")].try_into().unwrap()
}

fn source() -> Script {
    Script::bytes(["one ", "two"]).with_trailers(trailers())
}

fn streamed<F: Flavour>() {
    let expected = trailers();

    let mut response = F::response(source(), "", &Options::default());
    assert_eq!(F::chunk(&mut response).unwrap().unwrap(), "one ");
    assert!(response.trailers().is_empty());
    assert!(F::chunks(&mut response).1.is_ok());
    assert_eq!(response.trailers(), &expected);

    let mut response = F::response(source(), "", &Options::default());
    while !F::read(&mut response, 3).unwrap().is_empty() {}
    assert_eq!(response.trailers(), &expected);

    let response = F::read_body(F::response(source(), "", &Options::default())).unwrap();
    assert_eq!((response.text().as_ref(), response.trailers()), ("one two", &expected));
}

#[test]
fn streaming_and_collecting_keep_trailers() {
    streamed::<Blocking>();
    streamed::<Async>();
}

#[test]
fn a_stream_of_chunks_keeps_trailers() {
    use futures_util::StreamExt;

    let mut response = Async::response(source(), "", &Options::default());
    let chunks = crate::flavour::wait(response.by_ref().collect::<Vec<_>>());
    assert_eq!(chunks.len(), 2);
    assert_eq!(response.trailers(), &trailers());
}
