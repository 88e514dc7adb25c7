//! Reads the items of a body in the blocking flavour.

use std::iter::FusedIterator;

use super::Body;
use crate::Result;
use crate::body_items::{BodyItems, Next};
use crate::item_decoder::ItemDecoder;

impl<D: ItemDecoder> Iterator for BodyItems<Body, D> {
    type Item = Result<D::Item>;

    fn next(&mut self) -> Option<Result<D::Item>> {
        let mut next = self.next_decoded();
        loop {
            next = match next {
                Next::NeedsChunk => {
                    let chunk = self.response.chunk();
                    self.take_chunk(chunk)
                }
                Next::Item(item) => return Some(item),
                Next::End => return None,
            }
        }
    }
}

impl<D: ItemDecoder> FusedIterator for BodyItems<Body, D> {}
