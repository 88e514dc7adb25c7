//! [`File`]: a file on disk as a content, opened when it is sent, in either flavour.

use std::borrow::Cow;
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::{Bound, RangeBounds};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use crate::{Error, ErrorKind, Result};

/// A file on disk as the content of a request: `content(File::new("slides.pdf"))`.
///
/// The file is opened when the request is sent, and read while it is sent. The async flavour does both on tokio's threads for
/// blocking work. The size becomes the `Content-Length`; a pipe or a device has no known size and is sent in chunks. The file
/// is opened again if the request is sent again, after a redirect for example.
///
/// To open a named pipe waits for its writer. In the blocking flavour no timeout ends that wait, because the system's call
/// cannot be given one; open the pipe first, and send it by `Body::from_reader`, or use the async flavour.
///
/// Sending fails with kind [`Body`](ErrorKind::Body) if the file cannot be opened, is a directory, becomes longer or shorter
/// while it is sent, or has another size when it is sent again.
///
/// With the feature `mime-guess`, the media type follows from the name of the file. Without it, and for unknown names, the
/// media type is `application/octet-stream`.
///
/// ```
/// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
/// use httpx::models::File;
///
/// # #[cfg(feature = "blocking")] {
/// # type Request = httpx_core::Request<httpx_core::blocking::Body>;
/// let first_mib = File::new("video.bin").range(..1 << 20).content_type("video/mp4");
/// let request = Request::new("POST", "https://www.example.com/videos")?.with_content(first_mib)?;
/// assert_eq!(request.headers().get("Content-Type").unwrap(), "video/mp4");
/// # }
/// # Ok::<(), httpx_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct File {
    path: PathBuf,
    start: u64,
    /// Exclusive. `None` is the end of the file.
    end: Option<u64>,
    content_type: Option<Cow<'static, str>>,
    /// The size when the file was first opened. Shared by the bodies that send it again.
    first_size: Arc<OnceLock<u64>>,
}

impl File {
    /// Creates a content from the file at this path. Does no I/O.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// let file = httpx::models::File::new("slides.pdf");
    /// assert_eq!(file.path(), std::path::Path::new("slides.pdf"));
    /// ```
    pub fn new(path: impl Into<PathBuf>) -> Self {
        File { path: path.into(), start: 0, end: None, content_type: None, first_size: Arc::default() }
    }

    /// Sends only this range of bytes. Sending fails if the file ends before the range does. Defaults to the whole file.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// use httpx::models::File;
    ///
    /// let (head, rest) = (File::new("large.bin").range(..4096), File::new("large.bin").range(4096..));
    /// ```
    pub fn range(mut self, bytes: impl RangeBounds<u64>) -> Self {
        self.start = match bytes.start_bound() {
            Bound::Included(&start) => start,
            Bound::Excluded(&before) => before.saturating_add(1),
            Bound::Unbounded => 0,
        };
        self.end = match bytes.end_bound() {
            Bound::Included(&last) => Some(last.saturating_add(1)),
            Bound::Excluded(&end) => Some(end),
            Bound::Unbounded => None,
        };
        self
    }

    /// Sets the media type. Defaults to that of the file's name.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// let file = httpx::models::File::new("data").content_type("text/csv; charset=utf-8");
    /// ```
    pub fn content_type(mut self, content_type: impl Into<Cow<'static, str>>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Returns the path.
    ///
    /// ```
    /// # mod httpx { pub use httpx_core::*; pub mod models { pub use httpx_core::*; } }
    /// let file = httpx::models::File::new("slides.pdf");
    /// assert_eq!(file.path().extension().unwrap(), "pdf");
    /// ```
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns whether all of the file is sent.
    pub(crate) fn is_whole(&self) -> bool {
        self.start == 0 && self.end.is_none()
    }

    /// The same file for another request, for which it may have another size.
    pub(crate) fn unsent(self) -> Self {
        File { first_size: Arc::default(), ..self }
    }

    /// The media type: the one that was set, or else that of the name.
    pub(crate) fn media_type(&self) -> Cow<'static, str> {
        self.content_type.clone().unwrap_or_else(|| guess(&self.path).into())
    }

    /// Opens the file. Blocks.
    pub(crate) fn open(&self) -> Result<FileReader> {
        self.try_open().map_err(|error| {
            let message = format!("cannot send the file {}", self.path.display());
            Error::new(ErrorKind::Body, message).with_source(error)
        })
    }

