//! Reads the items of a body in the blocking flavour.

use super::Body;
use crate::Result;
use crate::body_items::BodyItems;
use crate::item_decoder::ItemDecoder;

impl<D: ItemDecoder> Iterator for BodyItems<Body, D> {
    type Item = Result<D::Item>;

    fn next(&mut self) -> Option<Result<D::Item>> {
        loop {
            if let Some(item) = self.decoded() {
                return item;
            }
            let chunk = self.response.chunk();
            if let Some(item) = self.received(chunk) {
                return item;
            }
        }
    }
}

impl<D: ItemDecoder> std::iter::FusedIterator for BodyItems<Body, D> {}
