//! `max_body_bytes` is the limit of every kind of body that is collected.

use httpx_core::{Error, ErrorKind, Options, Response};

use crate::flavour::{Async, Blocking, Flavour, with_options};
use crate::source::Script;

fn limits<F: Flavour>()
where
    Response<F::Body>: From<Response<bytes::Bytes>>,
{
    for (max_body_bytes, expected) in [(None, Ok(6)), (Some(6), Ok(6)), (Some(5), Err(ErrorKind::TooLarge))] {
        let mut options = Options::default();
        options.max_body_bytes = max_body_bytes;
        let source = || Script::bytes(["abc", "def"]);
        let reader = Response::new(200, ()).unwrap();
        let (head, _) = reader.into_parts();
        let bodies: [(&str, Response<F::Body>); 4] = [
            ("source", F::response(source(), "", &options)),
            ("source of known length", F::response(source().remaining(6), "", &options)),
            ("bytes", Response::new(200, b"abcdef").unwrap().into()),
            ("reader", Response::from_parts(head, F::from_reader(&b"abcdef"[..]))),
        ];
        for (case, response) in bodies {
            let read = F::read_body(with_options(response, &options));
            let length = read.map(|read| read.bytes().len()).map_err(|error: Error| error.kind());
            assert_eq!(length, expected, "{case}");
        }
    }
}

#[test]
fn every_kind_of_body_has_the_limit() {
    limits::<Blocking>();
    limits::<Async>();
}

/// Without a request, the source's options count.
fn of_the_source<F: Flavour>() {
    let mut options = Options::default();
    options.max_body_bytes = Some(5);
    let body = F::response(Script::bytes(["abcdef"]), "", &options).into_body();
    assert_eq!(F::into_bytes(body).unwrap_err().kind(), ErrorKind::TooLarge);
}

#[test]
fn a_source_has_a_separate_limit() {
    of_the_source::<Blocking>();
    of_the_source::<Async>();
}
