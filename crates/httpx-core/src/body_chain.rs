//! [`BodyChain`]: several bodies as one. The same for both flavours.

use std::collections::VecDeque;
use std::io;

use crate::{Length, MessageBody};

/// Bodies that are read one after the other.
pub(crate) struct BodyChain<B>(VecDeque<B>);

impl<B: MessageBody> BodyChain<B> {
    pub(crate) fn new(bodies: Vec<B>) -> Self {
        BodyChain(bodies.into())
    }

    /// Returns the body that is read now; `None` at the end.
    pub(crate) fn first(&mut self) -> Option<&mut B> {
        self.0.front_mut()
    }

    /// Goes on to the next body after one that has ended.
    ///
    /// # Errors
    ///
    /// If it ended before its length: the bytes of the next one would be taken for its own.
    pub(crate) fn ended(&mut self) -> io::Result<()> {
        match self.0.pop_front().map(|body| body.length()) {
            Some(Length::Known(left)) if left > 0 => {
                let text = "a part of the body ended before its length, as when a file is truncated while it is sent";
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, text))
            }
            _ => Ok(()),
        }
    }
}
