//! [`BodyChain`]: several bodies as one. The same for both flavours.

use std::collections::VecDeque;
use std::io;

use crate::length::LENGTH_ADVICE;
use crate::{Length, MessageBody};

/// Bodies that are read one after the other.
pub(crate) struct BodyChain<B>(VecDeque<B>);

impl<B: MessageBody> BodyChain<B> {
    pub(crate) fn new(bodies: Vec<B>) -> Self {
        BodyChain(bodies.into())
    }

    /// Returns the body that is read now; `None` at the end.
    pub(crate) fn current(&mut self) -> Option<&mut B> {
        self.0.front_mut()
    }

    /// Goes on to the next body after one that has ended.
    ///
    /// # Errors
    ///
    /// If the body was shorter than its length. Without this check, the server would take the bytes of the next body for it.
    pub(crate) fn advance(&mut self) -> io::Result<()> {
        match self.0.pop_front().map(|body| body.length()) {
            Some(Length::Known(left)) if left > 0 => {
                let text = format!("a part of the body is shorter than announced; {LENGTH_ADVICE}");
                Err(io::Error::new(io::ErrorKind::UnexpectedEof, text))
            }
            _ => Ok(()),
        }
    }
}
