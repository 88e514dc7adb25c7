//! Lines of JSON that are sent.

use std::cell::Cell;
use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use futures_util::{StreamExt, stream};
use httpx_core::{
    Content, ErrorKind, JsonLines, Length, MessageBody, Response, ResponseHead, StatusCode, ahttpx,
};
use serde_json::Value;

use crate::flavour::{Async, Blocking, Flavour, wait};

fn streamed<B>(body: B) -> Response<B> {
    Response::from_parts(ResponseHead::new(StatusCode::OK), body)
}

/// The bodies of these values: of an iterator, in each flavour, and of a stream.
fn check_each(values: &[Value], check: impl Fn(&str, Vec<u8>, Option<ErrorKind>)) {
    fn read<F: Flavour>(body: F::Body) -> (Vec<u8>, Option<ErrorKind>) {
        assert_eq!((body.length(), body.try_clone().is_none()), (Length::Unknown, true));
        let (bytes, error) = F::chunks(&mut streamed(body));
        (bytes, error.err().map(|error| error.kind()))
    }
    let encoded = || JsonLines(values.to_vec()).encode().unwrap();
    let (bytes, error) = read::<Blocking>(encoded().into());
    check("blocking", bytes, error);
    let (bytes, error) = read::<Async>(encoded().into());
    check("ahttpx", bytes, error);
    let (bytes, error) = read::<Async>(ahttpx::Body::from_json_lines(stream::iter(values.to_vec())));
    check("stream", bytes, error);
}

#[test]
fn values_come_back() {
    assert_eq!(JsonLines([1]).content_type().unwrap(), "application/x-ndjson");
    let many = (0..20_000).map(|n| Value::from(format!("{n}\n\u{fc}"))).collect::<Vec<_>>();
    let rows = [vec![], vec![Value::Null], vec![Value::from("x".repeat(100_000)), Value::from(1)], many];
    for values in rows {
        check_each(&values, |case, bytes, error| {
            assert_eq!(error, None, "{case}");
            assert_eq!(bytes.last().is_some(), !values.is_empty());
            let lines = streamed(httpx_core::blocking::Body::from(bytes)).json_lines::<Value>();
            assert_eq!(lines.collect::<Result<Vec<_>, _>>().unwrap(), values, "{case}");
        });
    }
}

/// Values are taken as they are needed, and none after one that cannot be written.
#[test]
fn values_are_encoded_while_they_are_sent() {
    let taken = Arc::new(AtomicUsize::new(0));
    let count = taken.clone();
    let values = std::iter::repeat_with(move || count.fetch_add(1, Ordering::Relaxed).min(1000));
    let mut response = streamed(httpx_core::blocking::Body::from(JsonLines(values).encode().unwrap()));
    assert!(response.chunk().unwrap().is_some_and(|chunk| chunk.len() >= 16 << 10));
    assert!(taken.load(Ordering::Relaxed) < 5000);

    // A key of an object is a text.
    let odd = || [1, 2, 3].map(|n| HashMap::from([([n], n)]));
    let mut response = streamed(httpx_core::blocking::Body::from(JsonLines(odd()).encode().unwrap()));
    let (_, error) = Blocking::chunks(&mut response);
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Json);
    assert!(error.to_string().contains("line 1 of the body cannot be written as JSON"), "{error}");
    assert!(response.chunk().is_err());
    let mut response = streamed(ahttpx::Body::from_json_lines(stream::iter(odd())));
    assert_eq!(Async::chunks(&mut response).1.unwrap_err().kind(), ErrorKind::Json);
}

/// When the stream pauses, what there is is sent.
#[test]
fn a_stream_that_pauses() {
    let pauses = Cell::new(false);
    let values = stream::iter(0..4).then(move |n| {
        pauses.set(n == 2);
        let mut pauses = pauses.take();
        poll_fn(move |cx| {
            if std::mem::take(&mut pauses) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            Poll::Ready(n)
        })
    });
    let mut body = ahttpx::Body::from_json_lines(values);
    let chunks = wait(async move {
        let mut all = Vec::new();
        while let Some(chunk) = Pin::new(&mut body).next().await {
            all.push(chunk.unwrap());
        }
        all
    });
    assert_eq!(chunks, ["0\n1\n", "2\n3\n"]);
}
