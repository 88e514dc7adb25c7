//! [`CountedUpload`]: counts the chunks of a request's body. The same for both flavours.

use bytes::Bytes;

use crate::chunk_transform::ChunkTransform;
use crate::message_body::transformed;
use crate::progress::{Direction, OnProgress, ProgressCounter};
use crate::{Length, MessageBody, Result};

impl OnProgress {
    /// Makes a body that reports its progress each time it is sent. For clients.
    #[doc(hidden)]
    pub fn count_upload<B: MessageBody>(&self, body: B) -> B {
        if body.length() == Length::None {
            return body;
        }
        let function = self.clone();
        transformed(body, true, move || Box::new(CountedUpload::Unsent(function.clone())))
    }
}

/// Counts the chunks of a request's body when they are handed to the connection.
enum CountedUpload {
    Unsent(OnProgress),
    Sending(ProgressCounter),
}

impl ChunkTransform for CountedUpload {
    fn start(&mut self, length: Option<u64>) {
        if let CountedUpload::Unsent(function) = self {
            *self = CountedUpload::Sending(ProgressCounter::start(function, Direction::Upload, length));
        }
    }

    fn chunk(&mut self, chunk: Bytes) -> Result<Bytes> {
        if let CountedUpload::Sending(counter) = self {
            counter.check()?;
            counter.add(chunk.len());
        }
        Ok(chunk)
    }
}
