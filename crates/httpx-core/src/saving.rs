//! Saves a body as a file: the target, the partial file beside it, resumption, and the errors. The same for both flavours.

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

/// The size in bytes of one read while a body is copied: about as much as a fast connection has ready.
pub(crate) const COPY_BYTES: usize = 64 << 10;

/// The size in bytes of one write on a blocking thread: large, because each change of the thread has a cost.
#[cfg(feature = "async")]
pub(crate) const BATCH_BYTES: usize = 256 << 10;

/// The most bytes that are drained of a response whose body is not saved, so that its connection can be reused.
pub const DRAINED_BYTES: u64 = 16 << 10;

/// Returns the error of a failed writer. An [`Error`] of this library is returned unchanged.
pub(crate) fn unwritten(error: io::Error) -> Error {
    Error::from_io(
        error,
        "the writer of copy_to() failed, not the network; a part of the body may have been written",
    )
}

impl<B: MessageBody> Response<B> {
    /// Checks that the body of this response is the requested content, and not an error page.
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