    fn try_open(&self) -> io::Result<FileReader> {
        let mut file = fs::File::open(&self.path)?;
        let metadata = file.metadata()?;
        if metadata.is_dir() {
            return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
        }
        let size = metadata.is_file().then_some(metadata.len());
        // Files in /proc have the size 0, but are not empty.
        let size = if size == Some(0) && !is_at_end(&mut file)? { None } else { size };
        let left = match size {
            Some(size) => Some(self.length_of(size)?),
            None if self.start > 0 || self.end.is_some() => {
                return Err(invalid("a range needs a regular file, whose size is known"));
            }
            None => None,
        };
        if self.start > 0 {
            file.seek(SeekFrom::Start(self.start))?;
        }
        let (path, size) = (self.path.clone(), size.unwrap_or_default());
        Ok(FileReader { file, path, size, left, goes_to_end: self.end.is_none() })
    }

    /// Returns the number of bytes to send of a file of this size.
    fn length_of(&self, size: u64) -> io::Result<u64> {
        let first = *self.first_size.get_or_init(|| size);
        if first != size {
            return Err(invalid(&format!(
                "its size has changed from {first} to {size} bytes since it was first sent, so the request cannot be repeated"
            )));
        }
        let end = self.end.unwrap_or(size);
        if end > size || self.start > end {
            return Err(invalid(&format!("the range {}..{end} is not within its {size} bytes", self.start)));
        }
        Ok(end - self.start)
    }
}

/// Creates a content from the file at this path.
impl<P: Into<PathBuf>> From<P> for File {
    fn from(path: P) -> Self {
        File::new(path)
    }
}

/// A file that is open. It fails if the file does not have the length that it had when it was opened.
#[derive(Debug)]
pub struct FileReader {
    file: fs::File,
    path: PathBuf,
    /// The size of the whole file when it was opened, if it is known.
    size: u64,
    /// The bytes that are still to be read, if the size is known.
    left: Option<u64>,
    /// The file must end after these bytes.
    goes_to_end: bool,
}

impl FileReader {
    /// The number of bytes that are still to be read, if it is known.
    pub(crate) fn left(&self) -> Option<u64> {
        self.left
    }

    /// The error of a file that has become longer or shorter.
    fn changed(&self, how: &str) -> io::Error {
        let (path, size) = (self.path.display(), self.size);
        let message =
            format!("cannot send the file {path}: it became {how} while it was sent (it had {size} bytes)");
        Error::new(ErrorKind::Body, message).into()
    }
}

impl Read for FileReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(left) = self.left else { return self.file.read(buf) };
        // One byte more, so that a longer file is noticed before its last bytes are sent.
        let most = left.saturating_add(self.goes_to_end.into());
        let room = usize::try_from(most).unwrap_or(usize::MAX).min(buf.len());
        let n = self.file.read(buf.get_mut(..room).unwrap_or_default())?;
        if n as u64 > left {
            return Err(self.changed("longer"));
        }
        if n == 0 && left > 0 && room > 0 {
            return Err(self.changed("shorter"));
        }
        self.left = Some(left.saturating_sub(n as u64));
        // There was no room for that byte.
        if n > 0 && n as u64 == left && n == room && self.goes_to_end && self.has_more()? {
            return Err(self.changed("longer"));
        }
        Ok(n)
    }
}

impl FileReader {
    fn has_more(&mut self) -> io::Result<bool> {
        loop {
            match self.file.read(&mut [0]) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.map(|n| n > 0),
            }
        }
    }
}

/// The media type of a file with this name.
#[cfg(feature = "mime-guess")]
fn guess(path: &Path) -> &'static str {
    mime_guess::from_path(path).first_raw().unwrap_or("application/octet-stream")
}

/// The media type of a file with this name.
#[cfg(not(feature = "mime-guess"))]
fn guess(_: &Path) -> &'static str {
    "application/octet-stream"
}

/// Returns whether the position of a file is its end.
pub(crate) fn is_at_end(file: &mut fs::File) -> io::Result<bool> {
    let n = file.read(&mut [0])?;
    file.seek_relative(-(n as i64))?;
    Ok(n == 0)
}

fn invalid(text: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}
