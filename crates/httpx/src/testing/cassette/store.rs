//! Reads and writes the file of a cassette.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use httpx_core::{Error, ErrorKind, Result};

use super::exchange::Exchange;
use super::parser::parse;
use super::writer::write;

/// Reads a cassette; `None` if there is no file.
///
/// # Errors
///
/// If the file cannot be read, or is no valid cassette.
pub(super) fn load(path: &Path) -> Result<Option<Vec<Exchange>>> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(path, "could not be read", error)),
    };
    let parsed = parse(&bytes).map_err(|error| {
        Error::new(ErrorKind::Config, format!("the cassette {} cannot be used: {error}", path.display()))
    });
    parsed.map(Some)
}

/// Writes a cassette to a file beside it, and renames that. Makes the folder, if it is missing.
///
/// # Errors
///
/// If the disk is full, for example. The old cassette is unchanged then.
pub(super) fn save<'a>(path: &Path, exchanges: impl IntoIterator<Item = &'a Exchange>) -> Result<()> {
    let text = write(exchanges);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let temporary = temporary(path);
    let written = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&temporary, text));
    written.and_then(|()| fs::rename(&temporary, path)).map_err(|error| {
        // It may not exist.
        drop(fs::remove_file(&temporary));
        failed(path, "could not be written", error)
    })
}

/// Returns a path beside this one that nobody else uses.
fn temporary(path: &Path) -> PathBuf {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}-{}.tmp", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed)));
    name.into()
}

fn failed(path: &Path, what: &str, error: io::Error) -> Error {
    Error::new(ErrorKind::Config, format!("the cassette {} {what}", path.display())).with_source(error)
}
