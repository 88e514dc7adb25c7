//! `copy_to` and `save_to`: copies a blocking body to a writer or a file.

use std::io::{self, Write};
use std::path::Path;

use super::Body;
use crate::saving::{COPY_BYTES, PartFile, SaveTarget, unwritten};
use crate::{Response, Result};

/// Copying and saving.
impl Response<Body> {
    /// Copies the rest of the decoded body to a writer as it arrives, and returns the number of bytes. There is no limit on
    /// the size. The writer needs no buffer.
    ///
    /// # Errors
    ///
    /// The errors of [`chunk`](Response::chunk). Kind [`Io`](crate::ErrorKind::Io) if the writer fails; this error has no
    /// [`url`](crate::Error::url) and is not [transient](crate::Error::is_transient). In both cases a part of the body
    /// may have been written.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response, Text};
    ///
    /// let mut response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// let mut copy = Vec::new();
    /// assert_eq!(response.copy_to(&mut copy)?, 12);
    /// assert_eq!(copy, b"Hello, world");
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    pub fn copy_to<W: Write + ?Sized>(&mut self, writer: &mut W) -> Result<u64> {
        let mut copied = 0;
        while let Some(bytes) = self.body_mut().payload.take_bytes().filter(|bytes| !bytes.is_empty()) {
            writer.write_all(&bytes).map_err(unwritten)?;
            copied += bytes.len() as u64;
        }
        let mut buffer = vec![0; COPY_BYTES];
        loop {
            let read = self.body_mut().read_uninterrupted(&mut buffer);
            let n = self.after_read(read)?;
            if n == 0 {
                writer.flush().map_err(unwritten)?;
                return Ok(copied);
            }
            writer.write_all(buffer.get(..n).unwrap_or_default()).map_err(unwritten)?;
            copied += n as u64;
        }
    }

    /// Saves the rest of the decoded body as a file, and returns the number of bytes. There is no limit on the size. The
    /// response comes from `stream`, not from `send`.
    ///
    /// The body is written to a new file `.NAME.….part` in the same directory, which replaces the target when the body is
    /// complete. After an error there is no such file, and a file that was there before is unchanged. The new file gets the
    /// permissions of the one that it replaces. A symbolic link is replaced, and not followed. The data is not forced to the
    /// disk (`fsync`). On Windows, saving fails while another program has the target open.
    ///
    /// # Errors
    ///
    /// Kind [`Status`](crate::ErrorKind::Status) unless the status is 2xx, so that an error page is not saved as the file;
    /// [`copy_to`](Response::copy_to) takes any status. The errors of [`chunk`](Response::chunk). Kind
    /// [`Io`](crate::ErrorKind::Io) without a [`url`](crate::Error::url) if the file cannot be written: the directory does not
    /// exist, permission is denied, the disk is full, or the path leads to a directory or a device.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; }
    /// use httpx::{Body, Response, Text};
    ///
    /// # let directory = std::env::temp_dir().join(format!("httpx-doc-save-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory).unwrap();
    /// # let path = directory.join("hello.txt");
    /// let mut response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// assert_eq!(response.save_to(&path)?, 12);
    /// # assert_eq!(std::fs::read(&path).unwrap(), b"Hello, world");
    /// # std::fs::remove_dir_all(&directory).unwrap();
    /// # Ok::<(), httpx_core::Error>(())
    /// ```
    #[doc(alias = "download")]
    pub fn save_to(&mut self, path: impl AsRef<Path>) -> Result<u64> {
        self.check_saved()?;
        let mut part = PartFile::create(SaveTarget::find(path.as_ref())?)?;
        let saved = self.copy_to(&mut part)?;
        part.commit()?;
        Ok(saved)
    }

    /// Appends the rest of the body to a file. Before each write it calls a function with the number of bytes. The bytes that
    /// arrived before an error are written.
    #[doc(hidden)]
    pub fn append_to(
        &mut self,
        part: &mut PartFile,
        received: impl FnMut(usize) -> Result<()>,
    ) -> Result<()> {
        self.copy_to(&mut Counted { part, received }).map(drop)
    }
}

struct Counted<'a, F> {
    part: &'a mut PartFile,
    received: F,
}

impl<F: FnMut(usize) -> Result<()>> Write for Counted<'_, F> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        (self.received)(buf.len())?;
        self.part.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
