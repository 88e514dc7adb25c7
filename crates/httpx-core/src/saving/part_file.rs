//! [`PartFile`]: a file that is written beside its target, and renamed to it when it is complete.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::SaveTarget;
use super::resume_record::ResumeRecord;
use super::sys;
use crate::Result;

/// The most names that are tried for a new file.
const MAX_TRIES: u32 = 16;

const NOT_RENAMED: &str = "the complete file could not be renamed";
const NOT_WRITTEN: &str = "a part of it could not be written";

/// A file beside its target. [`commit`](PartFile::commit) renames it to the target.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    target: SaveTarget,
    /// Dropped after the file, because Windows cannot remove a file that is open.
    place: Place,
}

/// The path of a partial file, and its state after a drop.
#[derive(Debug)]
enum Place {
    /// The drop removes the file at this path.
    Removed(PathBuf),
    /// The drop keeps the file at this path for the next download, and its record at the second path.
    Kept(PathBuf, PathBuf),
    /// The file was renamed to the target.
    Renamed,
}

impl PartFile {
    /// Creates a file with a new name in the directory of the target, because a rename is atomic only within a file system.
    /// Its drop removes the file.
    ///
    /// # Errors
    ///
    /// If it cannot be created.
    pub fn create(target: SaveTarget) -> Result<Self> {
        let random = RandomState::new();
        let mut tries = 0..MAX_TRIES;
        loop {
            let path = target.temporary_path(random.hash_one(&tries));
            match target.options().create_new(true).open(&path) {
                Ok(file) => return Ok(PartFile { file, target, place: Place::Removed(path) }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tries.next().is_some() => {}
                Err(error) => return Err(target.unsaved("a file beside it could not be created", error)),
            }
        }
    }

    /// Opens the file that an earlier download has left beside the target, or creates it, and locks it. Its drop keeps the
    /// file. Also returns the length of the file, and its record.
    ///
    /// # Errors
    ///
    /// If it cannot be opened, is no regular file, or is in use by another download.
    pub fn reopen(target: SaveTarget) -> Result<(Self, u64, Vec<u8>)> {
        let (path, record_path) = target.kept_paths();
        let opened = open_locked(&path, &target).and_then(|mut file| {
            let length = file.seek(SeekFrom::End(0))?;
            Ok((file, length, read_record(&record_path)))
        });
        match opened {
            Ok((file, length, record)) => {
                Ok((PartFile { file, target, place: Place::Kept(path, record_path) }, length, record))
            }
            Err(error) => Err(target.unsaved("the partial file beside it could not be opened", error)),
        }
    }

    /// Makes the file empty, and keeps this record for the next download.
    ///
    /// # Errors
    ///
    /// If that cannot be written.
    pub fn start_over(&mut self, record: Option<&str>) -> Result<()> {
        let PartFile { file, target, place } = self;
        // In this order, so that a record never describes other bytes than those of the file.
        let mut start_over = || {
            file.set_len(0)?;
            file.rewind()?;
            let Place::Kept(_, record_path) = place else { return Ok(()) };
            remove_if_there(record_path)?;
            let Some(record) = record else { return Ok(()) };
            target.options().create_new(true).open(record_path)?.write_all(record.as_bytes())
        };
        start_over().map_err(|error| target.unsaved(NOT_WRITTEN, error))
    }

    /// Appends the bytes.
    ///
    /// # Errors
    ///
    /// If the disk is full, for example.
    pub fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| self.target.unsaved(NOT_WRITTEN, error))
    }

    /// Replaces the target by this file with one rename.
    ///
    /// # Errors
    ///
    /// If the file cannot be renamed.
    pub fn commit(self) -> Result<()> {
        let PartFile { file, target, mut place } = self;
        let rename = || {
            if let Some(permissions) = target.permissions() {
                file.set_permissions(permissions.clone())?;
            }
            // On Unix the lock is held until the file has its new name.
            let locked = if cfg!(unix) {
                Some(file)
            } else {
                drop(file);
                None
            };
            match &place {
                Place::Removed(path) => fs::rename(path, target.path())?,
                Place::Kept(path, record_path) => {
                    fs::rename(path, target.path())?;
                    // A record without a partial file is ignored.
                    let _ = fs::remove_file(record_path);
                }
                Place::Renamed => {}
            }
            drop(locked);
            Ok(())
        };
        rename().map_err(|error| target.unsaved(NOT_RENAMED, error))?;
        place = Place::Renamed;
        drop(place);
        Ok(())
    }
}

/// Opens a partial file, and locks it.
fn open_locked(path: &Path, target: &SaveTarget) -> io::Result<File> {
    let busy =
        || io::Error::new(io::ErrorKind::ResourceBusy, "another download is writing it; wait for that one");
    for _ in 0..MAX_TRIES {
        if fs::symlink_metadata(path).is_ok_and(|metadata| !metadata.is_file()) {
            let text = format!("{} is not a regular file; remove it", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
        }
        let file = open_options(target).open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(busy()),
            // A file system without locks.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        // Another download may have renamed the file before it was locked here.
        if sys::is_at(&file, path) {
            return Ok(file);
        }
    }
    Err(busy())
}

fn open_options(target: &SaveTarget) -> OpenOptions {
    let mut options = target.options();
    options.create(true).truncate(false);
    options
}

fn read_record(path: &Path) -> Vec<u8> {
    let mut record = Vec::new();
    let is_file = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_file());
    let read = || File::open(path)?.take(ResumeRecord::MAX_BYTES).read_to_end(&mut record);
    match is_file.then(read) {
        Some(Ok(_)) => record,
        // Without a record, the download starts over.
        Some(Err(_)) | None => Vec::new(),
    }
}

fn remove_if_there(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Appends. The errors name the target.
impl Write for PartFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.append(buf)?;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Place::Removed(path) = self {
            // A drop cannot return an error.
            let _ = fs::remove_file(path);
        }
    }
}
