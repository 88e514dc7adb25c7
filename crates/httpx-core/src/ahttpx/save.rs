//! `copy_to` and `save_to`: copies an async body to a writer or a file.

use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::pin::Pin;

use tokio::io::AsyncWrite;

use super::Body;
use super::background::{BackgroundWriter, run_in_background};
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
    /// [`url`](crate::Error::url) and is not [transient](crate::Error::is_transient). In both cases, and if the
    /// future is dropped, a part of the body may have been written.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response, Text};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// let mut response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// let mut copy = Vec::new();
    /// assert_eq!(response.copy_to(&mut copy).await?, 12);
    /// assert_eq!(copy, b"Hello, world");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn copy_to<W: AsyncWrite + Unpin + ?Sized>(&mut self, writer: &mut W) -> Result<u64> {
        let mut copied = 0;
        while let Some(bytes) = self.body_mut().payload.take_bytes().filter(|bytes| !bytes.is_empty()) {
            write_all(writer, &bytes).await.map_err(unwritten)?;
            copied += bytes.len() as u64;
        }
        let mut buffer = vec![0; COPY_BYTES];
        loop {
            let n = self.read_into(&mut buffer).await?;
            if n == 0 {
                poll_fn(|cx| Pin::new(&mut *writer).poll_flush(cx)).await.map_err(unwritten)?;
                return Ok(copied);
            }
            write_all(writer, buffer.get(..n).unwrap_or_default()).await.map_err(unwritten)?;
            copied += n as u64;
        }
    }

    /// Saves the rest of the decoded body as a file, and returns the number of bytes. There is no limit on the size. The
    /// file is written on tokio's threads for blocking work. The response comes from `stream`, not from `send`.
    ///
    /// The body is written to a new file `.NAME.….part` in the same directory, which replaces the target when the body is
    /// complete. After an error, or if the future is dropped, there is no such file, and a file that was there before is
    /// unchanged. The new file gets the permissions of the one that it replaces. A symbolic link is replaced, and not
    /// followed. The data is not forced to the disk (`fsync`). On Windows, saving fails while another program has the target
    /// open.
    ///
    /// # Errors
    ///
    /// Kind [`Status`](crate::ErrorKind::Status) unless the status is 2xx, so that an error page is not saved as the file;
    /// [`copy_to`](Response::copy_to) takes any status. The errors of [`chunk`](Response::chunk). Kind
    /// [`Io`](crate::ErrorKind::Io) without a [`url`](crate::Error::url) if the file cannot be written: the directory does not
    /// exist, permission is denied, the disk is full, or the path leads to a directory or a device.
    ///
    /// ```
    /// # mod httpx { pub mod ahttpx { pub use httpx_core::{*, ahttpx::*}; } }
    /// use httpx::ahttpx::{Body, Response, Text};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> httpx_core::Result<()> {
    /// # let directory = std::env::temp_dir().join(format!("httpx-doc-asave-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory).unwrap();
    /// # let path = directory.join("hello.txt");
    /// let mut response: Response<Body> = Response::new(200, Text("Hello, world"))?.into();
    /// assert_eq!(response.save_to(&path).await?, 12);
    /// # assert_eq!(std::fs::read(&path).unwrap(), b"Hello, world");
    /// # std::fs::remove_dir_all(&directory).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "download")]
    pub async fn save_to(&mut self, path: impl AsRef<Path>) -> Result<u64> {
        self.check_saved()?;
        let path = path.as_ref().to_owned();
        let part = run_in_background(move || PartFile::create(SaveTarget::find(&path)?)).await??;
        let mut saved = 0;
        let count = |n| {
            saved += n as u64;
            Ok(())
        };
        let part = self.append_to(part, count).await?;
        run_in_background(move || part.commit()).await??;
        Ok(saved)
    }

    /// Appends the rest of the body to a file. Before each write it calls a function with the number of bytes. The bytes that
    /// arrived before an error are written.
    #[doc(hidden)]
    pub async fn append_to(
        &mut self,
        part: PartFile,
        received: impl FnMut(usize) -> Result<()>,
    ) -> Result<PartFile> {
        let mut writer = BackgroundWriter::new(part);
        let copied = self.fill(&mut writer, received).await;
        let finished = writer.finish().await;
        copied.and(finished)
    }

    async fn fill(
        &mut self,
        writer: &mut BackgroundWriter,
        mut received: impl FnMut(usize) -> Result<()>,
    ) -> Result<()> {
        loop {
            let n = self.read_into(writer.spare_mut()).await?;
            if n == 0 {
                return Ok(());
            }
            received(n)?;
            writer.filled(n).await?;
        }
    }

    async fn read_into(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let read = poll_fn(|cx| self.body_mut().poll_read(cx, buffer)).await;
        self.after_read(read)
    }
}

async fn write_all<W: AsyncWrite + Unpin + ?Sized>(writer: &mut W, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let n = poll_fn(|cx| Pin::new(&mut *writer).poll_write(cx, bytes)).await?;
        if n == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = bytes.get(n..).unwrap_or_default();
    }
    Ok(())
}
