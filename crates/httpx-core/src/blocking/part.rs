//! Form parts from files, in the blocking flavour.

use std::fs::File;
use std::io;
use std::path::Path;

use super::Body;
use crate::Part;

impl Part<Body> {
    /// Creates a part from a file, and gives it the name of the file. Its length is fixed now; the file is read while it is
    /// sent. If it is truncated meanwhile, sending fails. No `Content-Type` is guessed from the name: set it by
    /// [`header`](Part::header).
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
    /// If the file cannot be opened, or is a directory. The error names the path, and has the kind of the error of the
    /// system.
    pub fn file(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = open(path).map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("cannot make a part of the file {}: {error}", path.display()),
            )
        })?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(Part::new(file).file_name(name))
    }
}

fn open(path: &Path) -> io::Result<File> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "this is a directory; a part needs a file"));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_name_the_path() {
        let directory = std::env::temp_dir();
        let missing = directory.join("no such directory").join("slides.pdf");
        for (path, kind) in [(&directory, io::ErrorKind::IsADirectory), (&missing, io::ErrorKind::NotFound)] {
            let error = Part::<Body>::file(path).err().unwrap();
            // Windows refuses to open a directory.
            assert!(error.kind() == kind || cfg!(windows), "{error}");
            assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        }
    }
}
