//! [`PartFile`]: a file that is written beside its target, and takes its place when it is complete.

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::SaveTarget;
use crate::Result;

/// The most names that are tried for a new file.
const MAX_TRIES: u32 = 16;

/// A file beside its target. [`commit`](PartFile::commit) puts it in the place of the target; its drop removes it otherwise.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    target: SaveTarget,
    /// Dropped after the file, so that the file is closed when it is removed: Windows asks for that.
    path: RemoveOnDrop,
}

impl PartFile {
    /// Creates a file of a new name in the directory of the target, since only there a rename is one step.
    ///
    /// # Errors
    ///
    /// If it cannot be created.
    pub fn create(target: SaveTarget) -> Result<Self> {
        let random = RandomState::new();
        let mut tries = 0..MAX_TRIES;
        loop {
            let path = target.temporary_path(random.hash_one(&tries));
            match target.create_new(&path) {
                Ok(file) => return Ok(PartFile { file, target, path: RemoveOnDrop(Some(path)) }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries.next().is_some() => {}
                Err(error) => return Err(target.unsaved("a file beside it could not be created", error)),
            }
        }
    }

    /// Appends the bytes.
    ///
    /// # Errors
    ///
    /// If the disk is full, for example.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| self.target.unsaved("a part of it could not be written", error))
    }

    /// Replaces the target by this file, in one step.
    ///
    /// # Errors
    ///
    /// If the file cannot be renamed.
    pub fn commit(self) -> Result<()> {
        let PartFile { file, target, mut path } = self;
        let flush = || {
            if let Some(permissions) = target.permissions() {
                file.set_permissions(permissions.clone())?;
            }
            drop(file);
            fs::rename(path.as_path(), target.path())
        };
        flush().map_err(|error| target.unsaved("the complete file could not be renamed", error))?;
        path.0 = None;
        Ok(())
    }
}

/// Writes and names the target in errors.
impl Write for PartFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.append(buf)?;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[derive(Debug)]
struct RemoveOnDrop(Option<PathBuf>);

impl RemoveOnDrop {
    fn as_path(&self) -> &Path {
        self.0.as_deref().unwrap_or(Path::new(""))
    }
}

impl Drop for RemoveOnDrop {
    fn drop(&mut self) {
        if let Some(path) = &self.0 {
            // There is nobody to tell.
            let _ = fs::remove_file(path);
        }
    }
}
