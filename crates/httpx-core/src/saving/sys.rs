//! Permissions and identity of files, on each operating system.

#[cfg(not(unix))]
pub(super) use other::{is_at, make_private};
#[cfg(unix)]
pub(super) use unix::{is_at, make_private};

#[cfg(unix)]
mod unix {
    use std::fs::{self, File, OpenOptions};
    use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
    use std::path::Path;

    /// Lets only the owner read a file that is created.
    pub(in super::super) fn make_private(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    /// Returns whether the open file is the one at this path.
    pub(in super::super) fn is_at(file: &File, path: &Path) -> bool {
        match (file.metadata(), fs::symlink_metadata(path)) {
            (Ok(own), Ok(there)) => (own.dev(), own.ino()) == (there.dev(), there.ino()),
            _ => false,
        }
    }
}

#[cfg(not(unix))]
mod other {
    use std::fs::{File, OpenOptions};
    use std::path::Path;

    /// Does nothing: a new file gets the access rules of its directory.
    pub(in super::super) fn make_private(_options: &mut OpenOptions) {}

    /// Returns whether a file exists at this path. The standard library does not know its identity here.
    pub(in super::super) fn is_at(_file: &File, path: &Path) -> bool {
        path.exists()
    }
}
