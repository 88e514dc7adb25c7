//! Form parts from files, in the blocking flavour.

use std::fs::File;
use std::io;
use std::path::Path;

use super::Body;
use crate::Part;

impl Part<Body> {
    /// Creates a part from a file, and gives it the name of the file. Its length is fixed now; the file is read while it is
    /// sent. If it is truncated meanwhile, sending fails.
    ///
    /// ```no_run
    /// # mod httpx { pub use httpx_core::{*, blocking::*}; pub mod models { pub use httpx_core::*; } }
    /// use httpx::models::{Multipart, Part};
    ///
    /// let form = Multipart::new().part("file", Part::file("slides.pdf")?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the file cannot be opened, or is a directory.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = File::open(path)?;
        if file.metadata()?.is_dir() {
            return Err(io::Error::new(
                io::ErrorKind::IsADirectory,
                "this is a directory; a part needs a file",
            ));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Part::new(file).file_name(name))
    }
}
