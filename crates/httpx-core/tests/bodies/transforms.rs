//! Bodies whose chunks are changed while they are sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use httpx_core::{ChunkTransform, Encoded, Error, ErrorKind, Length, MessageBody, Result, ahttpx, blocking};

use crate::flavour::wait;

/// Doubles each byte, holds the last chunk back, and ends with a dot.
#[derive(Default)]
struct Doubled(Bytes);

impl ChunkTransform for Doubled {
    fn chunk(&mut self, chunk: Bytes) -> Result<Bytes> {
        if chunk.contains(&b'!') {
            return Err(Error::new(ErrorKind::Body, "no exclamation marks"));
        }
        let doubled = chunk.iter().flat_map(|&byte| [byte, byte]).collect::<Vec<_>>();
        Ok(std::mem::replace(&mut self.0, doubled.into()))
    }

    fn finish(&mut self) -> Result<Bytes> {
        Ok([&self.0[..], b"."].concat().into())
    }
}

fn doubled<B: MessageBody>(body: B) -> B {
    httpx_core::transformed(body, false, || Box::<Doubled>::default())
}

fn pieces(text: &'static str) -> Encoded {
    let pieces = text.split('|').map(|piece| Ok::<_, Error>(Bytes::from(piece)));
    Encoded::from_chunks(pieces.collect::<Vec<_>>(), None)
}

fn read_both(content: impl Fn() -> Encoded) -> [Result<Bytes>; 2] {
    let blocking = doubled(blocking::Body::from(content())).into_bytes();
    [blocking, wait(doubled(ahttpx::Body::from(content())).into_bytes())]
}

#[test]
fn chunks_are_transformed_in_order() {
    for (text, expected) in [("", "."), ("a", "aa."), ("ab|c||d", "aabbccdd."), ("|", ".")] {
        for read in read_both(|| pieces(text)) {
            assert_eq!(read.unwrap(), expected);
        }
        let whole = text.replace('|', "");
        for read in read_both(|| whole.clone().into()) {
            assert_eq!(read.unwrap(), expected);
        }
    }
    for read in read_both(|| pieces("a|b!|c")) {
        assert_eq!(read.unwrap_err().to_string(), "no exclamation marks");
    }
}

/// A long chunk is transformed piece by piece.
#[test]
fn a_transform_that_counts_keeps_the_length() {
    struct Counted(Arc<AtomicUsize>);

    impl ChunkTransform for Counted {
        fn chunk(&mut self, chunk: Bytes) -> Result<Bytes> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Ok(chunk)
        }
    }

    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    let body: blocking::Body = vec![b'x'; 200_000].into();
    let body = httpx_core::transformed(body, true, move || Box::new(Counted(counted.clone())));
    assert_eq!(body.length(), Length::Known(200_000));
    let again = body.try_clone().unwrap();
    assert_eq!(body.into_bytes().unwrap().len(), 200_000);
    assert_eq!(count.load(Ordering::Relaxed), 4);
    assert_eq!(again.into_bytes().unwrap().len(), 200_000);
    assert_eq!(count.load(Ordering::Relaxed), 8);
}

#[test]
fn a_body_that_cannot_be_sent_again_stays_so() {
    assert!(doubled(blocking::Body::from("a")).try_clone().is_some());
    assert!(doubled(blocking::Body::from_reader(&b"a"[..])).try_clone().is_none());
    assert!(doubled(ahttpx::Body::from("a")).try_clone().is_some());
    assert!(doubled(ahttpx::Body::from_reader(&b"a"[..])).try_clone().is_none());
}
