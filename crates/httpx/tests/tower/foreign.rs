//! A service and a body that play scripts.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use http_body::{Frame, SizeHint};
use httpx::ahttpx::tower::TowerTransport;
use httpx::ahttpx::{Body, Bytes, Client};
use tower_service::Service;

pub(crate) type Fault = Box<dyn std::error::Error + Send + Sync>;

/// Any function as a service that is always ready.
#[derive(Clone)]
pub(crate) struct Answers<F>(pub(crate) F);

impl<F> fmt::Debug for Answers<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Answers")
    }
}

impl<F, A, B> Service<http::Request<Body>> for Answers<F>
where
    F: FnMut(http::Request<Body>) -> A,
    A: Future<Output = Result<http::Response<B>, Fault>> + Send + 'static,
{
    type Response = http::Response<B>;
    type Error = Fault;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<B>, Fault>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Fault>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        Box::pin((self.0)(request))
    }
}

/// A client over this service.
pub(crate) fn client<F, A, B>(answers: F) -> Client
where
    F: FnMut(http::Request<Body>) -> A + Clone + Send + 'static,
    A: Future<Output = Result<http::Response<B>, Fault>> + Send + 'static,
    B: http_body::Body + Send + 'static,
    B::Error: Into<Fault>,
{
    Client::builder().transport(TowerTransport::new(Answers(answers))).build().unwrap()
}

/// A frame, or what happens instead of one.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Data(&'static str),
    Trailers(&'static [(&'static str, &'static str)]),
    Fail,
    /// No more frames come, and no end.
    Hang,
    /// Frames without data, without end.
    Empty,
}

/// A body that plays a script.
pub(crate) struct Scripted {
    acts: VecDeque<Act>,
    size: SizeHint,
    drops: Arc<AtomicUsize>,
}

impl Scripted {
    pub(crate) fn new(acts: impl IntoIterator<Item = Act>) -> Self {
        let acts = acts.into_iter().collect();
        Scripted { acts, size: SizeHint::default(), drops: Arc::default() }
    }

    pub(crate) fn sized(mut self, size: u64) -> Self {
        self.size = SizeHint::with_exact(size);
        self
    }

    /// Counts how many such bodies have been dropped.
    pub(crate) fn counted(mut self, drops: &Arc<AtomicUsize>) -> Self {
        self.drops = Arc::clone(drops);
        self
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.drops.fetch_add(1, Ordering::SeqCst);
    }
}

impl http_body::Body for Scripted {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::io::Result<Frame<Bytes>>>> {
        match self.acts.front() {
            Some(Act::Hang) => return Poll::Pending,
            Some(Act::Empty) => return Poll::Ready(Some(Ok(Frame::data(Bytes::new())))),
            _ => {}
        }
        Poll::Ready(self.acts.pop_front().map(|act| match act {
            Act::Data(text) => Ok(Frame::data(Bytes::from(text))),
            Act::Trailers(lines) => {
                let mut trailers = http::HeaderMap::new();
                for (name, value) in lines {
                    trailers.append(*name, value.parse().unwrap());
                }
                Ok(Frame::trailers(trailers))
            }
            Act::Fail | Act::Hang | Act::Empty => Err(std::io::Error::other("the disk is gone")),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.acts.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}

/// All data and the trailers of a body.
pub(crate) async fn read<B>(body: B) -> Result<(String, Option<http::HeaderMap>), B::Error>
where
    B: http_body::Body<Data = Bytes>,
{
    let mut body = Box::pin(body);
    let (mut text, mut trailers) = (Vec::new(), None);
    while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        match frame?.into_data() {
            Ok(data) => text.extend_from_slice(&data),
            Err(frame) => trailers = frame.into_trailers().ok(),
        }
    }
    Ok((String::from_utf8(text).unwrap(), trailers))
}
