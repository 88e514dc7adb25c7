//! Creates files and directories that only their owner can read, on each operating system.

#[cfg(feature = "cache")]
use std::fs::DirBuilder;
use std::fs::File;
use std::io;
use std::path::Path;

#[cfg(not(unix))]
use other as system;
#[cfg(unix)]
use unix as system;

/// Creates a file that only its owner can read. Fails if there is one of this name already.
///
/// On systems other than Unix the file has the access rights that its directory gives it.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    system::private().write(true).create_new(true).open(path)
}

/// Creates a directory that only its owner can read, and those above it. One that exists stays as it is.
///
/// On systems other than Unix it has the access rights that the directory above gives it.
#[cfg(feature = "cache")]
pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    system::make_private(&mut builder);
    builder.create(path)
}

#[cfg(unix)]
mod unix {
    #[cfg(feature = "cache")]
    use std::fs::DirBuilder;
    use std::fs::OpenOptions;
    #[cfg(feature = "cache")]
    use std::os::unix::fs::DirBuilderExt;
    use std::os::unix::fs::OpenOptionsExt;

    #[cfg(feature = "cache")]
    pub(super) fn make_private(builder: &mut DirBuilder) {
        builder.mode(0o700);
    }

    pub(super) fn private() -> OpenOptions {
        let mut options = OpenOptions::new();
        options.mode(0o600);
        options
    }
}

#[cfg(not(unix))]
mod other {
    #[cfg(feature = "cache")]
    use std::fs::DirBuilder;
    use std::fs::OpenOptions;

    #[cfg(feature = "cache")]
    pub(super) fn make_private(_: &mut DirBuilder) {}

    pub(super) fn private() -> OpenOptions {
        OpenOptions::new()
    }
}
