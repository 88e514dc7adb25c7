//! [`BackgroundWriter`]: writes a file on the blocking threads of tokio, in batches.

use std::mem;

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::current_runtime;
use crate::saving::{BATCH_BYTES, PartFile};
use crate::{Error, ErrorKind, Result};

/// Runs a blocking function on a blocking thread of tokio.
///
/// # Errors
///
/// If there is no runtime, or if it is being shut down.
pub async fn run_in_background<T: Send + 'static>(
    function: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    if cfg!(target_family = "wasm") {
        return Ok(function()); // there are no threads
    }
    join(&mut current_runtime()?.spawn_blocking(function)).await
}

async fn join<T>(task: &mut JoinHandle<T>) -> Result<T> {
    task.await.map_err(|error| {
        let message = "a file was not written, because the tokio runtime is being shut down";
        Error::new(ErrorKind::Other, message).with_source(error)
    })
}

/// A writer of a file in batches. The next batch is filled while the last one is written.
///
/// If it is dropped, its file is dropped on a blocking thread, because the removal of a file can block.
pub(super) struct BackgroundWriter {
    /// The batch that is filled now, and the number of bytes in it.
    batch: Vec<u8>,
    len: usize,
    state: WriterState,
}

enum WriterState {
    /// The file, and the buffer for the next batch.
    Idle(PartFile, Vec<u8>),
    Writing(JoinHandle<(Result<PartFile>, Vec<u8>)>),
    Ended,
}

impl BackgroundWriter {
    /// Creates a writer that appends to this file.
    pub(super) fn new(part: PartFile) -> Self {
        BackgroundWriter { batch: vec![0; BATCH_BYTES], len: 0, state: WriterState::Idle(part, Vec::new()) }
    }

    /// Returns the free part of the batch; never empty.
    pub(super) fn spare_mut(&mut self) -> &mut [u8] {
        self.batch.get_mut(self.len..).unwrap_or_default()
    }

    /// Notes that `n` bytes were put into the room, and writes a batch that is full.
    ///
    /// # Errors
    ///
    /// If the batch before it could not be written.
    pub(super) async fn filled(&mut self, n: usize) -> Result<()> {
        self.len += n;
        if self.len < BATCH_BYTES { Ok(()) } else { self.write().await }
    }

    /// Writes the rest, and returns the file.
    ///
    /// # Errors
    ///
    /// If it could not be written.
    pub(super) async fn finish(mut self) -> Result<PartFile> {
        self.write().await?;
        self.idle().await.map(|(part, _)| part)
    }

    async fn write(&mut self) -> Result<()> {
        let (mut part, mut next) = self.idle().await?;
        next.resize(BATCH_BYTES, 0);
        let (batch, len) = (mem::replace(&mut self.batch, next), mem::take(&mut self.len));
        let append = move || {
            let appended = part.append(batch.get(..len).unwrap_or_default());
            (appended.map(|()| part), batch)
        };
        self.state = WriterState::Writing(current_runtime()?.spawn_blocking(append));
        Ok(())
    }

    /// Waits for the batch that is being written. If the future is dropped, the next call goes on.
    async fn idle(&mut self) -> Result<(PartFile, Vec<u8>)> {
        if let WriterState::Writing(task) = &mut self.state {
            let written = join(task).await;
            self.state = WriterState::Ended;
            let (part, buffer) = written?;
            return Ok((part?, buffer));
        }
        match mem::replace(&mut self.state, WriterState::Ended) {
            WriterState::Idle(part, buffer) => Ok((part, buffer)),
            WriterState::Writing(_) | WriterState::Ended => {
                Err(Error::new(ErrorKind::Io, "an earlier write of this file failed"))
            }
        }
    }
}

impl Drop for BackgroundWriter {
    fn drop(&mut self) {
        if let (WriterState::Idle(part, _), Ok(runtime)) =
            (mem::replace(&mut self.state, WriterState::Ended), Handle::try_current())
        {
            runtime.spawn_blocking(move || drop(part));
        }
    }
}
