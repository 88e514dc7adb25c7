//! Reads the items of a body in the async flavour.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::Body;
use crate::Result;
use crate::body_items::{BodyItems, Next};
use crate::item_decoder::ItemDecoder;

impl<D: ItemDecoder> BodyItems<Body, D> {
    /// Returns the next item; `None` at the end. If the future is dropped, nothing is lost: the next call continues.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response, Text};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let response: Response<Body> = Response::new(200, Text("one\ntwo\n"))?.into();
    /// let mut lines = response.lines();
    /// while let Some(line) = lines.next().await {
    ///     println!("{}", line?);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<D::Item>> {
        poll_fn(|cx| self.poll_item(cx)).await
    }

    pub(super) fn poll_item(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<D::Item>>> {
        let mut next = self.next_decoded();
        loop {
            next = match next {
                Next::NeedsChunk => {
                    let chunk = ready!(Pin::new(&mut self.response).poll_next(cx)).transpose();
                    self.take_chunk(chunk)
                }
                Next::Item(item) => return Poll::Ready(Some(item)),
                Next::End => return Poll::Ready(None),
            }
        }
    }
}

impl<D: ItemDecoder + Unpin> Stream for BodyItems<Body, D> {
    type Item = Result<D::Item>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.get_mut().poll_item(cx)
    }
}
