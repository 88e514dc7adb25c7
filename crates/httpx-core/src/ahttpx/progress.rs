//! Reports the progress of a response in the async flavour.

use std::task::{Context, Poll, ready};

use super::{Body, BodySource};
use crate::counted_source::CountedSource;
use crate::payload::Payload;
use crate::progress::{Direction, OnProgress};
use crate::{Response, Result};

impl BodySource for CountedSource<dyn BodySource> {
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<&[u8]>> {
        self.counter.check()?;
        self.source.poll_fill(cx)
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, buf: &mut [u8]) -> Poll<Result<usize>> {
        self.counter.check()?;
        let n = ready!(self.source.poll_read(cx, buf))?;
        self.counter.add(n);
        Poll::Ready(Ok(n))
    }
}

impl Response<Body> {
    /// Reports the progress of the body to the request's function, if it has one. For clients.
    #[doc(hidden)]
    pub fn report_progress(&mut self) {
        let function = self.head().request().and_then(|request| request.extensions().get::<OnProgress>());
        if let Some(function) = function.cloned() {
            self.body_mut().report_progress(&function);
        }
    }
}

impl Body {
    fn report_progress(&mut self, function: &OnProgress) {
        match &mut self.payload {
            Payload::Streamed(body) => {
                body.map_source(|source| Box::new(CountedSource::new(source, function)));
            }
            Payload::Bytes(bytes) => function.report_whole(Direction::Download, bytes.len() as u64),
            _ => {}
        }
    }
}
