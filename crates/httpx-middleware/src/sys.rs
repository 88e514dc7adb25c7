//! Creates files that only their owner can read, on each operating system.

use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(not(unix))]
use other::private;
#[cfg(unix)]
use unix::private;

/// Creates a file that only its owner can read. Fails if there is one of this name already.
///
/// On systems other than Unix the file has the access rights that its directory gives it.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    private().write(true).create_new(true).open(path)
}

#[cfg(unix)]
mod unix {
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;

    pub(super) fn private() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.mode(0o600);
        options
    }
}

#[cfg(not(unix))]
mod other {
    use std::fs::OpenOptions;

    pub(super) fn private() -> OpenOptions {
        OpenOptions::new()
    }
}
