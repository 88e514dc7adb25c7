//! Counts the bytes of heads, trailers and chunk extensions against their limit.

use crate::error::{Limit, RemoteError};

/// The rest of this exchange's [`Limits::head_bytes`](crate::Limits::head_bytes).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    left: usize,
    limit: usize,
}

impl Budget {
    pub(crate) fn new(limit: usize) -> Self {
        Budget { left: limit, limit }
    }

    #[inline]
    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// Spends `n` bytes.
    #[inline]
    pub(crate) fn charge(&mut self, n: usize) -> Result<(), RemoteError> {
        self.left = self.left.checked_sub(n).ok_or_else(|| self.exceeded())?;
        Ok(())
    }

    pub(crate) fn exceeded(&self) -> RemoteError {
        RemoteError::Limit(Limit::HeadBytes, self.limit)
    }
}
