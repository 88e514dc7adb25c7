//! Lines, JSON lines and server-sent events of a streamed body, from a server.

#![cfg(all(any(feature = "blocking", feature = "async"), feature = "json", feature = "gzip"))]
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

mod support;

#[cfg(feature = "async")]
use httpx::models::ItemDecoder;
use httpx::models::{BodyItems, EventDecoder, JsonLineDecoder, LineDecoder};
use httpx::{ErrorKind, Response, Result};
use httpx_testing::{Act, Gate, ScriptedServer, both_flavours, send};
use support::Flavour;
#[cfg(feature = "async")]
use support::flavour::RUNTIME;
use support::flavour::{Ask, BodyOf};

/// The items of each flavour, taken by a thread.
trait Items: Flavour {
    fn streamed(&self, url: &str) -> Response<BodyOf<Self>>;
    fn line(lines: &mut BodyItems<BodyOf<Self>, LineDecoder>) -> Option<Result<String>>;
    fn number(values: &mut BodyItems<BodyOf<Self>, JsonLineDecoder<u32>>) -> Option<Result<u32>>;
    fn data(events: &mut BodyItems<BodyOf<Self>, EventDecoder>) -> Option<Result<String>>;
}

macro_rules! items {
    ($flavour:ty, $stream:expr, $next:expr) => {
        impl Items for $flavour {
            fn streamed(&self, url: &str) -> Response<BodyOf<Self>> {
                $stream(self.0.get(url)).unwrap()
            }

            fn line(lines: &mut BodyItems<BodyOf<Self>, LineDecoder>) -> Option<Result<String>> {
                $next(lines)
            }

            fn number(values: &mut BodyItems<BodyOf<Self>, JsonLineDecoder<u32>>) -> Option<Result<u32>> {
                $next(values)
            }

            fn data(events: &mut BodyItems<BodyOf<Self>, EventDecoder>) -> Option<Result<String>> {
                $next(events).map(|event| event.map(|event| event.data))
            }
        }
    };
}

#[cfg(feature = "blocking")]
items!(support::Blocking, |ask: Ask<Self>| ask.stream(), Iterator::next);

#[cfg(feature = "async")]
items!(support::Async, |ask: Ask<Self>| RUNTIME.block_on(ask.stream()), next_async);

#[cfg(feature = "async")]
fn next_async<D: ItemDecoder>(items: &mut BodyItems<httpx::ahttpx::Body, D>) -> Option<Result<D::Item>> {
    RUNTIME.block_on(items.next())
}

both_flavours!(items_arrive_before_the_end, each_kind, bodies_that_break, an_item_that_is_too_long);

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

fn chunk(text: &str) -> Act {
    send(format!("{:x}\r\n{text}\r\n", text.len()))
}

/// The server sends the next item only when the client has taken the last one.
fn items_arrive_before_the_end<F: Items>() {
    let (first, second) = (Gate::default(), Gate::default());
    let server = ScriptedServer::new([vec![
        Act::Take,
        send(CHUNKED),
        chunk("data: o"),
        chunk("ne\n\nda"),
        Act::Wait(first.clone()),
        chunk("ta: two\r\n\r"),
        Act::Wait(second.clone()),
        chunk("\ndata: cut"),
        send("0\r\n\r\n"),
        Act::Eof,
    ]]);
    let client = F::new();
    let mut events = client.streamed(&server.url()).events();
    assert_eq!(F::data(&mut events).unwrap().unwrap(), "one");
    first.open();
    assert_eq!(F::data(&mut events).unwrap().unwrap(), "two");
    second.open();
    assert!(F::data(&mut events).is_none() && F::data(&mut events).is_none());
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

fn each_kind<F: Items>() {
    let body = "{\"a\": 1}\r\n\n 2\n3";
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let server = ScriptedServer::new([vec![Act::Serve(answer.into())]]);
    let client = F::new();
    let mut lines = client.streamed(&server.url()).lines();
    for expected in ["{\"a\": 1}", "", " 2", "3"] {
        assert_eq!(F::line(&mut lines).unwrap().unwrap(), expected);
    }
    assert!(F::line(&mut lines).is_none());
    assert_eq!(lines.head().status(), 200);

    let mut values = client.streamed(&server.url()).json_lines::<u32>();
    let error = F::number(&mut values).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Json);
    assert!(error.to_string().contains("line 1 of the body is not the expected JSON"), "{error}");
    assert!(error.to_string().contains("at column") && !error.to_string().contains("at line"), "{error}");
    assert!(error.to_string().contains(&server.url()), "{error}");
    assert!(F::number(&mut values).is_none());

    let numbers = "1\n\n 2 \r\n3";
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{numbers}", numbers.len());
    let server = ScriptedServer::new([vec![Act::Serve(answer.into())]]);
    let client = F::new();
    for _ in 0..2 {
        let mut values = client.streamed(&server.url()).json_lines::<u32>();
        for expected in 1..=3 {
            assert_eq!(F::number(&mut values).unwrap().unwrap(), expected);
        }
        assert!(F::number(&mut values).is_none());
    }
    assert_eq!(client.shown(), "<Client [0 active, 1 idle]>");
}

/// An item that ends before the break is given first.
fn bodies_that_break<F: Items>() {
    let server = ScriptedServer::new([
        vec![Act::Take, send(CHUNKED), chunk("1\n2"), Act::Finish],
        vec![
            Act::Take,
            send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello"),
            Act::Eof,
        ],
    ]);
    let client = F::new();
    let mut values = client.streamed(&server.url()).json_lines::<u32>();
    assert_eq!(F::number(&mut values).unwrap().unwrap(), 1);
    assert_eq!(F::number(&mut values).unwrap().unwrap_err().kind(), ErrorKind::Incomplete);
    assert!(F::number(&mut values).is_none());
    let mut lines = client.streamed(&server.url()).lines();
    assert_eq!(F::line(&mut lines).unwrap().unwrap_err().kind(), ErrorKind::Decode);
    assert!(F::line(&mut lines).is_none());
}

/// A gibibyte on one line takes no memory, and its connection is not used again.
fn an_item_that_is_too_long<F: Items>() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n";
    let script = || vec![Act::Take, send(head), Act::Flood(1 << 30)];
    let server = ScriptedServer::new([script(), script(), script()]);
    let client = F::new();
    let mut lines = client.streamed(&server.url()).lines();
    let error = F::line(&mut lines).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("1048576 bytes; raise the limit with max_item_bytes()"), "{error}");
    assert!(F::line(&mut lines).is_none());
    drop(lines);
    let mut events = client.streamed(&server.url()).events().max_item_bytes(1000);
    assert_eq!(F::data(&mut events).unwrap().unwrap_err().kind(), ErrorKind::TooLarge);
    drop(events);
    let mut values = client.streamed(&server.url()).json_lines::<u32>();
    let error = F::number(&mut values).unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("1048576 bytes; raise the limit with max_item_bytes()"), "{error}");
    assert!(F::number(&mut values).is_none());
    drop(values);
    assert_eq!((client.shown(), client.pool_stats().idle), ("<Client [0 active]>".into(), 0));
}
