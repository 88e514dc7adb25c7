//! Saving a body: to which file, in which order, in which batches, and what its errors say. The same for both flavours.

mod content_range;
mod part_file;
mod resume;
mod resume_record;
mod sys;
mod target;

use std::io;

pub use part_file::PartFile;
pub use resume::{Resume, ResumeAnswer};
pub use target::SaveTarget;

use crate::{Error, ErrorKind, MessageBody, Response, Result};

/// The bytes of a body that are read at once while it is copied: about as much as a fast connection has ready.
pub(crate) const COPY_BYTES: usize = 64 << 10;

/// The bytes that are handed to a blocking thread at once, so that few bytes pay for the change of the thread.
#[cfg(feature = "async")]
pub(crate) const BATCH_BYTES: usize = 512 << 10;

/// The most bytes of a response without a file that are read, so that its connection can be used again.
pub const DRAINED_BYTES: u64 = 16 << 10;

/// The error of a writer. One of this library stays as it is.
pub(crate) fn unwritten(error: io::Error) -> Error {
    Error::from_io(
        error,
        "the writer of copy_to() failed, not the network; a part of the body may have been written",
    )
}

impl<B: MessageBody> Response<B> {
    /// Checks that the body of this response is the requested content, and not the page of an error.
    ///
    /// # Errors
    ///
    /// Kind [`Status`](ErrorKind::Status) unless the status is 2xx.
    pub(crate) fn check_saved(&self) -> Result<()> {
        if self.status().is_success() {
            return Ok(());
        }
        let message = format!(
            "the server answered {}, so nothing was saved; copy_to() takes the body of any status",
            self.status()
        );
        Err(self.error(Error::new(ErrorKind::Status, message)).with_response(self.head().clone()))
    }
}
