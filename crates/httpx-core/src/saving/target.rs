//! [`SaveTarget`]: the path that a body is saved to.

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::path::{Path, PathBuf, is_separator};
use std::process;

use super::sys;
use crate::{Error, ErrorKind, Result};

/// The most bytes of the target's name in the name of the file beside it. File systems limit names to 255 bytes.
const MAX_NAME: usize = 150;

/// A path that a body can be saved to. No file exists there, or a regular file, which will be replaced.
#[derive(Debug)]
pub struct SaveTarget {
    path: PathBuf,
    name: OsString,
    /// The permissions of the file that is replaced.
    permissions: Option<Permissions>,
}

impl SaveTarget {
    /// Checks the path.
    ///
    /// # Errors
    ///
    /// If the path has no file name, or if it leads to a directory, a device or another file that is not regular.
    pub fn find(path: &Path) -> Result<Self> {
        let ends_in_separator = path.to_string_lossy().ends_with(is_separator);
        let name = path.file_name().filter(|_| !ends_in_separator).map(OsStr::to_owned);
        let Some(name) = name else {
            let text = "the path has no file name; add one";
            return Err(unsaved(path, "", io::Error::new(io::ErrorKind::InvalidInput, text)));
        };
        // A link is followed for this check only.
        if let Ok(metadata) = fs::metadata(path) {
            let (kind, text) = if metadata.is_dir() {
                (io::ErrorKind::IsADirectory, "it is a directory; add a file name")
            } else {
                (io::ErrorKind::InvalidInput, "it is not a regular file; open it and use copy_to()")
            };
            if !metadata.is_file() {
                return Err(unsaved(path, "", io::Error::new(kind, text)));
            }
        }
        let own = fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file);
        Ok(SaveTarget {
            path: path.to_owned(),
            name,
            permissions: own.map(|metadata| metadata.permissions()),
        })
    }

    /// Returns a name for a file beside the target, with these random bits: `.NAME.PID-RANDOM.part`.
    pub(super) fn temporary_path(&self, random: u64) -> PathBuf {
        self.path.with_file_name(temporary_name(&self.name, random))
    }

    /// Returns the paths of the partial file that is kept for the next download, and of its record.
    pub(super) fn kept_paths(&self) -> (PathBuf, PathBuf) {
        let beside = |end: &str| {
            let mut name = self.name.clone();
            name.push(end);
            self.path.with_file_name(name)
        };
        (beside(".part"), beside(".part.meta"))
    }

    /// Returns options that create a file. If the target exists, only the owner can read the new file.
    pub(super) fn options(&self) -> OpenOptions {
        let mut options = OpenOptions::new();
        options.write(true);
        if self.permissions.is_some() {
            sys::make_private(&mut options);
        }
        options
    }

    /// Returns the permissions of the file that is replaced.
    pub(super) fn permissions(&self) -> Option<&Permissions> {
        self.permissions.as_ref()
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the error of a step that failed.
    pub(super) fn unsaved(&self, step: &str, error: io::Error) -> Error {
        unsaved(&self.path, step, error)
    }
}

fn temporary_name(name: &OsStr, random: u64) -> OsString {
    let text = name.to_string_lossy();
    let mut end = text.len().min(MAX_NAME);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!(".{}.{}-{random:016x}.part", text.get(..end).unwrap_or_default(), process::id()).into()
}

fn unsaved(path: &Path, step: &str, error: io::Error) -> Error {
    let advice = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "; free some space and try again",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; may this program write there?"
        }
        io::ErrorKind::NotFound => "; does its directory exist?",
        _ => "",
    };
    let colon = if step.is_empty() { "" } else { ": " };
    let message = format!("the body could not be saved to {}{colon}{step}{advice}", path.display());
    Error::new(ErrorKind::Io, message).with_source(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_beside_the_target_are_short_and_hidden() {
        for (name, start) in [("a.bin", ".a.bin."), (&"ü".repeat(120), &format!(".{}.", "ü".repeat(75)))] {
            let temporary = temporary_name(OsStr::new(name), 255);
            let temporary = temporary.to_str().unwrap();
            assert!(
                temporary.starts_with(start) && temporary.ends_with("-00000000000000ff.part"),
                "{temporary}"
            );
            assert!(temporary.len() < 220);
        }
    }
}
